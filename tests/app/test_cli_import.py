"""``onemap import`` tells its caller by its status whether anything was good."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app

GOOD = "A-1,井盖松动,101.813,36.607\n"
BAD = "A-2,路灯不亮,999,36.6\n"


@pytest.mark.parametrize(
    ("rows", "status", "summary"),
    [
        (GOOD, 0, "read 1, would load 1, refused 0"),
        (GOOD + BAD, 0, "read 2, would load 1, refused 1 (with reasons in {bad})"),
        (BAD, 1, "read 1, would load 0, refused 1 (with reasons in {bad})"),
    ],
)
def test_the_status_says_whether_any_row_was_good(
    tmp_path: Path, rows: str, status: int, summary: str
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("编号,案件标题,经度,纬度\n" + rows, "utf-8")
    words = ["import", str(path), "--kind", "case", "--set", "category=P01-01", "--dry-run"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == status, result.output
    assert summary.format(bad=f"{path}.bad.csv") in result.output.splitlines()
    assert ("every row was refused" in result.output) == (status == 1)
