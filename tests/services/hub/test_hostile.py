"""What must be refused: clearly, at once, and without harm to anybody else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from services.domain.errors import KnownError
from services.feed.codec import MAX_DEPTH
from services.feed.frames import SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK, Bye, Command, Hello
from services.hub.codec import decode
from services.hub.limits import Limits, Rate
from services.hub.main import serve
from services.hub.options import HubOptions
from tests.services.hub.consoles import Console, console, http_client, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading


# -- sizes and nesting, before anything is built -----------------------------------------------
@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 2, 40_000])
def test_nesting_is_bounded_in_both_codecs(depth: int) -> None:
    text = b'{"t":"command","key":"k","name":"n","args":' + b'{"a":' * depth
    text += b"1" + b"}" * (depth + 1)
    packed = b"\x84\xa1t\xa7command\xa3key\xa1k\xa4name\xa1n\xa4args"
    packed += b"\x81\xa1a" * depth + b"\x01"
    for codec, data in (("json", text), ("msgpack", packed)):
        with pytest.raises(KnownError) as caught:
            decode(codec, data)  # type: ignore[arg-type]  # both are codec names
        assert caught.value.code == "too_deep"


def test_a_rate_allows_a_burst_and_then_its_pace() -> None:
    now = [0.0]
    rate = Rate(2.0, 3, lambda: now[0])
    assert [rate.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [rate.take() for _ in range(2)] == [True, False]


# -- frames ------------------------------------------------------------------------------------
HOSTILE_FRAMES: list[tuple[str, bytes | str, str]] = [
    ("not json", "{", "bad_frame"),
    ("unknown type", '{"t":"destroy"}', "bad_frame"),
    ("no type", "{}", "bad_frame"),
    ("wrong field type", '{"t":"subscribe","id":"x"}', "bad_frame"),
    ("hello twice", '{"t":"hello","token":"x"}', "bad_frame"),
    ("deep", '{"t":"command","key":"k","name":"n","args":{"a":' + "[" * 90_000, "too_deep"),
    ("binary in a text session", b"\x80", "bad_frame"),
    ("replay order outside a replay", '{"t":"replay","action":"play"}', "bad_replay"),
    ("bad utf-16 half", '{"t":"command","key":"\\ud800","name":"n"}', "bad_frame"),
]


@pytest.mark.parametrize(
    ("what", "data", "code"), HOSTILE_FRAMES, ids=[f[0] for f in HOSTILE_FRAMES]
)
def test_a_hostile_frame_ends_its_session_only(
    tmp_path: Path, what: str, data: bytes | str, code: str
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with (
                console(url, who["duty1"], codec="json") as bad,
                console(url, who["duty2"]) as good,
            ):
                await bad.socket.send(data)
                bye = await bad.until(Bye)
                assert (bye.code, bye.retry) == (code, False)
                assert bye.text
                await ingest(url, who["source"], [reading(0.2)])
                await good.reach(hub.broker.top)

    asyncio.run(story())


def test_frames_over_the_limit_are_cut_off_before_and_after_hello(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(hello_bytes=2_000, frame_bytes=10_000)
        async with served(tmp_path, limits=limits) as (_, url):
            who = tokens(tmp_path)
            async with raw(url) as socket:
                await socket.socket.send(b"\x00" * 2_001)
                assert await closed_with(socket) == 1009
            async with console(url, who["duty1"]) as desk:
                note = Command(
                    key="k", name="operator.note", args={"name": "n", "detail": {"a": "x" * 400}}
                )
                await desk.send(note)  # within the limit
                await desk.socket.send(b"\x00" * 10_001)
                assert await closed_with(desk) == 1009

    asyncio.run(story())


def test_who_does_not_say_hello_properly_is_sent_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path, limits=Limits(hello_timeout_s=0.2)) as (hub, url):
            async with raw(url) as mute:
                bye = await mute.until(Bye)
                assert (bye.code, bye.retry) == ("silent", True)
            async with raw(url) as rude:
                await rude.send(Command(key="k", name="case.create"))
                assert (await rude.until(Bye)).code == "no_hello"
            for token in ("", "x", "wrong" * 20):
                async with raw(url) as forged:
                    await forged.send(Hello(token=token))
                    bye = await forged.until(Bye)
                    assert (bye.code, bye.retry) == ("wrong_token", False)
                    assert await closed_with(forged) == 4400
            assert hub.sequencer.offset == 0
            with pytest.raises(InvalidStatus):
                async with connect(
                    url.replace("http", "ws") + "/feed",
                    subprotocols=["other.v9"],  # type: ignore[list-item]  # a NewType of str
                    proxy=None,
                ):
                    pass

    asyncio.run(story())


def test_strangers_take_no_place_from_consoles(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(sessions=1, strangers=3)
        async with (
            served(tmp_path, limits=limits) as (_, url),
            contextlib.AsyncExitStack() as open_,
        ):
            duty = tokens(tmp_path)["duty1"]
            for _ in range(2):
                await open_.enter_async_context(raw(url))
            await open_.enter_async_context(console(url, duty))
            second = await open_.enter_async_context(console(url, duty, subscribe=False))
            assert second.frames == [_FULL]
            await open_.enter_async_context(raw(url))
            third = await open_.enter_async_context(raw(url))  # of one machine
            assert await third.until(Bye) == _FULL

    asyncio.run(story())


_FULL = Bye(code="full", retry=True, text="the hub serves as many sessions as it can")


def test_silence_and_too_many_commands(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(heartbeat_s=0.1, silence_s=0.3, commands_per_s=0.001, command_burst=2)
        async with served(tmp_path, limits=limits) as (_, url):
            who = tokens(tmp_path)
            async with console(url, who["duty1"]) as desk:
                codes = []
                for key in "abc":
                    result = await desk.order(key, "operator.note", name="n")
                    codes.append(result.error and result.error.code)
                assert codes == [None, None, "too_fast"]
            async with raw(url) as mute:
                await mute.send(Hello(token=who["duty1"]))
                async with asyncio.timeout(20):
                    while True:  # read, but never answer a heartbeat
                        frame = msgspec.msgpack.decode(await mute.socket.recv())
                        if frame["t"] == "bye":
                            break
                assert (frame["code"], frame["retry"]) == ("silent", True)

    asyncio.run(story())


def test_each_role_does_its_own_commands_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            args = {"category": "E05-06", "lon": 101.77, "lat": 36.63}
            for user in ("leader", "trainer", "source", "field"):
                async with http_client(url, who[user]) as http:
                    order = {"key": user, "name": "case.create", "args": args}
                    answer = await http.post("/api/v1/commands", json=order)
                    assert answer.status_code == 403
                    assert answer.json()["error"]["code"] == "not_allowed"
            for user in ("leader", "trainer", "field"):
                async with http_client(url, who[user]) as http:
                    answer = await http.post("/api/v1/ingest", json=CITY)
                    assert answer.status_code == 403
            assert hub.sequencer.offset == 0

    asyncio.run(story())


# -- http --------------------------------------------------------------------------------------
BAD_ITEMS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "entity", "id": "x:1", "kind": "ufo", "name": "n"}, "unknown_kind", "kind"),
    ({"type": "entity", "kind": "level_sensor", "name": "n"}, "missing_field", "id"),
    ({**CITY[0], "lon": 36.63, "lat": 101.77}, "swapped", "l"),
    ({**CITY[0], "lon": 190.0}, "out_of_range", "lon"),
    ({"type": "reading", "id": "nobody:1", "values": {"level": 1.0}}, "unknown_object", "id"),
    ({"type": "reading", "id": "level:1", "values": {"depth": 1.0}}, "unknown_measure", "depth"),
    ({"type": "spell"}, "unknown_type", "type"),
]


def test_each_bad_item_is_named_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            answer = await ingest(url, who["source"], [*CITY, *(b[0] for b in BAD_ITEMS)])
            assert (answer["accepted"], answer["rejected"]) == (len(CITY), len(BAD_ITEMS))
            rows = answer["items"][len(CITY) :]
            for index, ((_, code, field), row) in enumerate(zip(BAD_ITEMS, rows, strict=True)):
                assert row["ok"] is False
                assert row["error"]["code"] == code, row
                assert row["error"]["field"].startswith(f"items[{len(CITY) + index}].")
                assert field in row["error"]["field"]
                assert row["error"]["text"]
            assert hub.sequencer.offset == len(CITY)

    asyncio.run(story())


def test_bodies_that_are_not_what_they_say(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            async with http_client(url, who["source"]) as http:

                async def post(content: bytes, kind: str = "application/json") -> httpx.Response:
                    return await http.post(
                        "/api/v1/ingest", content=content, headers={"content-type": kind}
                    )

                good = msgspec.json.encode(CITY[0])
                lines = good + b'\n{"type":\n' + b'{"type":"reading","id":"level:1",'
                lines += b'"values":{"level":NaN}}\n' + good
                answer = await post(lines, "application/x-ndjson")
                oks = [row["ok"] for row in answer.json()["items"]]
                assert oks == [True, False, False, True]
                codes = [row["error"]["code"] for row in answer.json()["items"] if not row["ok"]]
                assert codes == ["malformed", "not_finite"]

                top = hub.sequencer.offset
                for content, status, code in (
                    (b"", 400, "empty"),
                    (b"[{]", 400, "malformed"),
                    (b"[" * 100_000, 400, "too_deep"),
                    (b"[" + b"1," * 6_000 + b"1]", 400, "too_many"),
                    (b" " * (8 * 1024 * 1024 + 1), 413, "too_large"),
                ):
                    answer = await post(content)
                    assert answer.status_code == status
                    assert answer.json()["error"]["code"] == code
                answer = await post(b'[{"type":"spell"}]')
                assert answer.status_code == 422
                assert hub.sequencer.offset == top

                async def endless() -> AsyncIterator[bytes]:
                    for _ in range(3_000):
                        yield b" " * 4_096

                with contextlib.suppress(httpx.HTTPError):  # the hub may close before the end
                    answer = await http.post("/api/v1/ingest", content=endless())
                    assert answer.status_code == 413
            async with http_client(url, "wrong") as stranger:
                for path in ("summary", "entities/level:1", "log", "media/x", "readings"):
                    answer = await stranger.get(f"/api/v1/{path}")
                    assert answer.status_code == 401
                assert (await stranger.post("/api/v1/ingest", content=good)).status_code == 401
                for path in ("healthz", "readyz", "metrics"):
                    assert (await stranger.get(f"/{path}")).status_code == 200

    asyncio.run(story())


def test_a_command_that_is_not_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            async with http_client(url, who["duty1"]) as http:
                for content, code in (
                    (b"{", "malformed"),
                    (b'{"key":"k","name":"case.create","args":' + b"[" * 99, "too_deep"),
                    (b'{"key":"","name":"case.create"}', "bad_key"),
                    (b'{"key":"k","name":"rm"}', "not_allowed"),
                    (b'{"key":"k","name":"case.create"}', "missing_field"),
                ):
                    answer = await http.post("/api/v1/commands", content=content)
                    assert answer.status_code >= 400
                    assert answer.json()["error"]["code"] == code
            assert hub.sequencer.offset == 0

    asyncio.run(story())


def test_only_this_machine_is_served_without_tls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(HubOptions(data=tmp_path, host="0.0.0.0", port=0)) == 2
    assert "0.0.0.0 can be reached from other machines" in capsys.readouterr().err


@contextlib.asynccontextmanager
async def raw(url: str, codec: str = "msgpack") -> AsyncIterator[Console]:
    """A connection that has said nothing yet."""
    name = SUBPROTOCOL_MSGPACK if codec == "msgpack" else SUBPROTOCOL_JSON
    async with connect(
        url.replace("http", "ws") + "/feed",
        subprotocols=[name],  # type: ignore[list-item]  # a NewType of str
        proxy=None,
        ping_interval=None,
    ) as socket:
        yield Console(socket, codec)


async def closed_with(session: Console) -> int:
    """Read to the end; the close code."""
    async with asyncio.timeout(20):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await session.frame()
    return int(session.socket.close_code or 0)
