"""The GPU overlay: one QQuickRhiItem that draws fills, lines and sprites over the base map.

All state lives on the CPU (a ``Scene``), so a lost device is rebuilt by initializing anew. The
renderer runs on the GUI thread with the basic render loop. An error while drawing is logged once
and the frame left out; a resource batch is never leaked (64 leaked ones would end the item).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QColor,
    QImage,
    QRhi,
    QRhiBuffer,
    QRhiCommandBuffer,
    QRhiDepthStencilClearValue,
    QRhiGraphicsPipeline,
    QRhiResourceUpdateBatch,
    QRhiSampler,
    QRhiShaderResourceBinding,
    QRhiShaderResourceBindings,
    QRhiShaderStage,
    QRhiTexture,
    QRhiVertexInputAttribute,
    QRhiVertexInputBinding,
    QRhiVertexInputLayout,
    QRhiViewport,
    QShader,
)
from PySide6.QtQuick import QQuickItem, QQuickRhiItem, QQuickRhiItemRenderer

from layers.render.scene import FILL, LINE, SPRITE, Frame, Records, Scene

log = logging.getLogger(__name__)
SHADERS = Path(__file__).resolve().parent.parent.parent / "resources" / "shaders"
UNIFORM_BYTES = 96
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]], np.float32)
_Float2 = QRhiVertexInputAttribute.Format.Float2
_Float4 = QRhiVertexInputAttribute.Format.Float4
_Float1 = QRhiVertexInputAttribute.Format.Float
_Vertex = QRhiBuffer.UsageFlag.VertexBuffer
_Attribute = tuple[int, QRhiVertexInputAttribute.Format, int]


@dataclass(slots=True)
class _Layer:
    """One table on the GPU; ``uploaded`` is the table that the buffer holds."""

    buffer: QRhiBuffer | None = None
    capacity: int = 0
    uploaded: Records | None = None


class FeatureOverlay(QQuickRhiItem):
    """Shows a scene through a frame; both are set from the GUI thread."""

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setAlphaBlending(True)
        self.scene = Scene()
        self.frame = Frame(0, 0, 1, 1, 1)
        self.atlas: QImage | None = None
        self._renderers: list[OverlayRenderer] = []

    def show_scene(self, scene: Scene) -> None:
        """Draw this from the next frame on."""
        self.scene = scene
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Look this way from the next frame on."""
        self.frame = frame
        self.update()

    def createRenderer(self) -> QQuickRhiItemRenderer:
        """Make the renderer; Qt owns it, and our reference keeps its Python half alive."""
        renderer = OverlayRenderer()
        self._renderers = [renderer]
        return renderer


class OverlayRenderer(QQuickRhiItemRenderer):
    """Draws the newest scene; see the module's docstring."""

    def __init__(self) -> None:
        super().__init__()
        self._rhi: QRhi | None = None
        self._scene = Scene()
        self._frame = Frame(0, 0, 1, 1, 1)
        self._atlas: QImage | None = None
        self._first: list[tuple[QRhiBuffer, bytes]] = []
        self._layers = {name: _Layer() for name in Scene.__dataclass_fields__}
        self._failed = ""

    def initialize(self, _cb: QRhiCommandBuffer) -> None:
        """Build pipelines; again when the device is another one."""
        rhi = self.rhi()
        if self._rhi is rhi and self._rhi is not None:
            return
        self._rhi = rhi
        try:
            self._build(rhi)
        except Exception:
            log.exception("the map overlay cannot be built")
            self._rhi = None

    def synchronize(self, item: QQuickRhiItem) -> None:
        """Take what the item shows now."""
        if isinstance(item, FeatureOverlay):
            self._scene, self._frame = item.scene, item.frame
            if item.atlas is not self._atlas:
                self._atlas = item.atlas
                self._atlas_uploaded = False

    def render(self, cb: QRhiCommandBuffer) -> None:
        """Upload what changed and draw."""
        rhi = self._rhi
        if rhi is None or self._atlas is None:
            return
        batch = rhi.nextResourceUpdateBatch()
        try:
            self._upload(rhi, batch)
        except Exception as error:
            batch.release()
            self._complain(error)
            return
        clear = QRhiDepthStencilClearValue(1.0, 0)
        cb.beginPass(self.renderTarget(), QColor(0, 0, 0, 0), clear, batch)
        try:
            self._draw(cb)
        except Exception as error:
            self._complain(error)
        finally:
            cb.endPass()

    # -- building -------------------------------------------------------------
    def _build(self, rhi: QRhi) -> None:
        self._layers = {name: _Layer() for name in Scene.__dataclass_fields__}
        self._atlas_uploaded = False
        self._texture: QRhiTexture | None = None
        self._corners = rhi.newBuffer(QRhiBuffer.Type.Immutable, _Vertex, _CORNERS.nbytes)
        self._corners.create()
        self._first = [(self._corners, _CORNERS.tobytes())]
        self._uniform = rhi.newBuffer(
            QRhiBuffer.Type.Dynamic, QRhiBuffer.UsageFlag.UniformBuffer, UNIFORM_BYTES
        )
        self._uniform.create()
        linear = QRhiSampler.Filter.Linear
        edge = QRhiSampler.AddressMode.ClampToEdge
        self._sampler = rhi.newSampler(linear, linear, linear, edge, edge)
        self._sampler.create()
        self._make_texture(rhi, QSize(16, 16))
        quad = QRhiGraphicsPipeline.Topology.TriangleStrip
        self._sprite_pipe = self._pipeline(
            rhi,
            "sprite",
            "sprite",
            quad,
            SPRITE,
            [(1, _Float2, 0), (2, _Float4, 8), (3, _Float4, 24), (4, _Float4, 40)],
            self._bound,
            corners=True,
        )
        self._line_pipe = self._pipeline(
            rhi,
            "line",
            "fill",
            quad,
            LINE,
            [(1, _Float4, 0), (2, _Float4, 16), (3, _Float1, 32)],
            self._bound_plain,
            corners=True,
        )
        self._fill_pipe = self._pipeline(
            rhi,
            "fill",
            "fill",
            QRhiGraphicsPipeline.Topology.Triangles,
            FILL,
            [(0, _Float2, 0), (1, _Float4, 8)],
            self._bound_plain,
            corners=False,
        )

    def _make_texture(self, rhi: QRhi, size: QSize) -> None:
        mips = QRhiTexture.Flag.MipMapped | QRhiTexture.Flag.UsedWithGenerateMips
        self._texture = rhi.newTexture(QRhiTexture.Format.RGBA8, size, 1, mips)
        self._texture.create()
        stage = QRhiShaderResourceBinding.StageFlag
        both = stage.VertexStage | stage.FragmentStage
        frame = QRhiShaderResourceBinding.uniformBuffer(0, both, self._uniform)
        picture = QRhiShaderResourceBinding.sampledTexture(
            1, stage.FragmentStage, self._texture, self._sampler
        )
        self._bound = rhi.newShaderResourceBindings()
        self._bound.setBindings([frame, picture])
        self._bound.create()
        self._bound_plain = rhi.newShaderResourceBindings()
        self._bound_plain.setBindings([frame])
        self._bound_plain.create()

    def _pipeline(
        self,
        rhi: QRhi,
        vertex: str,
        fragment: str,
        topology: QRhiGraphicsPipeline.Topology,
        floats: int,
        attributes: list[_Attribute],
        bound: QRhiShaderResourceBindings,
        *,
        corners: bool,
    ) -> QRhiGraphicsPipeline:
        pipe = rhi.newGraphicsPipeline()
        pipe.setTopology(topology)
        pipe.setShaderStages(
            [
                QRhiShaderStage(QRhiShaderStage.Type.Vertex, _shader(f"{vertex}.vert")),
                QRhiShaderStage(QRhiShaderStage.Type.Fragment, _shader(f"{fragment}.frag")),
            ]
        )
        layout = QRhiVertexInputLayout()
        record = 1 if corners else 0
        if corners:
            per_instance = QRhiVertexInputBinding.Classification.PerInstance
            layout.setBindings(
                [QRhiVertexInputBinding(8), QRhiVertexInputBinding(4 * floats, per_instance)]
            )
        else:
            layout.setBindings([QRhiVertexInputBinding(4 * floats)])
        inputs = [QRhiVertexInputAttribute(record, at, kind, off) for at, kind, off in attributes]
        if corners:
            inputs.insert(0, QRhiVertexInputAttribute(0, 0, _Float2, 0))
        layout.setAttributes(inputs)
        pipe.setVertexInputLayout(layout)
        pipe.setTargetBlends([_premultiplied()])
        pipe.setShaderResourceBindings(bound)
        pipe.setRenderPassDescriptor(self.renderTarget().renderPassDescriptor())
        if not pipe.create():
            raise RuntimeError(f"pipeline {vertex}/{fragment} was refused by the graphics driver")
        return pipe

    # -- every frame ------------------------------------------------------------
    def _upload(self, rhi: QRhi, batch: QRhiResourceUpdateBatch) -> None:
        for buffer, data in self._first:
            batch.uploadStaticBuffer(buffer, 0, data)
        self._first = []
        if not self._atlas_uploaded and self._atlas is not None:
            self._upload_atlas(rhi, batch, self._atlas)
        frame, size = self._frame, self.renderTarget().pixelSize()
        uniform = np.zeros(UNIFORM_BYTES // 4, np.float32)
        uniform[:16] = rhi.clipSpaceCorrMatrix().data()
        uniform[16:18] = frame.centre_x, frame.centre_y
        uniform[18:20] = frame.width, frame.height
        uniform[20:22] = frame.scale, frame.fade
        batch.updateDynamicBuffer(self._uniform, 0, uniform.tobytes())
        self._size = (float(size.width()), float(size.height()))
        for name, layer in self._layers.items():
            table: Records = getattr(self._scene, name)
            if table is not layer.uploaded:
                self._upload_layer(rhi, batch, layer, table)

    def _upload_atlas(self, rhi: QRhi, batch: QRhiResourceUpdateBatch, atlas: QImage) -> None:
        if self._texture is None or self._texture.pixelSize() != atlas.size():
            self._make_texture(rhi, atlas.size())
            self._sprite_pipe.setShaderResourceBindings(self._bound)
        if self._texture is not None:
            batch.uploadTexture(self._texture, atlas)
            batch.generateMips(self._texture)
        self._atlas_uploaded = True

    def _upload_layer(
        self, rhi: QRhi, batch: QRhiResourceUpdateBatch, layer: _Layer, table: Records
    ) -> None:
        if table.nbytes > layer.capacity:
            layer.capacity = max(4_096, int(table.nbytes * 1.5))
            layer.buffer = rhi.newBuffer(QRhiBuffer.Type.Static, _Vertex, layer.capacity)
            layer.buffer.create()
        if table.nbytes and layer.buffer is not None:
            batch.uploadStaticBuffer(layer.buffer, 0, table.tobytes())
        layer.uploaded = table

    def _draw(self, cb: QRhiCommandBuffer) -> None:
        viewport = QRhiViewport(0, 0, *self._size)
        plan = (
            ("fills", self._fill_pipe, self._bound_plain),
            ("lines", self._line_pipe, self._bound_plain),
            ("sprites", self._sprite_pipe, self._bound),
            ("over_lines", self._line_pipe, self._bound_plain),
            ("over_sprites", self._sprite_pipe, self._bound),
        )
        for name, pipe, bound in plan:
            layer = self._layers[name]
            if layer.uploaded is None or not len(layer.uploaded) or layer.buffer is None:
                continue
            cb.setGraphicsPipeline(pipe)
            cb.setViewport(viewport)
            cb.setShaderResources(bound)
            if name == "fills":
                cb.setVertexInput(0, [(layer.buffer, 0)])
                cb.draw(len(layer.uploaded))
            else:
                cb.setVertexInput(0, [(self._corners, 0), (layer.buffer, 0)])
                cb.draw(4, len(layer.uploaded))

    def _complain(self, error: Exception) -> None:
        text = repr(error)
        if text != self._failed:
            self._failed = text
            log.error("the map overlay could not be drawn: %s", text, exc_info=error)


def _shader(name: str) -> QShader:
    shader = QShader.fromSerialized((SHADERS / f"{name}.qsb").read_bytes())
    if not shader.isValid():
        raise RuntimeError(f"the shader {name} cannot be read")
    return shader


def _premultiplied() -> QRhiGraphicsPipeline.TargetBlend:
    blend = QRhiGraphicsPipeline.TargetBlend()
    factor = QRhiGraphicsPipeline.BlendFactor
    blend.enable = True
    blend.srcColor = blend.srcAlpha = factor.One
    blend.dstColor = blend.dstAlpha = factor.OneMinusSrcAlpha
    return blend
