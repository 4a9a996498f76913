"""What the layer tree says in numbers and words: counts, tips, what is hidden. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from layers.model.layer_edit import layers_under
from layers.model.layer_set import Categorised, Graduated, Group, Layer, LayerSet
from layers.model.painter import Withheld
from layers.model.painting import Tally
from layers.model.scales import scale_text
from layers.model.style import LIT_TRAIT
from services.packs.model import Kind
from widgets.layer_items import Note
from widgets.layer_names import LayerNames


class Count(Protocol):
    """Numbers of one kind; layers.model.features.KindCount fits."""

    @property
    def total(self) -> int:
        """All."""

    @property
    def online(self) -> int:
        """Those that answer."""

    @property
    def offline(self) -> int:
        """Those that do not."""

    @property
    def unknown(self) -> int:
        """Those of which nothing is known."""

    @property
    def alarmed(self) -> int:
        """Those with an alarm, or a deadline light that is not green."""

    @property
    def severe(self) -> int:
        """Those of them that are major or worse; of cases the overdue ones."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The numbers of several kinds."""

    total: int
    online: int
    offline: int
    unknown: int
    alarmed: int
    severe: int


def count_of(layer: Layer, counts: Mapping[str, Count]) -> Count | None:
    """The numbers of a layer's kinds together; None before there are any."""
    known = [c for k in layer.kinds if (c := counts.get(k)) is not None]
    if len(known) <= 1:
        return known[0] if known else None
    return Sum(
        *(
            sum(getattr(c, name) for c in known)
            for name in ("total", "online", "offline", "unknown", "alarmed", "severe")
        )
    )


def group_told(
    group: Group, counts: Mapping[str, Count], kinds: Mapping[str, Kind]
) -> tuple[int, int, int]:
    """Layers on, layers in all and alarms (no lights) of a group, for when it is shut."""
    layers = layers_under(group)
    of_group = {kind for layer in layers for kind in layer.kinds}
    alarmed = sum(c.alarmed for k in of_group if (c := counts.get(k)) and not _lit(k, kinds))
    return sum(layer.visible for layer in layers), len(layers), alarmed


def note_of(
    layer: Layer,
    names: LayerNames,
    tally: Tally | None,
    problem: str,
    view: tuple[float, float],
) -> Note:
    """What a row says: ``view`` is the zoom and the latitude of the map."""
    passed = ""
    if layer.filter and tally is not None:
        words = QCoreApplication.translate("LayerTreePanel", "{0} of {1}")
        passed = words.format(f"{tally.passed:,}", f"{tally.total:,}")
    return Note(passed, out_words(layer, names, *view), problem)


def out_words(layer: Layer, names: LayerNames, zoom: float, lat: float) -> str:
    """Why a layer is not drawn at a zoom; "" when it is."""
    pack = [names.kinds[k].min_zoom for k in layer.kinds if k in names.kinds]
    low = min(pack, default=0.0) if layer.min_zoom is None else layer.min_zoom
    level = zoom // 1
    if low >= level + 1:
        words = QCoreApplication.translate("LayerTreePanel", "from {0}")
        return words.format(scale_text(low, lat))
    if layer.max_zoom is not None and level >= layer.max_zoom:
        words = QCoreApplication.translate("LayerTreePanel", "up to {0}")
        return words.format(scale_text(layer.max_zoom, lat))
    return ""


def layer_tip(layer: Layer, names: LayerNames, counts: Mapping[str, Count], note: Note) -> str:
    """All that there is to say about a layer."""
    translate = QCoreApplication.translate
    lines = [names.layer(layer)]
    count = count_of(layer, counts)
    if count is not None and any(_lit(k, names.kinds) for k in layer.kinds):
        words = translate("LayerTreePanel", "{0} open, {1} overdue, {2} due soon")
        numbers = (count.total, count.severe, count.alarmed - count.severe)
        lines.append(words.format(*(f"{n:,}" for n in numbers)))
    elif count is not None:
        words = translate(
            "LayerTreePanel", "{0} in all, {1} online, {2} offline, {3} unknown, {4} in alarm"
        )
        told = (count.total, count.online, count.offline, count.unknown, count.alarmed)
        lines.append(words.format(*(f"{n:,}" for n in told)))
    if isinstance(layer.style, Categorised | Graduated):
        lines.append(
            translate("LayerTreePanel", "Rings of clusters show the shares of its colours")
        )
    if layer.filter:
        lines.append(translate("LayerTreePanel", "Filter: {0}").format(layer.filter))
    if note.problem:
        words = translate("LayerTreePanel", "The filter hides nothing: {0}")
        lines.append(words.format(note.problem))
    if note.out:
        words = translate("LayerTreePanel", "Not drawn at this scale: {0}")
        lines.append(words.format(note.out))
    return "\n".join(lines)


def off_words(layers: LayerSet, counts: Mapping[str, Count]) -> str:
    """How many layers are off and what that hides; "" when all are on."""
    off = sum(not layer.visible for layer in layers.layers())
    if not off:
        return ""
    hidden = sum(c.total for c in _of(hidden_kinds(layers), counts))
    one = QCoreApplication.translate("LayerTreePanel", "{0} layer off · {1} hidden")
    many = QCoreApplication.translate("LayerTreePanel", "{0} layers off · {1} hidden")
    return (one if off == 1 else many).format(off, f"{hidden:,}")


def filter_words(layers: LayerSet, withheld: Withheld) -> str:
    """What filters keep off the map; "" without any."""
    if not withheld.total:
        return ""
    on = sum(bool(layer.filter) for layer in layers.layers() if layer.visible)
    if not on:
        words = QCoreApplication.translate("LayerTreePanel", "{0} not drawn by the styles")
        return words.format(f"{withheld.total:,}")
    one = QCoreApplication.translate("LayerTreePanel", "{0} filter on · {1} filtered out")
    many = QCoreApplication.translate("LayerTreePanel", "{0} filters on · {1} filtered out")
    return (one if on == 1 else many).format(on, f"{withheld.total:,}")


def alarm_words(
    layers: LayerSet, counts: Mapping[str, Count], kinds: Mapping[str, Kind], withheld: Withheld
) -> str:
    """What of all that is hidden asks for attention: it is never hidden without saying so."""
    off = hidden_kinds(layers)
    alarmed = sum(c.alarmed for k, c in _pairs(off, counts) if not _lit(k, kinds))
    overdue = sum(c.severe for k, c in _pairs(off, counts) if _lit(k, kinds))
    alarmed, overdue = alarmed + withheld.alarmed, overdue + withheld.overdue
    told = []
    if alarmed:
        words = QCoreApplication.translate("LayerTreePanel", "{0} of the hidden ones are in alarm.")
        told.append(words.format(alarmed))
    if overdue:
        words = QCoreApplication.translate("LayerTreePanel", "{0} of the hidden cases are overdue.")
        told.append(words.format(overdue))
    return " ".join(told)


def hidden_kinds(layers: LayerSet) -> frozenset[str]:
    """Kinds of which every layer is off."""
    return frozenset(k for layer in layers.layers() for k in layer.kinds) - layers.visible_kinds()


def _pairs(kinds: Iterable[str], counts: Mapping[str, Count]) -> list[tuple[str, Count]]:
    return [(k, c) for k in kinds if (c := counts.get(k)) is not None]


def _of(kinds: Iterable[str], counts: Mapping[str, Count]) -> list[Count]:
    return [count for _kind, count in _pairs(kinds, counts)]


def _lit(kind: str, kinds: Mapping[str, Kind]) -> bool:
    return kind in kinds and LIT_TRAIT in kinds[kind].traits
