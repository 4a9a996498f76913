"""Imports of files: a preview, then row by row; good rows load, bad ones go to a file with reasons.

One thread. ``run`` needs a hub unless it is a dry run; a dry run holds rows against the packs of
this machine, a real one leaves the verdict to the hub.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import shapely
from shapely.geometry import shape

from services.domain.errors import KnownError
from services.ingest.bad_rows import BadRows
from services.ingest.bodies import Desk
from services.ingest.http_client import MAX_ITEMS, HubClient, IngestResult, Item
from services.ingest.import_options import ImportOptions
from services.ingest.import_report import Plan, Preview, Report
from services.ingest.mapping import CASE, fields_of, full_name, pairs, resolve, unit_of
from services.ingest.opening import open_source
from services.ingest.row_items import Handling, ItemMaker, Made, check, check_desk
from services.ingest.rows import Row, time_zone
from services.ingest.units import Conversion, conversion
from services.packs.model import Catalogue, Kind
from services.tls.contexts import trust

__all__ = ["ImportOptions", "Plan", "Preview", "Report", "pairs", "plan", "preview", "run"]

PREVIEWED = 5
Box = tuple[float, float, float, float]
Tried = tuple[Row, Made | KnownError]
Pair = tuple[Row, Item]


class Recorder(Protocol):
    """Keeps what an import does, so that it can be undone. Called on the import's thread."""

    @property
    def batch(self) -> str:
        """The id by which it can be undone."""
        ...

    @property
    def done(self) -> frozenset[str]:
        """Ids of rows that were loaded before, where a load goes on."""
        ...

    def sending(self, items: Sequence[Item]) -> None:
        """These are about to be given to the hub; on the disk before it returns."""
        ...

    def sent(self, result: IngestResult) -> None:
        """What became of them."""
        ...


def _never() -> bool:
    return False


def plan(
    options: ImportOptions, catalogue: Catalogue, *, stop: Callable[[], bool] = _never
) -> Plan:
    """Open the file, name what it is and settle the mapping; KnownError where it cannot work."""
    kind = _kind(options, catalogue)
    zone = time_zone(options.timezone)
    source, positions, place = open_source(options, stop)
    columns = source.format.columns
    has_shapes = source.has_shapes
    mapping = resolve(
        options.mapping,
        options.constants,
        columns,
        kind,
        places=not has_shapes,
        guess=not options.exact,
    )
    constants = {full_name(name, kind): value for name, value in options.constants.items()}
    used = {column for template in mapping.values() for column in template.columns}
    units = _units(options.units, kind)
    handling = Handling(place, units, options.mend, options.split)
    origin = f"import:{options.path.name}"
    maker = ItemMaker(kind, mapping, constants, zone, origin, handling)
    maker.check_complete(has_shapes=has_shapes)
    unused = tuple(column for column in columns if column not in used)
    return Plan(source.format, mapping, constants, unused, source, maker, positions, units)


def _kind(options: ImportOptions, catalogue: Catalogue) -> Kind | None:
    kind = None if options.kind == CASE else catalogue.kinds.get(options.kind)
    if kind is None and options.kind != CASE:
        known = ", ".join([CASE, *(k for k in catalogue.kinds if k != CASE)])
        raise KnownError(
            "unknown_kind",
            f"no pack declares a kind “{options.kind}”; known: {known}",
            field="kind",
        )
    return kind


def _units(given: dict[str, str], kind: Kind | None) -> dict[str, Conversion]:
    found = {}
    for name, word in given.items():
        field = full_name(name, kind)
        if field not in fields_of(kind) or kind is None:
            raise KnownError("wrong_unit", f"{field} has no unit", field="unit")
        found[field] = conversion(word, unit_of(field, kind), field)
    return found


def preview(
    options: ImportOptions,
    catalogue: Catalogue,
    rows: int = PREVIEWED,
    *,
    stop: Callable[[], bool] = _never,
) -> Preview:
    """The plan and the first rows; nothing is sent or written."""
    planned = plan(options, catalogue, stop=stop)
    shown: list[Tried] = []
    for tried in _made(planned, check_desk(catalogue) if options.dry_run else None):
        shown.append(tried)
        if len(shown) >= rows:
            break
    return Preview(planned, tuple(shown))


def run(
    options: ImportOptions,
    catalogue: Catalogue,
    *,
    client: HubClient | None = None,
    progress: Callable[[int], None] | None = None,
    stop: Callable[[], bool] = _never,
    recorder: Recorder | None = None,
    heard: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """Read the whole file, load its good rows in batches, write the bad ones with reasons.

    ``client`` is for callers that have one; else one is made of url and token. ``progress`` hears
    the rows read so far after each batch, ``heard`` all counts of them. ``stop`` is asked between
    batches (it may wait, to pause) and while a file is read. ``recorder`` keeps what is done.
    Raises KnownError when the hub goes away; the batches before it are loaded, and the same import
    can be run again: ids are amended, not doubled.
    """
    planned = plan(options, catalogue, stop=stop)
    job = _Job(options, planned, BadRows(options.path, options.bad_rows_path, planned.format))
    own = None
    if client is None and not options.dry_run:
        own = client = _client(options)
    desk = check_desk(catalogue) if options.dry_run else None
    try:
        with job.bad:
            for batch in _batches(_made(planned, desk), job):
                job.send(batch, client, recorder)
                if progress is not None:
                    progress(job.read)
                heard(job.report(""))
                if stop():
                    job.stopped = True
                    break
    except KnownError as error:
        if error.code != "stopped":
            raise
        job.stopped = True
    finally:
        if own is not None:
            own.close()
    return job.report("" if recorder is None else recorder.batch)


def _client(options: ImportOptions) -> HubClient:
    return HubClient(options.url, options.token, trust=trust(options.url, options.ca))


class _Job:
    """One import under way: its counts and its bad rows."""

    def __init__(self, options: ImportOptions, planned: Plan, bad: BadRows) -> None:
        self.bad = bad
        self.read = 0
        self.stopped = False
        self._refused: Counter[str] = Counter()
        self._bad: set[int] = set()
        self._notes: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._firsts: dict[str, tuple[int, KnownError]] = {}
        self._dry = options.dry_run
        self._kind = options.kind
        self._planned = planned
        self._district = None if options.outline is None else _district(options.outline)
        self._placed = self._inside = 0
        self._box: Box | None = None

    def look(self, item: Item) -> None:
        """Count a good row that has a position, whether it lies in the district, and where all."""
        self._box = _grown(self._box, item)
        lon, lat = item.get("lon"), item.get("lat")
        if self._district is not None and isinstance(lon, float) and isinstance(lat, float):
            self._placed += 1
            self._inside += bool(self._district.covers(shapely.Point(lon, lat)))

    def note(self, notes: tuple[str, ...]) -> None:
        """Count what was changed in a row, by the words before the place."""
        self._notes.update(note.partition("[")[0].strip() for note in notes)

    def refuse(self, row: Row, why: KnownError) -> None:
        """Count and keep a bad row, once however many of its parts are refused."""
        if row.number in self._bad:
            return
        self._bad.add(row.number)
        self._refused[why.code] += 1
        self._examples.setdefault(why.code, f"row {row.number}: {why}")
        self._firsts.setdefault(why.code, (row.number, why))
        self.bad.write(row, why)

    def send(self, batch: list[Pair], client: HubClient | None, recorder: Recorder | None) -> None:
        """Give a batch to the hub, and take its refusals."""
        if recorder is not None:
            batch = [pair for pair in batch if pair[1]["id"] not in recorder.done]
        if not batch or client is None:
            return
        items = [item for _, item in batch]
        if recorder is not None:
            recorder.sending(items)
        result = client.ingest(items, "" if recorder is None else recorder.batch)
        if recorder is not None:
            recorder.sent(result)
        for refused in result.refused:
            place = (refused.field or "").partition(".")[2] or None
            self.refuse(
                batch[refused.index][0], KnownError(refused.code, refused.text, field=place)
            )

    def report(self, batch: str) -> Report:
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
            firsts=dict(self._firsts),
            box=self._box,
            notes=dict(self._notes.most_common(20)),
            batch=batch,
            stopped=self.stopped,
        )


def _grown(box: Box | None, item: Item) -> Box | None:
    """The box of all items so far, west, south, east, north; an area by its outer ring."""
    geometry, lon, lat = item.get("geometry"), item.get("lon"), item.get("lat")
    points: list[tuple[float, float]] = []
    if isinstance(lon, float) and isinstance(lat, float):
        points = [(lon, lat)]
    elif isinstance(geometry, list) and geometry:
        points = geometry[0]
    for x, y in points:
        west, south, east, north = box or (x, y, x, y)
        box = (min(west, x), min(south, y), max(east, x), max(north, y))
    return box


def _district(path: Path) -> Any:
    """The shapes of a GeoJSON file as one, made ready for many questions."""
    features = json.loads(path.read_text("utf-8"))["features"]
    whole = shapely.union_all([shape(f["geometry"]) for f in features])
    shapely.prepare(whole)
    return whole


def _batches(made: Iterator[Tried], job: _Job) -> Iterator[list[Pair]]:
    """Good rows in batches of what the hub takes at once; bad ones go to the job."""
    batch: list[Pair] = []
    for row, found in made:
        job.read += 1
        if isinstance(found, KnownError):
            job.refuse(row, found)
            continue
        job.note(found.notes)
        for item in found.items:
            job.look(item)
            batch.append((row, item))
        if len(batch) >= MAX_ITEMS:
            yield batch
            batch = []
    yield batch


def _made(planned: Plan, desk: Desk | None) -> Iterator[Tried]:
    """Every row with what it becomes, or with the reason why it becomes nothing."""
    seen: dict[str, int] = {}
    for row in planned.source.rows():
        try:
            if row.problem is not None:
                raise row.problem
            made = planned.maker.made(row)
            for item in made.items:
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
            yield row, made
