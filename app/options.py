"""What the console is started with: plain records, no Qt; the command line makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.logged_in import LoggedIn
from services.feed.http import TokenSource

DEFAULT_PORT = 8630
DEFAULT_DATA = Path("data")
WINDOWS = ("desk", "wall", "video", "replay", "audit")
"""Names of windows that ``--windows`` accepts, in the order in which they open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleOptions:
    """How one console process starts.

    ``run_for_s`` ends the console by itself with status 0. ``pictures_dir`` gets one PNG per window
    every ``picture_interval_s`` and once more at the end. ``replay_at`` (UNIX seconds) is where the
    replay window opens; None means the newest hour of the log.
    ``packs_dirs`` are read after the packs that ship. ``ca``: whose certificate of the hub counts.
    ``token`` empty and nobody ``logged_in``: the login window comes first. ``idle_lock_s``: a desk
    of somebody who logged in is covered when it was not used for so long; None: never.
    """

    hub_url: str
    token: str = field(repr=False)
    user: str
    seat: str
    lang: str = "zh"
    windows: tuple[str, ...] = ("desk",)
    pictures_dir: Path | None = None
    picture_interval_s: float = 10.0
    run_for_s: float | None = None
    data_dir: Path = DEFAULT_DATA
    replay_at: float | None = None
    packs_dirs: tuple[Path, ...] = ()
    ca: Path | None = None
    logged_in: LoggedIn | None = None
    idle_lock_s: float | None = 600.0

    @property
    def tokens(self) -> str | TokenSource:
        """What the hub is shown: a login's tokens, or the one of the machine's own file."""
        return self.token if self.logged_in is None else self.logged_in.login.token
