"""Draws the tiles of the schematic base map with QPainter on QImage; any thread, one at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from layers.model import mercator
from layers.model.basemap import BaseFeature, Basemap
from layers.render.theme import MapTheme

TILE_PX = 256
FINE = 4
"""Fonts have whole pixel sizes: words are laid out this much larger and scaled down."""
LINE_SCALE, WORD_SCALE = 0.74, 0.86
"""The map stretches tiles by one to two between whole zoom levels: lines and words are drawn
smaller, so that on the screen they keep about the size they are meant to have."""
_REACH_PX = 24.0
"""Lines and outlines may reach this far into a tile that their geometry does not touch."""
_Box = tuple[float, float, float, float]


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two, ``share`` of the way to the other."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


@dataclass(frozen=True, slots=True)
class _Label:
    """A word of one zoom level: its middle and half size in world pixels, its turn in degrees."""

    text: str
    x: float
    y: float
    half_w: float
    half_h: float
    turn: float
    px: int
    color: QColor
    bold: bool
    dot: bool

    def box(self) -> _Box:
        """The upright box round it, in world pixels."""
        c, s = abs(math.cos(math.radians(self.turn))), abs(math.sin(math.radians(self.turn)))
        w, h = self.half_w * c + self.half_h * s, self.half_w * s + self.half_h * c
        return self.x - w, self.y - h, self.x + w, self.y + h


# kind: (first zoom, pixels, bold, token, dot); the order is who goes first where room is short.
_PLACES: dict[str, tuple[float, int, bool, str, bool]] = {
    "township_label": (11, 14, False, "muted", False),
    "peak": (12, 11, False, "faint", True),
    "station": (13, 12, False, "muted", True),
    "government": (14, 12, False, "muted", True),
    "junction": (14, 12, False, "faint", True),
    "hospital": (15, 12, False, "faint", True),
    "university": (15, 12, False, "faint", True),
    "bus_station": (15, 12, False, "faint", True),
    "mall": (15, 12, False, "faint", True),
    "religious_site": (15, 12, False, "faint", True),
    "hydro_station": (14, 12, False, "faint", True),
    "scenic": (14, 12, False, "faint", True),
    "place": (13, 12, False, "faint", True),
    "village": (14, 11, False, "faint", False),
}
_NAMED_LINES = {"river": 12, "road/primary": 14, "road/motorway": 14, "road/secondary": 15}


class TilePainter:
    """Paints one tile at a time; the words of a zoom level are placed once, so tiles agree."""

    def __init__(
        self, basemap: Basemap, theme: MapTheme, oversampling: int, words: float = 1.0
    ) -> None:
        self._oversampling = oversampling
        self._word_scale = WORD_SCALE * words
        self._features = [(feature, feature.box) for feature in basemap.features]
        self._theme = theme
        ground = theme.color("ground")
        dark = ground.lightnessF() < 0.5
        self._outside = ground
        self._inside = mixed(ground, theme.color("panel"), 0.9)
        self._hill = mixed(ground, theme.color("good"), 0.11 if dark else 0.22)
        self._river = mixed(ground, theme.color("info"), 0.38 if dark else 0.55)
        self._road = mixed(ground, theme.color("neutral"), 0.34 if dark else 0.42)
        self._major_road = mixed(ground, theme.color("neutral"), 0.5 if dark else 0.6)
        self._rail = mixed(ground, theme.color("neutral"), 0.62)
        self._border = mixed(ground, theme.color("muted"), 0.42)
        self._labels: dict[int, list[_Label]] = {}

    def png(self, zoom: int, x: int, y: int) -> bytes:
        """The tile as PNG, ``oversampling`` times 256 pixels square."""
        side = TILE_PX * self._oversampling
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(self._outside)
        painter = QPainter(image)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        painter.scale(self._oversampling, self._oversampling)
        painter.translate(-x * TILE_PX, -y * TILE_PX)
        self._paint(painter, zoom, (x * TILE_PX, y * TILE_PX))
        painter.end()
        return _encoded(image)

    def blank_png(self, words: str) -> bytes:
        """A tile of plain ground that says why there is no map; ``words`` are plain text."""
        image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
        image.fill(self._outside)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(self._theme.font(12))
        painter.setPen(self._theme.color("faint"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(image.rect().adjusted(24, 24, -24, -24), int(flags), words)
        painter.end()
        return _encoded(image)

    def _paint(self, painter: QPainter, zoom: int, corner: tuple[float, float]) -> None:
        world = mercator.world_px(zoom)
        reach = _REACH_PX / world
        w, n = corner[0] / world - reach, corner[1] / world - reach
        e, s = w + TILE_PX / world + 2 * reach, n + TILE_PX / world + 2 * reach
        near = [
            feature
            for feature, box in self._features
            if box[0] <= e and box[2] >= w and box[1] <= s and box[3] >= n
        ]
        for layer in (
            "outline",
            "hill",
            "township_border",
            "gully",
            "river",
            "road",
            "motorway",
            "rail",
            "border",
        ):
            for feature in near:
                if feature.kind == layer or (layer == "border" and feature.kind == "outline"):
                    self._shape(painter, feature, layer, zoom, world)
        self._words(painter, zoom, corner)

    # -- shapes ---------------------------------------------------------------------
    def _shape(
        self, painter: QPainter, feature: BaseFeature, layer: str, zoom: int, world: float
    ) -> None:
        run = QPolygonF([QPointF(px, py) for px, py in (feature.points * world).tolist()])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if layer in ("outline", "hill"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inside if layer == "outline" else self._hill)
            painter.drawPolygon(run)
            return
        grow = LINE_SCALE * 2.0 ** ((zoom - 13.5) * 0.5)
        if layer in ("township_border", "border"):
            width = 1.0 if layer == "township_border" else 1.6
            pen = QPen(self._border, width)
            pen.setDashPattern([5.0, 4.0])
            painter.setPen(pen)
            painter.drawPolyline(run)
        elif layer == "rail":
            self._railway(painter, run, grow)
        else:
            color, width = self._line_look(layer, feature.level, grow)
            painter.setPen(_round(color, width))
            painter.drawPolyline(run)

    def _line_look(self, layer: str, level: str, grow: float) -> tuple[QColor, float]:
        if layer == "river":
            return self._river, max(3.0, 7.0 * grow)
        if layer == "gully":
            return self._river, max(1.2, 2.5 * grow)
        if level in ("motorway", "primary"):
            return self._major_road, max(1.4, 3.4 * grow)
        return self._road, max(1.0, 2.4 * grow)

    def _railway(self, painter: QPainter, run: QPolygonF, grow: float) -> None:
        width = max(1.6, 3.0 * grow)
        painter.setPen(_round(self._rail, width))
        painter.drawPolyline(run)
        inner = QPen(self._inside, max(0.8, width - 1.4))
        inner.setDashPattern([4.0, 4.0])
        inner.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(inner)
        painter.drawPolyline(run)

    # -- words ----------------------------------------------------------------------
    def _words(self, painter: QPainter, zoom: int, corner: tuple[float, float]) -> None:
        labels = self._labels.get(zoom)
        if labels is None:
            labels = self._labels[zoom] = self._place_labels(zoom)
        tile = (corner[0], corner[1], corner[0] + TILE_PX, corner[1] + TILE_PX)
        for label in labels:
            if _overlap(label.box(), tile, 8.0):
                self._word(painter, label)

    def _word(self, painter: QPainter, label: _Label) -> None:
        painter.save()
        painter.translate(label.x, label.y)
        painter.rotate(label.turn)
        font = self._font(label.px, label.bold)
        if label.dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(label.color))
            painter.drawEllipse(QPointF(-label.half_w + 3, 0), 2.2, 2.2)
        painter.scale(1 / FINE, 1 / FINE)
        metrics = QFontMetricsF(font)
        path = QPainterPath()
        left = FINE * (-label.half_w + (9.0 if label.dot else 0.0))
        path.addText(QPointF(left, (metrics.ascent() - metrics.descent()) / 2), font, label.text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_round(self._outside, 2.4 * FINE))
        painter.drawPath(path)
        painter.fillPath(path, label.color)
        painter.restore()

    def _font(self, px: int, bold: bool) -> QFont:
        font = self._theme.font(px, bold=bold)
        font.setPixelSize(max(6, round(px * self._word_scale * FINE)))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _place_labels(self, zoom: int) -> list[_Label]:
        """Words by importance, each only where it covers no other."""
        placed: list[_Label] = []
        names: set[str] = set()
        order = {kind: i for i, kind in enumerate(_PLACES)}
        points = [f for f, _ in self._features if f.kind in order and zoom >= _PLACES[f.kind][0]]
        for feature in sorted(points, key=lambda f: (order[f.kind], f.name)):
            _first, px, bold, token, dot = _PLACES[feature.kind]
            x, y = (feature.points[0] * mercator.world_px(zoom)).tolist()
            text = _short(feature.name)
            if text not in names and self._put(placed, text, (x, y), 0.0, px, token, bold, dot):
                names.add(text)
        for feature, _ in self._features:
            first_zoom = _NAMED_LINES.get(
                feature.kind if not feature.level else f"road/{feature.level}"
            )
            if first_zoom is not None and zoom >= first_zoom:
                self._name_line(placed, feature, zoom)
        return placed

    def _name_line(self, placed: list[_Label], feature: BaseFeature, zoom: int) -> None:
        points = feature.points * mercator.world_px(zoom)
        token = "info" if feature.kind == "river" else "faint"
        for at, turn in _straight_places(points):
            self._put(placed, _short(feature.name), at, turn, 11, token, False, False)

    def _put(
        self,
        placed: list[_Label],
        text: str,
        at: tuple[float, float],
        turn: float,
        px: int,
        token: str,
        bold: bool,
        dot: bool,
    ) -> bool:
        metrics = QFontMetricsF(self._font(px, bold))
        half_w = metrics.horizontalAdvance(text) / 2 / FINE + (4.5 if dot else 0.0)
        # A dot marks the place itself; the word stands right of it.
        x = at[0] + half_w - 3 if dot else at[0]
        color = self._theme.color(token)
        label = _Label(
            text, x, at[1], half_w, metrics.height() / 2 / FINE, turn, px, color, bold, dot
        )
        if any(_overlap(label.box(), other.box(), 4.0) for other in placed):
            return False
        placed.append(label)
        return True


def _encoded(image: QImage) -> bytes:
    """The picture as PNG; RuntimeError when there is no memory for it."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setCompression(20)
    written = writer.write(image)
    buffer.close()
    if not written:
        raise RuntimeError(f"a tile cannot be encoded: {writer.errorString()}")
    return bytes(data.data())


def _round(color: QColor, width: float) -> QPen:
    return QPen(
        color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def _short(name: str) -> str:
    """The name without what stands in brackets."""
    return name.replace("（", "(").split("(")[0].strip()


def _straight_places(
    points: npt.NDArray[np.float64], every_px: float = 900.0
) -> list[tuple[tuple[float, float], float]]:
    """Where along a run its name may stand: middle and turn in degrees, read from left to right."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] < 120.0:
        return []
    found = []
    for target in np.arange(min(along[-1] / 2, every_px / 2), along[-1], every_px):
        i = min(int(np.searchsorted(along, target, side="right")) - 1, len(steps) - 1)
        share = (target - along[i]) / max(steps[i], 1e-9)
        x, y = points[i] + (points[i + 1] - points[i]) * share
        dx, dy = points[i + 1] - points[i]
        turn = math.degrees(math.atan2(dy, dx))
        turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
        found.append(((float(x), float(y)), turn))
    return found


def _overlap(a: _Box, b: _Box, gap: float) -> bool:
    return a[0] < b[2] + gap and a[2] > b[0] - gap and a[1] < b[3] + gap and a[3] > b[1] - gap
