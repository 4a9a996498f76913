"""What an officer may load from a desk: things and cases within the account's own limits. Pure."""

from __future__ import annotations

from collections.abc import Callable

from services.access.roles import IMPORT
from services.access.scope import Permission
from services.domain.errors import KnownError
from services.domain.model import Entity
from services.ingest.item_types import CaseItem, EntityItem
from services.ingest.items import Parsed

CASE_KIND = "case"
"""Cases are held to the kinds of an account by the kind that stands for them."""


def held_to_loads(item: Parsed, may: Permission, find: Callable[[str], Entity | None]) -> Parsed:
    """The item, or KnownError ``not_allowed`` in its place.

    A desk loads descriptions: no readings, no alarms, and nothing is deleted. An account that is
    held to areas or departments loads nothing, because what it cannot see it could replace.
    """
    match item:
        case KnownError():
            return item
        case EntityItem():
            standing = find(item.id)
            kinds = {item.kind} | ({standing.kind} if standing is not None else set())
            fine = all(may.may(IMPORT, kind) for kind in kinds)
        case CaseItem():
            fine = may.may(IMPORT, CASE_KIND)
        case _:
            fine = False
    if fine and not (may.scope.areas or may.scope.departments):
        return item
    return KnownError("not_allowed", "this account may not load such rows", field="type")
