"""``onemap basemap``: the base maps of a data directory, without a console.

Like ``app/cli.py`` they import their parts when called.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import Data, one_of
from app.options import DEFAULT_DATA
from services.domain.errors import KnownError

if TYPE_CHECKING:
    from services.basemaps.catalogue import BasemapCatalogue
    from services.basemaps.download import Progress
    from services.basemaps.model import Source
    from services.basemaps.region import Region

KEY_VARIABLE = "ONEMAP_BASEMAP_KEY"
basemap = typer.Typer(no_args_is_help=True, help="Base maps under the live map.")
Id = Annotated[str, typer.Argument(help="Id of the base map, see onemap basemap list.")]


@basemap.command("list")
def list_(data: Data = DEFAULT_DATA) -> None:
    """Say which base maps there are, and what can be added by --preset."""
    from services.basemaps.presets import presets

    for source in _catalogue(data).sources():
        print(f"{source.id}: {source.title_zh} / {source.title_en}: {_words(source)}")
    print("presets: " + ", ".join(source.id for source in presets()))


@basemap.command("add")
def add(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Small letters, digits and . _ -")],
    preset: Annotated[str, typer.Option("--preset", help="tianditu-vec, tianditu-img, …")] = "",
    address: Annotated[
        str, typer.Option("--address", help="http(s)://…{z}/{x}/{y}…, or a file.")
    ] = "",
    wmts: Annotated[str, typer.Option("--wmts", help="Address of a WMTS's capabilities.")] = "",
    layer: Annotated[
        str, typer.Option("--layer", help="Layer of the WMTS; else they are said.")
    ] = "",
    host: Annotated[str, typer.Option("--host", help="Mirror of a preset: http://host:port")] = "",
    title: Annotated[str, typer.Option("--title", help="Name in menus.")] = "",
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help=f"File with the key; or {KEY_VARIABLE}.")
    ] = None,
    datum: Annotated[
        str, typer.Option("--datum", callback=one_of("", "wgs84", "gcj02", "bd09"))
    ] = "",
    levels: Annotated[str, typer.Option("--levels", help="Levels that it has: 0-18.")] = "",
    subdomains: Annotated[str, typer.Option("--subdomains", help="What {s} may be: a,b,c")] = "",
    attribution: Annotated[str, typer.Option("--attribution", help="Said on the map.")] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Add a base map, or change the one of this id.

    Example: onemap basemap add tdt --preset tianditu-vec --key-file tianditu.key
    """
    import msgspec

    from app.base_map_area import parse_levels
    from services.basemaps.making import with_key

    source = _begun(id_, preset, address, wmts, layer, host, title)
    changes: dict[str, object] = {"id": id_}
    if title:
        changes |= {"title_zh": title, "title_en": title}
    if datum:
        changes["datum"] = datum
    if levels:
        changes["min_level"], changes["max_level"] = parse_levels(levels)
    if subdomains:
        changes["subdomains"] = tuple(subdomains.split(","))
    if attribution:
        changes["attribution"] = attribution
    source = with_key(msgspec.structs.replace(source, **changes), _key(key_file) or source.key)
    _catalogue(data).put(source)
    print(f"{id_}: added; {_words(source)}")
    if source.needs_key and not source.key:
        print(f"{id_}: it needs a key: add it again with --key-file", file=sys.stderr)


@basemap.command("remove")
def remove(id_: Id, data: Data = DEFAULT_DATA) -> None:
    """Forget a base map; files that were downloaded stay."""
    _catalogue(data).remove(id_)
    print(f"{id_}: removed")


@basemap.command("cache")
def cache(
    size: Annotated[
        int | None,
        typer.Option("--size", min=0, metavar="MB", help="How large it may grow; 0 keeps nothing."),
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Say how large the cache of tiles may grow and is, or let it grow otherwise.

    A console that is running takes another size up when it starts next.
    """
    import time

    from app.base_map_area import size_words
    from services.basemaps.catalogue import FOLDER
    from services.storage.tile_cache import TileCache

    catalogue = _catalogue(data)
    if size is not None:
        catalogue.set_cache_mb(size)
    limit = catalogue.cache_mb * 1_000_000
    kept = TileCache(data / FOLDER, 0, time.time)
    if kept.on_disk > limit and size is not None:
        kept.resize(kept.on_disk)  # opens it
        kept.resize(limit)
        kept.close()
        if kept.trouble is not None:
            print(kept.trouble.text, file=sys.stderr)
    used = size_words(kept.on_disk)
    print(f"at most {catalogue.cache_mb:,} MB of tiles are kept; {used} are on the disk")


@basemap.command("check")
def check(id_: Id, data: Data = DEFAULT_DATA) -> None:
    """Fetch one tile in the middle of the district, and say what came."""
    from app.base_map_area import middle, size_words
    from services.basemaps.http import TileHttp
    from services.basemaps.making import check as try_out

    source = _catalogue(data).get(id_)
    if source.type == "schematic":
        print(f"{id_}: comes with the program")
        return
    http = TileHttp()
    try:
        found = try_out(source, *middle(), http)
    finally:
        http.close()
    if not found.kind:
        print(f"{id_}: it answers, but has no tile of level {found.level} in the district")
        raise SystemExit(1)
    print(
        f"{id_}: level {found.level}, {found.kind}, {found.pixels} pixels,"
        f" {size_words(found.bytes)} in {found.seconds:.2f} s"
    )


@basemap.command("download")
def download(
    id_: Id,
    file: Annotated[Path, typer.Argument(help="The MBTiles file to be written.")],
    levels: Annotated[str, typer.Option("--levels", help="Levels to fetch.")] = "10-15",
    box: Annotated[
        str, typer.Option("--box", help="West,south,east,north; else the district's outline.")
    ] = "",
    rate: Annotated[float, typer.Option("--rate", help="Questions a second, at most 50.")] = 5.0,
    allowed: Annotated[
        bool, typer.Option("--allowed", help="The provider has allowed this download.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file if it is there already.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Fetch a region into a file that is a base map without a line.

    Ctrl-C keeps what came: the same command goes on from there.
    """
    from app.base_map_area import district, parse_box, parse_levels, size_words
    from services.basemaps.job import checked_rate
    from services.basemaps.model import terms_forbid
    from services.basemaps.plan import plan
    from services.basemaps.region import Region

    rate = checked_rate(rate)
    source = _catalogue(data).get(id_)
    first, last = parse_levels(levels)
    region = Region.box(*parse_box(box), first, last) if box else district(first, last)
    planned = plan(source, region)
    for level, count in planned.by_level.items():
        print(f"level {level}: {count} tiles")
    hours = planned.seconds / rate / 3_600
    size = size_words(planned.bytes)
    print(f"{planned.total} tiles, about {size}, {hours:.1f} h at {rate:g} a second")
    if dry_run:
        return
    if not allowed and (source.bulk != "allowed" or terms_forbid(source)):
        never = "forbid" if terms_forbid(source) else "may forbid"
        raise KnownError(
            "terms",
            f"The terms of this source {never} the download of whole regions. If the provider has"
            " allowed it, say so with --allowed.",
        )
    _fetch(source, region, file, rate, force)
    print(f"{file}: written; onemap basemap add NAME --address {file} makes a base map of it")


def _fetch(source: Source, region: Region, file: Path, rate: float, force: bool) -> None:
    import tempfile
    import time

    from services.basemaps.download import Download
    from services.basemaps.remote import RemoteTiles
    from services.storage.tile_cache import TileCache

    none = TileCache(Path(tempfile.gettempdir()), 0, time.time)
    asks = RemoteTiles(source, none, time.time, lambda: None)
    work = Download(source, region, file, asks, rate, _Teller().tell, replaced=force)
    try:
        work.run()
    finally:
        work.cancel()
        asks.close()


class _Teller:
    """A line now and then."""

    def __init__(self) -> None:
        self._said = -1
        self._trouble = ""

    def tell(self, progress: Progress) -> None:
        """Each twentieth, and each trouble."""
        from app.base_map_area import size_words

        if progress.trouble != self._trouble:
            self._trouble = progress.trouble
            if progress.trouble:
                print(f"  the tile server: {progress.trouble}; tried again", file=sys.stderr)
        share = 20 * progress.done // max(1, progress.total)
        if share != self._said:
            self._said = share
            size, about = size_words(progress.bytes), size_words(progress.about)
            print(f"  {progress.done} of {progress.total} tiles, {size} of about {about}")


def _begun(
    id_: str, preset: str, address: str, wmts: str, layer: str, host: str, title: str
) -> Source:
    """What the base map is made of: a preset, a WMTS, a file or an address."""
    from services.basemaps.making import of_file
    from services.basemaps.model import Source, normal_address
    from services.basemaps.presets import on_mirror
    from services.basemaps.presets import preset as preset_of

    if sum(map(bool, (preset, address, wmts))) != 1:
        raise KnownError("bad_option", "say one of --preset, --address and --wmts")
    if preset:
        known = preset_of(preset)
        if known is None:
            raise KnownError("bad_option", f"there is no preset {preset[:40]!r}")
        return on_mirror(known, host) if host else known
    if wmts:
        return _of_wmts(wmts, layer)
    if "://" not in address:
        return of_file(Path(address), id_, title)
    name = title or id_
    return Source(id=id_, title_zh=name, title_en=name, type="xyz", address=normal_address(address))


def _of_wmts(address: str, layer: str) -> Source:
    from services.basemaps.http import TileHttp
    from services.basemaps.making import offered

    http = TileHttp()
    try:
        offer = offered(address, http)
    finally:
        http.close()
    for choice in offer.choices:
        if choice.layer == layer:
            return choice.source
    for choice in offer.choices:
        print(f"{choice.layer}: {choice.title} ({choice.matrix_set})", file=sys.stderr)
    for why in offer.refused:
        print(f"not shown: {why}", file=sys.stderr)
    raise KnownError("bad_option", "choose one of these by --layer")


def _catalogue(data: Path) -> BasemapCatalogue:
    from services.basemaps.catalogue import FILE, BasemapCatalogue

    catalogue = BasemapCatalogue(data / FILE)
    if catalogue.trouble is not None:
        raise catalogue.trouble
    return catalogue


def _key(file: Path | None) -> str:
    if file is None:
        return os.environ.get(KEY_VARIABLE, "")
    try:
        with file.open("r", encoding="utf-8") as told:
            return told.read(1_000)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("bad_option", f"{file.name} cannot be read as a key") from error


def _words(source: Source) -> str:
    """What a source is, without its key."""
    levels = f"levels {source.min_level}-{source.max_level}"
    return f"{source.type}, {source.datum}, {levels}"
