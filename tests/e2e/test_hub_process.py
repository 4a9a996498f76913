"""The hub as a process: what was acknowledged is there after kill -9, at the same address."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.harness import LIMIT_S, HubProcess, hub_process, onemap

SHELTER = {
    "type": "entity",
    "id": "s-1",
    "kind": "shelter",
    "name": "一号",
    "lon": 101.8,
    "lat": 36.6,
}


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    with hub_process(tmp_path) as hub:
        hub.ingest(SHELTER)
        before = hub.request("GET", "/api/v1/summary")
        hub.kill()
        hub.start()
        after = hub.request("GET", "/api/v1/summary")
        assert hub.request("GET", "/api/v1/entities/s-1")["name"] == "一号"
        assert after["epoch"] == before["epoch"]
        assert after["top"] >= before["top"]
        assert hub.stop() == 0


def test_a_second_hub_on_the_same_data_is_refused_in_words(tmp_path: Path) -> None:
    with hub_process(tmp_path):
        second = subprocess.run(
            onemap("hub", "--data", str(tmp_path), "--port", "0"),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    assert second.returncode == 2
    assert "another hub already runs" in second.stderr
    assert "Traceback" not in second.stderr


def test_camera_addresses_are_set_by_the_command_line(tmp_path: Path) -> None:
    camera = {
        "type": "entity",
        "id": "c-1",
        "kind": "camera_ptz",
        "name": "山",
        "lon": 101.8,
        "lat": 36.6,
    }
    with hub_process(tmp_path) as hub:
        hub.ingest({**camera, "attrs": {"category": "hill_ptz"}})
        where = ["--data", str(tmp_path), "--hub", hub.url]
        assert run("media", "set", "c-1", "rtsp://127.0.0.1:8554/test", *where).returncode == 0
        told = hub.request("GET", "/api/v1/media/c-1", user="duty1")
        assert told == {"url": "rtsp://127.0.0.1:8554/test"}
        refused = run("media", "set", "c-1", "file:///etc/passwd", *where)
        assert refused.returncode == 2
        assert "rtsp" in refused.stderr
        nothing = run("media", "set", "c-2", "rtsp://127.0.0.1:8554/test", *where)
        assert (nothing.returncode, "no camera “c-2”" in nothing.stderr) == (2, True)
        assert run("media", "pattern", "http://127.0.0.1:9/{id}.ts", *where).returncode == 0
        assert run("token", "duty1", "--data", str(tmp_path)).stdout.strip() == hub.token("duty1")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        onemap(*words), capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


def test_hub_json_tells_where_the_hub_is(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path)
    hub.start()
    try:
        assert json.loads((tmp_path / "hub.json").read_text())["url"] == hub.url
    finally:
        hub.close()
