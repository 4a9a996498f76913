"""Options that several ``onemap`` commands share, so that they read and mean the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from services.domain.errors import KnownError
from services.hub.options import check_port

Data = Annotated[
    Path, typer.Option("--data", envvar="ONEMAP_DATA", help="Data directory.", show_default=True)
]


def one_of(*names: str) -> Callable[[str], str]:
    """A check that says in one line which words there are. KnownError ``bad_option``."""

    def check(word: str) -> str:
        if word not in names:
            raise KnownError("bad_option", f"{word!r} is not one of {', '.join(names)}")
        return word

    return check


def checked_port(number: int | None) -> int | None:
    """Hold a --port against what there is. KnownError ``bad_port``."""
    if number is not None:
        check_port(number)
    return number


HubPort = Annotated[
    int | None,
    typer.Option(
        "--port",
        callback=checked_port,
        help="Port of the hub (usually 8630, or a free one; 0: a free one).",
    ),
]
Port = Annotated[
    int, typer.Option("--port", callback=checked_port, help="Port to serve on; 0 takes a free one.")
]
Child = Annotated[
    bool, typer.Option("--child", hidden=True, help="End when standard input closes.")
]
HubUrl = Annotated[
    str,
    typer.Option("--hub", help="Address of the hub; without it the hub of the data directory."),
]
Ca = Annotated[
    Path | None,
    typer.Option(
        "--ca", envvar="ONEMAP_CA", help="Certificate of the authority behind an https:// hub."
    ),
]
Seat = Annotated[str, typer.Option("--seat", help="Name of this desk, kept with what is done.")]
User = Annotated[str, typer.Option("--as", help="Account: duty1, duty2, leader, trainer …")]
Login = Annotated[
    bool, typer.Option("--login", help="Show the login window, also where a token is at hand.")
]
IdleLock = Annotated[
    str,
    typer.Option(
        "--idle-lock", help="Cover a desk of somebody who logged in after this time: 10m, or off."
    ),
]
WindowNames = Annotated[
    str, typer.Option("--windows", help="Windows to open: desk, wall, video, replay, audit.")
]
Language = Annotated[
    str,
    typer.Option(
        "--lang", metavar="zh|en", callback=one_of("zh", "en"), help="Language of the console."
    ),
]
Pictures = Annotated[
    Path | None, typer.Option("--pictures", help="Write a PNG of every window there every 10 s.")
]
For = Annotated[
    str | None, typer.Option("--for", help="End by itself after this time: 60s, 5m, 1h30m.")
]
At = Annotated[
    str | None,
    typer.Option("--replay-at", help="Moment for the replay window: 2026-07-01T14:05:00+08:00."),
]
Officer = Annotated[
    bool, typer.Option("--demo-officer", help="A second officer answers alarms by himself.")
]
Packs = Annotated[
    list[Path] | None,
    typer.Option("--packs", help="Another directory of packs, read after those that ship."),
]
