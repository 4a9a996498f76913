"""``onemap export`` against a real hub: filtered, masked, on record, refused with one line."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.export_city import chosen, plain_columns
from app.hubs import find_token
from services.domain.errors import KnownError
from services.hub.export_api import TYPE
from services.packs.loader import default_directory, load
from tests.harness import HubProcess, hub_process
from tests.services.hub.accounts_site import PASSWORD, run, site
from tests.services.hub.audits import of_type
from tests.services.hub.test_feed import ingest

NOW = 1_784_095_532.0
AREA = [[[101.80, 36.60], [101.81, 36.60], [101.81, 36.61], [101.80, 36.60]]]


def thing(i: int, level: float, **more: Any) -> list[dict[str, Any]]:
    id_ = f"level_sensor:{i}"
    entity = {"type": "entity", "id": id_, "kind": "level_sensor", "name": f"=液位 {i}",
              "lon": 101.8, "lat": 36.6, **more}  # fmt: skip
    return [entity, {"type": "reading", "id": id_, "values": {"level": level}}]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with hub_process(tmp_path_factory.mktemp("data")) as running:
        running.ingest(*thing(1, 0.2), *thing(2, 0.6), *thing(3, 0.9))
        yield running


def onemap(hub: HubProcess, *words: object) -> Result:
    given = ["export", "--data", hub.data, "--hub", hub.url, *words]
    return CliRunner().invoke(app, list(map(str, given)))


def test_rows_that_pass_are_written_and_on_record(hub: HubProcess, tmp_path: Path) -> None:
    out = tmp_path / "levels.csv"
    before = len(of_type(hub.data, TYPE))
    told = onemap(hub, "--kind", "level_sensor", "--where", "level > 0.5", "--out", out,
                  "--why", "汛情", "--columns", "id,name,level")  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "2 rows, on record" in told.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.reader(file))
    assert rows == [
        ["id", "name", "level"],
        ["level_sensor:2", "'=液位 2", "0.6"],
        ["level_sensor:3", "'=液位 3", "0.9"],
    ]
    record = of_type(hub.data, TYPE)[before]
    assert (record.actor, record.seat) == ("duty1", "export")
    assert record.detail["filter"] == "level > 0.5"
    assert (record.detail["rows"], record.detail["why"]) == (2, "汛情")


def test_without_columns_there_is_what_the_rows_have(hub: HubProcess, tmp_path: Path) -> None:
    out = tmp_path / "levels.geojson"
    told = onemap(hub, "--kind", "level_sensor", "--out", out, "--why", "w", "--datum", "gcj02")
    assert told.exit_code == 0, told.output
    file = json.loads(out.read_text("utf-8"))
    assert len(file["features"]) == 3
    facts = file["features"][0]["properties"]
    assert {"id", "name", "severity", "link", "level"} <= facts.keys()
    assert "diameter_mm" not in facts
    assert file["onemap"]["datum"] == "GCJ-02"
    assert file["features"][0]["geometry"]["coordinates"][0] != 101.8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "nothing", "--out", "x.csv", "--why", "w"), "there is no kind “nothing”"),
        (("--kind", "camera", "--out", "x.doc", "--why", "w"), "ends in .csv"),
        (("--kind", "camera", "--out", "x.csv", "--why", " "), "needs a reason"),
        (("--kind", "camera", "--out", "x.csv", "--why", "w", "--where", "a >"), "ends too early"),
        (
            ("--kind", "camera", "--out", "x.csv", "--why", "w", "--datum", "EPSG:4490"),
            "not written",
        ),
        (
            ("--kind", "level_sensor", "--out", "x.csv", "--why", "w", "--where", "levl > 1"),
            "Did you mean “level”?",
        ),
        (
            ("--kind", "level_sensor", "--out", "x.csv", "--why", "w", "--columns", "nix"),
            "there is no column “nix”",
        ),
        (
            ("--kind", "level_sensor", "--out", "x.csv", "--why", "w", "--user", "source"),
            "may not export data",
        ),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    hub: HubProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = [r for r in of_type(hub.data, TYPE) if r.outcome == "success"]
    told = onemap(hub, *words)
    assert told.exit_code != 0
    assert said in told.output + str(told.exception)
    assert list(tmp_path.iterdir()) == []
    assert [r for r in of_type(hub.data, TYPE) if r.outcome == "success"] == before


def test_columns_of_cases_have_their_times() -> None:
    catalogue = load(default_directory())
    columns = {c.name: c for c in plain_columns([catalogue.kinds["case"]], ["more"])}
    assert columns["deadline_at"].content == "time"
    assert columns["more"].heading == "more"
    with pytest.raises(KnownError):
        chosen(list(columns.values()), ["none"])


# -- with an account of one's own ------------------------------------------------------------
LEADER = "chief"


def test_a_login_exports_as_that_account_sees_and_ends_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "levels.csv"

    async def story() -> None:
        async with site(tmp_path / "data") as hub:
            await hub.person(LEADER, "leader")
            await hub.person("watcher", "observer")
            token = find_token(tmp_path / "data", "source", None)
            await ingest(hub.url, token, [*thing(1, 0.2), *thing(2, 0.6)])

            def command(user: str, password: str, code: str = "") -> Result:
                monkeypatch.setenv("ONEMAP_PASSWORD", password)
                monkeypatch.setenv("ONEMAP_OTP", code)
                words = ["--kind", "level_sensor", "--out", out, "--why", "汛情", "--login", user]
                given = ["export", "--data", tmp_path / "none", "--hub", hub.url, *words]
                return CliRunner().invoke(app, list(map(str, given)))

            async def tried(*words: str) -> Result:
                return await asyncio.to_thread(command, *words)

            told = await tried(LEADER, PASSWORD, hub.code(LEADER))
            assert told.exit_code == 0, told.output + repr(told.exception)
            assert "2 rows, on record" in told.output
            with out.open(encoding="utf-8-sig", newline="") as file:
                assert len(list(csv.reader(file))) == 3
            (record,) = [r for r in await hub.recorded(TYPE) if r.outcome == "success"]
            assert (record.actor, record.seat, record.detail["rows"]) == (LEADER, "export", 2)
            standing = hub.hub.access.logins.of(LEADER)
            assert all(s.record.seat != "export" for s in standing), "no login stays behind"
            out.unlink()
            for words, code in (
                ((LEADER, "wrong", hub.code(LEADER)), "wrong_login"),
                ((LEADER, PASSWORD), "otp_required"),
                (("nobody", PASSWORD), "wrong_login"),
                (("watcher", PASSWORD), "not_allowed"),
            ):
                refused = await tried(*words)
                assert refused.exit_code != 0
                error = refused.exception
                assert isinstance(error, KnownError), refused.output
                assert error.code == code
                assert not out.exists()
                assert PASSWORD not in refused.output + str(error)

    run(story)
