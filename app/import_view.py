"""What the import wizard shows, made of what the services found out. GUI thread (translations)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.import_labels import field_labels, item_words, note_words, reason_words
from services.domain.clock import BEIJING
from services.domain.datum import zone_meridian
from services.domain.errors import KnownError
from services.ingest.batches import Batch
from services.ingest.examine import Asked, Examined
from services.ingest.gis.frames import CrsInfo
from services.ingest.gis.placing import LOOSE_M
from services.ingest.gis.suggest import DISTRICT_LON, Suggestion
from services.ingest.import_report import Preview, Report
from services.ingest.mapping import fields_of, resolve, unit_of
from services.ingest.units import unit_in
from services.packs.model import Catalogue, Kind
from widgets.import_wizard.views import (
    Choice,
    FieldView,
    LoadView,
    PastLoad,
    SourceView,
    TrialRow,
    TrialView,
)

ENCODINGS = ("UTF-8", "GBK", "Big5", "UTF-16", "Latin-1")
CASE = "case"


def source_view(asked: Asked, found: Examined) -> SourceView:
    """What a file is, and what can be chosen about it."""
    translate = QCoreApplication.translate
    words = [found.format]
    if found.member:
        words.append(found.member)
    if found.count >= 0:
        words.append(translate("Imports", "{0} rows").format(f"{found.count:,}"))
    words.append(translate("Imports", "{0} columns").format(len(found.columns)))
    words.append(found.encoding)
    code = asked.crs or ("" if found.crs is None or found.said is None else "file")
    return SourceView(
        path=str(asked.path),
        words=" · ".join(words),
        encodings=_encodings(found) if found.format in ("CSV", "Shapefile") else (),
        encoding=asked.encoding,
        layers=tuple(Choice(x.name, _layer_words(x.name, x.count)) for x in found.layers),
        layer=found.layer,
        crs_choices=_systems(found),
        crs=code,
        datum=asked.datum,
        must_choose=found.crs is None and (bool(found.looks) or found.has_shapes),
        looks=tuple(Choice(str(s.epsg), look_words(s)) for s in found.looks)
        if not asked.crs
        else (),
        warning=_warning(found.crs),
        columns=found.columns,
        rows=found.sample,
    )


def _layer_words(name: str, count: int) -> str:
    return name if count < 0 else f"{name} ({count:,})"


def _encodings(found: Examined) -> tuple[Choice, ...]:
    translate = QCoreApplication.translate
    how = {
        "cpg": translate("Imports", "as the file says (.cpg): {0}"),
        "dbf": translate("Imports", "as the table says: {0}"),
    }.get(found.encoding_from, translate("Imports", "found by itself: {0}"))
    own = translate("Imports", "by itself")
    first = own if found.encoding_from == "given" else how.format(found.encoding)
    return (Choice("", first), *(Choice(name, name) for name in ENCODINGS))


def encoding_choices() -> tuple[Choice, ...]:
    """Encodings to choose from where none was found."""
    own = Choice("", QCoreApplication.translate("Imports", "by itself"))
    return (own, *(Choice(name, name) for name in ENCODINGS))


def _systems(found: Examined) -> tuple[Choice, ...]:
    translate = QCoreApplication.translate
    zone = zone_meridian(DISTRICT_LON) // 3
    first: tuple[Choice, ...] = ()
    if found.said is not None:
        said = translate("Imports", "as the file says: {0}").format(_crs_words(found.said))
        first = (Choice("file", said),)
    xian = translate("Imports", "Xi'an 80, 3-degree zone {0}, metres (EPSG:{1})")
    beijing = translate("Imports", "Beijing 54, 3-degree zone {0}, metres (EPSG:{1})")
    return (
        *first,
        Choice("4326", translate("Imports", "WGS 84, degrees (EPSG:4326)")),
        Choice("4490", translate("Imports", "CGCS2000, degrees (EPSG:4490)")),
        Choice(
            str(4513 + zone - 25),
            translate("Imports", "CGCS2000, 3-degree zone {0}, metres (EPSG:{1})").format(
                zone, 4513 + zone - 25
            ),
        ),
        Choice(
            str(4534 + zone - 25),
            translate("Imports", "CGCS2000, meridian {0}°, metres (EPSG:{1})").format(
                zone * 3, 4534 + zone - 25
            ),
        ),
        Choice(str(2349 + zone - 25), xian.format(zone, 2349 + zone - 25)),
        Choice(str(2401 + zone - 25), beijing.format(zone, 2401 + zone - 25)),
        Choice("3857", translate("Imports", "Web Mercator, metres (EPSG:3857)")),
    )


def _crs_words(crs: CrsInfo) -> str:
    return f"{crs.name} (EPSG:{crs.epsg})" if crs.epsg else crs.name


def look_words(look: Suggestion) -> str:
    """What numbers look like, in words."""
    translate = QCoreApplication.translate
    text = {
        "degrees": translate("Imports", "degrees, EPSG:{0}"),
        "zone": translate("Imports", "CGCS2000 3-degree zone {1}, metres, EPSG:{0}"),
        "zone_6": translate("Imports", "CGCS2000 6-degree zone {1}, metres, EPSG:{0}"),
        "bare": translate("Imports", "CGCS2000 3-degree zone of {2}°, metres, EPSG:{0}"),
        "mercator": translate("Imports", "Web Mercator, metres, EPSG:{0}"),
    }[look.look].format(look.epsg, look.zone, look.meridian)
    swapped = translate("Imports", "north before east: exchange the columns")
    return f"{text} – {swapped}" if look.swapped else text


def _warning(crs: CrsInfo | None) -> str:
    if crs is None or (crs.accuracy_m is not None and crs.accuracy_m <= LOOSE_M):
        return ""
    return QCoreApplication.translate(
        "Imports",
        "How this system lies to WGS 84 is not known exactly here. Positions may be off, perhaps by"
        " a hundred metres. Better have them turned into CGCS2000 first.",
    )


# -- fields -----------------------------------------------------------------------
def kind_choices(catalogue: Catalogue, lang: str) -> list[Choice]:
    """What rows may be: cases first, then kinds by their names."""
    case = Choice(CASE, QCoreApplication.translate("Imports", "Cases"))
    kinds = [Choice(k.id, k.label.text(lang)) for k in catalogue.kinds.values() if k.id != CASE]
    return [case, *sorted(kinds, key=lambda c: c.text)]


def field_views(
    kind: Kind | None,
    lang: str,
    found: Examined,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    units: Mapping[str, str],
) -> list[FieldView]:
    """The fields of a kind, filled as was given, else as columns' names suggest."""
    guessed = resolve({}, constants, found.columns, kind, places=not found.has_shapes)
    labels = field_labels(kind, lang)
    place = kind is None or kind.geometry == "point"
    views = []
    for name in fields_of(kind):
        if found.has_shapes and name in ("lon", "lat") and name not in mapping:
            continue
        source = mapping.get(name, guessed[name].text if name in guessed else "")
        unit = unit_of(name, kind) if kind is not None else ""
        views.append(
            FieldView(
                name=name,
                label=labels.get(name, name),
                required=_required(name, kind, found, place=place),
                unit=unit,
                source="" if name in constants else source,
                constant=constants.get(name, ""),
                unit_in=units.get(
                    name, unit_in(source) if unit and unit_in(source) != unit else ""
                ),
            )
        )
    return sorted(views, key=lambda v: (not v.required, not (v.source or v.constant)))


def _unit_of_column(source: str, unit: str) -> str:
    """The unit that a column's name ends in, where it is another than the pack's."""
    named = unit_in(source) if unit else ""
    return named if named != unit else ""


def _required(name: str, kind: Kind | None, found: Examined, *, place: bool) -> bool:
    if kind is None:
        return name in ("category", "title")
    if name in ("lon", "lat"):
        return place and not found.has_shapes and "mobile" not in kind.traits
    return name == "name" or any(f"attrs.{a.name}" == name and a.required for a in kind.attribute)


# -- rows -------------------------------------------------------------------------
def trial_view(preview: Preview, kind: Kind | None, lang: str) -> TrialView:
    """How the first rows fare."""
    labels = field_labels(kind, lang)
    rows: list[TrialRow] = []
    points: list[tuple[float, float, bool]] = []
    reasons: dict[str, int] = {}
    notes: dict[str, int] = {}
    good = bad = 0
    for row, made in preview.made:
        if isinstance(made, KnownError):
            bad += 1
            words = reason_words(made, labels, lang)
            reasons[words] = reasons.get(words, 0) + 1
            rows.append(TrialRow(row.number, good=False, words=words))
            if row.shape is not None:
                centre = row.shape.envelope.centroid
                points.append((centre.x, centre.y, False))
            continue
        good += 1
        for note in made.notes:
            words = note_words(note, lang)
            notes[words] = notes.get(words, 0) + 1
        for item in made.items:
            rows.append(TrialRow(row.number, good=True, words=item_words(item, labels)))
            points += [(*place, True) for place in _places(item)]
    order = sorted(reasons.items(), key=lambda r: -r[1])
    return TrialView(
        good=good,
        bad=bad,
        reasons=tuple(order),
        notes=tuple(notes.items()),
        rows=tuple(rows),
        points=tuple(points),
    )


def _places(item: Mapping[str, object]) -> list[tuple[float, float]]:
    lon, lat, geometry = item.get("lon"), item.get("lat"), item.get("geometry")
    if isinstance(lon, float) and isinstance(lat, float):
        return [(lon, lat)]
    if isinstance(geometry, list) and geometry:
        ring = geometry[0]
        return [(sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring))]
    return []


def checked_view(
    report: Report, before: TrialView, kind: Kind | None, lang: str, *, running: bool
) -> TrialView:
    """How the rows fare that were tried so far; rows and dots of the first ones stay."""
    return TrialView(
        good=report.loaded,
        bad=report.refused,
        whole=not running and not report.stopped,
        running=running,
        reasons=_reasons(report, lang, field_labels(kind, lang)),
        notes=tuple((note_words(note, lang), n) for note, n in report.notes.items()),
        rows=before.rows,
        points=before.points,
    )


def _reasons(report: Report, lang: str, labels: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Each reason with the first row that it hit, and how many."""
    if not lang.startswith("zh"):
        return tuple((report.examples[code], n) for code, n in report.reasons.items())
    first = QCoreApplication.translate("Imports", "{0} (first in row {1})")
    found = []
    for code, n in report.reasons.items():
        row, why = report.firsts[code]
        found.append((first.format(reason_words(why, labels, lang), f"{row:,}"), n))
    return tuple(found)


# -- loads ------------------------------------------------------------------------
def loaded_view(report: Report, kind: Kind | None, lang: str) -> LoadView:
    """What became of a load."""
    translate = QCoreApplication.translate
    text = translate("Imports", "Loaded {0} of {1} rows, {2} refused")
    if report.stopped:
        text = translate("Imports", "Stopped: {0} of {1} rows read were loaded, {2} refused")
    details = [f"{n} × {words}" for words, n in _reasons(report, lang, field_labels(kind, lang))]
    details += [f"{n} × {note_words(note, lang)}" for note, n in report.notes.items()]
    if report.trouble:
        details.append(report.trouble)
    if report.placed and not report.inside:
        details.append(
            translate(
                "Imports",
                "No row lies in this district: was the right reference system chosen?",
            )
        )
    return LoadView(
        done=True,
        headline=text.format(f"{report.loaded:,}", f"{report.read:,}", f"{report.refused:,}"),
        details=tuple(details[:12]),
        bad_file=str(report.bad_rows_path or ""),
        batch=report.batch if report.loaded or report.stopped else "",
        can_resume=report.stopped,
        can_show=report.box is not None,
    )


def undone_words(batch: Batch) -> str:
    """What an undo did."""
    text = QCoreApplication.translate("Imports", "Undone: {0} deleted, {1} restored, {2} left")
    return text.format(f"{batch.deleted:,}", f"{batch.restored:,}", f"{batch.left_count:,}")


def left_lines(batch: Batch, lang: str) -> tuple[str, ...]:
    """What an undo left alone, and why."""
    return tuple(
        f"{id_}: {reason_words(KnownError(code, text), {}, lang)}" for id_, code, text in batch.left
    )


def past_loads(batches: Sequence[Batch], catalogue: Catalogue, lang: str) -> list[PastLoad]:
    """The loads of before, as lines."""
    return [_past(batch, catalogue, lang) for batch in batches]


def _past(batch: Batch, catalogue: Catalogue, lang: str) -> PastLoad:
    translate = QCoreApplication.translate
    states = {
        "loading": translate("Imports", "did not end"),
        "loaded": translate("Imports", "loaded"),
        "stopped": translate("Imports", "stopped"),
        "undoing": translate("Imports", "undo did not end"),
        "undone": translate("Imports", "undone"),
    }
    kind = catalogue.kinds.get(batch.kind)
    label = translate("Imports", "Cases") if batch.kind == CASE else batch.kind
    numbers = translate("Imports", "{0} loaded, {1} refused").format(
        f"{batch.loaded:,}", f"{batch.refused:,}"
    )
    if batch.state in ("undoing", "undone"):
        numbers = undone_words(batch)
    elif batch.state == "loading":
        numbers = ""
    began = datetime.fromtimestamp(batch.began_at, BEIJING)
    return PastLoad(
        batch=batch.id,
        when=f"{began:%Y-%m-%d %H:%M}",
        file=Path(batch.file).name,
        kind=kind.label.text(lang) if kind is not None and batch.kind != CASE else label,
        state=states[batch.state],
        numbers=numbers,
        by=batch.by,
        can_undo=batch.state != "undone",
        can_resume=batch.state in ("loading", "stopped") and bool(batch.digest),
        details=left_lines(batch, lang),
    )
