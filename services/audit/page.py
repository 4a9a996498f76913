"""What is asked of the audit and answered, between a console and its hub. Pure records."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.audit.record import AuditRecord


class Problem(msgspec.Struct, frozen=True):
    """The first thing that is wrong. ``seq``: the first record that cannot be trusted."""

    seq: int
    code: str
    text: str


class AuditState(msgspec.Struct, frozen=True, kw_only=True):
    """How far the audit goes, is signed, and was found whole; ``problem`` when it was not."""

    count: int
    signed_count: int
    signed_time: float
    checked_count: int
    checked_time: float
    problem: Problem | None


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Records, newest first; ``more``: older ones match too. ``types``: all that are on record."""

    records: list[AuditRecord]
    more: bool
    types: list[str]
    state: AuditState


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; empty fields ask for everything. Times: UNIX seconds, [start, end).

    ``type`` and ``object`` match from their beginning: ``command.`` is every command.
    """

    start: float | None = None
    end: float | None = None
    actor: str = ""
    type: str = ""
    object: str = ""
    outcome: Literal["", "success", "failure"] = ""

    def asked(self) -> dict[str, str | float]:
        """The fields that ask for something."""
        given = msgspec.structs.asdict(self)
        return {name: value for name, value in given.items() if value not in ("", None)}
