"""The feed fuzzed: frames that are almost right, and bytes that are nothing.

Each is answered, ignored or ends its own session with a reason; nobody else notices.
"""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from services.feed.frames import Bye
from services.hub.limits import Limits
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import Console, console, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading

KEYS = ["t", "token", "seat", "resume", "id", "kinds", "key", "name", "args", "expect_version"]
KEYS += ["action", "start", "end", "at", "offset", "speed", "steps", "top", "epoch", "bbox", "x"]
TYPES = ["hello", "subscribe", "unsubscribe", "command", "replay", "pong", "welcome", "nothing"]
NAMES = ["case.create", "alarm.acknowledge", "dispatch.send", "operator.note", "drop"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([*TYPES, *NAMES, "open", "play", "seek", "\u202e", "\ud800", "<b>x</b>"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5),
    ),
    max_leaves=12,
)
ID, KEY, NUMBER = st.integers(0, 20), st.text(max_size=10), st.floats(0.0, 4e9)
ACTIONS = st.sampled_from(["open", "play", "pause", "seek", "speed", "step", "close"])
RIGHT = st.one_of(
    st.fixed_dictionaries({"t": st.just("subscribe"), "id": ID}, optional={"kinds": VALUES}),
    st.fixed_dictionaries({"t": st.just("unsubscribe"), "id": ID}),
    st.fixed_dictionaries({"t": st.just("pong")}, optional={"top": VALUES}),
    st.fixed_dictionaries(
        {"t": st.just("command"), "key": KEY, "name": st.sampled_from(NAMES)},
        optional={"args": st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)}
        | {"expect_version": VALUES},
    ),
    st.fixed_dictionaries(
        {"t": st.just("replay"), "action": ACTIONS},
        optional={"start": NUMBER, "end": NUMBER, "at": NUMBER, "offset": VALUES, "speed": VALUES},
    ),
)
WRONG = st.fixed_dictionaries(
    {"t": st.sampled_from(TYPES)}, optional={key: VALUES for key in KEYS if key != "t"}
)
"""What a frame may look like: mostly right with odd values, or any fields at all."""


def as_json(frame: dict[str, Any]) -> bytes:
    return json.dumps(frame, ensure_ascii=True).encode()


def as_msgpack(frame: dict[str, Any]) -> bytes:
    try:
        return msgspec.msgpack.encode(frame)
    except (OverflowError, UnicodeEncodeError):
        return as_json(frame)


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, bytes]:
    """(codec, what is sent): a frame, a frame with a piece broken out, or any bytes."""
    codec = draw(st.sampled_from(["json", "msgpack"]))
    frame = draw(st.one_of(RIGHT, RIGHT, WRONG))
    data = as_json(frame) if codec == "json" else as_msgpack(frame)
    match draw(st.sampled_from(["whole", "whole", "whole", "broken", "bytes"])):
        case "bytes":
            return codec, draw(st.binary(max_size=200))
        case "broken":
            place = draw(st.integers(0, max(0, len(data) - 1)))
            return codec, data[:place] + draw(st.binary(max_size=4)) + data[place + 1 :]
        case _:
            return codec, data


def drawn(count: int, chance: random.Random) -> list[tuple[str, bytes]]:
    """So many messages, the same for the same seed."""
    found: list[tuple[str, bytes]] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(messages())
    def collect(message: tuple[str, bytes]) -> None:
        found.append(message)

    collect()
    chance.shuffle(found)
    return found


def test_no_frame_harms_anybody_but_its_sender(tmp_path: Path, faults: Faults) -> None:
    many = drawn(faults.count("fuzz") * 20, faults.chance("fuzz feed"))

    async def story() -> tuple[int, int]:
        ended = 0
        # the witness answers no heartbeat while the others have their turn
        async with served(tmp_path, limits=Limits(silence_s=3_600.0)) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty2"]) as witness:
                for codec, data in many:
                    ended += await _sent(url, who["duty1"], codec, data)
                await ingest(url, who["source"], [reading(0.3)])
                await witness.reach(hub.broker.top)
                assert witness.world.digest() == (await fold_of(hub)).digest()
                assert not any(isinstance(f, Bye) for f in witness.frames)
            assert hub.sequencer.refusal is None
        return len(many), ended

    count, ended = asyncio.run(story())
    faults.found(Row("frames, right and wrong", count, count, 0, 0, f"{ended} ended their session"))


async def _sent(url: str, token: str, codec: str, data: bytes) -> int:
    """Send it in a session of its own; 1 when that ended it, with a reason a person can read."""
    async with console(url, token, codec=codec, subscribe=False) as bad:
        await bad.socket.send(data.decode("utf-8", "replace") if codec == "json" else data)
        return await _fate(bad)


async def _fate(bad: Console) -> int:
    """Wait for its answer, or for the answer to a question asked after it."""
    probe = b'{"t":"command","key":"probe","name":"operator.note","args":{"name":"probe"}}'
    if bad.codec == "msgpack":
        probe = msgspec.msgpack.encode(msgspec.json.decode(probe))
    try:
        await bad.socket.send(probe.decode() if bad.codec == "json" else probe)
        while True:
            frame = await bad.frame()
            if isinstance(frame, Bye):
                assert frame.code
                assert frame.text
                assert frame.code != "internal", frame
                return 1
            if getattr(frame, "key", "") == "probe":
                return 0
    except ConnectionClosed:
        return 1
