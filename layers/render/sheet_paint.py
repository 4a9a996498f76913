"""Paints a scene and the tiles below it into a picture, without a window. Any thread.

The same records that the GPU draws (see ``scene``), at any number of dots an inch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from layers.model.cluster import UNIT
from layers.model.heat import HeatPicture
from layers.model.view import Camera
from layers.render.scene import LAYERS, Records
from layers.render.sheet_scene import SheetScene

CHUNK = 2_000
"""Records between two looks at whether it is still wanted."""
Step = Callable[[], None]
"""Called now and then; raises to stop."""
Tile = Callable[[int, int, int], QImage | None]
MAX_TILE_ZOOM = 19
MAX_TILES = 1_500
SHARPER = 0.75
"""Tiles are rather drawn smaller than larger than they are."""


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter that has ended when the block is left, however that is: one that outlives what it
    paints on takes the whole process with it."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        if painter.isActive():
            painter.end()


def paint_base(
    picture: QImage, camera: Camera, ratio: float, finer: int, tile: Tile, step: Step
) -> int:
    """Lay tiles over a whole picture; how many were missing. ``finer``: levels by which their zoom
    is above the camera's, so that pictures of 256 dots stay sharp on paper."""
    zoom = min(MAX_TILE_ZOOM, max(0, math.floor(camera.zoom + SHARPER) + finer))
    while zoom > 0 and len(_tiles(camera, zoom)) > MAX_TILES:
        zoom -= 1
    missing = 0
    side = camera.world_px * ratio / (1 << zoom)
    left = camera.x * camera.world_px * ratio - picture.width() / 2
    top = camera.y * camera.world_px * ratio - picture.height() / 2
    with painting(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for x, y in _tiles(camera, zoom):
            step()
            drawn = tile(zoom, x, y)
            if drawn is None or drawn.isNull():
                missing += 1
                continue
            x0, y0 = round(x * side - left), round(y * side - top)
            x1, y1 = round((x + 1) * side - left), round((y + 1) * side - top)
            painter.drawImage(QRect(x0, y0, x1 - x0, y1 - y0), drawn)
    return missing


def _tiles(camera: Camera, zoom: int) -> list[tuple[int, int]]:
    count = 1 << zoom
    west, north, east, south = camera.rect()
    columns = range(max(0, math.floor(west * count)), min(count, math.ceil(east * count)))
    rows = range(max(0, math.floor(north * count)), min(count, math.ceil(south * count)))
    return [(x, y) for y in rows for x in columns]


def paint_scene(picture: QImage, sheet: SheetScene, step: Step) -> None:
    """Paint everything over the base map into a whole picture."""
    layer = QImage(picture.size(), QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(Qt.GlobalColor.transparent)
    scene, place = sheet.scene, _Placing(sheet)
    with painting(layer) as painter:
        if scene.heat is not None:
            _heat(painter, scene.heat, place)
        for name, holds in LAYERS.items():
            table: Records = getattr(scene, name)
            if holds == "fills":
                _fills(painter, table, place, step)
            elif holds == "lines":
                _lines(painter, table, place, step)
            else:
                _sprites(painter, table, sheet, place, step)
    if sheet.grey > 0.0:
        layer = greyed(layer, sheet.grey)
    with painting(picture) as over:
        over.drawImage(0, 0, layer)


class _Placing:
    """From map units of a scene to dots of the picture."""

    def __init__(self, sheet: SheetScene) -> None:
        camera, self.ratio = sheet.camera, sheet.ratio
        self.scale = camera.world_px / UNIT * sheet.ratio
        self.world = camera.world_px * sheet.ratio
        self.middle = np.array([camera.width, camera.height]) * sheet.ratio / 2
        self.centre = np.array([camera.x, camera.y])
        self.shift = (np.array(sheet.scene.origin) - self.centre) * self.world + self.middle

    def dots(self, places: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Dots (n, 2) of places (n, 2)."""
        found: npt.NDArray[np.float64] = places.astype(np.float64) * self.scale + self.shift
        return found


def _color(tint: npt.NDArray[np.float32]) -> QColor:
    """A colour of a premultiplied tint."""
    alpha = float(tint[3])
    if alpha <= 0.0:
        return QColor(0, 0, 0, 0)
    red, green, blue = (min(1.0, max(0.0, float(v) / alpha)) for v in tint[:3])
    return QColor.fromRgbF(red, green, blue, min(1.0, alpha))


def _heat(painter: QPainter, heat: HeatPicture, place: _Placing) -> None:
    height, width = heat.pixels.shape[:2]
    raw = np.ascontiguousarray(heat.pixels)
    image = QImage(raw.data, width, height, width * 4, QImage.Format.Format_RGBA8888_Premultiplied)
    west, north, east, south = heat.rect
    corners = (np.array([[west, north], [east, south]]) - place.centre) * place.world + place.middle
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(QPointF(*corners[0]), QPointF(*corners[1])), image)


def _fills(painter: QPainter, fills: Records, place: _Placing, step: Step) -> None:
    """Triangles without soft edges, so that no seams show where they meet."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    dots = place.dots(fills[:, 0:2])
    for start, end in _runs(fills[:, 2:7][::3]):
        step()
        color = _color(fills[start * 3, 2:6])
        hatched = fills[start * 3, 6] > 0.5
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for corner in range(start * 3, end * 3, 3):
            path.addPolygon(QPolygonF([QPointF(*p) for p in dots[corner : corner + 3].tolist()]))
        painter.fillPath(path, color)
        if hatched:
            strong = QColor(color)
            strong.setAlphaF(min(1.0, color.alphaF() * 3))
            painter.fillPath(path, QBrush(strong, Qt.BrushStyle.BDiagPattern))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _lines(painter: QPainter, lines: Records, place: _Placing, step: Step) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    first, last = place.dots(lines[:, 0:2]), place.dots(lines[:, 2:4])
    look = lines[:, [4, 5, 6, 7, 8, 10, 11]]
    for start, end in _runs(look):
        step()
        width = float(lines[start, 8]) * place.ratio
        pen = QPen(_color(lines[start, 4:8]), max(width, 0.5))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        dash, gap = abs(float(lines[start, 10])), float(lines[start, 11])
        if gap > 0.0:
            pen.setDashPattern([v * place.ratio / pen.widthF() for v in (dash, gap)])
        painter.setPen(pen)
        painter.drawPath(_path(first[start:end].tolist(), last[start:end].tolist()))


def _path(first: list[list[float]], last: list[list[float]]) -> QPainterPath:
    """Segments as runs, so that translucent lines have no knots where they meet."""
    path = QPainterPath()
    at: list[float] = []
    for a, b in zip(first, last, strict=True):
        if at != a:
            path.moveTo(*a)
        path.lineTo(*b)
        at = b
    return path


def _sprites(
    painter: QPainter, table: Records, sheet: SheetScene, place: _Placing, step: Step
) -> None:
    """Pictures of the atlas dot by dot; those that only pulse are left out, paper does not."""
    table = table[table[:, 11] < 0.5]
    atlas, side = sheet.atlas, sheet.atlas.width()
    middle = place.dots(table[:, 0:2]) + table[:, 2:4] * sheet.ratio
    size = table[:, 4:6].astype(np.float64) * sheet.ratio
    corner = np.floor(middle - size / 2 + 0.5)
    source = np.rint(table[:, 6:10] * side).astype(np.int64)
    reach = np.hypot(size[:, 0], size[:, 1])
    inside = ((middle + reach[:, None] >= 0) & (middle - reach[:, None] <= 2 * place.middle)).all(1)
    for number in np.flatnonzero(inside).tolist():
        if number % CHUNK == 0:
            step()
        x0, y0, x1, y1 = source[number].tolist()
        opacity, cosine, sine = (float(table[number, i]) for i in (10, 12, 13))
        painter.setOpacity(opacity)
        cut = QRect(x0, y0, x1 - x0, y1 - y0)
        target = QRectF(*corner[number].tolist(), *size[number].tolist())
        if sine == 0.0 and cosine > 0.0:
            painter.drawImage(target, atlas, QRectF(cut))
        else:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(target.center())
            painter.rotate(math.degrees(math.atan2(sine, cosine)))
            target.moveCenter(QPointF(0.0, 0.0))
            painter.drawImage(target, atlas, QRectF(cut))
            painter.restore()
    painter.setOpacity(1.0)


def _runs(keys: npt.NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Where equal rows begin and end, at most CHUNK at once."""
    if not len(keys):
        return
    cuts = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
    bounds = [0, *cuts.tolist(), len(keys)]
    for start, end in pairwise(bounds):
        for at in range(start, end, CHUNK):
            yield at, min(end, at + CHUNK)


def greyed(image: QImage, share: float) -> QImage:
    """A picture with its colour taken out by a share of 0..1."""
    copy = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(copy.bits(), np.uint8).reshape(copy.height(), copy.bytesPerLine())
    pixels = rows[:, : copy.width() * 4].reshape(copy.height(), copy.width(), 4)
    light = pixels[..., :3].astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    mixed = pixels[..., :3] * (1.0 - share) + light[..., None] * share
    pixels[..., :3] = mixed.astype(np.uint8)
    return copy
