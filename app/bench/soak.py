"""``onemap bench soak``: what a desk's and a wall's memory does over an hour of work (P13).

A real hub, the simulator and a console in this process whose maps are moved, whose things are
chosen and whose help window comes and goes all the while. Growth is the slope of a line through the
memory after the first third; over a shorter time it says little. GUI thread.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from app.bootstrap import build_application  # first: it settles the environment for Qt

# isort: split
import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.bench.hub import END_LIMIT_S, ROOT, running_hub
from app.bench.rows import Row
from app.collector import GuiCollector
from app.console import Console
from app.memory import give_large_blocks_back
from app.options import ConsoleOptions
from app.windows.desk import DeskWindow
from services.access.tokens import TokenFile
from widgets.theme import Theme

MINUTES = 60
SAMPLE_S = 10
STEP_MS = 400
CHOOSE_EVERY, HELP_EVERY, WALL_EVERY = 25, 300, 900
"""Steps between choosing another thing, opening or closing the help, and the wall."""


def rows(minutes: int = MINUTES) -> list[Row]:
    """Measure for so many minutes."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        with running_hub(data) as url:
            words = ["sim", "--data", str(data), "--hub", url, "--demo-officer", "--child"]
            command = [sys.executable, str(ROOT / "main.py"), *words]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
            ) as city:
                assert city.stdin is not None
                try:
                    samples, things = _work(url, data, minutes)
                finally:
                    city.stdin.close()
                    city.wait(END_LIMIT_S)
    return _rows(samples, things, minutes)


def growth_mb_per_hour(samples_mb: list[float], every_s: float) -> float:
    """The slope of a line through what comes after the first third. ValueError below 6 samples."""
    if len(samples_mb) < 6:
        raise ValueError("too short to speak of growth")
    late = np.array(samples_mb[len(samples_mb) // 3 :])
    hours = np.arange(len(late)) * every_s / 3_600
    return float(np.polyfit(hours, late, 1)[0])


def _rows(samples: list[float], things: int, minutes: int) -> list[Row]:
    growth = growth_mb_per_hour(samples, SAMPLE_S)
    return [
        Row(
            figure="P13",
            name="memory of desk and wall at the end",
            size=things,
            value=round(samples[-1]),
            unit="MB",
        ),
        Row(figure="P13", name="most memory", size=things, value=round(max(samples)), unit="MB"),
        Row(
            figure="P13",
            name=f"growth after {minutes // 3} of {minutes} min",
            size=things,
            value=round(growth, 2),
            unit="MB/h",
            target="≤ 1 MB/h after the first hour",
            ok=growth <= 1.0 if minutes >= MINUTES else None,
        ),
    ]


def _work(url: str, data: Path, minutes: int) -> tuple[list[float], int]:
    """Memory in MB every ten seconds, and how many things there were."""
    give_large_blocks_back()
    application = build_application("zh")
    theme = Theme.load()
    theme.apply(application)
    options = ConsoleOptions(
        hub_url=url,
        token=TokenFile(data / "tokens.toml").token_of("duty1"),
        user="duty1",
        seat="bench",
        windows=("desk", "wall"),
        data_dir=data,
        idle_lock_s=None,
    )
    console = Console(options, application, theme)
    collector = GuiCollector()
    try:
        console.start()
        collector.start()
        hands = _Hands(console)
        QTimer.singleShot(minutes * 60_000, application, lambda: application.exit(0))
        application.exec()
        hands.stop()
        things = len(console.live.model.entities)
    finally:
        collector.stop()
        console.close()
        application.shutdown()
    return hands.samples, things


class _Hands(QObject):
    """Somebody who never rests."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.samples: list[float] = []
        self._console = console
        self._steps = 0
        self._random = np.random.default_rng(630102)
        self._step = QTimer(self)
        self._step.setInterval(STEP_MS)
        self._step.timeout.connect(self._move)
        self._step.start()
        self._sample = QTimer(self)
        self._sample.setInterval(SAMPLE_S * 1_000)
        self._sample.timeout.connect(self._note)
        self._sample.start()

    def stop(self) -> None:
        """Rest."""
        self._step.stop()
        self._sample.stop()

    def _move(self) -> None:
        self._steps += 1
        desk = self._console.windows.get("desk")
        if isinstance(desk, DeskWindow):
            if self._steps % 3:
                desk.map.pan(*self._random.uniform(-300, 300, 2).tolist())
            else:
                desk.map.zoom(float(self._random.uniform(-1.5, 1.5)), 600.0, 400.0)
            if self._steps % 40 == 0:
                desk.map.follow()
            if self._steps % CHOOSE_EVERY == 0:
                self._choose(desk)
        for name, every in (("help", HELP_EVERY), ("wall", WALL_EVERY)):
            if self._steps % every == 0:
                self._swap(name)

    def _choose(self, desk: DeskWindow) -> None:
        ids = list(self._console.live.model.entities)
        if ids:
            desk.map.feature_clicked.emit(ids[int(self._random.integers(len(ids)))])

    def _swap(self, name: str) -> None:
        if name in self._console.windows:
            self._console.close_window(name)
        else:
            self._console.open_window(name)

    def _note(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.samples.append(pages * 4_096 / 1_000_000)
