"""Draws the heat picture of a scene as one textured quad. The overlay's renderer owns it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QImage,
    QRhi,
    QRhiBuffer,
    QRhiCommandBuffer,
    QRhiGraphicsPipeline,
    QRhiResourceUpdateBatch,
    QRhiSampler,
    QRhiShaderResourceBinding,
    QRhiTexture,
    QRhiViewport,
)

from layers.model.cluster import UNIT
from layers.model.heat import HeatPicture
from layers.render.device import DeviceParts
from layers.render.scene import HEAT


class HeatPass:
    """One texture and four corners; ``pipe`` is set by the renderer that built the pipeline."""

    def __init__(
        self, rhi: QRhi, parts: DeviceParts, uniform: QRhiBuffer, sampler: QRhiSampler
    ) -> None:
        self.pipe: QRhiGraphicsPipeline | None = None
        self._parts = parts
        self._uniform = uniform
        self._sampler = sampler
        self._picture: HeatPicture | None = None
        self._origin = (0.0, 0.0)
        vertices = QRhiBuffer.UsageFlag.VertexBuffer
        self._corners = parts.keep(rhi.newBuffer(QRhiBuffer.Type.Static, vertices, 4 * 4 * HEAT))
        self._corners.create()
        self.bound = parts.keep(rhi.newShaderResourceBindings())
        self._make_texture(rhi, QSize(4, 4))

    def upload(
        self,
        rhi: QRhi,
        batch: QRhiResourceUpdateBatch,
        picture: HeatPicture | None,
        origin: tuple[float, float],
    ) -> None:
        """Bring a new picture or a new origin onto the GPU."""
        if picture is None:
            self._picture = None
            return
        if picture is not self._picture:
            high, wide = picture.pixels.shape[:2]
            if self._texture.pixelSize() != QSize(wide, high):
                self._parts.drop(self._texture)
                self._make_texture(rhi, QSize(wide, high))
            kept = QImage.Format.Format_RGBA8888_Premultiplied
            image = QImage(picture.pixels.tobytes(), wide, high, 4 * wide, kept)
            batch.uploadTexture(self._texture, image.copy())
        if picture is not self._picture or origin != self._origin:
            batch.uploadStaticBuffer(self._corners, 0, _quad(picture, origin).tobytes())
        self._picture, self._origin = picture, origin

    def draw(self, cb: QRhiCommandBuffer, viewport: QRhiViewport) -> None:
        """The picture, where there is one."""
        if self._picture is None or self.pipe is None:
            return
        cb.setGraphicsPipeline(self.pipe)
        cb.setViewport(viewport)
        cb.setShaderResources(self.bound)
        cb.setVertexInput(0, [(self._corners, 0)])
        cb.draw(4)

    def _make_texture(self, rhi: QRhi, size: QSize) -> None:
        self._texture = self._parts.keep(rhi.newTexture(QRhiTexture.Format.RGBA8, size))
        self._texture.create()
        stage = QRhiShaderResourceBinding.StageFlag
        both = stage.VertexStage | stage.FragmentStage
        self.bound.setBindings(
            [
                QRhiShaderResourceBinding.uniformBuffer(0, both, self._uniform),
                QRhiShaderResourceBinding.sampledTexture(
                    1, stage.FragmentStage, self._texture, self._sampler
                ),
            ]
        )
        self.bound.create()


def _quad(
    picture: HeatPicture, origin: tuple[float, float]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    west, north, east, south = picture.rect
    x0, x1 = (west - origin[0]) * UNIT, (east - origin[0]) * UNIT
    y0, y1 = (north - origin[1]) * UNIT, (south - origin[1]) * UNIT
    return np.array([[x0, y0, 0, 0], [x1, y0, 1, 0], [x0, y1, 0, 1], [x1, y1, 1, 1]], np.float32)
