"""What a console is told when it starts; plain data, so the command line needs no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WINDOWS = ("desk", "wall", "video", "replay")


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """One console: where its hub is, who sits at it, which windows it opens.

    ``hub_url`` is ``http://host:port``; ``run_for_s`` ends the console by itself;
    ``pictures_dir`` receives a PNG of every window every ``pictures_every_s`` seconds;
    ``replay_minutes`` is the span that a replay window opens with, back from now.
    """

    hub_url: str
    token: str
    data_dir: Path
    user: str = "duty1"
    seat: str = ""
    lang: str = "zh"
    windows: tuple[str, ...] = ("desk",)
    pictures_dir: Path | None = None
    pictures_every_s: float = 10.0
    run_for_s: float | None = None
    replay_minutes: float = 60.0
    packs_dirs: tuple[Path, ...] = ()
