"""The ``onemap`` command: every subcommand in one place, each a thin door to its part.

Parts are imported inside their subcommand, so that the hub runs where Qt is not installed and
``--help`` answers at once.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app import cli_store, cli_tools
from app.arguments import parse_duration, parse_idle, parse_moment, parse_windows
from app.cli_options import (
    At,
    Ca,
    Child,
    Data,
    For,
    HubPort,
    HubUrl,
    IdleLock,
    Language,
    Login,
    Officer,
    Packs,
    Pictures,
    Port,
    Seat,
    User,
    WindowNames,
)
from app.options import DEFAULT_DATA, DEFAULT_PORT, ConsoleOptions
from services.domain.errors import KnownError

KNOWN_ERROR_STATUS = 2
USUAL = "duty1"
"""The account of this machine's own tokens with which a console opens."""

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


def main() -> None:
    """Run the command line; what the product foresaw ends in one line and status 2."""
    try:
        app()
    except KnownError as error:
        print(f"onemap: {error}", file=sys.stderr)
        raise SystemExit(KNOWN_ERROR_STATUS) from None
    except KeyboardInterrupt:
        raise SystemExit(128 + signal.SIGINT) from None


def _asked(
    windows: str,
    for_: str | None,
    replay_at: str | None,
    pictures: Path | None,
    packs: list[Path] | None,
) -> ConsoleOptions:
    """What every console is asked to show; who it is for, and its hub, are filled in later."""
    return ConsoleOptions(
        hub_url="",
        token="",
        user="",
        seat="",
        windows=parse_windows(windows),
        pictures_dir=pictures,
        run_for_s=parse_duration(for_) if for_ else None,
        replay_at=parse_moment(replay_at) if replay_at else None,
        packs_dirs=tuple(packs or ()),
    )


@app.command()
def run(
    data: Data = DEFAULT_DATA,
    port: HubPort = None,
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

    asked = _asked(windows, for_, replay_at, pictures, packs)
    console_options = replace(asked, user=user, seat=seat, lang=lang, data_dir=data)
    options = RunOptions(console=console_options, port=port, demo=demo, demo_officer=demo_officer)
    raise SystemExit(run_all(options))


@app.command()
def hub(
    data: Data = DEFAULT_DATA,
    host: Annotated[str, typer.Option("--host", help="Address to serve on.")] = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    packs: Packs = None,
    tls_dir: Annotated[
        Path | None, typer.Option("--tls-dir", help="What onemap ca issue made for this machine.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="Or your own certificate (PEM, with chain).")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", help="And its key (PEM, without password).")
    ] = None,
    child: Child = False,
) -> None:
    """Run the hub alone: feed, HTTP ingest, event log. Needs no Qt and no display.

    For other machines it needs TLS: onemap ca init ca, onemap ca issue ca NAME, then here --host
    0.0.0.0 --tls-dir ca/NAME.
    """
    from services.hub.main import serve
    from services.hub.options import HubOptions, tls_files

    options = HubOptions(
        data=data,
        host=host,
        port=port,
        packs=tuple(packs or ()),
        child=child,
        tls=tls_files(tls_dir, tls_cert, tls_key),
    )
    raise SystemExit(serve(options))


@app.command()
def console(
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", help="File with this desk's token; else the data directory."),
    ] = None,
    login: Login = False,
    user: User = "",
    idle_lock: IdleLock = "10m",
    lang: Language = "zh",
    windows: WindowNames = "desk",
    seat: Seat = "1",
    for_: For = None,
    pictures: Pictures = None,
    replay_at: At = None,
    packs: Packs = None,
) -> None:
    """Open a console on a hub that already runs, here or on another machine.

    It logs in by itself with the token of this machine's data directory, if there is one;
    elsewhere, and with --login, it shows the login window.
    """
    from app.hubs import find_ca, find_console_token, find_hub
    from app.running import show_console

    asked = _asked(windows, for_, replay_at, pictures, packs)
    options = replace(
        asked,
        user=user,
        seat=seat,
        lang=lang,
        data_dir=data,
        idle_lock_s=parse_idle(idle_lock),
        hub_url=find_hub(data, hub_url),
        ca=find_ca(data, hub_url, ca),
    )
    if not login and (token := find_console_token(data, hub_url, user or USUAL, token_file)):
        options = replace(options, token=token, user=user or USUAL)
    raise SystemExit(show_console(options))


@app.command()
def sim(
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
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
    from app.hubs import find_ca, find_hub, find_token
    from services.ingest.simulator import run as simulate
    from services.ingest.simulator_options import SimulatorOptions

    options = SimulatorOptions(
        url=find_hub(data, hub_url),
        ca=find_ca(data, hub_url, ca),
        token_source=find_token(data, "source", None),
        token_reader=find_token(data, "simulator", None),
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
    port: Port = 0,
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


@app.command("recover-admin")
def recover_admin(data: Data = DEFAULT_DATA) -> None:
    """Make (or open again) the first security administrator, while the hub is stopped.

    Prints a one-time password, once. The audit log records it.
    """
    from services.hub.recovery import recover

    user, password = recover(data)
    print(f"onemap: log in as {user} with the one-time password", file=sys.stderr)
    print(password)


cli_tools.register(app)
cli_store.register(app)


if __name__ == "__main__":
    main()
