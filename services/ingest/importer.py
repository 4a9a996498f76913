"""Imports of files: a preview, then row by row; good rows load, bad ones go to a file with reasons.

One thread. ``run`` needs a hub unless it is a dry run; a dry run holds rows against the packs of
this machine, a real one leaves the verdict to the hub.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from services.domain.errors import KnownError
from services.ingest.bad_rows import BadRows
from services.ingest.bodies import Desk
from services.ingest.csv_source import CsvSource
from services.ingest.geojson_source import GeoJsonSource
from services.ingest.http_client import MAX_ITEMS, HubClient, IngestResult, Item
from services.ingest.mapping import CASE, Template, full_name, pairs, resolve
from services.ingest.preview_words import row_words
from services.ingest.row_items import ItemMaker, check, check_desk
from services.ingest.rows import Format, Row, RowSource, check_size, shorten, time_zone
from services.packs.model import Catalogue
from services.tls.contexts import trust

__all__ = ["ImportOptions", "Plan", "Preview", "Report", "pairs", "plan", "preview", "run"]

PREVIEWED = 5
_JSON_NAMES = (".geojson", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """``onemap import FILE --kind KIND …``; each field is one option.

    path: FILE, CSV or GeoJSON of at most 100 MB.
    kind: ``--kind``: ``case``, or a kind of a pack such as ``fire_station``.
    mapping: ``--map FIELD=COLUMN`` repeated: a column, or a text with ``{column}`` in it.
    constants: ``--set FIELD=VALUE`` repeated: the same value for every row.
    timezone: ``--timezone``: IANA name of the clock behind times that carry no offset.
    encoding: ``--encoding``: of a CSV file; empty: found by itself.
    dry_run: ``--dry-run``: check every row, load nothing.
    bad_rows_path: ``--bad-rows FILE``; None: beside FILE, as ``FILE.bad.csv`` or ``.bad.ndjson``.
    url, token, ca: of the hub, with role ``ingest`` (account ``source``); not used by a dry run.
    outline: GeoJSON of the district; the report says when no row lies in it. None: not looked at.
    Make ``mapping`` and ``constants`` from the repeated words with ``pairs(words, "map")``.
    """

    path: Path
    kind: str
    mapping: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    encoding: str = ""
    dry_run: bool = False
    bad_rows_path: Path | None = None
    url: str = ""
    token: str = ""
    ca: Path | None = None
    outline: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: the file as found, and which column fills which field."""

    format: Format
    mapping: dict[str, Template]
    constants: dict[str, str]
    unused: tuple[str, ...]
    source: RowSource
    maker: ItemMaker


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan and its first rows, as items or as the reason why not."""

    plan: Plan
    rows: tuple[tuple[int, Item | KnownError], ...]

    def lines(self) -> list[str]:
        """The preview for a terminal."""
        told = self.plan.format
        detail = "".join(f", {name} {value}" for name, value in told.detail.items())
        lines = [f"{told.name}, {told.encoding}{detail}, {len(told.columns)} columns"]
        lines += [f"  {f} = {shorten(t.text, 200)}" for f, t in self.plan.mapping.items()]
        lines += [f"  {f} := {shorten(value, 200)}" for f, value in self.plan.constants.items()]
        if self.plan.unused:
            lines.append(f"  not used: {', '.join(map(shorten, self.plan.unused))}")
        for number, row in self.rows:
            if isinstance(row, KnownError):
                lines.append(f"  row {number}: refused: {row}")
            else:
                lines.append(f"  row {number}: {row_words(row)}")
        return lines


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an import. ``reasons``: code to how often; ``examples``: code to a text.

    ``placed``: good rows with a position, and how many of them lie ``inside`` the district.
    ``trouble``: why the refused rows could not be written to a file.
    """

    read: int
    loaded: int
    refused: int
    dry_run: bool
    reasons: dict[str, int]
    examples: dict[str, str]
    bad_rows_path: Path | None
    trouble: str = ""
    placed: int = 0
    inside: int = 0

    @property
    def failed(self) -> bool:
        """Whether there were rows and not one of them was good."""
        return self.read > 0 and self.loaded == 0

    def lines(self) -> list[str]:
        """The report for a terminal; its first line says all in short."""
        verb = "would load" if self.dry_run else "loaded"
        where = f" (with reasons in {self.bad_rows_path})" if self.bad_rows_path else ""
        lines = [f"read {self.read}, {verb} {self.loaded}, refused {self.refused}{where}"]
        lines += [f"  {n} × {code}: {self.examples[code]}" for code, n in self.reasons.items()]
        if self.trouble:
            lines.append(f"  the refused rows are in no file: {self.trouble}")
        if self.placed and not self.inside:
            lines.append(
                f"no row lies within the district's outline (looked at {self.placed}): are"
                " longitude and latitude those of WGS 84, in degrees, of this district?"
            )
        if self.failed:
            lines.append("every row was refused; nothing was loaded")
        return lines


def plan(options: ImportOptions, catalogue: Catalogue) -> Plan:
    """Open the file, name what it is and settle the mapping; KnownError where it cannot work."""
    kind = None if options.kind == CASE else catalogue.kinds.get(options.kind)
    if kind is None and options.kind != CASE:
        known = ", ".join([CASE, *(k for k in catalogue.kinds if k != CASE)])
        raise KnownError(
            "unknown_kind",
            f"no pack declares a kind “{options.kind}”; known: {known}",
            field="kind",
        )
    zone = time_zone(options.timezone)
    source = _open(options)
    columns = source.format.columns
    mapping = resolve(options.mapping, options.constants, columns, kind)
    constants = {full_name(name, kind): value for name, value in options.constants.items()}
    used = {column for template in mapping.values() for column in template.columns}
    maker = ItemMaker(kind, mapping, constants, zone, f"import:{options.path.name}")
    maker.check_complete(has_shapes=isinstance(source, GeoJsonSource))
    unused = tuple(column for column in columns if column not in used)
    return Plan(source.format, mapping, constants, unused, source, maker)


def preview(options: ImportOptions, catalogue: Catalogue, rows: int = PREVIEWED) -> Preview:
    """The plan and the first rows; nothing is sent or written."""
    planned = plan(options, catalogue)
    shown: list[tuple[int, Item | KnownError]] = []
    for row, made in _made(planned, check_desk(catalogue) if options.dry_run else None):
        shown.append((row.number, made))
        if len(shown) >= rows:
            break
    return Preview(planned, tuple(shown))


def run(
    options: ImportOptions,
    catalogue: Catalogue,
    *,
    client: HubClient | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Read the whole file, load its good rows in batches, write the bad ones with reasons.

    ``client`` is for callers that have one; else one is made of url and token. ``progress`` hears
    the rows read so far after each batch. Raises KnownError when the hub goes away; the batches
    before it are loaded, and the same import can be run again: ids are amended, not doubled.
    """
    planned = plan(options, catalogue)
    job = _Job(options, planned, BadRows(options.path, options.bad_rows_path, planned.format))
    if options.dry_run:
        with job.bad:
            for row, made in _made(planned, check_desk(catalogue)):
                job.read += 1
                if isinstance(made, KnownError):
                    job.refuse(row, made)
                else:
                    job.look(made)
        return job.report()
    own = None if client is not None else _client(options)
    try:
        with job.bad:
            for batch in _batches(_made(planned, None), job):
                job.send(batch, client or own)
                if progress is not None:
                    progress(job.read)
    finally:
        if own is not None:
            own.close()
    return job.report()


def _client(options: ImportOptions) -> HubClient:
    return HubClient(options.url, options.token, trust=trust(options.url, options.ca))


Pair = tuple[Row, Item]


class _Job:
    """One import under way: its counts and its bad rows."""

    def __init__(self, options: ImportOptions, planned: Plan, bad: BadRows) -> None:
        self.bad = bad
        self.read = 0
        self._refused: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._dry = options.dry_run
        self._kind = options.kind
        self._planned = planned
        self._district = None if options.outline is None else _district(options.outline)
        self._placed = self._inside = 0

    def look(self, item: Item) -> None:
        """Count a good row that has a position, and whether it lies in the district."""
        lon, lat = item.get("lon"), item.get("lat")
        if self._district is not None and isinstance(lon, float) and isinstance(lat, float):
            self._placed += 1
            self._inside += bool(self._district.covers(shapely.Point(lon, lat)))

    def refuse(self, row: Row, why: KnownError) -> None:
        """Count and keep a bad row."""
        self._refused[why.code] += 1
        self._examples.setdefault(why.code, f"row {row.number}: {why}")
        self.bad.write(row, why)

    def send(self, batch: list[Pair], client: HubClient | None) -> None:
        """Give a batch to the hub, and take its refusals."""
        if not batch or client is None:
            return
        result: IngestResult = client.ingest([item for _, item in batch])
        for refused in result.refused:
            place = (refused.field or "").partition(".")[2] or None
            self.refuse(
                batch[refused.index][0], KnownError(refused.code, refused.text, field=place)
            )

    def report(self) -> Report:
        """The counts at the end."""
        refused = sum(self._refused.values())
        return Report(
            read=self.read,
            loaded=self.read - refused,
            refused=refused,
            dry_run=self._dry,
            reasons=dict(self._refused.most_common()),
            examples=self._examples,
            bad_rows_path=self.bad.path if refused and not self.bad.trouble else None,
            trouble=self.bad.trouble,
            placed=self._placed,
            inside=self._inside,
        )


def _district(path: Path) -> Any:
    """The shapes of a GeoJSON file as one, made ready for many questions."""
    features = json.loads(path.read_text("utf-8"))["features"]
    whole = shapely.union_all([shape(f["geometry"]) for f in features])
    shapely.prepare(whole)
    return whole


def _batches(made: Iterator[tuple[Row, Item | KnownError]], job: _Job) -> Iterator[list[Pair]]:
    """Good rows in batches of what the hub takes at once; bad ones go to the job."""
    batch: list[Pair] = []
    for row, item in made:
        job.read += 1
        if isinstance(item, KnownError):
            job.refuse(row, item)
            continue
        job.look(item)
        batch.append((row, item))
        if len(batch) >= MAX_ITEMS:
            yield batch
            batch = []
    yield batch


def _made(planned: Plan, desk: Desk | None) -> Iterator[tuple[Row, Item | KnownError]]:
    """Every row with its item, or with the reason why there is none."""
    seen: dict[str, int] = {}
    for row in planned.source.rows():
        try:
            if row.problem is not None:
                raise row.problem
            item = planned.maker.item(row)
            first = seen.setdefault(str(item["id"]), row.number)
            if first != row.number:
                raise KnownError(
                    "duplicate_id", f"row {first} has the same id {item['id']}", field="id"
                )
            if desk is not None:
                check(item, desk)
        except KnownError as why:
            yield row, why
        else:
            yield row, item


_MAGIC = (
    (b"SQLite format 3\0", "a SQLite database, such as a GeoPackage"),
    (b"PK\x03\x04", "a ZIP archive, such as .xlsx or .kmz"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\x00\x00\x27\x0a", "a shapefile"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, such as .xls"),
    (b"%PDF", "a PDF"),
)
"""How files begin that people take for one of ours. None is unpacked, so none can swell."""


def _open(options: ImportOptions) -> RowSource:
    check_size(options.path)
    with options.path.open("rb") as file:
        head = file.read(16)
    for start, what in _MAGIC:
        if head.startswith(start):
            raise KnownError(
                "wrong_format",
                f"{options.path.name} is {what}; save it as CSV (UTF-8) or GeoJSON and import that",
                field="file",
            )
    if options.path.suffix.lower() in _JSON_NAMES:
        return GeoJsonSource(options.path)
    return CsvSource(options.path, options.encoding)
