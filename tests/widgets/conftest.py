"""A theme, a catalogue and a clock for the panels."""

from __future__ import annotations

import pytest

from services.domain.clock import ManualClock
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from widgets.theme import Theme


@pytest.fixture(scope="session")
def theme() -> Theme:
    return Theme.load()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_784_095_532.0)  # 2026-07-15 14:05:32 in Beijing
