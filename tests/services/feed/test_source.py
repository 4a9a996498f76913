"""What a link's state says about age."""

from __future__ import annotations

import pytest

from services.feed.source import LinkState, LinkUpdate


@pytest.mark.parametrize(
    ("state", "since", "old", "silent_s"),
    [
        ("live", 100.0, False, 0.0),
        ("connecting", 100.0, False, 0.0),
        ("stale", 100.0, True, 75.0),
        ("offline", 100.0, True, 75.0),
        ("refused", 100.0, True, 75.0),
        ("offline", 0.0, True, 0.0),
        ("stale", 200.0, True, 0.0),
    ],
)
def test_old_data_knows_its_age(state: LinkState, since: float, old: bool, silent_s: float) -> None:
    link = LinkUpdate(state, since)
    assert (link.old, link.silent_s(175.0)) == (old, silent_s)
