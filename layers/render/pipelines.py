"""Graphics pipelines of the overlay: shaders, vertex layouts, blending. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import (
    QRhi,
    QRhiGraphicsPipeline,
    QRhiRenderPassDescriptor,
    QRhiShaderResourceBindings,
    QRhiShaderStage,
    QRhiVertexInputAttribute,
    QRhiVertexInputBinding,
    QRhiVertexInputLayout,
    QShader,
)

from layers.render.device import DeviceParts
from layers.render.scene import FILL, HEAT, LINE, SPRITE

SHADERS = Path(__file__).resolve().parent.parent.parent / "resources" / "shaders"
_Float = QRhiVertexInputAttribute.Format.Float
_Float2 = QRhiVertexInputAttribute.Format.Float2
_Float4 = QRhiVertexInputAttribute.Format.Float4
_Attribute = tuple[int, QRhiVertexInputAttribute.Format, int]
_CORNER_BYTES = 8


@dataclass(frozen=True, slots=True)
class _Layout:
    """``floats`` of a record; ``attributes``: location, format, offset in bytes. ``instanced``
    records are drawn as a quad each; others are corners, of triangles or of one ``strip``."""

    floats: int
    attributes: tuple[_Attribute, ...]
    instanced: bool
    strip: bool = True


_LAYOUTS = {
    "sprite": _Layout(
        SPRITE, ((1, _Float2, 0), (2, _Float4, 8), (3, _Float4, 24), (4, _Float4, 40)), True
    ),
    "line": _Layout(
        LINE, ((1, _Float4, 0), (2, _Float4, 16), (3, _Float4, 32), (4, _Float4, 48)), True
    ),
    "heat": _Layout(HEAT, ((0, _Float2, 0), (1, _Float2, 8)), False),
    "fill": _Layout(FILL, ((0, _Float2, 0), (1, _Float4, 8), (2, _Float, 24)), False, strip=False),
}


def pipeline(
    rhi: QRhi,
    parts: DeviceParts,
    name: str,
    bound: QRhiShaderResourceBindings,
    passes: QRhiRenderPassDescriptor,
) -> QRhiGraphicsPipeline:
    """The pipeline of sprite, line, fill or heat, one of ``parts`` from now on. RuntimeError where
    the driver refuses it."""
    topology = QRhiGraphicsPipeline.Topology
    layout = _LAYOUTS[name]
    pipe = parts.keep(rhi.newGraphicsPipeline())
    pipe.setTopology(topology.TriangleStrip if layout.strip else topology.Triangles)
    pipe.setShaderStages(
        [
            QRhiShaderStage(QRhiShaderStage.Type.Vertex, _shader(f"{name}.vert")),
            QRhiShaderStage(QRhiShaderStage.Type.Fragment, _shader(f"{name}.frag")),
        ]
    )
    pipe.setVertexInputLayout(_inputs(layout))
    pipe.setTargetBlends([_premultiplied()])
    pipe.setShaderResourceBindings(bound)
    pipe.setRenderPassDescriptor(passes)
    if not pipe.create():
        raise RuntimeError(f"the pipeline {name} was refused by the graphics driver")
    return pipe


def _inputs(layout: _Layout) -> QRhiVertexInputLayout:
    record = QRhiVertexInputBinding(4 * layout.floats)
    inputs = QRhiVertexInputLayout()
    attributes = []
    if layout.instanced:
        per_instance = QRhiVertexInputBinding.Classification.PerInstance
        record = QRhiVertexInputBinding(4 * layout.floats, per_instance)
        inputs.setBindings([QRhiVertexInputBinding(_CORNER_BYTES), record])
        attributes.append(QRhiVertexInputAttribute(0, 0, _Float2, 0))
    else:
        inputs.setBindings([record])
    binding = 1 if layout.instanced else 0
    attributes += [
        QRhiVertexInputAttribute(binding, at, kind, offset)
        for at, kind, offset in layout.attributes
    ]
    inputs.setAttributes(attributes)
    return inputs


def _shader(name: str) -> QShader:
    shader = QShader.fromSerialized((SHADERS / f"{name}.qsb").read_bytes())
    if not shader.isValid():
        raise RuntimeError(f"the shader {name} cannot be read")
    return shader


def _premultiplied() -> QRhiGraphicsPipeline.TargetBlend:
    blend = QRhiGraphicsPipeline.TargetBlend()  # its factors are those of premultiplied colours
    blend.enable = True
    return blend
