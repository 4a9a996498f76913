"""``onemap bench soak``: what a desk's and a wall's memory does over an hour of work (P13).

A real hub, the simulator and a console in this process whose maps are moved, whose things are
chosen and whose help window comes and goes all the while. Growth is the slope of the memory after
the first hour, or after half of a shorter time; what an open wall or help window needs is not
growth, so those times are compared with their like. GUI thread.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

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

MINUTES = 120
"""An hour to warm up, and one of which growth is said."""
SAMPLE_S = 10
STEP_MS = 400
CHOOSE_EVERY, HELP_EVERY, WALL_EVERY = 25, 300, 900
"""Steps between choosing another thing, opening or closing the help, and the wall."""


class Sample(NamedTuple):
    """What the process held, with which windows beside the desk."""

    megabytes: float
    windows: frozenset[str] = frozenset()


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


def growth_mb_per_hour(samples: list[Sample], every_s: float) -> float:
    """The slope of the memory after the warm-up, with a level of its own for each set of windows.

    ValueError where no set of windows was seen six times after it.
    """
    late = samples[warm_up(len(samples), every_s) :]
    often = {windows for windows, n in Counter(s.windows for s in late).items() if n >= 6}
    if not often:
        raise ValueError("too short to speak of growth")
    hours = np.arange(len(late)) * every_s / 3_600
    levels = [[s.windows == windows for s in late] for windows in sorted(often, key=sorted)]
    table = np.array([hours, *levels], float).T
    seen = table[:, 1:].any(axis=1)
    memory = np.array([s.megabytes for s in late])
    return float(np.linalg.lstsq(table[seen], memory[seen])[0][0])


def warm_up(samples: int, every_s: float) -> int:
    """How many samples are of the first hour, or of half of a shorter time."""
    return min(round(3_600 / every_s), samples // 2)


def _rows(samples: list[Sample], things: int, minutes: int) -> list[Row]:
    growth = growth_mb_per_hour(samples, SAMPLE_S)
    most = max(sample.megabytes for sample in samples)
    warm = warm_up(len(samples), SAMPLE_S) * SAMPLE_S // 60
    return [
        Row(
            figure="P13",
            name="memory of desk and wall at the end",
            size=things,
            value=round(samples[-1].megabytes),
            unit="MB",
        ),
        Row(figure="P13", name="most memory", size=things, value=round(most), unit="MB"),
        Row(
            figure="P13",
            name=f"growth after {warm} of {minutes} min",
            size=things,
            value=round(growth, 2),
            unit="MB/h",
            target="≤ 1 MB/h after the first hour",
            ok=growth <= 1.0 if minutes >= MINUTES else None,
        ),
    ]


def _work(url: str, data: Path, minutes: int) -> tuple[list[Sample], int]:
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
        self.samples: list[Sample] = []
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
        beside = frozenset(self._console.windows) - {"desk"}
        self.samples.append(Sample(pages * 4_096 / 1_000_000, beside))
