"""``onemap audit``, on real stores and files, without a hub."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from services.domain.errors import KnownError
from tests.services.hub.audits import of_type
from tests.services.hub.consoles import http_client, served, tokens


def onemap(*words: object) -> Result:
    return CliRunner().invoke(app, ["audit", *map(str, words)])


async def a_day(data: Path, name: str) -> None:
    async with (
        served(data) as (_, url),
        http_client(url, tokens(data)["duty1"]) as http,
    ):
        for number in range(3):
            order = {"key": f"{name}{number}", "name": "operator.note", "args": {"name": name}}
            assert (await http.post("/api/v1/commands", json=order)).status_code == 200


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    asyncio.run(a_day(tmp_path / "data", "a"))
    return tmp_path / "data"


def spoil(store: Path, seq: int) -> None:
    with contextlib.closing(sqlite3.connect(store)) as thief:
        thief.execute("DROP TRIGGER audit_no_update")
        thief.execute("UPDATE audit SET type = 'command.case.close' WHERE seq = ?", (seq,))
        thief.commit()


def test_verify_says_what_it_checked(data: Path) -> None:
    told = onemap("verify", "--data", data)
    assert told.exit_code == 0, told.output
    assert re.search(r"records 1 to 7 are as they were written", told.output)
    assert re.search(r"1 checkpoints, .* sign them up to record 7", told.output)
    assert "A key kept elsewhere" in told.output


def test_verify_names_the_first_bad_record_with_status_1(data: Path) -> None:
    spoil(data / "onemap.sqlite", 5)
    told = onemap("verify", "--data", data)
    assert told.exit_code == 1
    assert "BROKEN at record 5" in told.output


def test_a_head_written_down_finds_a_missing_end(data: Path) -> None:
    asyncio.run(a_day(data, "b"))
    told = onemap("head", "--data", data).output
    count, head = re.search(r"count (\d+)\nhead  ([0-9a-f]{64})\n", told).groups()  # type: ignore[union-attr]  # None fails the test too
    assert onemap("verify", "--data", data, "--head", head, "--count", count).exit_code == 0
    with contextlib.closing(sqlite3.connect(data / "onemap.sqlite")) as thief:
        for table in ("audit", "audit_checkpoint"):
            thief.execute(f"DROP TRIGGER {table}_no_delete")
        thief.execute("DELETE FROM audit WHERE seq > 7")
        thief.execute("DELETE FROM audit_checkpoint WHERE count > 7")
        thief.commit()
    (data / "audit" / "head.json").unlink()
    assert onemap("verify", "--data", data).exit_code == 0  # nothing here remembers
    told = onemap("verify", "--data", data, "--head", head, "--count", count)
    assert told.exit_code == 1
    assert "BROKEN at record 8" in told.output


def test_exports_are_checked_in_a_row_with_a_key_kept_elsewhere(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "stick"
    told = onemap("export", out, "--data", data)
    assert told.exit_code == 0, told.output
    (one,) = out.glob("*.jsonl")
    last = int(re.search(r"records 1 to (\d+)", told.output)[1])  # type: ignore[index]  # None fails the test too
    asyncio.run(a_day(data, "b"))
    assert onemap("export", out, "--data", data, "--after", last).exit_code == 0
    two = next(p for p in out.glob("*.jsonl") if p != one)
    (key,) = (data / "audit").glob("public-key-*.pem")

    told = onemap("verify", one, two, "--public-key", key)
    assert told.exit_code == 0, told.output
    assert "A key kept elsewhere" not in told.output
    assert onemap("verify", two, one, "--public-key", key).exit_code == 1
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(one.read_bytes().replace(b"operator.note", b"operator.nota", 1))
    told = onemap("verify", changed, "--public-key", key)
    assert (told.exit_code, "BROKEN at record 4" in told.output) == (1, True)
    first, second = of_type(data, "audit.exported")
    assert first.actor.startswith("os:")
    assert second.detail["after"] == last


def test_the_key_of_another_hub_proves_nothing(data: Path, tmp_path: Path) -> None:
    asyncio.run(a_day(tmp_path / "other", "a"))
    (key,) = (tmp_path / "other" / "audit").glob("public-key-*.pem")
    told = onemap("verify", "--data", data, "--public-key", key)
    assert (told.exit_code, "a key that was not given" in told.output) == (1, True)


def test_no_export_beside_a_running_hub(data: Path, tmp_path: Path) -> None:
    async def story() -> Result:
        async with served(data):
            return onemap("export", tmp_path / "out", "--data", data)

    refused = asyncio.run(story()).exception
    assert isinstance(refused, KnownError)
    assert refused.code == "data_in_use"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["verify", "--head", "12"], "bad_option"),
        (["verify", "--head", "12", "--count", "3"], "bad_option"),
        (["verify", "nowhere.jsonl"], "no_file"),
        (["head", "--data", "nowhere"], "no_database"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(words: list[str], code: str) -> None:
    refused = onemap(*words).exception
    assert isinstance(refused, KnownError)
    assert refused.code == code
