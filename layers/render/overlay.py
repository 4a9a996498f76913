"""The GPU overlay: one item that draws fills, lines and sprites over the base map with QRhi.

All state lives on the CPU (a ``Scene``), so a lost device is rebuilt by initializing anew. The
renderer runs on the GUI thread with the basic render loop. An error while drawing is logged once
and the frame left out; a resource batch is never leaked (64 leaked ones would end the item).
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import (
    QMatrix4x4,
    QRhi,
    QRhiBuffer,
    QRhiCommandBuffer,
    QRhiRenderPassDescriptor,
    QRhiRenderTarget,
    QRhiResourceUpdateBatch,
    QRhiSampler,
    QRhiShaderResourceBinding,
    QRhiTexture,
    QRhiTextureSubresourceUploadDescription,
    QRhiTextureUploadDescription,
    QRhiTextureUploadEntry,
    QRhiViewport,
)
from PySide6.QtQuick import QQuickItem, QQuickWindow, QSGNode, QSGRenderNode

from layers.render import heat_pass
from layers.render.atlas import Atlas
from layers.render.device import DeviceParts
from layers.render.dirty import Uploads, dirty_ranges
from layers.render.painted_overlay import PaintedOverlay, is_painted
from layers.render.pipelines import pipeline
from layers.render.scene import LAYERS, Frame, Records, Scene

log = logging.getLogger(__name__)
UNIFORM_BYTES = 112
WHOLE_ATLAS_FROM = 200
"""From so many new pictures on one upload of the whole atlas costs less than one for each."""
_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]], np.float32)
_Vertex = QRhiBuffer.UsageFlag.VertexBuffer


@dataclass(slots=True)
class _Layer:
    """One table on the GPU; ``uploaded`` is the table that the buffer holds."""

    buffer: QRhiBuffer | None = None
    capacity: int = 0
    uploaded: Records | None = None


class FeatureOverlay(QQuickItem):
    """Shows a scene through a frame; both are set from the GUI thread.

    ``on_drawn`` is called after every frame with the seconds spent in Python, for benchmarks;
    ``uploads`` counts bytes.
    """

    def __init__(self, atlas: Atlas, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setFlag(QQuickItem.Flag.ItemHasContents, True)
        self.scene = Scene()
        self.frame = Frame()
        self.atlas = atlas
        self.on_drawn: Callable[[float], None] | None = None
        self.uploads = Uploads()
        self._node: OverlayNode | None = None
        self._painted = PaintedOverlay(atlas)
        self._window: QQuickWindow | None = None

    def show_scene(self, scene: Scene) -> None:
        """Draw this from the next frame on."""
        self.scene = scene
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Look this way from the next frame on."""
        if frame != self.frame:
            self.frame = frame
            self.update()

    def updatePaintNode(self, old: QSGNode, _data: QQuickItem.UpdatePaintNodeData) -> QSGNode:
        """Hand over what is shown now. Qt owns the node, and deletes it with the device; our
        reference keeps its Python half alive."""
        window = self.window()
        if self._window is not window:
            self._window = window
            window.sceneGraphInvalidated.connect(self.let_go)
        if is_painted(window):
            return self._painted.node(window, self.size().toSize(), self.scene, self.frame)
        if self._node is None or not old:
            self.let_go()  # Qt has deleted the node, and nothing that the node had made
            self._node = OverlayNode(OverlayRenderer(self.atlas))
        self._node.take(self)
        self._node.markDirty(QSGNode.DirtyStateBit.DirtyMaterial)
        return self._node

    def let_go(self) -> None:
        """Free what lives on the device: it goes, or the window does. What is on the device is
        shared by all windows, so it would outlive this one. Nothing is drawn, or made anew, until
        the node is asked for again."""
        if self._node is not None:
            self._node.leave()


class OverlayNode(QSGRenderNode):
    """The place of the overlay in the window's own render pass: above the base map, below what
    floats over it. A texture of its own costs a clear and a blend of every pixel of the window."""

    def __init__(self, renderer: OverlayRenderer) -> None:
        super().__init__()
        self.renderer = renderer
        self._window: QQuickWindow | None = None
        self._rect = QRectF()

    def take(self, item: FeatureOverlay) -> None:
        """What the item shows now."""
        self._window = item.window()
        self._rect = item.boundingRect()
        ratio = self._window.effectiveDevicePixelRatio() if self._window is not None else 1.0
        self.renderer.take(item, ratio)

    def leave(self) -> None:
        """Free what was made, and make nothing until the item is taken again. Qt may have deleted
        the node by now."""
        self._window = None
        self.renderer.release()

    def rect(self) -> QRectF:
        """The item's, in logical pixels."""
        return self._rect

    # QSGNode has another method of this name; the stub of QSGRenderNode hides it like this one.
    def flags(self) -> QSGRenderNode.RenderingFlag:  # type: ignore[override]
        """Nothing is drawn outside the item, and with nothing but QRhi."""
        bounded = QSGRenderNode.RenderingFlag.BoundedRectRendering
        return bounded | QSGRenderNode.RenderingFlag.NoExternalRendering

    def changedStates(self) -> QSGRenderNode.StateFlag:
        """The viewport is set anew."""
        return QSGRenderNode.StateFlag.ViewportState

    def prepare(self) -> None:
        """Upload what changed."""
        if self._window is not None:
            projection = self.projectionMatrix() * self.matrix()
            self.renderer.prepare(
                self._window.rhi(), self.renderTarget(), self.commandBuffer(), projection
            )

    def render(self, _state: QSGRenderNode.RenderState) -> None:
        """Draw into the pass that is under way."""
        self.renderer.render(self.commandBuffer())

    def releaseResources(self) -> None:
        """The device goes, and with it what was made on it."""
        self.renderer.release()


class OverlayRenderer:
    """Draws the newest scene; see the module's docstring."""

    def __init__(self, atlas: Atlas) -> None:
        self._built = False
        self._ready = False
        self._layers: dict[str, _Layer] = {}
        self._first: list[tuple[QRhiBuffer, bytes]] = []
        self._parts = DeviceParts()
        self._heat: heat_pass.HeatPass | None = None
        self._scene = Scene()
        self._frame = Frame()
        self._atlas = atlas
        self._ratio = 1.0
        self._failed = ""
        self._started = 0.0
        self._on_drawn: Callable[[float], None] | None = None
        self._uploads = Uploads()

    def take(self, item: FeatureOverlay, ratio: float) -> None:
        """What to draw from the next frame on."""
        self._scene, self._frame = item.scene, item.frame
        self._on_drawn = item.on_drawn
        self._uploads = item.uploads
        self._ratio = ratio

    def prepare(
        self, rhi: QRhi, target: QRhiRenderTarget, cb: QRhiCommandBuffer, projection: QMatrix4x4
    ) -> None:
        """Before the pass: build what is missing, upload what changed. ``projection`` takes
        logical pixels of the item to the target."""
        self._started = perf_counter()
        self._ready = False
        batch = None
        try:
            if not self._built:
                self._build(rhi, target.renderPassDescriptor())
                self._built = True
            batch = rhi.nextResourceUpdateBatch()
            self._upload(rhi, batch, target.pixelSize(), projection)
        except Exception as error:
            if batch is not None:
                batch.release()
            if not self._built:
                self.release()  # or every further frame would leave as much behind
            self._complain(error)
            return
        cb.resourceUpdate(batch)
        self._ready = True

    def render(self, cb: QRhiCommandBuffer) -> None:
        """Within the pass: draw what was prepared."""
        if not self._ready:
            return
        try:
            self._draw(cb)
        except Exception as error:
            self._complain(error)
        if self._on_drawn is not None:
            self._on_drawn(perf_counter() - self._started)

    def release(self) -> None:
        """Free what lives on the device; the next frame builds anew."""
        self._built = self._ready = False
        self._parts.drop_all()
        self._heat = None
        self._layers.clear()
        self._first.clear()

    # -- building -------------------------------------------------------------
    def _build(self, rhi: QRhi, passes: QRhiRenderPassDescriptor) -> None:
        self._layers = {name: _Layer() for name in LAYERS}
        self._atlas_epoch = 0
        self._pictures = 0
        keep = self._parts.keep
        self._corners = keep(rhi.newBuffer(QRhiBuffer.Type.Immutable, _Vertex, _CORNERS.nbytes))
        self._corners.create()
        self._first = [(self._corners, _CORNERS.tobytes())]
        uniforms = QRhiBuffer.UsageFlag.UniformBuffer
        self._uniform = keep(rhi.newBuffer(QRhiBuffer.Type.Dynamic, uniforms, UNIFORM_BYTES))
        self._uniform.create()
        linear = QRhiSampler.Filter.Linear
        edge = QRhiSampler.AddressMode.ClampToEdge
        self._sampler = keep(rhi.newSampler(linear, linear, QRhiSampler.Filter.None_, edge, edge))
        self._sampler.create()
        self._make_texture(rhi, QSize(self._atlas.side, self._atlas.side))
        self._sprite_pipe = pipeline(rhi, self._parts, "sprite", self._bound, passes)
        self._line_pipe = pipeline(rhi, self._parts, "line", self._bound_plain, passes)
        self._fill_pipe = pipeline(rhi, self._parts, "fill", self._bound_plain, passes)
        self._heat = heat_pass.HeatPass(rhi, self._parts, self._uniform, self._sampler)
        self._heat.pipe = pipeline(rhi, self._parts, "heat", self._heat.bound, passes)

    def _make_texture(self, rhi: QRhi, size: QSize) -> None:
        keep = self._parts.keep
        self._texture = keep(rhi.newTexture(QRhiTexture.Format.RGBA8, size))
        self._texture.create()
        stage = QRhiShaderResourceBinding.StageFlag
        both = stage.VertexStage | stage.FragmentStage
        frame = QRhiShaderResourceBinding.uniformBuffer(0, both, self._uniform)
        picture = QRhiShaderResourceBinding.sampledTexture(
            1, stage.FragmentStage, self._texture, self._sampler
        )
        self._bound = keep(rhi.newShaderResourceBindings())
        self._bound.setBindings([frame, picture])
        self._bound.create()
        self._bound_plain = keep(rhi.newShaderResourceBindings())
        self._bound_plain.setBindings([frame])
        self._bound_plain.create()

    # -- every frame ------------------------------------------------------------
    def _upload(
        self,
        rhi: QRhi,
        batch: QRhiResourceUpdateBatch,
        size: QSize,
        projection: QMatrix4x4,
    ) -> None:
        for buffer, data in self._first:
            batch.uploadStaticBuffer(buffer, 0, data)
        self._first = []
        self._upload_atlas(batch)
        frame = self._frame
        uniform = np.empty(UNIFORM_BYTES // 4, np.float32)
        uniform[:16] = (projection * _from_unit(frame.width, frame.height)).data()
        uniform[16:] = frame.uniform(self._scene.origin, self._ratio)
        batch.updateDynamicBuffer(self._uniform, 0, uniform.tobytes())
        self._size = (float(size.width()), float(size.height()))
        if self._heat is not None:
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
        held = layer.uploaded
        if table.nbytes > layer.capacity:
            if layer.buffer is not None:
                self._parts.drop(layer.buffer)
                layer.buffer = None
            size = max(4_096, int(table.nbytes * 1.5))
            layer.buffer = self._parts.keep(rhi.newBuffer(QRhiBuffer.Type.Static, _Vertex, size))
            layer.buffer.create()
            layer.capacity = size
            held = None
        if table.nbytes and layer.buffer is not None:
            ranges, dirty = dirty_ranges(table[:0] if held is None else held, table)
            size = table.nbytes // len(table)
            for first, last in ranges:
                data = table[first:last].tobytes()
                batch.uploadStaticBuffer(layer.buffer, first * size, data)
                self._uploads.sent += len(data)
            self._uploads.dirty += dirty * size
            self._uploads.calls += len(ranges)
        layer.uploaded = table

    def _draw(self, cb: QRhiCommandBuffer) -> None:
        viewport = QRhiViewport(0, 0, *self._size)
        if self._heat is not None:
            self._heat.draw(cb, viewport)
        pipes = {
            "fills": (self._fill_pipe, self._bound_plain),
            "lines": (self._line_pipe, self._bound_plain),
            "sprites": (self._sprite_pipe, self._bound),
        }
        for name, kind in LAYERS.items():
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
            # Words, not the trace itself: who keeps records would keep its frames, and with them
            # what stands for things of a device that is gone by then.
            trace = "".join(traceback.format_exception(error)).rstrip()
            log.error("the map overlay could not be drawn: %s\n%s", text, trace)


def _from_unit(width: float, height: float) -> QMatrix4x4:
    """From the shaders' -1..1, upwards, to logical pixels, downwards."""
    matrix = QMatrix4x4()
    matrix.scale(width / 2, -height / 2)
    matrix.translate(1.0, -1.0)
    return matrix
