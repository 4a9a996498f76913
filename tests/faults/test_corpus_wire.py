"""The corpus of bad requests, byte by byte on a line of their own: an answer or an end, in time."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from services.hub.limits import Limits
from tests.faults.entries import Entry, entries
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import LIMIT_S, served, tokens
from tests.services.hub.test_feed import CITY, ingest, reading

REQUESTS = entries("requests")
SHORT = Limits(header_timeout_s=0.5, body_timeout_s=0.5)


def test_every_bad_request_gets_an_answer_or_an_end(tmp_path: Path, faults: Faults) -> None:
    async def story() -> None:
        async with served(tmp_path, limits=SHORT) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            top = hub.sequencer.offset
            secrets = [t.encode() for t in who.values()]
            # all at once: the slow ones hold up nobody
            answers = await asyncio.gather(*(_asked(url, entry, who) for entry in REQUESTS))
            for entry, answer in zip(REQUESTS, answers, strict=True):
                _judge(entry, answer)
                assert not any(secret in answer for secret in secrets), entry["what"]
            assert hub.sequencer.offset == top
            await ingest(url, who["source"], [reading(0.2)])
            assert hub.sequencer.refusal is None

    asyncio.run(story())
    count = len(REQUESTS)
    faults.found(Row("corpus: requests as bytes", count, count, 0, 0, "all answered or ended"))


def test_a_body_that_goes_on_after_its_answer_is_cut_off(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path, limits=SHORT) as (_, url):
            host, port = url.removeprefix("http://").split(":")
            token = tokens(tmp_path)["source"]
            reader, writer = await asyncio.open_connection(host, int(port))
            try:
                head = f"Host: hub\r\nAuthorization: Bearer {token}\r\nContent-Length: 5000000"
                writer.write(f"POST /api/v1/ingest HTTP/1.1\r\n{head}\r\n\r\n[".encode())
                answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LIMIT_S)
                assert answer.startswith(b"HTTP/1.1 400 ")
                async with asyncio.timeout(LIMIT_S):
                    while not await _ended(reader):
                        writer.write(b" ")  # a letter now and then keeps nobody's place
            finally:
                writer.close()

    asyncio.run(story())


async def _ended(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(0.05):
            while await reader.read(65_536):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


async def _asked(url: str, entry: Entry, who: dict[str, str]) -> bytes:
    """Everything that the hub says until it ends the line."""
    host, port = url.removeprefix("http://").split(":")
    text = entry["sent"].replace("«T»", who["source"]).replace("«D»", who["duty1"])
    async with asyncio.timeout(LIMIT_S):
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(text.encode("latin-1"))
            heard = b""
            try:
                if entry["status"] == 0:
                    return await reader.read()
                while not _complete(heard):
                    piece = await reader.read(65_536)
                    if not piece:
                        break
                    heard += piece
            except ConnectionResetError:
                pass
            return heard
        finally:
            writer.close()


def _complete(heard: bytes) -> bool:
    head, blank, body = heard.partition(b"\r\n\r\n")
    if not blank:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


def _judge(entry: Entry, answer: bytes) -> None:
    what = (entry["what"], answer[:400])
    if entry["status"] == 0 or (entry.get("cut") and not answer):
        assert answer == b"", what
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % entry["status"]), what
    assert len(answer) < 2_000, what
    if "code" in entry or "field" in entry:
        error = json.loads(body)["error"]
        assert error["code"] == entry.get("code", error["code"]), what
        assert error.get("field", "") == entry.get("field", ""), what
        assert error["text"], what
