"""What each role may do: orders, rights, kinds of things and classes of data. Pure tables.

Names of commands are those of ``services.hub.commands``. Code knows traits of kinds, never kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from services.domain.errors import KnownError

DataClass = Literal["public", "internal", "sensitive", "personal"]

INGEST = "ingest"
"""The right to send items; not a command of an officer."""
IMPORT = "data.import"
"""The right to load files of things and cases from a desk, and to undo one's own loads."""
UNDO_LOADS = "data.undo"
"""The right to undo loads that others made, connectors' among them; it shows nothing of them."""
SYSTEM = "system.manage"
"""The right to set data sources, camera addresses, packs, backups."""
ACCOUNTS = "access.manage"
"""The right to make accounts, give roles, unlock, and revoke sessions."""
AUDIT = "audit.read"
"""The right to read and export the audit log. Nobody has one to change it."""
PERSONAL = "personal.view"
"""The right to ask for the personal data of one thing, with a reason that is kept."""
EXPORT = "data.export"
"""The right to take what a table shows away as a file, with a reason that is kept."""
VIDEO = "media.view"
"""The right to be told where a camera's pictures come from."""
RIGHTS = frozenset({INGEST, IMPORT, UNDO_LOADS, SYSTEM, ACCOUNTS, AUDIT, PERSONAL, EXPORT, VIDEO})
"""What GRANTS holds beside the names of commands."""

_NOTE = "operator.note"
_SEND = frozenset({"dispatch.send", "dispatch.recall", "dispatch.confirm", "dispatch.skip"})
_APPROVE = frozenset({"case.extend_approve", "case.extend_refuse"})
_ACCEPT = frozenset(
    f"case.{command}"
    for command in (
        "amend",
        "accept",
        "send_verify",
        "verify",
        "refuse",
        "register",
        "check",
        "return",
        "repair",
    )
)
_ASSIGN = frozenset({"case.assign", "case.return", "case.repair"}) | _APPROVE
_HANDLE = frozenset(
    f"case.{command}"
    for command in (
        "take",
        "revoke",
        "finish",
        "hand_back",
        "return",
        "repair",
        "extend_request",
        "appeal",
    )
)
_OVERSEE = frozenset({"case.supervise", "case.suspend", "case.resume", "case.appeal_decide"})
_ANSWER = (
    frozenset(
        {
            "alarm.acknowledge",
            "alarm.to_case",
            "alarm.shelve",
            "alarm.unshelve",
            "case.create",
            "stock.move",
            "road.close",
            "road.open",
            _NOTE,
            PERSONAL,
            EXPORT,
            VIDEO,
        }
    )
    | _SEND
    | _ASSIGN
)
_OFFICER = (
    _ANSWER
    | _ACCEPT
    | _HANDLE
    | _OVERSEE
    | {"case.close", "case.void", "alarm.out_of_service", "alarm.return_to_service", IMPORT}
)
GRANTS: dict[str, frozenset[str]] = {
    "observer": frozenset(),
    "leader": frozenset({_NOTE, EXPORT, VIDEO}) | _OVERSEE | _APPROVE,
    "duty_officer": _OFFICER,
    "dispatcher": _ANSWER,
    "subcentre": _ANSWER | _ACCEPT,
    "department": frozenset({_NOTE, EXPORT}) | _HANDLE | _SEND,
    "trainer": frozenset({_NOTE, VIDEO}),
    "system_admin": frozenset({SYSTEM, UNDO_LOADS}),
    "security_admin": frozenset({ACCOUNTS}),
    "audit_admin": frozenset({AUDIT}),
    "field": frozenset({"task.update", "case.verify", "case.check", "case.return"}),
    "ingest": frozenset({INGEST}),
    "simulator": frozenset(),
}
"""Orders and rights by role."""

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
"""Three persons: none of them holds another's role, nor one that works with the city."""
TECHNICAL = frozenset({"ingest", "field", "simulator"})
"""Roles of programs, which log in with a token of the machine's own file."""
REMOTE = frozenset({"ingest", "field"})
"""Those of them whose tokens are taken from other machines as well: none sees the whole city."""
HELD_TO_DEPARTMENTS = frozenset({"department"})
"""Roles that see and do nothing on an account that names no department: forgotten, an empty list
would show them everybody's cases."""
SECOND_FACTOR = ADMINISTRATORS | {
    "duty_officer",
    "dispatcher",
    "subcentre",
    "department",
    "leader",
}
"""Roles that command or administer: a password alone does not open them."""

_PLAIN: frozenset[DataClass] = frozenset({"public", "internal"})
_OPERATING: frozenset[DataClass] = _PLAIN | {"sensitive"}
CLASSES: Mapping[str, frozenset[DataClass]] = {
    "observer": frozenset({"public"}),
    "leader": _OPERATING,
    "duty_officer": _OPERATING,
    "dispatcher": _OPERATING,
    "subcentre": _OPERATING,
    "department": _PLAIN,
    "trainer": _PLAIN,
    "system_admin": frozenset(),
    "security_admin": frozenset(),
    "audit_admin": frozenset(),
    "field": _PLAIN,
    "ingest": frozenset(),
    "simulator": _OPERATING,
}
"""Classes of data that a role sees unmasked. Nobody's rows carry personal data unmasked: it is
asked for thing by thing (PERSONAL), so that every look at it is on record."""

TRAITS: Mapping[str, frozenset[str] | None] = {
    "observer": None,
    "leader": None,
    "duty_officer": None,
    "dispatcher": None,
    "subcentre": None,
    "department": None,
    "trainer": None,
    "system_admin": frozenset(),
    "security_admin": frozenset(),
    "audit_admin": frozenset(),
    "field": frozenset({"dispatchable", "stocked", "case-bearing"}),
    "ingest": frozenset(),
    "simulator": None,
}
"""Kinds that a role sees, by any of their traits; None for every kind. Administrators look after
the hub, and sources tell it something; neither sees anything of the city."""


def allowed(roles: Iterable[str], command_name: str) -> bool:
    """Whether any of the roles grants the command; an unknown role or name grants nothing."""
    return any(command_name in GRANTS.get(role, ()) for role in roles)


def check_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles of one account, sorted. KnownError ``unknown_role``, ``no_roles``,
    ``technical_role``, or ``not_separate`` where one person would hold what must be apart."""
    held = frozenset(roles)
    unknown = sorted(held - GRANTS.keys())
    if unknown:
        raise KnownError("unknown_role", f"there is no role “{unknown[0][:40]}”", field="roles")
    if not held:
        raise KnownError("no_roles", "an account needs a role", field="roles")
    if held & TECHNICAL:
        raise KnownError(
            "technical_role",
            "programs log in with a token of tokens.toml, not with an account",
            field="roles",
        )
    if held & ADMINISTRATORS and len(held) > 1:
        raise KnownError(
            "not_separate",
            "an administrator's role stands alone: nobody holds two of them, "
            "nor one together with an operating role",
            field="roles",
        )
    return tuple(sorted(held))
