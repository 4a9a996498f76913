"""Frames of the feed protocol v1 as msgspec types; the published schema is made from these."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.domain.events import Event
from services.domain.model import Scalar
from services.domain.world import Tables

SUBPROTOCOL_JSON = "onemap.v1.json"
SUBPROTOCOL_MSGPACK = "onemap.v1.msgpack"


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="t"):
    """Base of frames; the field ``t`` names the type. Unknown fields are ignored, never refused."""


class Position(msgspec.Struct, frozen=True):
    """Where a reader stands in the log."""

    epoch: str
    offset: int


# -- client to hub ------------------------------------------------------------
class Hello(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="hello"):
    """First frame: who, with what, from where on."""

    token: str
    client: str = ""
    seat: str = ""
    resume: Position | None = None


class Subscribe(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="subscribe"):
    """What to send: everything when ``kinds`` is None."""

    id: int
    kinds: tuple[str, ...] | None = None


class Unsubscribe(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="unsubscribe"):
    """Stop a subscription."""

    id: int


class Command(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="command"):
    """An operator's order; the same key again gives the same result."""

    key: str
    name: str
    args: dict[str, object] = {}
    expect_version: int | None = None


class Replay(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="replay"):
    """Control of this session's replay. ``open`` turns the session into one, for good."""

    action: Literal["open", "play", "pause", "seek", "speed", "step", "close"]
    start: float | None = None
    end: float | None = None
    at: float | None = None
    offset: int | None = None
    speed: float | None = None
    steps: int | None = None


class Pong(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="pong"):
    """Answer to a heartbeat."""

    top: int = 0


# -- hub to client ------------------------------------------------------------
class Welcome(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="welcome"):
    """The session stands. ``recovered`` false: a snapshot follows, ``reason`` says why.

    ``user`` is the account, ``name`` what people call who holds it.
    """

    epoch: str
    top: int
    server_time: float
    user: str
    roles: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    limits: dict[str, int] = {}
    recovered: bool = False
    reason: str = ""
    name: str = ""


class Snapshot(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="snapshot"):
    """One part of a snapshot at ``offset``; parts count from 0."""

    part: int
    parts: int
    epoch: str
    offset: int
    time: float
    tables: Tables


class Events(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="events"):
    """The log from ``first`` to ``last`` (both included): all lossless events in it, and the
    conflated newest state per id. ``first`` is always the reader's offset + 1."""

    first: int
    last: int
    events: tuple[Event, ...] = ()
    state: tuple[Event, ...] = ()


class ErrorInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why not."""

    code: str
    text: str
    field: str | None = None
    params: dict[str, str | int | float] = {}


class Result(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="result"):
    """Answer to a command; ``level`` says how safe it is."""

    key: str
    level: Literal["memory", "disk", "replicated"] = "disk"
    value: dict[str, Scalar] = {}
    error: ErrorInfo | None = None


class Heartbeat(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat"):
    """Alive; ``top`` tells what the reader should have."""

    top: int
    server_time: float


class ReplayState(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="replay_state"):
    """Where the replay stands: log clock, span, speed; sent on each change and while playing."""

    at: float
    offset: int
    start: float
    end: float
    playing: bool
    speed: float
    density: tuple[tuple[int, int, int, int], ...] = ()
    """Events per equal slice of the span by alarm severity info/minor/major/critical; sent once."""


class Notice(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="notice"):
    """Something a person should read."""

    code: str
    text: str


class Bye(Frame, frozen=True, kw_only=True, omit_defaults=True, tag="bye"):
    """The hub ends the session; ``retry`` says whether coming back makes sense."""

    code: str
    retry: bool
    text: str


ClientFrame = Hello | Subscribe | Unsubscribe | Command | Replay | Pong
HubFrame = Welcome | Snapshot | Events | Result | Heartbeat | ReplayState | Notice | Bye
