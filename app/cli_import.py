"""``onemap import``: load files, list what was loaded, undo it.

Like ``app/cli.py`` it imports its parts when called.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import Ca, Data, HubUrl, Packs, one_of
from app.options import DEFAULT_DATA
from app.resources import resource
from services.domain.clock import BEIJING
from services.domain.errors import KnownError

if TYPE_CHECKING:
    from services.ingest.batches import Batch, BatchStore
    from services.ingest.http_client import HubClient
    from services.ingest.import_options import ImportOptions
    from services.ingest.importer import Report
    from services.ingest.loads import Recording
    from services.ingest.remembered import Remembered
    from services.packs.model import Catalogue

OUTLINE = resource("basemap", "district_outline.geojson")
DATUMS = ("wgs84", "gcj02", "bd09")
Repeated = list[str] | None


def import_(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|list|undo BATCH|resume BATCH",
            help="File to load; or list what was loaded, undo it, go on after a crash.",
        ),
    ],
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
        Repeated,
        typer.Option("--unit", help="FIELD=UNIT of its column, such as reach_m=km; repeat."),
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
    mapping: Annotated[
        str, typer.Option("--mapping", help="Read it as was remembered under this name.")
    ] = "",
    remember: Annotated[
        str, typer.Option("--remember", help="Remember under this name how it was read.")
    ] = "",
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
    if words[0] in ("list", "undo", "resume"):
        _batches(words, _Hub(data, hub_url, ca), packs)
        return
    from services.ingest import importer

    before = _remembered(data, mapping)
    options = importer.ImportOptions(
        path=_file(words),
        kind=_given(kind or (before.kind if before is not None else "")),
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
        outline=OUTLINE,
    )
    if before is not None:
        options = options.after(before.options)
    _load(options, packs, _Hub(data, hub_url, ca), remember, mapping)


class _Hub:
    """The hub that a command line means."""

    def __init__(self, data: Path, url: str, ca: Path | None) -> None:
        self.data, self._url, self._ca = data, url, ca

    def client(self) -> HubClient:
        """A client with the token of the data sources; close it."""
        from app.hubs import find_ca, find_hub, find_token
        from services.ingest.http_client import HubClient
        from services.tls.contexts import trust

        url = find_hub(self.data, self._url)
        ca = find_ca(self.data, self._url, self._ca)
        return HubClient(url, find_token(self.data, "source", None), trust=trust(url, ca))


def _file(words: list[str]) -> Path:
    if len(words) > 1:
        raise KnownError("bad_option", f"one file at a time; “{words[1][:60]}” is one too many")
    return Path(words[0])


def _given(kind: str) -> str:
    if not kind:
        raise KnownError("bad_option", "say with --kind what the rows are", field="kind")
    return kind


def _remembered(data: Path, name: str) -> Remembered | None:
    from services.ingest.remembered import Memory

    return Memory(data).of(name) if name else None


def _load(
    options: ImportOptions, packs: list[Path] | None, hub: _Hub, remember: str, used: str
) -> None:
    from services.ingest import importer, loads
    from services.ingest.batches import BatchStore
    from services.ingest.remembered import Memory, signature

    catalogue = _catalogue(packs)
    preview = importer.preview(options, catalogue)
    for line in preview.lines():
        print(line)
    told, memory = preview.plan.format, Memory(hub.data)
    shape = signature(told.name, told.columns)
    if remember:
        memory.keep(remember, shape, options.kind, options.kept())
    elif used:
        memory.used(used)
    elif known := memory.matching(shape):
        print(f"  files of this shape were read as {known[0].name!r} before: --mapping")
    if options.dry_run:
        _tell(importer.run(options, catalogue))
        return
    with hub.client() as client:
        recording = loads.begin(
            BatchStore(hub.data),
            client,
            client.url,
            options.path,
            options.kind,
            _user(),
            digest=loads.digest_of(options.path),
            options=options.kept(),
        )
        _run(options, catalogue, client, recording)


def _run(
    options: ImportOptions, catalogue: Catalogue, client: HubClient, recording: Recording
) -> None:
    from services.ingest import importer

    with recording:
        report = importer.run(options, catalogue, client=client, recorder=recording)
        recording.end(
            client,
            read=report.read,
            loaded=report.loaded,
            refused=report.refused,
            stopped=report.stopped,
        )
    _tell(report)


def _tell(report: Report) -> None:
    for line in report.lines():
        print(line)
    if report.failed:
        raise SystemExit(1)


def _catalogue(packs: list[Path] | None) -> Catalogue:
    from services.packs.loader import default_directory, load

    return load(default_directory(), *(packs or ()))


def _user() -> str:
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):
        return "os:unknown"


# -- what was loaded ------------------------------------------------------------
def _batches(words: list[str], hub: _Hub, packs: list[Path] | None) -> None:
    from services.ingest.batches import BatchStore

    store = BatchStore(hub.data)
    wanted = 1 if words[0] == "list" else 2
    if len(words) != wanted:
        raise KnownError("bad_option", f"write: onemap import {words[0]}{' BATCH' * (wanted - 1)}")
    if words[0] == "list":
        for batch in store.all():
            print(batch_line(batch))
    elif words[0] == "undo":
        _undo(store, words[1], hub)
    else:
        _resume(store, words[1], hub, packs)


def batch_line(batch: Batch) -> str:
    """One load on one line, in the district's time."""
    began = datetime.fromtimestamp(batch.began_at, BEIJING)
    counts = f"{batch.loaded} loaded" if batch.state != "loading" else "did not end"
    if batch.state in ("undoing", "undone"):
        counts += f", {batch.deleted} deleted, {batch.restored} restored, {batch.left_count} left"
    name = Path(batch.file).name[:60]
    return f"{batch.id}  {began:%Y-%m-%d %H:%M}  {batch.state:8} {batch.kind}  {name}  {counts}"


def _undo(store: BatchStore, id_: str, hub: _Hub) -> None:
    from services.ingest import loads

    with hub.client() as client:
        batch = loads.undo(store, client, id_)
    print(
        f"{batch.deleted} deleted, {batch.restored} restored, {batch.left_count} left as they are"
    )
    for left, code, text in batch.left:
        print(f"  {left}: {code}: {text}")


def _resume(store: BatchStore, id_: str, hub: _Hub, packs: list[Path] | None) -> None:
    from services.ingest import loads
    from services.ingest.import_options import ImportOptions

    batch = store.get(id_)
    options = ImportOptions.of(Path(batch.file), batch.kind, batch.options, OUTLINE)
    recording = loads.resume(store, id_, loads.digest_of(options.path))
    with hub.client() as client:
        _run(options, _catalogue(packs), client, recording)
