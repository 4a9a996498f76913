"""The retention table of ``hub.toml``: what it may say, and how what it may not is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.storage.policy import Policy, read_policy


def test_no_file_and_no_table_mean_the_usual(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    assert read_policy(path) == Policy()
    path.write_text("[other]\nx = 1\n")
    assert read_policy(path) == Policy()
    path.write_text("[retention]\nobserved_days = 7\nlossless_days = 0\nhistory_days = 0\n")
    assert read_policy(path) == Policy(observed_days=7, lossless_days=0, history_days=0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[retention]\nobserved = 7", "observed"),
        ("[retention]\nobserved_days = -1", "observed_days"),
        ("[retention]\nobserved_days = nan", "observed_days"),
        ("[retention]\nobserved_days = 'long'", "observed_days"),
        ("[retention]\nobserved_days = 400", "lossless_days"),
        ("[retention]\nobserved_days = 0", "lossless_days"),
        ("[retention]\nreadings_days = 0", "minutes_days"),
        ("retention = 3", "retention"),
        ("[retention", "hub.toml"),
        ("x" * 70_000, "larger"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "hub.toml"
    path.write_text(text)
    with pytest.raises(KnownError, match=named) as caught:
        read_policy(path)
    assert caught.value.code == "bad_settings"
    assert "hub.toml" in caught.value.text
