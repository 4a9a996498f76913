"""What cannot work is refused in one line and with status 2, before anything opens."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from tests.harness import LIMIT_S, hub_process, onemap

BEGINNINGS = (("run", "--for", "1s"), ("hub",))


def refused(*words: str | Path) -> str:
    """The one line that a command ends with."""
    result = subprocess.run(
        onemap(*map(str, words)), capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    line = result.stderr.rstrip("\n")
    assert "\n" not in line, result.stderr
    return line


@pytest.mark.parametrize("command", [("run",), ("hub",), ("streams",), ("doctor",)])
@pytest.mark.parametrize("port", ["99999", "-1"])
def test_what_is_no_port_is_refused(tmp_path: Path, command: tuple[str, ...], port: str) -> None:
    where = () if command == ("streams",) else ("--data", tmp_path / "data")
    assert f"{port} is no port" in refused(*command, "--port", port, *where)
    assert not (tmp_path / "data").exists()


def test_an_address_with_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    line = refused("console", "--hub", "http://127.0.0.1:99999", "--data", tmp_path)
    assert "99999" in line or "0-65535" in line


@pytest.mark.parametrize("command", BEGINNINGS)
def test_data_that_cannot_be_a_directory_are_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "afile").touch()
    for wrong in (tmp_path / "afile", tmp_path / "afile" / "below", Path("/proc/none")):
        line = refused(*command, "--data", wrong)
        assert f"{wrong} cannot be used as data directory: " in line
        assert "Errno" not in line


@pytest.mark.parametrize("command", ["run", "console"])
def test_pictures_that_cannot_be_written_are_told_before_anything_starts(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "afile").touch()
    data = tmp_path / "data"
    wrong = tmp_path / "afile"
    line = refused(command, "--pictures", wrong, "--data", data)
    assert f"no pictures can be written to {wrong}: " in line
    assert not (data / "hub.json").exists()


def test_a_hub_of_the_same_data_and_port_is_told_by_its_data(tmp_path: Path) -> None:
    with hub_process(tmp_path) as hub:
        told = f"another hub already runs on the data directory {tmp_path}"
        port = str(hub.port)
        assert refused("hub", "--data", tmp_path, "--port", port) == f"onemap hub: {told}"
        assert refused("run", "--data", tmp_path, "--for", "1s") == f"onemap: {told}"


def test_a_run_whose_hub_gets_no_port_announces_nothing_and_says_it_once(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        words = ("run", "--port", port, "--data", str(tmp_path), "--no-demo", "--windows", "audit")
        result = subprocess.run(
            onemap(*words, "--pictures", str(tmp_path / "p")),
            capture_output=True,
            text=True,
            timeout=LIMIT_S * 2,
            check=False,
        )
    assert result.returncode == 2
    assert f"onemap: hub: port: port {port} cannot be opened" in result.stderr
    assert "hub at" not in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--lang", "fr"), "onemap: 'fr' is not one of zh, en"),
        (("bench", "nothing"), "onemap: 'nothing' is not one of render, feed"),
    ],
)
def test_a_word_that_is_none_of_a_few_is_answered_with_those(
    words: tuple[str, ...], told: str
) -> None:
    assert refused(*words).startswith(told)


def test_a_folder_without_packs_is_not_all_good(tmp_path: Path) -> None:
    assert "there is no pack" in refused("packs", "check", tmp_path)


def test_an_unreadable_token_file_is_told_in_words(tmp_path: Path) -> None:
    line = refused("console", "--token-file", tmp_path / "none", "--data", tmp_path)
    assert line.endswith("none cannot be read: No such file or directory")
