"""``onemap import``: load files, list what was loaded, undo it.

Like ``app/cli.py`` it imports its parts when called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import Ca, Data, HubUrl, Packs, one_of
from app.options import DEFAULT_DATA
from app.resources import resource
from services.domain.errors import KnownError

if TYPE_CHECKING:
    from services.ingest.import_options import ImportOptions
    from services.packs.model import Catalogue

DATUMS = ("wgs84", "gcj02", "bd09")
Repeated = list[str] | None


def import_(
    words: Annotated[list[str], typer.Argument(metavar="FILE", help="File to load.")],
    kind: Annotated[str, typer.Option("--kind", help="case, or a kind of a pack.")] = "",
    layer: Annotated[str, typer.Option("--layer", help="Layer of a file with several.")] = "",
    crs: Annotated[
        str, typer.Option("--crs", help="EPSG code of the coordinates; else as the file says.")
    ] = "",
    datum: Annotated[
        str,
        typer.Option(
            "--datum",
            metavar="|".join(DATUMS),
            callback=one_of(*DATUMS),
            help="What degrees mean: GCJ-02 and BD-09 are turned into WGS 84.",
        ),
    ] = "wgs84",
    map_: Annotated[
        Repeated, typer.Option("--map", help="FIELD=COLUMN, or FIELD='text with {column}'; repeat.")
    ] = None,
    set_: Annotated[Repeated, typer.Option("--set", help="FIELD=VALUE for every row; repeat.")] = (
        None
    ),
    unit: Annotated[
        Repeated, typer.Option("--unit", help="FIELD=UNIT of its column, such as level=cm; repeat.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Clock of times without offset: Asia/Shanghai.")
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of texts, such as GBK; else found by itself.")
    ] = "",
    mend: Annotated[
        bool, typer.Option("--mend", help="Mend shapes that cross themselves, and say so.")
    ] = False,
    split: Annotated[
        bool, typer.Option("--split", help="Make several things of a row with several shapes.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, load nothing; needs no hub.")
    ] = False,
    bad_rows: Annotated[
        Path | None, typer.Option("--bad-rows", help="File for refused rows; else beside FILE.")
    ] = None,
    packs: Packs = None,
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
) -> None:
    """Load a CSV, GeoJSON, Shapefile (also zipped), GeoPackage, KML or KMZ file: cases, or things.

    Shows what the file is and its first rows, checks row by row, loads the good ones and writes
    the others to a file with the reason of each; the status is 1 when no row was good. Example:
    onemap import stations.gpkg --kind fire_station --dry-run
    """
    from app.hubs import find_ca, find_hub, find_token
    from services.ingest import importer
    from services.packs.loader import default_directory, load

    options = importer.ImportOptions(
        path=_file(words),
        kind=_given(kind),
        layer=layer,
        crs=crs,
        datum=datum,
        mapping=importer.pairs(map_ or (), "map"),
        constants=importer.pairs(set_ or (), "set"),
        units=importer.pairs(unit or (), "unit"),
        timezone=timezone,
        encoding=encoding,
        mend=mend,
        split=split,
        dry_run=dry_run,
        bad_rows_path=bad_rows,
        url="" if dry_run else find_hub(data, hub_url),
        token="" if dry_run else find_token(data, "source", None),
        ca=find_ca(data, hub_url, ca),
        outline=resource("basemap", "district_outline.geojson"),
    )
    _load(options, load(default_directory(), *(packs or ())))


def _file(words: list[str]) -> Path:
    if len(words) > 1:
        raise KnownError("bad_option", f"one file at a time; “{words[1][:60]}” is one too many")
    return Path(words[0])


def _given(kind: str) -> str:
    if not kind:
        raise KnownError("bad_option", "say with --kind what the rows are", field="kind")
    return kind


def _load(options: ImportOptions, catalogue: Catalogue) -> None:
    from services.ingest import importer

    for line in importer.preview(options, catalogue).lines():
        print(line)
    report = importer.run(options, catalogue)
    for line in report.lines():
        print(line)
    if report.failed:
        raise SystemExit(1)
