"""QGIS as a peer: the same points, the same looks at them, drawn by its map renderer.

Run as a script by the system's Python, which has ``python3-qgis``. Reads one JSON object (points as
raw float64 in a file, looks as boxes of degrees) and prints one JSON list of milliseconds. Nothing
of the product is imported, and nothing of QGIS where this is imported instead of run.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import time
from typing import Any


def layer_of(core: Any, path: str, count: int, *, clustered: bool) -> Any:
    """A memory layer of the points in a file: all longitudes, then all latitudes."""
    layer = core.QgsVectorLayer("Point?crs=EPSG:4326&index=yes", "points", "memory")
    with open(path, "rb") as file:
        lon = struct.unpack(f"{count}d", file.read(8 * count))
        lat = struct.unpack(f"{count}d", file.read(8 * count))
    found = []
    for x, y in zip(lon, lat, strict=True):
        feature = core.QgsFeature()
        feature.setGeometry(core.QgsGeometry.fromPointXY(core.QgsPointXY(x, y)))
        found.append(feature)
    layer.dataProvider().addFeatures(found)
    layer.updateExtents()
    look = {"name": "circle", "size": "14", "size_unit": "Pixel", "outline_style": "no"}
    single = core.QgsSingleSymbolRenderer(core.QgsMarkerSymbol.createSimple(look))
    if not clustered:
        layer.setRenderer(single)
        return layer
    renderer = core.QgsPointClusterRenderer()
    renderer.setEmbeddedRenderer(single)
    renderer.setClusterSymbol(core.QgsMarkerSymbol.createSimple({**look, "size": "30"}))
    renderer.setTolerance(12)  # millimetres: about what a cluster measures on the screen
    layer.setRenderer(renderer)
    return layer


def frames(core: Any, size: Any, layer: Any, looks: list[list[float]]) -> list[float]:
    """Milliseconds of each look at the layer."""
    settings = core.QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(size)
    settings.setDestinationCrs(layer.crs())
    found = []
    for box in looks:
        settings.setExtent(core.QgsRectangle(*box))
        started = time.perf_counter()
        job = core.QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        job.renderedImage()
        found.append((time.perf_counter() - started) * 1e3)
    return found


def main() -> None:
    """One measurement: see the module."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from qgis import core  # type: ignore[import-not-found]  # the system's Python has it
    from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]  # and this

    wish = json.load(sys.stdin)
    application = core.QgsApplication([], False)
    application.initQgis()
    layer = layer_of(core, wish["points"], wish["count"], clustered=wish["clustered"])
    found = frames(core, QSize(wish["width"], wish["height"]), layer, wish["steps"])
    del layer
    application.exitQgis()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
