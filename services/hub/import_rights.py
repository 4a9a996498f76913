"""What may be loaded, and what may be taken back of it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from services.access.roles import IMPORT, INGEST, UNDO_LOADS, allowed
from services.access.scope import Account, Permission
from services.domain.errors import KnownError
from services.domain.model import Case, Entity
from services.domain.shape import join
from services.ingest.item_types import CaseItem, EntityItem
from services.ingest.items import Parsed

CASE_KIND = "case"
"""Cases are held to the kinds of an account by the kind that stands for them."""


LIVE = ("values", "link", "state", "heading_deg", "observed_at")
"""Of a thing what its source observes, and no file describes."""


def check_may_load(account: Account) -> None:
    """KnownError ``not_allowed`` for whom no rows are taken."""
    if not (allowed(account.roles, INGEST) or allowed(account.roles, IMPORT)):
        raise KnownError("not_allowed", f"{account.name} may not load files")


def described(item: Parsed, where: str) -> Parsed:
    """The item where it describes what is, or a KnownError in its place: rows of files are no
    news. A reading, a state or a sign of life comes from whoever observes it, whoever loads."""
    match item:
        case EntityItem():
            told = next((name for name in LIVE if _says(item, name)), "")
            if not told:
                return item
            return KnownError(
                "live_field",
                f"“{told}” is told by its source as it happens; a file cannot say it",
                field=join(where, told),
            )
        case CaseItem() | KnownError():
            return item
        case _:
            return _not_such_rows(where)


def _says(item: EntityItem, name: str) -> bool:
    return getattr(item, name) not in (None, "", {})


def held_to_loads(
    item: Parsed, may: Permission, find: Callable[[str], Entity | None], where: str
) -> Parsed:
    """A described item that the account may load, or KnownError ``not_allowed`` in its place.

    An account that is held to areas or departments loads nothing, because what it cannot see it
    could replace.
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
    return _not_such_rows(where)


def _not_such_rows(where: str) -> KnownError:
    return KnownError(
        "not_allowed", "this account may not load such rows", field=join(where, "type")
    )


def may_undo(account: Account, may: Permission, begun_by: str) -> Callable[[object], bool]:
    """Which records the account may take back of a load; KnownError ``not_allowed`` for none.

    Whoever began it, within their rights of now: an account that may load a kind no more, or is
    held to areas or departments since, cannot delete there either. And whoever looks after the
    system, who sees nothing of it.
    """
    if allowed(account.roles, UNDO_LOADS):
        return lambda _record: True
    if account.user != begun_by:
        raise KnownError(
            "not_your_load",
            f"this load was begun by {begun_by}; only they or a system administrator may undo it",
            field="batch",
            params={"user": begun_by},
        )
    check_may_load(account)
    if allowed(account.roles, INGEST):
        return lambda _record: True
    if may.scope.areas or may.scope.departments:
        raise KnownError("not_allowed", f"{account.name} may not undo loads")
    return lambda record: _may_touch(record, may)


def _may_touch(record: object, may: Permission) -> bool:
    match record:
        case Entity():
            return may.may(IMPORT, record.kind)
        case Case():
            return may.may(IMPORT, CASE_KIND)
        case _:
            return True  # there was nothing
