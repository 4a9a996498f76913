"""What is known about one stream: pure, time passed in. No Qt."""

from __future__ import annotations

from typing import Literal

StreamState = Literal["idle", "connecting", "live", "silent", "failed"]
Reason = Literal["", "no_answer", "unreachable", "unknown_host", "format", "ended"]
Step = Literal["wait", "start", "drop"]

SILENT_AFTER_S = 3.0
"""A live stream without a new picture for this long is silent."""
ATTEMPT_S = 8.0
"""An attempt without a picture for this long is given up for a new one."""
BACK_OFF_S = (1.0, 2.0, 4.0, 5.0)
"""Pauses between attempts. The last bounds how late a returning camera is noticed."""


class StreamWatch:
    """Decides when a stream is live, silent or failed, and when to try again.

    The caller tells it what happens (``opened``, ``picture``, ``broke``) and asks it several
    times a second for the next ``step``: ``start`` a player, ``drop`` it, or ``wait``. It tries
    until ``closed``. Times are seconds of one monotonic clock.
    """

    def __init__(self) -> None:
        self.state: StreamState = "idle"
        self.reason: Reason = ""
        self.since = 0.0
        """When the last picture came, or when the stream was opened if none came yet."""
        self._playing = False
        self._progress_at = 0.0
        self._start_at = 0.0
        self._failures = 0
        self._revived = False

    @property
    def playing(self) -> bool:
        """Whether an attempt is under way."""
        return self._playing

    def opened(self, now: float, delay_s: float = 0.0) -> None:
        """Start over with a new stream; the first attempt comes after ``delay_s``."""
        self.state, self.reason, self.since = "connecting", "", now
        self._playing, self._failures, self._start_at = False, 0, now + delay_s

    def closed(self) -> None:
        """End it; no step but ``wait`` follows."""
        self.state, self.reason, self._playing = "idle", "", False

    def picture(self, now: float) -> None:
        """A new picture came; ignored unless an attempt is under way.

        In a stream that fell silent one picture is no life: the decoder holds one back and lets
        it go when the connection dies. The second counts.
        """
        if not self._playing:
            return
        if self.state == "silent" and not self._revived:
            self._revived = True
            return
        self.state, self.reason, self.since = "live", "", now
        self._progress_at, self._failures = now, 0

    def broke(self, now: float, reason: Reason) -> None:
        """The attempt under way ended with an error; the player must be dropped."""
        if self._playing:
            self._give_up(now, reason)

    def step(self, now: float) -> Step:
        """Return what the player has to do now."""
        if self.state == "idle":
            return "wait"
        if not self._playing:
            if now < self._start_at:
                return "wait"
            # In a new attempt the first picture counts: nothing is held back in it yet.
            self._playing, self._progress_at, self._revived = True, now, True
            return "start"
        if self.state == "live" and now - self.since >= SILENT_AFTER_S:
            self.state, self._revived = "silent", False
        if now - self._progress_at >= ATTEMPT_S:
            self._give_up(now, "no_answer")
            return "drop"
        return "wait"

    def _give_up(self, now: float, reason: Reason) -> None:
        """A silent stream stays silent: that it also fails to open again says no more."""
        if self.state != "silent":
            self.state = "failed"
        self.reason = reason
        pause = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._playing, self._start_at = False, now + pause
        self._failures += 1
