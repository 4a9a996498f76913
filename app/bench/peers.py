"""What ``onemap bench render`` is compared with: pyqtgraph here, QGIS where it is installed."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyqtgraph

from app.bench import looks, points, qgis_peer
from app.bench.looks import HEIGHT, WIDTH, Box

Samples = list[float]
PYQTGRAPH = "pyqtgraph ScatterPlotItem"
QGIS = "QGIS {0}"
SYSTEM_PYTHON = "/usr/bin/python3"
QGIS_LIMIT_S = 600.0
LOOKS = 12
"""So many looks, spread over all, are measured of a peer that takes a second for one."""
SLOW_FROM = {"pyqtgraph": 500_000, "qgis": 48_000, "clustered": 10_000}
"""Numbers of points from which a peer is that slow."""


def pyqtgraph_frames(size: int, home: Box, settle: Callable[[], None]) -> Samples:
    """Milliseconds for each look, painted into a widget of the same size. GUI thread."""
    lon, lat = points.lonlat(size)
    plot = pyqtgraph.PlotWidget()
    plot.resize(WIDTH, HEIGHT)
    plot.addItem(pyqtgraph.ScatterPlotItem(x=lon, y=lat, size=14, pen=None, brush="w"))
    plot.show()
    box = plot.getViewBox()
    samples: Samples = []
    try:
        settle()
        for west, south, east, north in _looks(home, size, "pyqtgraph"):
            started = time.perf_counter()
            box.setRange(xRange=(west, east), yRange=(south, north), padding=0)
            plot.viewport().repaint()
            samples.append((time.perf_counter() - started) * 1e3)
    finally:
        plot.close()
        plot.deleteLater()
        settle()
    return samples


def qgis_version() -> str:
    """Of the system's QGIS, "" where there is none."""
    try:
        result = subprocess.run(
            [SYSTEM_PYTHON, "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION)"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return ""
    return result.stdout.split("-")[0].strip() if result.returncode == 0 else ""


def qgis_frames(size: int, home: Box, *, clustered: bool) -> Samples:
    """Milliseconds for each look, without a base map. RuntimeError where QGIS fails."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "points.bin"
        looks.write(path, size)
        wish = {
            "points": str(path),
            "count": size,
            "clustered": clustered,
            "steps": _looks(home, size, "clustered" if clustered else "qgis"),
            "width": WIDTH,
            "height": HEIGHT,
        }
        result = subprocess.run(
            [SYSTEM_PYTHON, str(qgis_peer.__file__)],
            input=json.dumps(wish),
            capture_output=True,
            text=True,
            timeout=QGIS_LIMIT_S,
            check=False,
        )
    if result.returncode:
        raise RuntimeError(f"QGIS ended with {result.returncode}: {result.stderr[-500:]}")
    samples: Samples = json.loads(result.stdout.splitlines()[-1])
    return samples


def _looks(home: Box, size: int, peer: str) -> list[Box]:
    every = looks.boxes(home, size)
    return every[:: max(1, len(every) // LOOKS)] if size >= SLOW_FROM[peer] else every
