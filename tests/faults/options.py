"""How many faults a run injects: ``--faults short|full``, ``--fault-seed``, ``--fault-count``.

``make test`` runs the short counts, ``make faults`` the full ones; a count of one fault can be
set by name, as in ``--fault-count kill=20``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

SHORT = {
    "kill": 3,
    "audit_kill": 2,
    "kernel_error": 1,
    "resume": 120,
    "same_command": 100,
    "lost_answer": 12,
    "duplicate_alarms": 2_000,
    "sessions": 40,
    "restarts": 1,
    "chaos": 1,
    "slow": 1,
    "clock": 6,
    "flips": 24,
    "fuzz": 8,
    "monitors": 8,
}
FULL = {
    "kill": 200,
    "audit_kill": 40,
    "kernel_error": 20,
    "resume": 10_000,
    "same_command": 100,
    "lost_answer": 100,
    "duplicate_alarms": 10_000,
    "sessions": 200,
    "restarts": 5,
    "chaos": 6,
    "slow": 3,
    "clock": 60,
    "flips": 1_000,
    "fuzz": 300,
    "monitors": 100,
}
SEED = 630102


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table at the end: what was injected, what was acked, what became of it."""

    fault: str
    injected: int
    acked: int
    lost: int
    twice: int
    note: str = ""


@dataclass(slots=True)
class Faults:
    """What a run was asked to inject, and what it found."""

    counts: dict[str, int]
    seed: int
    rows: list[Row] = field(default_factory=list)

    def count(self, name: str) -> int:
        """How often to inject a fault."""
        return self.counts[name]

    def chance(self, name: str) -> random.Random:
        """Chance of one fault's own, the same for the same seed whatever else runs."""
        return random.Random(f"{self.seed}/{name}")

    def found(self, row: Row) -> None:
        """Keep a line for the table; anything lost or done twice fails the test that found it."""
        self.rows.append(row)
        assert (row.lost, row.twice) == (0, 0), row


KEY = pytest.StashKey[Faults]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the fault tests."""
    group = parser.getgroup("faults", "injected faults")
    group.addoption("--faults", choices=("short", "full"), default="short", help="how many of each")
    group.addoption("--fault-seed", type=int, default=SEED, help="of all that happens by chance")
    group.addoption(
        "--fault-count", action="append", default=[], metavar="NAME=N", help="one fault's count"
    )


def chosen(config: pytest.Config) -> Faults:
    """The counts of this run; pytest.UsageError for a name that is none."""
    counts = dict(FULL if config.getoption("--faults") == "full" else SHORT)
    for text in config.getoption("--fault-count"):
        name, _, number = text.partition("=")
        if name not in counts or not number.isdecimal():
            raise pytest.UsageError(f"--fault-count {text}: one of {', '.join(counts)} and =N")
        counts[name] = int(number)
    return Faults(counts, config.getoption("--fault-seed"))


def table(faults: Faults) -> list[str]:
    """The rows as aligned text."""
    head = ("fault", "injected", "acked", "lost", "twice", "")
    rows = [
        (r.fault, f"{r.injected:,}", f"{r.acked:,}", str(r.lost), str(r.twice), r.note)
        for r in faults.rows
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(6)]
    return [
        "  ".join(
            cell.ljust(width) if i in (0, 5) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
