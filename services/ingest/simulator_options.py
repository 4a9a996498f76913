"""How the simulated city is started; every field is one option of ``onemap sim``."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from services.demo.inventory import SEED


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorOptions:
    """``onemap sim [--hub URL] [--data DIR] [--seed N] [--speed X] [--no-scenes] [--demo-officer]``

    url: address of the hub, ``http://host:port`` or https. ca: ``--ca``, see ``services.tls``.
    token_source: token of an account with role ``ingest`` (account ``source``).
    token_reader: token of an account with role ``simulator`` (account ``simulator``): who sends
        does not read, so the district is seen with a token of its own.
    token_field: token of an account with role ``field`` (account ``field``).
    token_officer: token of account ``duty2``; empty: nobody dispatches but people
        (``--demo-officer`` fills it).
    seed: of the demo data and of everything that happens; ``--seed``.
    speed: simulated seconds per second for rhythm and scenes; ``--speed``, 0.1 … 60.
    time_scale: how much faster than 40 km/h the teams drive, and work; ``--team-speed``.
    scenes: whether the cloudburst comes; ``--no-scenes`` clears it.
    scene_delay_s, scene_period_s: first cloudburst after the start, and from one to the next.
    officer_delay_s: what the demo officer waits after a major alarm.
    child: end when standard input closes; ``--child``.
    stop_event: set it to end the run within a second.
    """

    url: str
    token_source: str
    token_reader: str
    token_field: str
    token_officer: str = ""
    ca: Path | None = None
    seed: int = SEED
    speed: float = 1.0
    time_scale: float = 6.0
    scenes: bool = True
    scene_delay_s: float = 15.0
    scene_period_s: float = 600.0
    officer_delay_s: float = 20.0
    child: bool = False
    stop_event: threading.Event = field(default_factory=threading.Event)
