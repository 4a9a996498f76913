"""The state of the feed in words and as a mark, the same on every window. GUI thread."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication

from widgets.format import span_ms

FeedState = Literal["connecting", "live", "stale", "offline", "refused", "replay"]
FEED_LOOK = {
    "connecting": ("hexagon", "minor", "minor", False),
    "live": ("circle", "good", "good", True),
    "stale": ("triangle", "major", "major", True),
    "offline": ("cross", "critical", "critical", True),
    "refused": ("cross", "critical", "critical", True),
    "replay": ("diamond", "exercise", "", True),
}
"""By state: shape and colour token of the mark, role of the words, whether the mark is filled."""


def feed_words(state: FeedState, since: float, latency_s: float | None, now: float) -> str:
    """LIVE 0.3 s, STALE 02:14: the state since ``since`` (UNIX seconds, 0 = not known)."""
    translate = QCoreApplication.translate
    if state == "replay":
        return translate("Feed", "REPLAY")
    if state == "live":
        return translate("Feed", "LIVE") + ("" if latency_s is None else f" {latency_s:.1f} s")
    for_how_long = span_ms(max(0.0, now - since)) if since else ""
    words = {
        "connecting": translate("Feed", "Connecting {0}"),
        "stale": translate("Feed", "STALE {0}"),
        "offline": translate("Feed", "OFFLINE {0}"),
        "refused": translate("Feed", "Refused {0}"),
    }[state]
    return words.format(for_how_long).rstrip()
