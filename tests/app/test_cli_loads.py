"""``onemap import`` at a hub process: load, list, undo, and go on after a crash."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import Point
from typer.testing import CliRunner, Result

from app.cli import app
from services.ingest.batches import BatchStore
from tests.harness import HubProcess, hub_process, onemap, until
from tests.services.importer.gis_files import written


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    with hub_process(tmp_path) as running:
        yield running


def run(hub: HubProcess, *words: str) -> Result:
    return CliRunner().invoke(app, ["import", *words, "--data", str(hub.data)])


def stations(hub: HubProcess) -> int:
    counts = hub.request("GET", "/api/v1/summary", user="duty1")["counts"]
    return int(counts.get("fire_station", {"total": 0})["total"])


def test_a_load_is_listed_undone_and_gone_on_with(hub: HubProcess, tmp_path: Path) -> None:
    path = written(
        tmp_path / "s.gpkg", [Point(101.8, 36.6), Point(101.9, 36.7)], {"name": ["a", "b"]}
    )
    loaded = run(hub, str(path), "--kind", "fire_station")
    assert loaded.exit_code == 0, loaded.output
    (batch,) = BatchStore(hub.data).all()
    assert f"onemap import undo {batch.id}" in loaded.output
    assert stations(hub) == 2
    assert batch.id in run(hub, "list").output
    undone = run(hub, "undo", batch.id)
    assert undone.output.splitlines()[0] == "2 deleted, 0 restored, 0 left as they are"
    assert stations(hub) == 0
    again = run(hub, "undo", batch.id)
    assert again.exit_code != 0
    # a load that is killed in the middle
    rows = "name,lon,lat\n" + "".join(f"s{n},101.8,36.6\n" for n in range(12_000))
    (tmp_path / "many.csv").write_text(rows)
    words = ["import", str(tmp_path / "many.csv"), "--kind", "fire_station"]
    child = subprocess.Popen(
        onemap(*words, "--data", str(hub.data)), stdout=subprocess.DEVNULL, cwd=tmp_path
    )
    store = BatchStore(hub.data)
    until(lambda: any(len(store.answered(b.id)) >= 2_000 for b in store.all()), "some rows loaded")
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=20)
    dead = store.all()[0]
    assert dead.state == "loading"
    assert "did not end" in run(hub, "list").output
    assert 0 < stations(hub) < 12_000
    assert run(hub, "resume", dead.id).exit_code == 0
    assert stations(hub) == 12_000
    assert run(hub, "resume", dead.id).exit_code != 0
    assert run(hub, "undo", dead.id).exit_code == 0
    assert stations(hub) == 0


@pytest.mark.parametrize(
    "words",
    [("undo", "../../etc/passwd"), ("undo", "20260101-000000-abcd"), ("undo",), ("list", "x")],
)
def test_a_batch_that_is_none_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    line = [sys.executable, "-m", "app.cli", "import", *words, "--data", str(tmp_path)]
    (tmp_path / "tokens.toml").write_text('[[account]]\nuser="source"\ntoken="t"\n')
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("onemap: ")
