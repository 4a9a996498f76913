"""The ``onemap`` command: every subcommand in one place, each a thin door to its part.

Parts are imported inside their subcommand, so that the hub runs where Qt is not installed and
``--help`` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.arguments import parse_duration, parse_moment, parse_windows
from app.options import DEFAULT_DATA, DEFAULT_PORT, ConsoleOptions
from services.domain.errors import KnownError

KNOWN_ERROR_STATUS = 2
Lang = Literal["zh", "en"]

app = typer.Typer(
    name="onemap",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""
The desktop console of a city-district operations centre: one live map, alarms, cases, dispatch,
video and replay.

Begin with **onemap run**: it starts a hub, the simulator, demo streams and the console, and ends
them all when you close it. Everything it keeps lies in one data directory (**--data**).
""",
    epilog="""
Examples:

- **onemap run** – everything on this machine, in Chinese
- **onemap run --lang en --windows desk,wall** – two windows, in English
- **onemap run --for 60s --pictures pictures** – one minute, a picture of every window
- **onemap hub --port 8630** and, on a desk, **onemap console --hub URL --token-file FILE**
- **onemap token source** – the token that `curl` needs to post readings
""",
)

Data = Annotated[
    Path, typer.Option("--data", envvar="ONEMAP_DATA", help="Data directory.", show_default=True)
]
Child = Annotated[
    bool, typer.Option("--child", hidden=True, help="End when standard input closes.")
]
HubUrl = Annotated[
    str,
    typer.Option("--hub", help="Address of the hub; without it the hub of the data directory."),
]
Seat = Annotated[str, typer.Option("--seat", help="Name of this desk, kept with what is done.")]
User = Annotated[str, typer.Option("--as", help="Account: duty1, duty2, leader, trainer …")]
WindowNames = Annotated[
    str, typer.Option("--windows", help="Windows to open: desk, wall, video, replay.")
]
Language = Annotated[Lang, typer.Option("--lang", help="Language of the console.")]
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


def main() -> None:
    """Run the command line; what the product foresaw ends in one line and status 2."""
    try:
        app()
    except KnownError as error:
        print(f"onemap: {error}", file=sys.stderr)
        raise SystemExit(KNOWN_ERROR_STATUS) from None


@app.command()
def run(
    data: Data = DEFAULT_DATA,
    port: Annotated[
        int | None,
        typer.Option("--port", help=f"Port of the hub (usually {DEFAULT_PORT}; 0: a free one)."),
    ] = None,
    lang: Language = "zh",
    windows: WindowNames = "desk,wall,video,replay",
    seat: Seat = "1",
    user: User = "duty1",
    for_: For = None,
    pictures: Pictures = None,
    replay_at: At = None,
    packs: Packs = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="With simulated city and streams, or empty.")
    ] = True,
    demo_officer: Officer = False,
) -> None:
    """Start hub, simulator, demo streams and console on this machine; end them together.

    Without a display it says so, draws on a virtual screen and writes pictures of all windows.
    """
    from app.running import RunOptions
    from app.running import run as run_all

    console_options = ConsoleOptions(
        hub_url="",
        token="",
        user=user,
        seat=seat,
        lang=lang,
        windows=parse_windows(windows),
        pictures_dir=pictures,
        run_for_s=parse_duration(for_) if for_ else None,
        data_dir=data,
        replay_at=parse_moment(replay_at) if replay_at else None,
        packs_dirs=tuple(packs or ()),
    )
    options = RunOptions(console=console_options, port=port, demo=demo, demo_officer=demo_officer)
    raise SystemExit(run_all(options))


@app.command()
def hub(
    data: Data = DEFAULT_DATA,
    host: Annotated[str, typer.Option("--host", help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", help="Port to serve on; 0 takes a free one.")
    ] = DEFAULT_PORT,
    packs: Packs = None,
    child: Child = False,
) -> None:
    """Run the hub alone: feed, HTTP ingest, event log. Needs no Qt and no display."""
    from services.hub.main import serve
    from services.hub.options import HubOptions

    options = HubOptions(data=data, host=host, port=port, packs=tuple(packs or ()), child=child)
    raise SystemExit(serve(options))


@app.command()
def console(
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", help="File with this desk's token; else the data directory."),
    ] = None,
    user: User = "duty1",
    lang: Language = "zh",
    windows: WindowNames = "desk",
    seat: Seat = "1",
    for_: For = None,
    pictures: Pictures = None,
    replay_at: At = None,
    packs: Packs = None,
) -> None:
    """Open a console on a hub that already runs, here or on another machine."""
    from app.hubs import find_hub, find_token
    from app.running import show_console

    options = ConsoleOptions(
        hub_url=find_hub(data, hub_url),
        token=find_token(data, user, token_file),
        user=user,
        seat=seat,
        lang=lang,
        windows=parse_windows(windows),
        pictures_dir=pictures,
        run_for_s=parse_duration(for_) if for_ else None,
        data_dir=data,
        replay_at=parse_moment(replay_at) if replay_at else None,
        packs_dirs=tuple(packs or ()),
    )
    raise SystemExit(show_console(options))


@app.command()
def sim(
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    seed: Annotated[int, typer.Option("--seed", help="Of all that happens by chance.")] = 630102,
    speed: Annotated[float, typer.Option("--speed", help="Simulated seconds a second.")] = 1.0,
    team_speed: Annotated[
        float, typer.Option("--team-speed", help="How much faster than 40 km/h teams drive.")
    ] = 6.0,
    scenes: Annotated[
        bool, typer.Option("--scenes/--no-scenes", help="Whether the cloudburst comes.")
    ] = True,
    demo_officer: Officer = False,
    child: Child = False,
) -> None:
    """Play the city to a hub: the demo district, readings, calls, a cloudburst, teams.

    It speaks through the same HTTP ingest as real sources, and yields where one of them speaks.
    """
    from app.hubs import find_hub, find_token
    from services.ingest.simulator import run as simulate
    from services.ingest.simulator_options import SimulatorOptions

    options = SimulatorOptions(
        url=find_hub(data, hub_url),
        token_source=find_token(data, "source", None),
        token_field=find_token(data, "field", None),
        token_officer=find_token(data, "duty2", None) if demo_officer else "",
        seed=seed,
        speed=speed,
        time_scale=team_speed,
        scenes=scenes,
        child=child,
    )
    raise SystemExit(simulate(options))


@app.command()
def streams(
    host: Annotated[str, typer.Option("--host", help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes a free one.")] = 0,
    child: Child = False,
) -> None:
    """Serve a simulated live picture for every camera over HTTP, until Ctrl-C."""
    from services.video.demo_streams import run as serve_streams

    serve_streams(host, port, child=child)


@app.command()
def token(
    user: Annotated[str, typer.Argument(help="Account: duty1, leader, trainer, source, field …")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Print the token of an account of the data directory, for scripts and curl.

    Example: curl -H "Authorization: Bearer $(onemap token source)" …
    """
    from app.hubs import find_token

    print(find_token(data, user, None))


media = typer.Typer(no_args_is_help=True, help="Where the pictures of cameras come from.")
app.add_typer(media, name="media")


@media.command("set")
def media_set(
    camera: Annotated[str, typer.Argument(help="Id of the camera.")],
    url: Annotated[str, typer.Argument(help="Its address: rtsp:// or http://…")],
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
) -> None:
    """Give one camera an address of its own.

    Example: onemap media set cam-0001 rtsp://127.0.0.1:8554/test
    """
    from app.hubs import put_media

    put_media(data, hub_url, camera, url)
    print(f"{camera}: the address is registered")


@media.command("pattern")
def media_pattern(
    template: Annotated[str, typer.Argument(help="Address with {id} in its path.")],
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
) -> None:
    """Give all cameras without an address of their own one made of their id.

    Example: onemap media pattern 'http://10.0.0.7/live/{id}.ts'
    """
    from app.hubs import put_media_pattern

    put_media_pattern(data, hub_url, template)
    print("the pattern is registered")


@app.command()
def bench(
    family: Annotated[
        Literal["render", "feed", "start", "video", "all"],
        typer.Argument(help="What to measure; all runs every family in a process of its own."),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one list of rows as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the rows as JSON to this file as well.")
    ] = None,
) -> None:
    """Measure the product on this machine and print figures beside their targets."""
    from app.bench.command import bench as measure

    raise SystemExit(measure(family, json=json, out=out))


packs_app = typer.Typer(no_args_is_help=True, help="The files that say what is in the city.")
app.add_typer(packs_app, name="packs")


@packs_app.command("check")
def packs_check(
    directories: Annotated[
        list[Path] | None, typer.Argument(help="Directories of packs of your own.")
    ] = None,
) -> None:
    """Read the packs that ship, then those of the directories; say what is wrong and where."""
    from services.packs.loader import default_directory, load

    catalogue = load(default_directory(), *(directories or ()))
    for pack in catalogue.packs:
        kinds = ", ".join(kind.id for kind in pack.kind)
        print(f"{pack.id}: {pack.label.zh} / {pack.label.en}: {kinds or 'no kinds'}")
    print(f"{len(catalogue.packs)} packs, {len(catalogue.kinds)} kinds: all good")


if __name__ == "__main__":
    main()
