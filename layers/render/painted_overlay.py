"""The overlay where there is no graphics device: the same scene, painted into a picture.

Qt Quick's software renderer knows neither QRhi nor shaders. A picture of the whole item is painted
for every frame, so dragging is slow; what is shown is the same. GUI thread.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickWindow, QSGNode, QSGRendererInterface, QSGSimpleTextureNode

from layers.model.view import Camera
from layers.render.atlas import Atlas
from layers.render.scene import Frame, Scene
from layers.render.sheet_paint import paint_scene
from layers.render.sheet_scene import SheetScene

TILE_PX = 256
"""Width of the world in pixels at zoom level 0."""


def is_painted(window: QQuickWindow) -> bool:
    """Whether a window draws without a graphics device."""
    api = window.rendererInterface().graphicsApi()
    return api == QSGRendererInterface.GraphicsApi.Software


class PaintedOverlay:
    """Keeps the node that shows the newest picture, and the texture that it shows."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._node: QSGSimpleTextureNode | None = None

    def node(self, window: QQuickWindow, size: QSize, scene: Scene, frame: Frame) -> QSGNode:
        """The node with what is to be seen now. Qt owns it."""
        picture = painted(scene, frame, self._atlas.image, size, window.effectiveDevicePixelRatio())
        option = QQuickWindow.CreateTextureOption.TextureHasAlphaChannel
        texture = window.createTextureFromImage(picture, option)
        if self._node is None:
            self._node = QSGSimpleTextureNode()
            self._node.setOwnsTexture(True)
        self._node.setTexture(texture)
        self._node.setRect(QRectF(0, 0, size.width(), size.height()))
        return self._node


def painted(scene: Scene, frame: Frame, atlas: QImage, size: QSize, ratio: float) -> QImage:
    """A scene through a frame on a transparent picture of ``size`` logical pixels."""
    picture = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(1.0)
    zoom = math.log2(frame.world_px / TILE_PX)
    camera = Camera(frame.x, frame.y, zoom, frame.width, frame.height)
    paint_scene(picture, SheetScene(scene, atlas, camera, ratio, frame.grey), lambda: None)
    return picture
