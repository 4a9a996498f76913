"""The corpus of bad items and bodies over HTTP: each is named, nothing else suffers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.entries import Entry, entries, resident
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import HubProcess, hub_process, past
from tests.services.hub.test_feed import CITY

GOOD = '{"type":"reading","id":"level:1","values":{"level":0.25}}'
MEMORY = 400 * 1024 * 1024
"""More than a hub of a small city needs, far less than any of the bombs would take."""
ITEMS, BODIES = entries("items"), entries("bodies")
COMMANDS = entries("commands")


@pytest.fixture(scope="module")
def tried() -> list[str]:
    """What was sent to it."""
    return []


@pytest.fixture(scope="module")
def hub(
    tmp_path_factory: pytest.TempPathFactory, faults: Faults, tried: list[str]
) -> Iterator[HubProcess]:
    """One hub for the whole corpus: what one entry left behind meets the next."""
    data: Path = tmp_path_factory.mktemp("corpus")
    with hub_process(data) as running:
        with running.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        yield running
        assert running.process is not None
        with running.http() as http:
            assert http.get("/readyz").text == "ready\n"
            world = past(data, _top(http))
        assert resident(running.process.pid) < MEMORY
        assert set(world.entities) == {item["id"] for item in CITY if "id" in item}
        assert (len(world.cases), len(world.alarms)) == (0, 0)
        assert world.entities["level:1"].values == {"level": 0.25}
        assert "Traceback" not in (data / "logs" / "hub.log").read_text("utf-8")
    count = len(tried)
    faults.found(Row("corpus: items, bodies, commands", count, count, 0, 0, "all refused by name"))


@pytest.fixture(scope="module")
def http(hub: HubProcess) -> Iterator[httpx.Client]:
    """A source's line to it."""
    with hub.http() as line:
        yield line


def _top(http: httpx.Client) -> int:
    return int(http.get("/api/v1/log").json()["last_offset"])


def named(error: dict[str, str], entry: Entry) -> None:
    """The refusal says what and where, in words, and not more than a person reads."""
    assert error["code"] == entry["code"], error
    assert entry.get("field", "") in error.get("field", ""), error
    assert 10 < len(error["text"]) < 600
    assert error["text"].isprintable()


@pytest.mark.parametrize("lines", [False, True], ids=["array", "lines"])
@pytest.mark.parametrize("entry", ITEMS, ids=lambda e: e["what"])
def test_a_bad_item_is_named_between_two_good_ones(
    http: httpx.Client, tried: list[str], entry: Entry, lines: bool
) -> None:
    tried.append(entry["what"])
    parts = [GOOD, entry["item"], GOOD]
    body = "\n".join(parts) if lines else f"[{','.join(parts)}]"
    kind = "application/x-ndjson" if lines else "application/json"
    top = _top(http)
    answer = http.post(
        "/api/v1/ingest", content=body.encode(), headers={"content-type": kind}
    ).json()
    assert (answer["accepted"], answer["rejected"]) == (2, 1), answer
    row = answer["items"][1]
    assert row["ok"] is False
    assert row["error"]["field"].startswith("items[1]")
    named(row["error"], entry)
    assert _top(http) == top + 2


def _packed(how: str) -> bytes:
    """Eight megabytes and more out of a few kilobytes, were they unpacked."""
    bomb = b"[" + b" " * (64 * 1024 * 1024) + b"]"
    match how:
        case "gzip":
            return gzip.compress(bomb)
        case "deflate":
            return zlib.compress(bomb)
        case _:
            return gzip.compress(gzip.compress(bomb))


@pytest.mark.parametrize("entry", BODIES, ids=lambda e: e["what"])
def test_a_bad_body_is_refused_whole(http: httpx.Client, tried: list[str], entry: Entry) -> None:
    tried.append(entry["what"])
    body = _packed(entry["packed"]) if "packed" in entry else _bytes(entry)
    headers = {"content-type": "application/json", **entry.get("headers", {})}
    top = _top(http)
    answer = http.post("/api/v1/ingest", content=body, headers=headers)
    assert answer.status_code == entry["status"], answer.text
    told = answer.json()
    named(told["error"] if "error" in told else told["items"][0]["error"], entry)
    assert _top(http) == top


def _bytes(entry: Entry) -> bytes:
    body = bytes.fromhex(entry["hex"]) if "hex" in entry else entry["body"].encode()
    return bytes(body).ljust(entry.get("padded", 0))


def test_exactly_at_the_limit_is_taken(http: httpx.Client) -> None:
    full = f"[{GOOD}]".encode().ljust(8 * 1024 * 1024)
    many = ("[" + ",".join([GOOD] * 5_000) + "]").encode()
    for body, count in ((full, 1), (many, 5_000)):
        answer = http.post("/api/v1/ingest", content=body)
        assert (answer.status_code, answer.json()["accepted"]) == (200, count)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda e: e["what"])
def test_a_bad_command_is_named(
    hub: HubProcess, http: httpx.Client, tried: list[str], entry: Entry
) -> None:
    tried.append(entry["what"])
    top = _top(http)
    body = entry["body"].replace('"key":"k"', f'"key":"k{COMMANDS.index(entry)}"')
    officer = {"authorization": f"Bearer {hub.token('duty1')}"}
    answer = http.post("/api/v1/commands", content=body.encode(), headers=officer)
    assert 400 <= answer.status_code < 500, answer.text
    named(answer.json()["error"], entry)
    assert _top(http) == top


def test_rich_text_is_a_text_like_any_other(tmp_path: Path) -> None:
    """Taken as it is: windows show it as plain text, letter by letter."""
    names = ["<img src=x onerror=alert(1)>", "<b>甲</b>&amp;", "=1+1", "%s {0}", "👨‍👩‍👧", "../甲"]
    with hub_process(tmp_path) as hub, hub.http() as http:
        items = [{**CITY[0], "id": f"level:{i}", "name": name} for i, name in enumerate(names)]
        assert http.post("/api/v1/ingest", json=items).json()["accepted"] == len(names)
        world = past(tmp_path, len(names))
        assert [world.entities[f"level:{i}"].name for i in range(len(names))] == names
