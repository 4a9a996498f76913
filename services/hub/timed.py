"""Everything that happens by itself in this hub, one entry per sort. Built once, at the start."""

from __future__ import annotations

from services.hub.agenda import Timed
from services.hub.alarm_times import AlarmTimes
from services.packs.model import Catalogue


def timed_sorts(catalogue: Catalogue) -> tuple[Timed, ...]:
    """The sorts of timed things, each with its own name."""
    del catalogue
    return (AlarmTimes(),)
