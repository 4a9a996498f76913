"""The arguments of the commands about cases, typed and bounded."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from services.hub.command_args import Args, Id, Note, Title

Severity = Annotated[int, Meta(ge=1, le=4)]


class CreateArgs(Args, frozen=True, kw_only=True):
    """case.create; degrees and metres. ``register`` false only reports it, for others to accept."""

    category: Id
    lon: float
    lat: float
    title: Title = ""
    severity: Severity | None = None
    radius_m: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    address: Title = ""
    register: bool = True


class CaseArgs(Args, frozen=True, kw_only=True):
    """Every command about a case that needs no more than a note."""

    case: Id
    note: Note = ""


class AmendArgs(Args, frozen=True, kw_only=True):
    """case.amend, case.repair: what is left out stays as it is; lon and lat come together."""

    case: Id
    note: Note = ""
    category: Id | None = None
    title: Title | None = None
    severity: Severity | None = None
    department: Title | None = None
    address: Title | None = None
    lon: float | None = None
    lat: float | None = None


class AssignArgs(Args, frozen=True, kw_only=True):
    """case.assign: to the department named, else to the one that the case names already."""

    case: Id
    department: Title = ""
    note: Note = ""


class TakeArgs(Args, frozen=True, kw_only=True):
    """case.take: who at the department handles it."""

    case: Id
    handler: Annotated[str, Meta(min_length=1, max_length=100)]
    note: Note = ""


class SuspendArgs(Args, frozen=True, kw_only=True):
    """case.suspend; ``until``: UNIX seconds."""

    case: Id
    until: float
    note: Note = ""


class AppealDecideArgs(Args, frozen=True, kw_only=True):
    """case.appeal_decide"""

    case: Id
    granted: bool
    note: Note = ""
