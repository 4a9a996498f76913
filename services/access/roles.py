"""What each role may order. Names of commands are those of ``services.hub.commands``."""

from __future__ import annotations

from collections.abc import Iterable

INGEST = "ingest"
"""The right to send items and to set camera addresses; not a command of an officer."""

_OFFICER = frozenset(
    {
        "alarm.acknowledge",
        "alarm.to_case",
        "case.create",
        "case.close",
        "case.void",
        "dispatch.send",
        "dispatch.recall",
        "operator.note",
    }
)
GRANTS: dict[str, frozenset[str]] = {
    "duty_officer": _OFFICER,
    "leader": frozenset({"operator.note"}),
    "trainer": frozenset({"operator.note"}),
    "field": frozenset({"task.update"}),
    "ingest": frozenset({INGEST}),
}


def allowed(roles: Iterable[str], command_name: str) -> bool:
    """Whether any of the roles grants the command; an unknown role or name grants nothing."""
    return any(command_name in GRANTS.get(role, ()) for role in roles)
