"""``onemap run`` as a person starts it, on a machine without a display."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.harness import alive, descendants, onemap, until

RUN_LIMIT_S = 120.0
WINDOWS = ("desk", "wall", "video", "replay")


@contextlib.contextmanager
def running(data: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """``onemap run`` without a display; killed with all its children if it is still there."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    with (data / "run.err").open("w") as log:
        process = subprocess.Popen(
            onemap("run", "--data", str(data), "--port", "0", *words),
            cwd=data,
            env=environment,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        left = [process.pid, *descendants(process.pid)]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(RUN_LIMIT_S)


def hub_of(data: Path) -> dict[str, object]:
    """What the hub wrote when it was ready; empty before."""
    try:
        found: dict[str, object] = json.loads((data / "hub.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def colours(image: Image.Image) -> int:
    """How many different colours a picture has."""
    return len(image.convert("RGB").getcolors(maxcolors=1 << 24) or ())


def test_a_minute_ends_by_itself_with_pictures_of_every_window(tmp_path: Path) -> None:
    pictures = tmp_path / "shots"
    with running(tmp_path, "--for", "20s", "--pictures", str(pictures)) as process:
        until(lambda: hub_of(tmp_path), "the hub", RUN_LIMIT_S)
        family = descendants(process.pid)
        assert process.wait(RUN_LIMIT_S) == 0, (tmp_path / "run.err").read_text()
        until(lambda: not [p for p in family if alive(p)], "the end of every child")
    assert "there is no display; using a virtual screen" in (tmp_path / "run.err").read_text()
    for name in WINDOWS:
        shots = sorted(pictures.glob(f"{name}*.png"))
        assert shots, f"no picture of {name}"
        with Image.open(shots[-1]) as image:
            assert image.width >= 1_280
            assert colours(image) > 20, f"{name} is empty"
            if name in ("desk", "replay"):  # the map is in the middle, from the left third on
                width, height = image.size
                middle = image.crop((width // 3, height // 6, width * 2 // 3, height // 2))
                assert colours(middle) > 20, f"the map of {name} is empty"


def test_a_killed_hub_comes_back_at_its_address_and_ctrl_c_ends_everything(tmp_path: Path) -> None:
    with running(tmp_path, "--windows", "video") as process:
        first = until(lambda: hub_of(tmp_path), "the hub", RUN_LIMIT_S)
        until(lambda: len(descendants(process.pid)) >= 5, "all children", RUN_LIMIT_S)

        os.kill(int(str(first["pid"])), signal.SIGKILL)
        second = until(lambda: (h := hub_of(tmp_path)) != first and h, "another hub", RUN_LIMIT_S)
        assert second["url"] == first["url"]
        assert process.poll() is None

        family = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        process.wait(RUN_LIMIT_S)
        until(lambda: not [p for p in family if alive(p)], "the end of every child")


@pytest.mark.parametrize("after", ["at once", "when the hub is ready"])
def test_nothing_outlives_a_killed_run(tmp_path: Path, after: str) -> None:
    with running(tmp_path, "--windows", "video") as process:
        until(lambda: descendants(process.pid), "a child", RUN_LIMIT_S)
        if after != "at once":
            until(lambda: hub_of(tmp_path), "the hub", RUN_LIMIT_S)
        family = descendants(process.pid)
        process.kill()
        process.wait(RUN_LIMIT_S)
        until(lambda: not [p for p in family if alive(p)], "the end of every child")


def test_a_hub_that_cannot_start_is_told_and_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "broken.toml").write_text("id = 3\n")
    with running(tmp_path, "--packs", str(tmp_path / "bad")) as process:
        assert process.wait(RUN_LIMIT_S) == 2
        family = descendants(process.pid)
    assert family == []
    assert "broken.toml" in (tmp_path / "run.err").read_text()
