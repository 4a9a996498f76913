"""Ways of reading that are remembered: by the shape of a file, atomic, bounded."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.ingest.import_options import ImportOptions
from services.ingest.remembered import MOST, Memory, signature


def test_a_shape_is_its_format_and_columns_in_any_order() -> None:
    assert signature("CSV", ["a", "b"]) == signature("CSV", ["b", "a"])
    assert signature("CSV", ["a", "b"]) != signature("CSV", ["a", "bc"])
    assert signature("CSV", ["a", "b"]) != signature("KML", ["a", "b"])
    assert signature("CSV", ["a,b"]) != signature("CSV", ["a", "b"])


def test_the_newest_used_comes_first_and_the_oldest_goes(tmp_path: Path) -> None:
    clock = ManualClock(1_000.0)
    memory = Memory(tmp_path, clock)
    for n in range(MOST + 5):
        clock.advance(1.0)
        memory.keep(f"m{n}", "s", "case", {"crs": str(n)})
    assert len(memory.all()) == MOST
    assert memory.all()[0].name == f"m{MOST + 4}"
    with pytest.raises(KnownError):
        memory.of("m0")
    clock.advance(1.0)
    memory.used("m9")
    assert next(r.name for r in memory.matching("s")) == "m9"
    assert memory.matching("t") == []
    memory.keep("m9", "t", "case", {})
    assert len(memory.all()) == MOST
    assert memory.of("m9").signature == "t"
    memory.forget("m9")
    assert len(memory.all()) == MOST - 1
    assert not list((tmp_path / "imports").glob("*.new"))


@pytest.mark.parametrize(
    "content", [b"", b"[", b"{}", b'[{"name":1}]', b"\xff" * 9, b" " * 2_000_000]
)
def test_what_cannot_be_read_is_forgotten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "imports").mkdir()
    (tmp_path / "imports" / "mappings.json").write_bytes(content)
    memory = Memory(tmp_path)
    assert memory.all() == []
    memory.keep("a", "s", "case", {})
    assert [r.name for r in memory.all()] == ["a"]


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\u202eb"])
def test_names_are_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(KnownError):
        Memory(tmp_path).keep(name, "s", "case", {})


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "imports").write_text("in the way")
    with pytest.raises(KnownError) as caught:
        Memory(tmp_path).keep("a", "s", "case", {})
    assert caught.value.code == "not_written"


def test_what_is_said_now_counts_more_than_what_is_remembered() -> None:
    def options(**more: object) -> ImportOptions:
        return ImportOptions(path=Path("a"), kind="case", **more)  # type: ignore[arg-type]  # a test

    before = options(crs="4490", mapping={"title": "a", "id": "b"}, mend=True, datum="bd09")
    now = options(crs="4522", mapping={"title": "c"})
    both = now.after(before.kept())
    assert (both.crs, both.mend, both.datum) == ("4522", True, "bd09")
    assert both.mapping == {"title": "c", "id": "b"}
    with pytest.raises(KnownError):
        now.after({"mapping": "x"})


def test_the_command_remembers_and_offers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("站名,x,y\n一站,101.8,36.6\n", "utf-8")
    words = ["import", str(path), "--dry-run", "--data", str(tmp_path)]
    more = ["--kind", "fire_station", "--map", "name=站名"]
    first = CliRunner().invoke(app, [*words, *more, "--remember", "消防站"])
    assert first.exit_code == 0, first.output
    again = CliRunner().invoke(app, [*words, *more])
    assert "'消防站'" in again.output
    used = CliRunner().invoke(app, [*words, "--mapping", "消防站"])
    assert used.exit_code == 0, used.output
    assert "name = 站名" in used.output
    assert "would load 1" in used.output
