"""The corpus on the feed: frames, bytes below them, floods; only their sender's session ends."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from services.domain.errors import KnownError
from services.feed.codec import MAX_CLIENT_BYTES, decode_client
from services.feed.frames import SUBPROTOCOL_JSON, Bye, Result, Welcome
from services.hub.limits import Limits
from tests.faults.entries import Entry, entries
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import LIMIT_S, console, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading
from tests.services.hub.test_hostile import closed_with, raw

FRAMES, SOCKETS = entries("frames"), entries("sockets")
ZERO = "00000000"


def test_every_bad_frame_is_answered_and_hurts_its_sender_only(
    tmp_path: Path, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            top = hub.sequencer.offset
            async with console(url, who["duty2"]) as witness:
                for number, entry in enumerate(FRAMES):
                    await _frame(url, who["duty1"], entry, number)
                for entry in SOCKETS:
                    await _socket(url, entry)
                assert hub.sequencer.offset == top
                await ingest(url, who["source"], [reading(0.3)])
                await witness.reach(hub.broker.top)
                assert witness.world.digest() == (await fold_of(hub)).digest()
                assert not any(isinstance(f, Bye) for f in witness.frames)

    asyncio.run(story())
    assert not [r for r in caplog.records if r.exc_info]  # nobody fills the log from outside
    count = len(FRAMES) + len(SOCKETS)
    faults.found(Row("corpus: frames and bytes of the feed", count, count, 0, 0, "all refused"))


async def _frame(url: str, token: str, entry: Entry, number: int) -> None:
    codec = "json" if "text" in entry else "msgpack"
    async with console(url, token, codec=codec, subscribe=False) as bad:
        if codec == "json":
            key = f"k{number}"  # a hub remembers what became of a key
            text = entry["text"].replace('"key":"k"', f'"key":"{key}"')
            await bad.socket.send(text)
        else:
            await bad.socket.send(bytes.fromhex(entry["hex"]))
        if "bye" in entry:
            bye = await bad.until(Bye)
            assert (bye.code, bye.retry) == (entry["bye"], False), (entry["what"], bye)
            assert 10 < len(bye.text) < 400, entry["what"]
        else:
            result = await bad.until(Result)
            assert result.error is not None, entry["what"]
            assert result.error.code == entry["result"], (entry["what"], result)
            assert result.error.text


# -- below the frames ----------------------------------------------------------------------------
@contextlib.asynccontextmanager
async def opened(
    url: str, *more: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]]:
    """A line to the hub, what it answered to the upgrade, and nothing else."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        key = base64.b64encode(b"0123456789abcdef").decode()
        head = [
            "GET /feed HTTP/1.1",
            f"Host: {host}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            *more,
        ]
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        yield reader, writer, await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LIMIT_S)
    finally:
        writer.close()


async def _socket(url: str, entry: Entry) -> None:
    async with opened(url) as (reader, writer, answer), asyncio.timeout(LIMIT_S):
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        writer.write(bytes.fromhex(entry["hex"].replace("{}", ZERO)))
        heard = b""
        with contextlib.suppress(ConnectionError):
            heard = await reader.read()
        code = int.from_bytes(heard[2:4], "big") if heard[:1] == b"\x88" else 0
        assert code == entry["close"], (entry["what"], heard[:80])


def test_nothing_is_unpacked_on_the_feed(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
            async with opened(url, offer) as (reader, writer, answer), asyncio.timeout(LIMIT_S):
                assert answer.startswith(b"HTTP/1.1 101 ")
                assert b"deflate" not in answer.lower()  # offered and not taken
                packer = zlib.compressobj(wbits=-15)
                bomb = packer.compress(b" " * 4_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)
                assert len(bomb) < 65_536
                head = b"\xc1\xfe" + len(bomb).to_bytes(2, "big") + bytes(4)
                writer.write(head + bomb)
                heard = await reader.read()
                assert heard[:1] == b"\x88"
                assert int.from_bytes(heard[2:4], "big") == 1002
            assert hub.sequencer.refusal is None

    asyncio.run(story())


def test_upgrades_that_are_almost_right(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            async with opened(url) as (_, _, answer):  # JSON is spoken where nothing is asked for
                assert answer.startswith(b"HTTP/1.1 101 ")
                assert b"sec-websocket-protocol" not in answer.lower()
            for more in (
                ("Sec-WebSocket-Protocol: onemap.v9.xml",),
                ("Sec-WebSocket-Version: 12",),
                ("Sec-WebSocket-Key: again",),
            ):
                async with opened(url, *more) as (_, _, answer):
                    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 4")), (more, answer)
            async with console(url, who["duty1"]) as desk:
                assert desk.welcome is not None

    asyncio.run(story())


def test_a_frame_at_the_limit_is_taken_and_one_byte_over_is_not(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_, url):
            who = tokens(tmp_path)
            hello = b'{"t":"hello","token":"%s"}' % who["duty1"].encode()
            size = Limits().hello_bytes
            async with raw(url, "json") as desk:
                await desk.socket.send(hello.ljust(size).decode())
                await desk.until(Welcome)
                note = b'{"t":"command","key":"k","name":"operator.note","args":{"name":"n"}}'
                await desk.socket.send(note.ljust(MAX_CLIENT_BYTES).decode())
                assert (await desk.until(Result)).error is None
                await desk.socket.send(note.ljust(MAX_CLIENT_BYTES + 1).decode())
                assert await closed_with(desk) == 1009
            async with raw(url, "json") as desk:
                await desk.socket.send(hello.ljust(size + 1).decode())
                assert await closed_with(desk) == 1009

    asyncio.run(story())


def test_who_floods_with_pings_and_reads_nothing_is_cut_off(tmp_path: Path) -> None:
    """Answers would pile up in the hub's memory; whoever reads them may ping as it likes."""

    async def story() -> None:
        patience = Limits(hello_timeout_s=600.0)
        async with served(tmp_path, limits=patience) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            ping = (b"\x89\xfd" + bytes(4) + bytes(125)) * 500
            async with opened(url) as (_, writer, _), asyncio.timeout(LIMIT_S):
                writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of TCP
                try:
                    while not writer.is_closing():
                        writer.write(ping)
                        await writer.drain()
                except ConnectionError:
                    pass  # the hub cut it
            async with raw(url, SUBPROTOCOL_JSON) as patient:
                for _ in range(2_000):
                    await patient.socket.ping()
                await (await patient.socket.ping())
            await ingest(url, who["source"], [reading(0.2)])
            assert hub.sequencer.refusal is None

    asyncio.run(story())


def test_names_that_stand_twice_are_found_as_deep_as_they_are() -> None:
    inner = {"a": [{"b": {"c": 1, "d": [1, {"e": 2}]}}], "f": {"c": 1}}
    frame = {"t": "command", "key": "k", "name": "n", "args": inner}
    packed = msgspec.msgpack.encode(frame)
    assert decode_client("msgpack", packed).args == inner  # type: ignore[union-attr]  # a command
    twice = packed.replace(b"\xa1d\x92", b"\xa1c\x92")
    assert twice != packed
    for codec, data in (
        ("msgpack", twice),
        ("json", msgspec.json.encode(frame).replace(b'"d"', b'"c"')),
    ):
        with pytest.raises(KnownError) as caught:
            decode_client(codec, data)  # type: ignore[arg-type]  # both are codec names
        assert (caught.value.code, caught.value.field) == ("duplicate_key", "c")
