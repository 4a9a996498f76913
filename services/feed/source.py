"""What a console sees of the world, wherever it comes from: live hub, replay, file.

Updates are immutable and may cross threads; a source pushes them from a thread of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.domain.world import Delta
from services.feed.frames import ReplayState, Result

LinkState = Literal["connecting", "live", "stale", "offline", "refused"]
"""connecting: on the way, not yet in step; live: in step; stale: nothing heard for too long while
connected; offline: no connection, will try again; refused: no connection, will not."""

Capability = Literal["command", "replay"]
ReplayAction = Literal["open", "play", "pause", "seek", "speed", "step", "close"]


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Ask for the past instead of the present: a span in UNIX seconds, None for all there is."""

    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class StateUpdate:
    """The world has changed; the receiver owns ``delta``, the source never touches it again."""

    delta: Delta


@dataclass(frozen=True, slots=True)
class LinkUpdate:
    """How the connection stands. ``since``: UNIX seconds of the last data heard for stale and
    offline, else of the change. ``latency_s``: round trip, where measured. ``user``: the account's
    name as the hub knows it, and ``roles``, once it has said so. ``code``: why, beside ``detail``.
    """

    state: LinkState
    since: float
    detail: str = ""
    latency_s: float | None = None
    user: str = ""
    roles: tuple[str, ...] = ()
    code: str = ""

    @property
    def old(self) -> bool:
        """Whether what is shown is only what was last known."""
        return self.state in ("stale", "offline", "refused")

    def silent_s(self, now: float) -> float:
        """Seconds since the last data, 0 where none has come yet."""
        return max(0.0, now - self.since) if self.old and self.since else 0.0


@dataclass(frozen=True, slots=True)
class ResultUpdate:
    """A command's answer, from the hub, or from here where it cannot be had (code ``offline``,
    ``no_answer``)."""

    result: Result


@dataclass(frozen=True, slots=True)
class ReplayUpdate:
    """Where the replay stands."""

    state: ReplayState


@dataclass(frozen=True, slots=True)
class NoticeUpdate:
    """Something a person should read; ``params`` fill the code's translation."""

    code: str
    text: str
    params: dict[str, str] = field(default_factory=dict)


Update = StateUpdate | LinkUpdate | ResultUpdate | ReplayUpdate | NoticeUpdate


class Source(Protocol):
    """A world to look at. All methods return at once and may be called from any thread."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What may be asked of it."""

    def start(self) -> None:
        """Begin to push updates."""

    def leave(self) -> None:
        """Begin to end it, without waiting; nothing is pushed afterwards."""

    @property
    def ended(self) -> bool:
        """Whether nothing of it runs (any more)."""

    def close(self, timeout_s: float = 5.0) -> None:
        """End it and wait for the end. Returns within ``timeout_s``."""

    def command(
        self, key: str, name: str, args: dict[str, object], expect_version: int | None = None
    ) -> None:
        """Give an order; its answer comes as a ResultUpdate with the same key."""

    def replay(
        self,
        action: ReplayAction,
        *,
        start: float | None = None,
        end: float | None = None,
        at: float | None = None,
        offset: int | None = None,
        speed: float | None = None,
        steps: int | None = None,
    ) -> None:
        """Control the replay; its position comes as a ReplayUpdate."""
