"""What a child warns of reaches the terminal: a little of it, whole lines, nothing twice."""

from __future__ import annotations

from pathlib import Path

from app import running
from app.child_log import MOST_TOLD, PER_S, Warnings
from app.supervisor import News


def line(level: str, text: str) -> str:
    return f"2026-07-15 14:05:32,123 {level} services.hub.sequencer: {text}\n"


def add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_warnings_and_errors_are_told_once_and_only_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "hub.out"
    add(path, line("ERROR", "of the last run"))
    log = Warnings(path)
    add(path, line("INFO", "serving") + line("ERROR", "the hub is read-only: full") + "Traceback\n")
    assert log.new(0.0) == ["the hub is read-only: full"]
    add(path, line("ERROR", "the hub is read-only: full") + line("WARNING", "it wri")[:-1])
    assert log.new(1.0) == []
    add(path, "tes again\n")
    assert log.new(2.0) == ["it writes again"]
    path.write_text(line("ERROR", "after the log was shortened"))
    assert log.new(3.0) == ["after the log was shortened"]
    path.unlink()
    assert log.new(4.0) == []


def test_a_flood_of_warnings_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "hub.out"
    log = Warnings(path)
    add(path, "".join(line("WARNING", f"number {n}") for n in range(5_000)))
    assert len(log.new(0.0)) == MOST_TOLD
    add(path, line("WARNING", "one more"))
    assert log.new(PER_S / 2) == []
    add(path, line("WARNING", "later"))
    assert log.new(PER_S) == ["later"]


def test_the_terminal_of_a_run_hears_the_hub(capsys) -> None:
    heard = running._Failures()
    heard.hear(News("hub", "warned", "hub: the hub is read-only: the disk is full"))
    heard.hear(News("sim", "warned", "sim: something"))
    assert capsys.readouterr().err == "onemap: hub: the hub is read-only: the disk is full\n"
    assert not heard.stopping()
