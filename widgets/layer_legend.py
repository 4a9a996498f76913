"""Legend rows of a layer: one for each class, with its mark and how many things are in it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from layers.model.layer_set import Categorised, Graduated, Heat, Layer, Look, Single
from layers.model.painting import Tally
from services.packs.model import Symbol
from widgets.format import number
from widgets.layer_names import LayerNames
from widgets.symbols import Mark, kind_mark
from widgets.theme import Theme

RAMP = tuple(f"ramp_{i}" for i in range(1, 6))
OTHER = -1
"""The place of the row of all else."""


@dataclass(frozen=True, slots=True)
class LegendRow:
    """``mark`` or ``ramp`` (colours from little to much), words, how many; ``place`` counts the
    classes of the style; ``on`` False: this class is not drawn. ``size``: the mark's share of the
    largest, 0..1."""

    text: str
    count: str = ""
    mark: Mark | None = None
    ramp: tuple[QColor, ...] = ()
    place: int = OTHER
    on: bool | None = None
    size: float = 1.0


def layer_mark(theme: Theme, layer: Layer, names: LayerNames, look: Look | None = None) -> Mark:
    """The mark of a layer's first kind, with what a look changes of it."""
    kind = names.kinds.get(layer.kinds[0])
    symbol = kind.symbol if kind is not None else Symbol(shape="circle")
    mark = kind_mark(theme, symbol)
    chosen = look or (layer.style.look if isinstance(layer.style, Single) else Look())
    color = look_color(theme, chosen.color)
    return Mark(
        chosen.shape or mark.shape, color or mark.color, True, mark.glyph, theme.color("ground")
    )


def look_color(theme: Theme, color: str) -> QColor | None:
    """The colour of a look; None for the kind's own."""
    if not color:
        return None
    return QColor(color) if color.startswith("#") else theme.color(color)


def legend(
    theme: Theme, layer: Layer, names: LayerNames, tally: Tally | None, peak: float | None = None
) -> list[LegendRow]:
    """The rows below a layer; none for one whose things all look alike."""
    style = layer.style
    if isinstance(style, Categorised):
        return _categories(theme, layer, style, names, tally)
    if isinstance(style, Graduated):
        return _steps(theme, layer, style, names, tally)
    if isinstance(style, Heat):
        colors = tuple(theme.color(name) for name in RAMP)
        return [LegendRow(heat_words(layer, style, names, peak), ramp=colors)]
    return []


def heat_words(layer: Layer, style: Heat, names: LayerNames, peak: float | None) -> str:
    """What the full colour of a heat map means."""
    translate = QCoreApplication.translate
    if style.field:
        field = names.field(layer.kinds, style.field)
        what = f"{field.label} {field.unit}".strip()
        if peak is None:
            return what
        return translate("LayerLegend", "up to {0} per km² · {1}").format(_short(peak), what)
    if peak is None:
        return translate("LayerLegend", "How densely they lie")
    return translate("LayerLegend", "up to {0} per km²").format(_short(peak))


def step_words(style: Graduated, place: int, unit: str = "") -> str:
    """The range of one step."""
    if style.steps[place].label:
        return style.steps[place].label
    upper = style.steps[place].upper
    lower = style.steps[place - 1].upper if place else None
    if upper is None and lower is None:
        return QCoreApplication.translate("LayerLegend", "every number")
    if upper is None and lower is not None:
        words = f"> {_plain(lower)}"
    elif lower is None and upper is not None:
        words = f"≤ {_plain(upper)}"
    else:
        words = f"{_plain(lower or 0.0)} – {_plain(upper or 0.0)}"
    return f"{words} {unit}".rstrip()


def _categories(
    theme: Theme, layer: Layer, style: Categorised, names: LayerNames, tally: Tally | None
) -> list[LegendRow]:
    largest = max((c.look.size for c in style.classes), default=0) or 1
    rows = []
    for place, one in enumerate(style.classes):
        rows.append(
            LegendRow(
                text=one.label or names.value(layer.kinds, style.field, one.value),
                count=_count(tally, place),
                mark=layer_mark(theme, layer, names, one.look),
                place=place,
                on=one.visible,
                size=(one.look.size or largest) / largest,
            )
        )
    return [*rows, *_other(theme, layer, names, style.other, tally)]


def _steps(
    theme: Theme, layer: Layer, style: Graduated, names: LayerNames, tally: Tally | None
) -> list[LegendRow]:
    unit = names.field(layer.kinds, style.field).unit
    largest = max((s.look.size for s in style.steps), default=0) or 1
    rows = [
        LegendRow(
            text=step_words(style, place, unit),
            count=_count(tally, place),
            mark=layer_mark(theme, layer, names, step.look),
            place=place,
            size=(step.look.size or largest) / largest,
        )
        for place, step in enumerate(style.steps)
    ]
    return [*rows, *_other(theme, layer, names, style.missing, tally)]


def _other(
    theme: Theme, layer: Layer, names: LayerNames, look: Look | None, tally: Tally | None
) -> list[LegendRow]:
    """All else, where there is any."""
    if tally is not None and not tally.other:
        return []
    translate = QCoreApplication.translate
    if isinstance(layer.style, Graduated):
        words = translate("LayerLegend", "without a number")
    else:
        words = translate("LayerLegend", "all else")
    count = "" if tally is None else f"{tally.other:,}"
    if look is None:
        return [LegendRow(words, count, on=False, mark=layer_mark(theme, layer, names, Look()))]
    return [LegendRow(words, count, layer_mark(theme, layer, names, look), on=True)]


def _count(tally: Tally | None, place: int) -> str:
    return f"{tally.classes[place]:,}" if tally is not None and place < len(tally.classes) else ""


def _short(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)


def _plain(value: float) -> str:
    return f"{round(value, 6):g}"
