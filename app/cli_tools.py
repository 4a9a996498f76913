"""Commands beside running the product: cameras' addresses, packs, imports, series, benchmarks.

Like ``app/cli.py`` they import their parts when called.
"""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from app.cli_audit import audit
from app.cli_basemap import basemap
from app.cli_ca import ca as ca_app
from app.cli_doctor import doctor
from app.cli_export import export_
from app.cli_import import import_
from app.cli_options import Ca, Data, HubUrl, one_of
from app.cli_roads import roads
from app.options import DEFAULT_DATA
from services.domain.errors import KnownError

FAMILIES = (
    *("render", "feed", "live", "start", "video", "store", "replay", "roads", "spatial"),
    *("updates", "table", "imports", "layers", "windows", "soak", "all"),
)


def register(app: typer.Typer) -> None:
    """Add these commands to the ``onemap`` command."""
    app.add_typer(media, name="media")
    app.add_typer(packs_app, name="packs")
    app.add_typer(audit, name="audit")
    app.add_typer(roads, name="roads")
    app.add_typer(ca_app, name="ca")
    app.add_typer(basemap, name="basemap")
    app.command()(doctor)
    app.command("import")(import_)
    app.command("export")(export_)
    app.command()(send_series)
    app.command()(bench)


media = typer.Typer(no_args_is_help=True, help="Where the pictures of cameras come from.")


@media.command("set")
def media_set(
    camera: Annotated[str, typer.Argument(help="Id of the camera.")],
    url: Annotated[str, typer.Argument(help="Its address: rtsp:// or http://…")],
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
) -> None:
    """Give one camera an address of its own.

    Example: onemap media set cam-0001 rtsp://127.0.0.1:8554/test
    """
    from app.hubs import put_media

    put_media(data, hub_url, camera, url, ca)
    print(f"{camera}: the address is registered")


@media.command("pattern")
def media_pattern(
    template: Annotated[str, typer.Argument(help="Address with {id} in its path.")],
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
) -> None:
    """Give all cameras without an address of their own one made of their id.

    Example: onemap media pattern 'http://10.0.0.7/live/{id}.ts'
    """
    from app.hubs import put_media_pattern

    put_media_pattern(data, hub_url, template, ca)
    print("the pattern is registered")


def send_series(
    file: Annotated[Path, typer.Argument(help="CSV file with a header row.")],
    id_: Annotated[str, typer.Option("--id", help="The thing that the readings come from.")],
    measure: Annotated[str, typer.Option("--measure", help="A measure of its kind: level.")],
    column: Annotated[str, typer.Option("--column", help="Column of the values.")],
    time_column: Annotated[str, typer.Option("--time-column", help="Column of their times.")],
    where: Annotated[
        list[str] | None, typer.Option("--where", help="COLUMN=TEXT: only such rows; repeat.")
    ] = None,
    scale: Annotated[float, typer.Option("--scale", help="Sent is value * scale + offset.")] = 1.0,
    offset: Annotated[float, typer.Option("--offset", help="See --scale.")] = 0.0,
    floor: Annotated[
        float | None, typer.Option("--floor", help="Never send less than this.")
    ] = None,
    start: Annotated[str, typer.Option("--from", help="First moment, ISO 8601.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last moment, ISO 8601.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", help="Of times without offset.")] = "",
    speed: Annotated[float, typer.Option("--speed", help="Recorded seconds a second.")] = 1.0,
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
) -> None:
    """Send a recorded series as if it happened now, at its own pace or faster.

    Example: 10 minutes of recording a second is --speed 600; feet to metres is --scale 0.3048.
    """
    from app.hubs import find_ca, find_hub, find_token
    from services.ingest import series
    from services.ingest.importer import pairs

    options = series.SeriesOptions(
        path=file,
        id=id_,
        measure=measure,
        column=column,
        time_column=time_column,
        where=pairs(where or (), "where"),
        scale=scale,
        offset=offset,
        floor=floor,
        start=start,
        end=end,
        timezone=timezone,
        speed=speed,
        url=find_hub(data, hub_url),
        token=find_token(data, "source", None),
        ca=find_ca(data, hub_url, ca),
    )
    report = series.send(options)
    for line in report.lines():
        print(line)
    if report.interrupted:
        raise SystemExit(128 + signal.SIGINT)


def bench(
    family: Annotated[
        str,
        typer.Argument(
            metavar="|".join(FAMILIES),
            callback=one_of(*FAMILIES),
            help="What to measure; all runs every family but soak, in a process of its own.",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one list of rows as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the rows as JSON to this file as well.")
    ] = None,
    events: Annotated[
        int | None, typer.Option("--events", min=1, help="Of replay: length of the log.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=2, max=1440, help="Of soak; 120 without it.")
    ] = None,
) -> None:
    """Measure the product on this machine and print figures beside their targets."""
    from app.bench.command import bench as measure

    raise SystemExit(measure(family, json=json, out=out, events=events, minutes=minutes))


packs_app = typer.Typer(no_args_is_help=True, help="The files that say what is in the city.")


@packs_app.command("check")
def packs_check(
    directories: Annotated[
        list[Path] | None, typer.Argument(help="Directories of packs of your own.")
    ] = None,
) -> None:
    """Read the packs that ship, then those of the directories; say what is wrong and where."""
    from services.packs.loader import default_directory, load_with_replacements

    for directory in directories or ():
        if directory.is_dir() and not any(directory.glob("*.toml")):
            raise KnownError("no_pack", f"{directory}: there is no pack (no .toml file) in it")
    catalogue, replaced = load_with_replacements(default_directory(), *(directories or ()))
    for it in replaced:
        print(f"{it.pack}: {it.by} replaces {it.of.name} whole")
        print(f"  kinds lost: {', '.join(it.lost) or 'none'}; new: {', '.join(it.added) or 'none'}")
    for pack in catalogue.packs:
        kinds = ", ".join(kind.id for kind in pack.kind)
        print(f"{pack.id}: {pack.label.zh} / {pack.label.en}: {kinds or 'no kinds'}")
    print(f"{len(catalogue.packs)} packs, {len(catalogue.kinds)} kinds: all good")
