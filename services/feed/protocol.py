"""The client's side of the feed as a machine without I/O: bytes in → steps out. Time passed in.

Whoever owns it calls ``connected`` when a socket stands, ``receive`` with each message, ``tick``
when ``next_tick`` is due and ``disconnected`` when it is gone, and carries out the steps returned.
It owns the World, which survives disconnections, and is used by one thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from services.domain.errors import KnownError
from services.domain.world import Delta, Tables, World
from services.feed.codec import MAX_HUB_BYTES, CodecName, decode_hub, encode
from services.feed.frames import (
    Bye,
    ClientFrame,
    Command,
    Events,
    Heartbeat,
    Hello,
    Notice,
    Pong,
    Position,
    Replay,
    ReplayState,
    Result,
    Snapshot,
    Subscribe,
    Welcome,
)
from services.feed.source import ReplayRequest

MAX_PARTS = 100_000
SILENCE_S = 10.0
Phase = Literal["closed", "greeting", "syncing", "live", "ended"]


@dataclass(frozen=True, slots=True)
class Send:
    """Put these bytes on the wire as one message."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """The world has changed; the delta is the receiver's."""

    delta: Delta


@dataclass(frozen=True, slots=True)
class Live:
    """The world is in step with the hub as it was at the welcome."""


@dataclass(frozen=True, slots=True)
class Told:
    """The hub says something that is not state."""

    frame: Result | Notice | ReplayState


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was heard for too long, last at ``since``. A Drop follows."""

    since: float


@dataclass(frozen=True, slots=True)
class Drop:
    """Close the socket. ``retry``: come back; ``at_once``: without waiting."""

    code: str
    text: str
    retry: bool
    at_once: bool = False


Step = Send | Changed | Live | Told | Stale | Drop


@dataclass(frozen=True, slots=True)
class Identity:
    """Who connects, from which seat, with which program."""

    token: str
    client: str = ""
    seat: str = ""


class ClientProtocol:
    """One console's conversation with a hub, over as many connections as it takes."""

    def __init__(
        self,
        identity: Identity,
        *,
        codec: CodecName = "msgpack",
        replay: ReplayRequest | None = None,
        silence_s: float = SILENCE_S,
        max_bytes: int = MAX_HUB_BYTES,
    ) -> None:
        self.codec: CodecName = codec
        self.phase: Phase = "closed"
        self.world = World()
        self.heard_at = 0.0
        self.user = ""  # the account's name as the hub knows it, from the welcome on
        self.roles: tuple[str, ...] = ()
        self._identity = identity
        self._replay = replay
        self._silence_s = silence_s
        self._max_bytes = max_bytes
        self._whole = False  # the world is a complete state of its epoch, so it can be resumed
        self._wanted = 0  # the hub's top at the welcome
        self._parts: list[Tables] = []
        self._first_part: Snapshot | None = None
        self._owed: int | None = None  # top of the last heartbeat that the position fell short of

    @property
    def token(self) -> str:
        """What the next hello says, or the last one said."""
        return self._identity.token

    def take_token(self, token: str) -> None:
        """Say this token from the next hello on."""
        self._identity = replace(self._identity, token=token)

    # -- the socket's life --------------------------------------------------------
    def connected(self, now: float) -> list[Step]:
        """A socket stands: say hello, from where on, and what to send."""
        self.phase = "greeting"
        self.heard_at = now
        self._forget_parts()
        self._owed = None
        if self._replay is not None:
            request = self._replay
            open_ = Replay(action="open", start=request.start, end=request.end)
            return [self._send(self._hello(None)), self._send(open_)]
        world = self.world
        resume = Position(epoch=world.epoch, offset=world.offset) if self._whole else None
        return [self._send(self._hello(resume)), self._send(Subscribe(id=1))]

    def disconnected(self) -> None:
        """The socket is gone; the world stays."""
        self.phase = "closed"
        self._forget_parts()

    def forget(self) -> None:
        """The world can no longer be trusted: the next connection begins with a snapshot."""
        self.disconnected()
        self.world = World()
        self._whole = False

    @property
    def next_tick(self) -> float:
        """When ``tick`` is due if nothing is heard until then."""
        return self.heard_at + self._silence_s

    def tick(self, now: float) -> list[Step]:
        """Time has passed: silence ends the connection."""
        if self.phase in ("closed", "ended") or now < self.next_tick:
            return []
        text = f"Nothing was heard for {self._silence_s:g} s."
        return [Stale(self.heard_at), self._drop("silent", text)]

    # -- orders -------------------------------------------------------------------
    @property
    def ready(self) -> bool:
        """Whether the hub has welcomed us, so that orders may be sent."""
        return self.phase in ("syncing", "live")

    def command(self, frame: Command) -> list[Step]:
        """An order to the hub."""
        return [self._send(frame)]

    def steer(self, frame: Replay) -> list[Step]:
        """Control the replay; after ``open`` a reconnection opens the same span."""
        if frame.action == "open":
            self._replay = ReplayRequest(start=frame.start, end=frame.end)
        return [self._send(frame)]

    # -- what the hub says ----------------------------------------------------------
    def receive(self, data: bytes, now: float) -> list[Step]:
        """One message; after a Drop nothing more is taken."""
        if self.phase in ("closed", "ended"):
            return []
        self.heard_at = now
        try:
            frame = decode_hub(self.codec, data, self._max_bytes)
        except KnownError as error:
            return [self._drop(error.code, error.text)]
        if self.phase == "greeting" and not isinstance(frame, Welcome | Bye | Notice):
            return [self._drop("bad_order", "The hub spoke before it said welcome.")]
        match frame:
            case Welcome():
                return self._welcome(frame)
            case Snapshot():
                return self._snapshot(frame)
            case Events():
                return self._events(frame)
            case Heartbeat():
                return self._heartbeat(frame)
            case Bye():
                return [self._drop(frame.code, frame.text, retry=frame.retry)]
            case Result() | Notice() | ReplayState():
                return [Told(frame)]

    def _welcome(self, frame: Welcome) -> list[Step]:
        if self.phase != "greeting":
            return [self._drop("bad_order", "The hub said welcome twice.")]
        self.phase = "syncing"
        self.user = frame.name or frame.user
        self.roles = frame.roles
        if self._replay is not None:
            return []
        self._wanted = frame.top
        if frame.recovered:
            if not self._whole or frame.epoch != self.world.epoch:
                self._whole = False
                return [self._drop("bad_order", "The hub went on from where we are not.")]
            return self._in_step()
        self._whole = False
        return []

    def _snapshot(self, frame: Snapshot) -> list[Step]:
        if not 0 < frame.parts <= MAX_PARTS:
            return [self._drop("bad_snapshot", f"A snapshot of {frame.parts} parts.")]
        if frame.part == 0:
            self._first_part, self._parts = frame, []
        first = self._first_part
        expected = len(self._parts)
        if (
            first is None
            or frame.part != expected
            or (frame.parts, frame.offset, frame.epoch) != (first.parts, first.offset, first.epoch)
        ):
            return [self._drop("bad_snapshot", f"Snapshot part {frame.part}, not {expected}.")]
        self._parts.append(frame.tables)
        if len(self._parts) < frame.parts:
            return []
        self.world = World.restore(frame.epoch, frame.offset, frame.time, self._parts)
        self._forget_parts()
        self._whole = True
        return [Changed(self.world.reset_delta()), *self._in_step()]

    def _events(self, frame: Events) -> list[Step]:
        if not self._whole or self._first_part is not None:
            return [self._drop("bad_order", "The hub sent events before the snapshot was whole.")]
        world = self.world
        if frame.last <= world.offset:
            return []  # a repetition
        if frame.first > world.offset + 1:
            text = f"Events {world.offset + 1} to {frame.first - 1} are missing."
            return [self._drop("gap", text, at_once=True)]
        delta = Delta()
        world.apply_range(frame.events, frame.state, frame.last, delta)
        self._owed = None
        changed: list[Step] = [Changed(delta)]
        return changed + self._in_step()

    def _heartbeat(self, frame: Heartbeat) -> list[Step]:
        """A position that has not moved from one heartbeat to the next, yet falls short of what
        the first one promised, is a gap that no events frame will show. (A heartbeat may have been
        overtaken by events, so one that promises less than we have says nothing.)"""
        offset = self.world.offset
        pong = self._send(Pong(top=offset))
        if self._replay is not None or not self._whole:
            return [pong]
        if self._owed is not None and offset < self._owed:
            return [self._drop("gap", f"Events up to {self._owed} did not come.", at_once=True)]
        self._owed = frame.top if offset < frame.top else None
        return [pong]

    def _in_step(self) -> list[Step]:
        if self.phase != "syncing" or self.world.offset < self._wanted:
            return []
        self.phase = "live"
        return [Live()]

    # -- inside -------------------------------------------------------------------
    def _hello(self, resume: Position | None) -> Hello:
        me = self._identity
        return Hello(token=me.token, client=me.client, seat=me.seat, resume=resume)

    def _send(self, frame: ClientFrame) -> Send:
        return Send(encode(self.codec, frame))

    def _drop(self, code: str, text: str, *, retry: bool = True, at_once: bool = False) -> Drop:
        self.phase = "closed" if retry else "ended"
        self._forget_parts()
        return Drop(code, text, retry, at_once)

    def _forget_parts(self) -> None:
        self._first_part, self._parts = None, []
