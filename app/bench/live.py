"""P8: from a reading sent to the hub until it is on the map; P13: the console's memory then.

A real hub process, a real sender process, a real console with one duty desk in this process. The
clock runs from the sender's own time in the reading, so HTTP, disk, feed, fold, clustering, upload
and frame are all inside; a reading counts as painted with the first frame that was swapped after
marks had been made from a store that held it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.bootstrap import build_application  # first: it settles the environment for Qt

# isort: split
from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickView
from PySide6.QtWidgets import QApplication

from app.bench.hub import ROOT, running_hub
from app.bench.rows import Row, percentile
from app.console import Console
from app.options import ConsoleOptions
from app.windows.desk import DeskWindow
from services.access.tokens import TokenFile
from services.domain.world import Delta
from services.ingest.http_client import HubClient
from widgets.theme import Theme

CAMERAS, SENSORS, RATE = 25_000, 10_000, 1_000
WARM_S, MEASURED_S = 8.0, 25.0
READY_LIMIT_S = 60.0
CLOSE = 15.3
"""Some thousand things by themselves, so that a reading changes what is seen."""


def rows() -> list[Row]:
    """Measure and return the rows; about a minute."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        with running_hub(data) as url:
            tokens = TokenFile(data / "tokens.toml")
            _fill(url, tokens.token_of("source"))
            return _measure(url, tokens, data)


def _fill(url: str, token: str) -> None:
    """The features, spread over the district."""
    kinds = [("camera", i) for i in range(CAMERAS)] + [("level_sensor", i) for i in range(SENSORS)]
    with HubClient(url, token) as hub:
        for start in range(0, len(kinds), 1_000):
            result = hub.ingest(
                [
                    {
                        "type": "entity",
                        "id": f"63010200081326{i:06}" if kind == "camera" else f"{kind}:{i:05}",
                        "kind": kind,
                        "name": f"{kind} {i}",
                        "lon": 101.78 + (i * 7_919 % 10_007) / 10_007 * 0.12,
                        "lat": 36.54 + (i * 104_729 % 9_973) / 9_973 * 0.1,
                        "attrs": {"category": "street"} if kind == "camera" else {},
                    }
                    for kind, i in kinds[start : start + 1_000]
                ]
            )
            if result.refused:
                raise RuntimeError(f"the bench's own features were refused: {result.refused[0]}")


class _Painted(QObject):
    """Follows readings from the read model to the swapped frame, or to the moment at which the map
    was found to look the same with them."""

    def __init__(self, console: Console, desk: DeskWindow) -> None:
        super().__init__(desk)
        self.ages_ms: list[float] = []
        self.measuring = False
        self._in_store: list[tuple[int, float]] = []
        self._in_scene: list[float] = []
        console.live.model.changed.connect(self._changed)
        self._store = desk.map.store
        # Connected after the stage itself, so these marks are in the scene of the next frame.
        self._keeper = desk.map.stage._keeper
        self._keeper.ready.connect(self._drawn)
        self._stage = desk.map.stage
        self._shown: object = None
        self._awaits_frame = False
        self.frames = 0
        for view in QApplication.allWindows():
            if isinstance(view, QQuickView):
                view.frameSwapped.connect(self._swapped)

    def _changed(self, delta: Delta) -> None:
        version = self._store.version
        self._in_store += [
            (version, e.observed_at)
            for e in delta.entities.values()
            if e is not None and e.kind == "level_sensor" and e.observed_at is not None
        ]

    def _drawn(self) -> None:
        index = self._keeper.index
        assert index is not None
        self._in_scene += [sent for version, sent in self._in_store if version <= index.version]
        self._in_store = [waits for waits in self._in_store if waits[0] > index.version]
        scene, self._shown = self._shown, self._stage._scene
        if scene is self._shown and not self._awaits_frame:
            self._count()
        self._awaits_frame = self._awaits_frame or scene is not self._shown

    def _swapped(self) -> None:
        self._awaits_frame, self._shown = False, self._stage._scene
        self.frames += self.measuring
        self._count()

    def _count(self) -> None:
        now = time.time()
        if self.measuring:
            self.ages_ms += [(now - sent) * 1_000 for sent in self._in_scene]
        self._in_scene = []


def _measure(url: str, tokens: TokenFile, data: Path) -> list[Row]:
    application = build_application("zh")
    theme = Theme.load()
    theme.apply(application)
    console = Console(
        ConsoleOptions(
            hub_url=url, token=tokens.token_of("duty1"), user="duty1", seat="bench", data_dir=data
        ),
        application,
        theme,
    )
    sender = None
    try:
        console.start()
        desk = console.windows["desk"]
        assert isinstance(desk, DeskWindow)
        desk.map.set_view(101.84, 36.6, CLOSE)
        desk.map.set_clustered(False)
        painted = _Painted(console, desk)
        seconds = str(WARM_S + MEASURED_S)
        words = (url, tokens.token_of("source"), str(SENSORS), str(RATE), seconds)
        sender = subprocess.Popen(
            [sys.executable, "-m", "app.bench.reading_sender", *words], cwd=ROOT
        )
        _run(application, WARM_S)
        painted.measuring = True
        _run(application, MEASURED_S)
        sender.wait(READY_LIMIT_S)
        memory = _resident_mb()
    finally:
        if sender is not None and sender.poll() is None:
            sender.kill()
            sender.wait()
        console.close()
        application.shutdown()
    p99 = percentile(painted.ages_ms, 99)
    size = CAMERAS + SENSORS
    return [
        Row.at_most(
            "P8",
            f"reading sent → painted, p99, {RATE}/s ({len(painted.ages_ms)} readings)",
            size,
            p99,
            "ms",
            250.0,
        ),
        Row(
            figure="P8",
            name="reading sent → painted, median",
            size=size,
            value=percentile(painted.ages_ms, 50),
            unit="ms",
        ),
        Row(
            figure="P8",
            name="frames that the readings made meanwhile",
            size=size,
            value=painted.frames,
            unit="frames",
        ),
        Row.at_most("P13", "memory of a console with one duty desk", size, memory, "MB", 600.0),
    ]


def _run(application: QApplication, seconds: float) -> None:
    QTimer.singleShot(round(seconds * 1_000), application, lambda: application.exit(0))
    application.exec()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4_096 / 1_000_000
