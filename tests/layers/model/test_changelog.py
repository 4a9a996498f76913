"""What is remembered of changes to rows."""

from __future__ import annotations

import numpy as np
import pytest

from layers.model import changelog
from layers.model.changelog import ChangeLog


@pytest.mark.parametrize("few", [0, 1_000_000])
def test_rows_are_told_once_and_ascending_since_a_version(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(changelog, "_FEW", few)
    log = ChangeLog(3)
    log.note(4, np.array([9, 2, 5]), np.array([9]))
    log.note(5, np.array([5, 1]), np.array([1, 5]))
    for since, changed, moved in [(3, [1, 2, 5, 9], [1, 5, 9]), (4, [1, 5], [1, 5]), (5, [], [])]:
        rows, places = log.since(since), log.moved_since(since)
        assert rows is not None
        assert places is not None
        assert (rows.tolist(), places.tolist()) == (changed, moved)
    assert log.since(2) is None


def test_whoever_lags_too_far_behind_reads_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelog, "KEPT_ROWS", 3)
    log = ChangeLog(0)
    for version in (1, 2):
        log.note(version, np.array([1, 2]), np.array([1]))
    assert log.since(0) is None
    rows = log.since(1)
    assert rows is not None
    assert rows.tolist() == [1, 2]
