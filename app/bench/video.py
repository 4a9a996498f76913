"""P12: from the click on a camera to its first picture on the screen.

The demo's own stream source runs beside it, so the figure holds the network of one machine. A
cold run is the first camera of a process whose stream nobody watches yet; a pre-warmed one finds
the player loaded and the stream on air. Needs a display.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.bench.rows import Row
from widgets.theme import Theme
from widgets.video.grid import VideoGrid
from widgets.video.pane import VideoPane

COLD_RUNS = 5
WARM_RUNS = 5
NINE = 9
LIMIT_MS = 30_000


def rows() -> list[Row]:
    """Measure and return the rows of P12; takes about half a minute."""
    with _source() as base:
        samples = [_in_own_process(base, f"cold-{number}") for number in range(COLD_RUNS)]
    cold = statistics.median(sample["cold"][0] for sample in samples)
    warm = statistics.median(value for sample in samples for value in sample["warm"])
    nine = statistics.median(sample["nine"][0] for sample in samples)
    return [
        Row.at_most("P12", "camera click to first picture, cold", COLD_RUNS, cold, "s", 1.5),
        Row.at_most(
            "P12",
            "camera click to first picture, pre-warmed",
            COLD_RUNS * WARM_RUNS,
            warm,
            "s",
            0.5,
        ),
        Row(
            figure="P12",
            name="nine cameras opened together to the last one's first picture",
            size=NINE,
            value=nine,
            unit="s",
        ),
    ]


@contextmanager
def _source() -> Iterator[str]:
    """Run the demo's stream source; yields its base address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.video.demo_streams", "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.stdin.close()
        process.wait(10)


def _in_own_process(base: str, prefix: str) -> dict[str, list[float]]:
    """Measure once in a fresh process, which alone can be cold."""
    done = subprocess.run(
        [sys.executable, "-m", "app.bench.video", base, prefix],
        stdout=subprocess.PIPE,
        text=True,
        timeout=180,
        check=True,
    )
    samples: dict[str, list[float]] = json.loads(done.stdout)
    return samples


def measure(base: str, prefix: str) -> dict[str, list[float]]:
    """Return seconds: ``cold`` once, ``warm`` of several openings, ``nine`` once."""
    application = QApplication(sys.argv[:1])
    theme = Theme.load()
    theme.apply(application)
    pane = VideoPane(theme)
    pane.resize(640, 386)
    pane.show()
    application.processEvents()
    address = f"{base}/live/{prefix}.ts"
    cold = _first_picture(pane, address)
    warm = []
    # Another viewer keeps the stream on air while the pane closes and opens.
    with httpx.stream("GET", address, timeout=10):
        for _ in range(WARM_RUNS):
            pane.close_stream()
            warm.append(_first_picture(pane, address))
    pane.close_stream()
    pane.close()
    return {"cold": [cold], "warm": warm, "nine": [_nine(theme, base, prefix)]}


def _first_picture(pane: VideoPane, address: str) -> float:
    begin = time.perf_counter()
    loop = QEventLoop()
    pane.picture_shown.connect(loop.quit)
    QTimer.singleShot(LIMIT_MS, loop.quit)
    pane.open("bench", "bench", address)
    loop.exec()
    pane.picture_shown.disconnect(loop.quit)
    pane.repaint()
    return time.perf_counter() - begin


def _nine(theme: Theme, base: str, prefix: str) -> float:
    grid = VideoGrid(theme)
    grid.resize(1280, 800)
    grid.set_layout(NINE)
    grid.show()
    loop = QEventLoop()
    waiting = set(range(NINE))

    def shown(place: int) -> None:
        waiting.discard(place)
        if not waiting:
            loop.quit()

    for place in range(NINE):
        grid.pane(place).picture_shown.connect(lambda place=place: shown(place))
    QTimer.singleShot(LIMIT_MS, loop.quit)
    begin = time.perf_counter()
    for place in range(NINE):
        grid.add(f"{prefix}-{place}", str(place), f"{base}/live/{prefix}-{place}.ts")
    loop.exec()
    took = time.perf_counter() - begin
    grid.close_all()
    grid.close()
    return took


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2])))
