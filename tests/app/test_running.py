"""What ``onemap run`` settles before anything starts: ports, camera addresses, a screen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import running
from app.display import has_display, virtual_screen
from app.hubs import find_hub, find_token
from app.supervisor import News
from services.access.tokens import TokenFile
from services.domain.errors import KnownError
from services.video.registry import MediaRegistry


def test_a_taken_port_is_passed_over_and_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(running, "DEFAULT_PORT", taken)
        chosen = running._choose_port(None)
    assert chosen not in (0, taken)
    assert f"port {taken} is taken; using {chosen}" in capsys.readouterr().err
    assert running._choose_port(1_234) == 1_234


def test_demo_streams_never_replace_an_address_that_somebody_set(tmp_path: Path) -> None:
    path = tmp_path / "media.toml"
    running._point_cameras_at_demo(path, 7_001)
    running._point_cameras_at_demo(path, 7_002)
    assert MediaRegistry(path).resolve("c1") == "http://127.0.0.1:7002/live/c1.ts"
    MediaRegistry(path).set_pattern("rtsp://10.0.0.7/{id}")
    running._point_cameras_at_demo(path, 7_003)
    assert MediaRegistry(path).resolve("c1") == "rtsp://10.0.0.7/c1"


def test_a_hub_that_cannot_start_ends_the_console_and_a_dying_one_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failures = running._Failures()
    failures.hear(News("hub", "died", "hub: killed by SIGKILL; starting again in 0.2 s"))
    failures.hear(News("sim", "failed", "sim: no such account"))
    assert not failures.stopping()
    failures.hear(News("hub", "failed", "hub: port 8630 cannot be opened"))
    assert failures.stopping()
    assert "SIGKILL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "has"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":1"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_when_a_display_is_there(environment: dict[str, str], has: bool) -> None:
    assert has_display(environment) is has


def test_a_virtual_screen_is_there_for_the_block_and_gone_after() -> None:
    before = os.environ.get("DISPLAY")
    with virtual_screen("640x480x24") as name:
        assert os.environ["DISPLAY"] == name
        number = name.removeprefix(":")
        assert Path("/tmp/.X11-unix", f"X{number}").exists()
    assert os.environ.get("DISPLAY") == before
    assert not Path("/tmp/.X11-unix", f"X{number}").exists()


def test_without_xvfb_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KnownError, match="Debian package: xvfb"), virtual_screen():
        pass


# -- hub and token of a command line -------------------------------------------------
def test_the_hub_is_the_one_named_or_of_the_data_directory_or_the_usual(tmp_path: Path) -> None:
    assert find_hub(tmp_path, "https://h:1/") == "https://h:1"
    assert find_hub(tmp_path, "") == "http://127.0.0.1:8630"
    (tmp_path / "hub.json").write_text('{"ready": true, "url": "http://127.0.0.1:77"}')
    assert find_hub(tmp_path, "") == "http://127.0.0.1:77"
    (tmp_path / "hub.json").write_text("[]")
    with pytest.raises(KnownError, match=r"hub\.json cannot be read"):
        find_hub(tmp_path, "")


def test_a_token_comes_from_its_file_or_from_the_data_directory(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="start a hub on this data directory first"):
        find_token(tmp_path, "duty1", None)
    tokens = TokenFile(tmp_path / "tokens.toml")
    tokens.ensure()
    assert find_token(tmp_path, "duty1", None) == tokens.token_of("duty1")
    file = tmp_path / "token"
    file.write_text("abc-def\n")
    assert find_token(tmp_path, "duty1", file) == "abc-def"
    file.write_text("two words")
    with pytest.raises(KnownError, match="one token and nothing else"):
        find_token(tmp_path, "duty1", file)


def test_what_was_foreseen_ends_in_one_line_and_status_2(tmp_path: Path) -> None:
    main = Path(__file__).resolve().parents[2] / "main.py"
    command = [sys.executable, str(main), "token", "nobody", "--data", str(tmp_path)]
    TokenFile(tmp_path / "tokens.toml").ensure()
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "onemap: there is no account 'nobody'\n"


def test_what_is_no_address_is_refused_before_anything_opens(tmp_path: Path) -> None:
    for wrong in ("foo", "ftp://127.0.0.1:1", "http://user@host", "http://a/b"):
        with pytest.raises(KnownError, match="http://host:port"):
            find_hub(tmp_path, wrong)
    assert find_hub(tmp_path, "http://127.0.0.1:8630/") == "http://127.0.0.1:8630"
