"""The GPU overlay: one QQuickRhiItem that draws fills, lines and sprites over the base map.

All state lives on the CPU (a ``Scene``), so a lost device is rebuilt by initializing anew. The
renderer runs on the GUI thread with the basic render loop. An error while drawing is logged once
and the frame left out; a resource batch is never leaked (64 leaked ones would end the item).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QColor,
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
    QRhiTextureSubresourceUploadDescription,
    QRhiTextureUploadDescription,
    QRhiTextureUploadEntry,
    QRhiVertexInputAttribute,
    QRhiVertexInputBinding,
    QRhiVertexInputLayout,
    QRhiViewport,
    QShader,
)
from PySide6.QtQuick import QQuickItem, QQuickRhiItem, QQuickRhiItemRenderer

from layers.render import heat_pass
from layers.render.atlas import Atlas
from layers.render.scene import FILL, LAYERS, LINE, SPRITE, Frame, Records, Scene

log = logging.getLogger(__name__)
SHADERS = Path(__file__).resolve().parent.parent.parent / "resources" / "shaders"
UNIFORM_BYTES = 112
WHOLE_ATLAS_FROM = 200
"""From so many new pictures on one upload of the whole atlas costs less than one for each."""
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]], np.float32)
_Float = QRhiVertexInputAttribute.Format.Float
_Float2 = QRhiVertexInputAttribute.Format.Float2
_Float4 = QRhiVertexInputAttribute.Format.Float4
_Vertex = QRhiBuffer.UsageFlag.VertexBuffer
_Attribute = tuple[int, QRhiVertexInputAttribute.Format, int]


@dataclass(slots=True)
class _Layer:
    """One table on the GPU; ``uploaded`` is the table that the buffer holds."""

    buffer: QRhiBuffer | None = None
    capacity: int = 0
    uploaded: Records | None = None


class FeatureOverlay(QQuickRhiItem):
    """Shows a scene through a frame; both are set from the GUI thread.

    ``on_drawn`` is called after every frame with the seconds spent in Python, for benchmarks.
    """

    def __init__(self, atlas: Atlas, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setAlphaBlending(True)
        self.scene = Scene()
        self.frame = Frame()
        self.atlas = atlas
        self.on_drawn: Callable[[float], None] | None = None
        self._renderer: OverlayRenderer | None = None

    def show_scene(self, scene: Scene) -> None:
        """Draw this from the next frame on."""
        self.scene = scene
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Look this way from the next frame on."""
        if frame != self.frame:
            self.frame = frame
            self.update()

    def createRenderer(self) -> QQuickRhiItemRenderer:
        """Make the renderer; Qt owns it, and our reference keeps its Python half alive."""
        self._renderer = OverlayRenderer(self.atlas)
        return self._renderer


class OverlayRenderer(QQuickRhiItemRenderer):
    """Draws the newest scene; see the module's docstring."""

    def __init__(self, atlas: Atlas) -> None:
        super().__init__()
        self._rhi: QRhi | None = None
        self._scene = Scene()
        self._frame = Frame()
        self._atlas = atlas
        self._ratio = 1.0
        self._failed = ""
        self._on_drawn: Callable[[float], None] | None = None

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
            self._on_drawn = item.on_drawn
            window = item.window()
            self._ratio = window.effectiveDevicePixelRatio() if window is not None else 1.0

    def render(self, cb: QRhiCommandBuffer) -> None:
        """Upload what changed and draw."""
        started = perf_counter()
        rhi = self._rhi
        if rhi is None:
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
        if self._on_drawn is not None:
            self._on_drawn(perf_counter() - started)

    # -- building -------------------------------------------------------------
    def _build(self, rhi: QRhi) -> None:
        self._layers = {name: _Layer() for name in LAYERS}
        self._atlas_epoch = 0
        self._pictures = 0
        self._corners = rhi.newBuffer(QRhiBuffer.Type.Immutable, _Vertex, _CORNERS.nbytes)
        self._corners.create()
        self._first = [(self._corners, _CORNERS.tobytes())]
        self._uniform = rhi.newBuffer(
            QRhiBuffer.Type.Dynamic, QRhiBuffer.UsageFlag.UniformBuffer, UNIFORM_BYTES
        )
        self._uniform.create()
        linear = QRhiSampler.Filter.Linear
        edge = QRhiSampler.AddressMode.ClampToEdge
        self._sampler = rhi.newSampler(linear, linear, QRhiSampler.Filter.None_, edge, edge)
        self._sampler.create()
        self._make_texture(rhi, QSize(self._atlas.side, self._atlas.side))
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
            "line",
            quad,
            LINE,
            [(1, _Float4, 0), (2, _Float4, 16), (3, _Float4, 32), (4, _Float4, 48)],
            self._bound_plain,
            corners=True,
        )
        self._fill_pipe = self._pipeline(
            rhi,
            "fill",
            "fill",
            QRhiGraphicsPipeline.Topology.Triangles,
            FILL,
            [(0, _Float2, 0), (1, _Float4, 8), (2, _Float, 24)],
            self._bound_plain,
            corners=False,
        )
        self._heat = heat_pass.HeatPass(rhi, self._uniform, self._sampler)
        self._heat.pipe = self._pipeline(
            rhi,
            "heat",
            "heat",
            quad,
            heat_pass.FLOATS,
            [(0, _Float2, 0), (1, _Float2, 8)],
            self._heat.bound,
            corners=False,
        )

    def _make_texture(self, rhi: QRhi, size: QSize) -> None:
        self._texture = rhi.newTexture(QRhiTexture.Format.RGBA8, size)
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
        self._upload_atlas(batch)
        frame, size = self._frame, self.renderTarget().pixelSize()
        uniform = np.empty(UNIFORM_BYTES // 4, np.float32)
        uniform[:16] = rhi.clipSpaceCorrMatrix().data()
        uniform[16:] = frame.uniform(self._scene.origin, self._ratio)
        batch.updateDynamicBuffer(self._uniform, 0, uniform.tobytes())
        self._size = (float(size.width()), float(size.height()))
        self._heat.upload(rhi, batch, self._scene.heat, self._scene.origin)
        for name, layer in self._layers.items():
            table: Records = getattr(self._scene, name)
            if table is not layer.uploaded:
                self._upload_layer(rhi, batch, layer, table)

    def _upload_atlas(self, batch: QRhiResourceUpdateBatch) -> None:
        atlas = self._atlas
        new = atlas.rects[self._pictures :]
        if self._atlas_epoch != atlas.epoch or len(new) >= WHOLE_ATLAS_FROM:
            batch.uploadTexture(self._texture, atlas.image)
        elif new:
            entries = []
            for rect in new:
                part = QRhiTextureSubresourceUploadDescription(atlas.image.copy(rect))
                part.setDestinationTopLeft(rect.topLeft())
                entries.append(QRhiTextureUploadEntry(0, 0, part))
            pictures = QRhiTextureUploadDescription()
            pictures.setEntries(entries)
            batch.uploadTexture(self._texture, pictures)
        self._atlas_epoch, self._pictures = atlas.epoch, len(atlas.rects)

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
        self._heat.draw(cb, viewport)
        pipes = {
            "fills": (self._fill_pipe, self._bound_plain),
            "lines": (self._line_pipe, self._bound_plain),
            "sprites": (self._sprite_pipe, self._bound),
        }
        for name in LAYERS:
            kind = name.removeprefix("over_")
            pipe, bound = pipes[kind]
            layer = self._layers[name]
            if layer.uploaded is None or not len(layer.uploaded) or layer.buffer is None:
                continue
            cb.setGraphicsPipeline(pipe)
            cb.setViewport(viewport)
            cb.setShaderResources(bound)
            if kind == "fills":
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
    blend = QRhiGraphicsPipeline.TargetBlend()  # its factors are those of premultiplied colours
    blend.enable = True
    return blend
