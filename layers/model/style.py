"""How kinds look and behave on the map, taken from their packs once. Immutable."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.domain.model import Severity
from services.packs.model import Kind

Shape = Literal["circle", "diamond", "square", "triangle", "hexagon", "pentagon", "cross"]
LightToken = Literal["good", "minor", "critical", "neutral"]
LIGHT_SHAPE: dict[str | None, Shape] = {
    "green": "circle",
    "yellow": "hexagon",
    "red": "square",
    None: "circle",
}
LIGHT_TOKEN: dict[str | None, LightToken] = {
    "green": "good",
    "yellow": "minor",
    "red": "critical",
    None: "neutral",
}
"""How a case's deadline light 红黄绿灯 looks wherever the case is seen: map, queue and card."""
LIGHT_SEVERITY = {"green": Severity.NORMAL, "yellow": Severity.MINOR, "red": Severity.MAJOR}
"""What a light weighs among alarms: an overdue case never outranks a critical alarm."""
LIGHT_OF = {severity: light for light, severity in LIGHT_SEVERITY.items() if severity}
PROMINENT_TRAITS = frozenset({"stocked", "dispatchable"})
"""Things an officer must find at a glance: they are never swallowed by a cluster close up."""
LIT_TRAIT = "case-bearing"
MOBILE_TRAIT = "mobile"
DASHES = ((0.0, 0.0), (12.0, 4.0), (2.0, 4.0), (6.0, 6.0), (20.0, 3.0), (4.0, 10.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStyle:
    """Shape, glyph and size (pixels) of a kind; ``fill`` is "#RRGGBB" or empty for neutral.

    ``area`` kinds are drawn as shapes, not marks; ``dash`` tells kinds of lines apart (pixels
    drawn and left out), None for areas. Below ``min_zoom`` only what is in alarm shows.
    The severities of ``lit`` kinds are deadline lights and drawn as such. ``mobile`` kinds leave a
    trail and show where they head.
    """

    kind: str
    shape: Shape = "circle"
    glyph: str = ""
    size: int = 14
    fill: str = ""
    prominent: bool = False
    area: bool = False
    min_zoom: float = 0.0
    lit: bool = False
    dash: tuple[float, float] | None = None
    mobile: bool = False

    @classmethod
    def of(cls, kind: Kind) -> KindStyle:
        """The style that a pack declares."""
        return cls(
            kind=kind.id,
            shape=kind.symbol.shape,
            glyph=kind.symbol.glyph,
            size=kind.symbol.size,
            fill=kind.symbol.fill,
            prominent=not PROMINENT_TRAITS.isdisjoint(kind.traits),
            area=kind.geometry != "point",
            min_zoom=kind.min_zoom,
            lit=LIT_TRAIT in kind.traits,
            mobile=MOBILE_TRAIT in kind.traits,
        )


def styles_of(kinds: Iterable[Kind]) -> dict[str, KindStyle]:
    """Styles by kind id; every kind of line has a dash of its own while they last."""
    styles = {}
    dashes = itertools.cycle(DASHES)
    for kind in kinds:
        style = KindStyle.of(kind)
        if kind.geometry == "line":
            style = replace(style, dash=next(dashes))
        styles[kind.id] = style
    return styles
