"""From a clustering response to sprite records: one picture per mark, counts as words.

GUI thread; work in Python grows with the number of different pictures, not with that of marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model.cluster import ClusterResponse
from layers.model.features import STALE, UNACKED, FeatureStore
from layers.model.painting import Paint, Painted
from layers.model.spacing import BADGE_STEPS
from layers.model.style import LIGHT_OF
from layers.render.atlas import Atlas
from layers.render.counts import CountWriter
from layers.render.rings import RingMaker, turned
from layers.render.scene import SPRITE, Records, no_records
from layers.render.symbols import MarkLook, Symbols
from layers.render.theme import SEVERITY_TOKENS
from services.domain.model import Link, Severity

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
ARROW_PX = 7.0
PULSE_FROM = Severity.MINOR
PULSE_GAP_PX = 8.0
"""A ring of its own also when it stands still, not a thicker rim."""
_PLAIN = Paint("")


@dataclass(frozen=True, slots=True)
class DrawnMarks:
    """Sprites of a response, per mark its radius in pixels for picking, the widest of those, and
    which marks pulse."""

    response: ClusterResponse
    sprites: Records
    radius: npt.NDArray[np.float64]
    widest: float
    pulsing: npt.NDArray[np.int64]


class MarkBuilder:
    """Makes sprites with one atlas; ``painted`` says how layers draw their things, None: as the
    packs say. Raises AtlasFullError."""

    def __init__(self, store: FeatureStore, atlas: Atlas, symbols: Symbols) -> None:
        self._store = store
        self._atlas = atlas
        self._symbols = symbols
        self._counts = CountWriter(atlas, symbols)
        self._rings = RingMaker(atlas, symbols)
        self.painted: Painted | None = None

    def build(self, response: ClusterResponse) -> DrawnMarks:
        """Sprites of all marks in drawing order."""
        n = len(response.count)
        number = np.zeros(n, np.int64)
        single = response.count == 1
        self._fill_singles(response, np.flatnonzero(single), number)
        self._fill_clusters(response, np.flatnonzero(~single), number)
        size = self._atlas.size[number]
        parts = [self.records(response.xy, number)]
        self._fade(response, parts[0])
        rank = [np.arange(n) * 4 + 1]
        clusters = np.flatnonzero(~single)
        if len(clusters):
            for drawn, owner in self._on_badges(response, clusters):
                drawn[:, 10] = np.sqrt(parts[0][owner, 10])  # what is faint can still be read
                parts.append(drawn)
                rank.append(owner * 4 + 2)
        loud = np.flatnonzero(response.unacked & (response.severity >= PULSE_FROM))
        if len(loud):
            parts.append(self._pulses(response, loud, size))
            rank.append(loud * 4)
        arrows, movers = self._arrows(response, size)
        parts.append(arrows)
        rank.append(movers * 4)
        order = np.argsort(np.concatenate(rank), kind="stable")
        radius = np.maximum(size.max(axis=1) / 2, 8.0).astype(np.float64)
        sprites = np.concatenate(parts)[order]
        return DrawnMarks(response, sprites, radius, float(radius.max(initial=0.0)), loud)

    def _on_badges(
        self, response: ClusterResponse, clusters: Rows
    ) -> Iterator[tuple[Records, Rows]]:
        """What stands on the badges, from below, and the marks it belongs to: rings of what they
        consist of, with the mark of the severity again, and counts."""
        sizes = self._diameters(response.count[clusters])
        arcs = self._rings.arcs(response, clusters, sizes)
        yield turned(self.records(response.xy[arcs.owner], arcs.picture), arcs.turn), arcs.owner
        at = np.flatnonzero(np.isin(clusters, arcs.owner) & (response.severity[clusters] > 0))
        ringed = clusters[at]
        corners = [
            self._corner(size, Severity(severity))
            for size, severity in zip(
                sizes[at].tolist(), response.severity[ringed].tolist(), strict=True
            )
        ]
        yield self.records(response.xy[ringed], np.array(corners, np.int64)), ringed
        written = self._counts.write(response.count[clusters])
        owner = clusters[written.owner]
        yield self.records(response.xy[owner], written.picture, written.offset), owner

    def records(
        self, places: Floats, number: npt.NDArray[np.int64], offset: Floats | None = None
    ) -> Records:
        """Sprite records of pictures centred on places, or ``offset`` pixels beside them."""
        out = np.zeros((len(number), SPRITE), np.float32)
        out[:, 0:2] = places
        if offset is not None:
            out[:, 2:4] = offset
        out[:, 4:6] = self._atlas.size[number]
        out[:, 6:10] = self._atlas.uv[number]
        out[:, 10] = out[:, 12] = 1.0
        return out

    def mark_of(self, row: int) -> int:
        """The picture of one feature as it is now."""
        store = self._store
        style, severity = store.style_of(row), Severity(int(store.severity[row]))
        other = self._paint_of(row).look
        look = MarkLook(
            shape=other.shape or style.shape,
            glyph=style.glyph,
            size=other.size or style.size,
            fill=style.fill,
            tint=self._symbols.tint(other.color),
            severity=severity,
            light=LIGHT_OF.get(severity, "") if style.lit else "",
            link=Link(int(store.link[row])),
            stale=bool(store.flags[row] & STALE),
            unacked=severity < PULSE_FROM and bool(store.flags[row] & UNACKED),
        )
        return self._mark(look)

    def word(
        self, text: str, px: int, token: str = "text", *, bold: bool = False, halo: bool = True
    ) -> int:
        """The picture of a word."""
        key = ("word", text, px, token, bold, halo)
        known = self._atlas.number(key)
        if known is not None:
            return known
        color = self._symbols.color(token)
        return self._atlas.picture(
            key,
            *self._symbols.word_size(text, px, bold=bold),
            lambda p: self._symbols.word(p, text, px, color, bold=bold, halo=halo),
        )

    # -- pictures -----------------------------------------------------------------------
    def _mark(self, look: MarkLook) -> int:
        return self._atlas.picture(
            look, look.side, look.side, lambda p: self._symbols.mark(p, look)
        )

    def _fill_singles(
        self,
        response: ClusterResponse,
        at: npt.NDArray[np.int64],
        number: npt.NDArray[np.int64],
    ) -> None:
        if not len(at):
            return
        store, rows = self._store, response.row[at]
        key = (
            self._numbers(rows) * 65_536 * 128
            + store.kind[rows].astype(np.int64) * 128
            + store.severity[rows] * 16
            + store.link[rows] * 4
            + (store.flags[rows] & STALE > 0) * 2
            + (store.flags[rows] & UNACKED > 0)
        )
        _, first, back = np.unique(key, return_index=True, return_inverse=True)
        pictures = np.array([self.mark_of(int(rows[i])) for i in first], np.int64)
        number[at] = pictures[back]

    def _numbers(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Style numbers of rows; rows that are newer than the styles have none."""
        number = None if self.painted is None else self.painted.number
        if number is None:
            return np.zeros(len(rows), np.int64)
        found = np.zeros(len(rows), np.int64)
        known = rows < len(number)
        found[known] = number[rows[known]]
        return found

    def _paint_of(self, row: int) -> Paint:
        at = int(self._numbers(np.array([row]))[0])
        return self.painted.paints[at] if self.painted is not None else _PLAIN

    def _fade(self, response: ClusterResponse, sprites: Records) -> None:
        """Opacity of layers; what asks for attention is never faint."""
        if self.painted is None or self.painted.number is None:
            return
        at = np.flatnonzero(response.row >= 0)
        rows = response.row[at]
        calm = (self._store.severity[rows] < Severity.MAJOR) & (
            self._store.flags[rows] & UNACKED == 0
        )
        opacity = np.array([paint.opacity for paint in self.painted.paints], np.float32)
        sprites[at[calm], 10] = opacity[self._numbers(rows[calm])]
        mixed = self._rings.opacities(response)
        if mixed is not None:
            badges = (response.row < 0) & (response.severity < Severity.MAJOR) & ~response.unacked
            sprites[badges, 10] = mixed[badges]

    def _fill_clusters(
        self,
        response: ClusterResponse,
        at: npt.NDArray[np.int64],
        number: npt.NDArray[np.int64],
    ) -> None:
        if not len(at):
            return
        steps = np.array([count for count, _ in BADGE_STEPS[::-1]])
        step = np.searchsorted(steps, response.count[at], side="right") - 1
        key = step * 16 + response.severity[at] * 2 + response.unacked[at]
        values, back = np.unique(key, return_inverse=True)
        pictures = np.array([self._badge(int(v)) for v in values], np.int64)
        number[at] = pictures[back]

    def _diameters(self, counts: Rows) -> npt.NDArray[np.float64]:
        steps, sizes = np.array(BADGE_STEPS[::-1], np.float64).T
        found: npt.NDArray[np.float64] = sizes[np.searchsorted(steps, counts, side="right") - 1]
        return found

    def _badge(self, key: int) -> int:
        diameter = float(BADGE_STEPS[::-1][key // 16][1])
        severity, unacked = Severity(key % 16 // 2), bool(key % 2)
        side = diameter + 8
        return self._atlas.picture(
            ("badge", key),
            side,
            side,
            lambda p: self._symbols.cluster(p, diameter, severity, unacked),
        )

    def _corner(self, diameter: float, severity: Severity) -> int:
        return self._atlas.picture(
            ("badge corner", diameter, severity),
            diameter,
            diameter,
            lambda p: self._symbols.badge_corner(p, diameter, severity),
        )

    def _pulses(
        self, response: ClusterResponse, at: npt.NDArray[np.int64], size: Floats
    ) -> Records:
        pictures = []
        for mark in at.tolist():
            severity = Severity(int(response.severity[mark]))
            side = float(size[mark].max()) / self._atlas.scale + PULSE_GAP_PX
            pictures.append(self.ring(side, SEVERITY_TOKENS[severity], 2.0))
        records = self.records(response.xy[at], np.array(pictures, np.int64))
        records[:, 11] = 1.0
        return records

    def ring(self, side: float, token: str, width: float, *, soft: bool = False) -> int:
        """The picture of a ring in a token's colour; ``soft``: with a faint inside."""
        color = self._symbols.color(token)
        return self._atlas.picture(
            ("ring", side, color.rgba(), width, soft),
            side,
            side,
            lambda p: self._symbols.ring(p, side, color, width, soft=soft),
        )

    def _arrows(self, response: ClusterResponse, size: Floats) -> tuple[Records, Rows]:
        """Arrow heads on the rims of what moves, the way it goes, and the marks they belong to."""
        store = self._store
        single = np.flatnonzero(response.row >= 0)
        rows = response.row[single]
        styles = [store.styles.get(kind) for kind in store.kinds]
        mobile = np.array([s is not None and s.mobile for s in styles], np.bool_)
        going = mobile[store.kind[rows]] & np.isfinite(store.heading[rows])
        at = single[going & (store.flags[rows] & STALE == 0)]
        if not len(at):
            return no_records(SPRITE), at
        sides = size[at].max(axis=1) / self._atlas.scale
        pictures = [self._arrow(float(side)) for side in sides.tolist()]
        records = self.records(response.xy[at], np.array(pictures, np.int64))
        turn = np.radians(store.heading[response.row[at]])
        records[:, 12], records[:, 13] = np.cos(turn), np.sin(turn)
        return records, at

    def _arrow(self, mark: float) -> int:
        side = mark + 2 * ARROW_PX
        return self._atlas.picture(
            ("arrow", side), side, side, lambda p: self._symbols.arrow(p, side / 2, ARROW_PX)
        )
