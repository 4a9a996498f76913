"""The life of a case 案件 as a table: which role may do what in which state, and what comes of it.

Seven links of GB/T 30428: collect, open, dispatch, handle, report back, check and close, evaluate.
The main line is reported → pending_register → pending_dispatch → pending_handle → handling →
handle_finished → pending_check → closed; six states of it can be returned for repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

State = Literal[
    "reported",
    "pending_verify",
    "pending_register",
    "not_accepted",
    "pending_dispatch",
    "pending_handle",
    "handling",
    "returned",
    "handle_finished",
    "pending_check",
    "closed",
    "voided",
    "suspended",
]
Command = Literal[
    "amend",
    "accept",
    "send_verify",
    "verify",
    "refuse",
    "register",
    "assign",
    "dispatch",
    "take",
    "revoke",
    "finish",
    "hand_back",
    "withdraw",
    "check",
    "close",
    "return",
    "repair",
    "void",
    "suspend",
    "resume",
    "extend_request",
    "extend_approve",
    "extend_refuse",
    "supervise",
    "appeal",
    "appeal_decide",
    "overdue",
    "recompute",
]
Link = Literal["collect", "open", "dispatch", "handle", "report_back", "check_close", "evaluate"]
Kind = Literal[
    "forward", "return", "repair", "assign", "revoke_assign", "cancel", "close", "mark", "clock"
]

STATES: tuple[State, ...] = get_args(State)
COMMANDS: tuple[Command, ...] = get_args(Command)
LINKS: tuple[Link, ...] = get_args(Link)
ENDED: frozenset[str] = frozenset({"closed", "voided", "not_accepted"})
OPEN_STATES: frozenset[str] = frozenset(STATES) - ENDED

LINK_OF: Mapping[str, Link] = {
    "reported": "collect",
    "pending_verify": "open",
    "pending_register": "open",
    "not_accepted": "open",
    "pending_dispatch": "dispatch",
    "pending_handle": "handle",
    "handling": "handle",
    "handle_finished": "report_back",
    "pending_check": "check_close",
    "closed": "evaluate",
    "voided": "evaluate",
}
"""The link of each state; a returned or suspended case is in the link that it came from."""

SYSTEM = "system"
"""The hub itself: what teams' reports and the clock bring about."""
_ACCEPT = frozenset({"duty_officer", "subcentre"})
_VERIFY = _ACCEPT | {"field"}
_DISPATCH = _ACCEPT | {"dispatcher"}
_HANDLE = frozenset({"department", "duty_officer"})
"""The duty officer may act for a department that only has a telephone."""
_SEND = _DISPATCH | _HANDLE
_FINISH = _HANDLE | {SYSTEM}
_OFFICER = frozenset({"duty_officer"})
_OVERSEE = frozenset({"duty_officer", "leader"})
_HUB = frozenset({SYSTEM})

SAME = "="
"""The state stays."""
BEFORE = "<"
"""The state that a returned or suspended case came from."""
WAITING = ">"
"""pending_handle where a department has the case, else pending_dispatch."""


class Cell(NamedTuple):
    """What a command makes of a state, and whose it is."""

    to: str
    roles: frozenset[str]


_VOID = Cell("voided", _OFFICER)
_URGE = Cell(SAME, _OVERSEE)
_COUNT = Cell(SAME, _HUB)
_OPEN: dict[Command, Cell] = {"void": _VOID, "supervise": _URGE, "recompute": _COUNT}
_RUNNING: dict[Command, Cell] = {**_OPEN, "overdue": _COUNT}
_EXTEND: dict[Command, Cell] = {
    "extend_request": Cell(SAME, _HANDLE),
    "extend_approve": Cell(SAME, _DISPATCH | {"leader"}),
    "extend_refuse": Cell(SAME, _DISPATCH | {"leader"}),
}
_APPEAL: dict[Command, Cell] = {
    "appeal": Cell(SAME, _HANDLE),
    "appeal_decide": Cell(SAME, _OVERSEE),
}
_SUSPEND = Cell("suspended", _OVERSEE)

CELLS: Mapping[State, Mapping[Command, Cell]] = {
    "reported": {
        "amend": Cell(SAME, _ACCEPT),
        "accept": Cell("pending_register", _ACCEPT),
        "send_verify": Cell("pending_verify", _ACCEPT),
        "register": Cell("pending_dispatch", _ACCEPT),
        "refuse": Cell("not_accepted", _ACCEPT),
        **_RUNNING,
    },
    "pending_verify": {
        "amend": Cell(SAME, _ACCEPT),
        "verify": Cell("pending_register", _VERIFY),
        "refuse": Cell("not_accepted", _ACCEPT),
        "return": Cell("returned", _VERIFY),
        **_RUNNING,
    },
    "pending_register": {
        "amend": Cell(SAME, _ACCEPT),
        "register": Cell("pending_dispatch", _ACCEPT),
        "refuse": Cell("not_accepted", _ACCEPT),
        "return": Cell("returned", _ACCEPT),
        **_RUNNING,
    },
    "not_accepted": {},
    "pending_dispatch": {
        "assign": Cell("pending_handle", _DISPATCH),
        "dispatch": Cell("handling", _DISPATCH),
        "return": Cell("returned", _DISPATCH),
        "suspend": _SUSPEND,
        **_RUNNING,
    },
    "pending_handle": {
        "assign": Cell(SAME, _DISPATCH),
        "take": Cell("handling", _HANDLE),
        "dispatch": Cell("handling", _SEND),
        "return": Cell("returned", _HANDLE),
        "suspend": _SUSPEND,
        **_EXTEND,
        **_RUNNING,
    },
    "handling": {
        "dispatch": Cell(SAME, _SEND),
        "revoke": Cell(WAITING, _HANDLE),
        "finish": Cell("handle_finished", _FINISH),
        "hand_back": Cell("pending_check", _FINISH),
        "withdraw": Cell(WAITING, _HUB),
        "suspend": _SUSPEND,
        **_EXTEND,
        **_RUNNING,
    },
    "returned": {
        "repair": Cell(BEFORE, _SEND),
        "dispatch": Cell("handling", _SEND),
        **_RUNNING,
    },
    "handle_finished": {
        "hand_back": Cell("pending_check", _HANDLE),
        "dispatch": Cell("handling", _SEND),
        "return": Cell("returned", _DISPATCH),
        **_RUNNING,
    },
    "pending_check": {
        "check": Cell(SAME, _VERIFY),
        "close": Cell("closed", _OFFICER),
        "return": Cell("returned", _VERIFY),
        "dispatch": Cell("handling", _DISPATCH),
        **_APPEAL,
        **_OPEN,
    },
    "closed": {**_APPEAL},
    "voided": {},
    "suspended": {"resume": Cell(BEFORE, _OVERSEE | {SYSTEM}), **_OPEN},
}
"""Every cell that is allowed; every other is refused."""

REPAIRER: Mapping[str, str] = {
    "pending_verify": "acceptor",
    "pending_register": "acceptor",
    "pending_dispatch": "acceptor",
    "pending_handle": "dispatcher",
    "handle_finished": "department",
    "pending_check": "department",
}
"""The six return paths: from which state to whom. The receiver repairs; the case then stands where
it was returned from, so a return never moves it forward."""

REPAIR_ROLES: Mapping[str, frozenset[str]] = {
    "acceptor": _ACCEPT,
    "dispatcher": _DISPATCH,
    "department": _HANDLE,
}

KIND_OF: Mapping[Command, Kind] = {
    "amend": "mark",
    "accept": "forward",
    "send_verify": "forward",
    "verify": "forward",
    "refuse": "cancel",
    "register": "forward",
    "assign": "assign",
    "dispatch": "forward",
    "take": "assign",
    "revoke": "revoke_assign",
    "finish": "forward",
    "hand_back": "forward",
    "withdraw": "cancel",
    "check": "mark",
    "close": "close",
    "return": "return",
    "repair": "repair",
    "void": "cancel",
    "suspend": "clock",
    "resume": "clock",
    "extend_request": "mark",
    "extend_approve": "mark",
    "extend_refuse": "mark",
    "supervise": "mark",
    "appeal": "mark",
    "appeal_decide": "mark",
    "overdue": "clock",
    "recompute": "clock",
}

NEEDS_REASON: frozenset[Command] = frozenset(
    {"refuse", "return", "void", "suspend", "extend_request", "extend_refuse", "appeal"}
)
NEEDS_NO_OPEN_TASK: frozenset[Command] = frozenset(
    {"revoke", "finish", "hand_back", "withdraw", "close", "void", "suspend"}
)


def roles_of(command: Command) -> frozenset[str]:
    """Every role that may give a command in some state."""
    return frozenset().union(*(row[command].roles for row in CELLS.values() if command in row))


def commands_in(state: str, roles: Iterable[str]) -> list[Command]:
    """What the roles may do in a state, in the table's order."""
    held = frozenset(roles)
    row = next((r for s, r in CELLS.items() if s == state), {})
    return [command for command, cell in row.items() if held & cell.roles]
