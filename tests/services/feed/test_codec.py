"""Bytes from outside: sizes and nesting are refused before anything is built from them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.feed import codec
from services.feed.codec import CodecName
from services.feed.frames import Command, Heartbeat, Hello, Pong, Position, Subscribe

CODECS: tuple[CodecName, ...] = ("json", "msgpack")
DEEP = 100_000


def nested(levels: int, codec_: CodecName, *, maps: bool = False) -> bytes:
    """A value of ``levels`` containers, made without recursion."""
    if codec_ == "json":
        return (
            b'{"a":' * levels + b"1" + b"}" * levels
            if maps
            else b"[" * levels + b"1" + b"]" * levels
        )
    return (b"\x81\xa1a" if maps else b"\x91") * levels + b"\x01"


def command_with(args: bytes, codec_: CodecName) -> bytes:
    """A command frame whose argument ``x`` is the given value."""
    if codec_ == "json":
        return b'{"t":"command","key":"k","name":"n","args":{"x":' + args + b"}}"
    return b"\x84\xa1t\xa7command\xa3key\xa1k\xa4name\xa1n\xa4args\x81\xa1x" + args


def code_of(codec_: CodecName, data: bytes, *, hub: bool = False, **more: Any) -> str:
    decode = codec.decode_hub if hub else codec.decode_client
    with pytest.raises(KnownError) as caught:
        decode(codec_, data, **more)
    return caught.value.code


@pytest.mark.parametrize("codec_", CODECS)
def test_frames_come_back_as_they_went(codec_: CodecName) -> None:
    for frame in (
        Hello(token="t", client="c", seat="s", resume=Position(epoch="e", offset=7)),
        Subscribe(id=1, kinds=("camera",)),
        Command(key="k", name="n", args={"a": [1, {"b": None}]}, expect_version=2),
        Pong(top=9),
    ):
        assert codec.decode_client(codec_, codec.encode(codec_, frame)) == frame
    heartbeat = Heartbeat(top=1, server_time=2.0)
    assert codec.decode_hub(codec_, codec.encode(codec_, heartbeat)) == heartbeat


@pytest.mark.parametrize("maps", [False, True])
@pytest.mark.parametrize("codec_", CODECS)
def test_a_depth_bomb_in_the_open_arguments_is_refused(codec_: CodecName, maps: bool) -> None:
    bomb = command_with(nested(DEEP, codec_, maps=maps), codec_)
    assert code_of(codec_, bomb, limit=10**7) == "too_deep"
    allowed = command_with(nested(codec.MAX_DEPTH - 2, codec_, maps=maps), codec_)
    frame = codec.decode_client(codec_, allowed)
    assert isinstance(frame, Command)
    assert code_of(codec_, command_with(nested(codec.MAX_DEPTH - 1, codec_), codec_)) == "too_deep"


@pytest.mark.parametrize("codec_", CODECS)
def test_a_depth_bomb_in_a_field_that_nobody_knows_is_refused(codec_: CodecName) -> None:
    bomb = nested(DEEP, codec_)
    if codec_ == "json":
        frame = b'{"t":"heartbeat","top":1,"server_time":1.0,"x":' + bomb + b"}"
    else:
        frame = b"\x84\xa1t\xa9heartbeat\xa3top\x01\xabserver_time\x01\xa1x" + bomb
    assert code_of(codec_, frame, hub=True) == "too_deep"


@pytest.mark.parametrize("codec_", CODECS)
def test_unclosed_bombs_are_refused(codec_: CodecName) -> None:
    bomb = b"[" * DEEP if codec_ == "json" else b"\x91" * DEEP
    assert code_of(codec_, bomb) == "too_deep"
    assert code_of(codec_, bomb, hub=True) in ("too_deep", "bad_frame")


def test_many_children_are_not_depth() -> None:
    wide = msgspec.msgpack.encode([[1, [2]]] * 10_000)
    assert codec.msgpack_depth(wide) == 3
    codec.check_depth("msgpack", wide)
    codec.check_depth("json", json.dumps([[1, [2]]] * 10_000).encode())


@pytest.mark.parametrize("codec_", CODECS)
def test_a_frame_one_byte_over_is_refused(codec_: CodecName) -> None:
    data = codec.encode(codec_, Pong(top=1))
    assert codec.decode_client(codec_, data, len(data)) == Pong(top=1)
    assert code_of(codec_, data, limit=len(data) - 1) == "too_large"
    assert code_of(codec_, data, hub=True, limit=len(data) - 1) == "too_large"


@pytest.mark.parametrize(
    ("codec_", "data"),
    [
        ("json", b""),
        ("json", b"{"),
        ("json", b'{"t":"teapot"}'),
        ("json", b'{"t":"hello"}'),
        ("json", b'{"t":"hello","token":"\xff"}'),
        ("json", b'{"t":"command","key":"k","name":"n","args":{"x":NaN}}'),
        ("msgpack", b""),
        ("msgpack", b"\xc1"),
        ("msgpack", b"\x81\xa1t\xa5hello"),
        ("msgpack", b"\xdf\xff\xff\xff\xff"),
        ("msgpack", b"\xdd\xff\xff"),
        ("msgpack", b"\x81\xa1t\xd9\x20" + b"x" * 32 + b"\xdd\xff"),
    ],
)
def test_what_is_no_frame_is_refused(codec_: CodecName, data: bytes) -> None:
    assert code_of(codec_, data) == "bad_frame"
    assert code_of(codec_, data, hub=True) == "bad_frame"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='ab"\\[]{}é', max_size=300)
    | st.binary(max_size=300)
    | st.builds(msgspec.msgpack.Ext, st.integers(0, 127), st.binary(max_size=300)),
    lambda inner: (
        st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=3), inner, max_size=17)
    ),
    max_leaves=40,
)


def depth_of(value: object) -> int:
    """By plain recursion over Python values."""
    if isinstance(value, dict):
        return 1 + max((depth_of(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth_of(v) for v in value), default=0)
    return 0


def filled(value: object) -> object:
    """Without empty containers, which MessagePack's walk may count as the scalars they cost."""
    if isinstance(value, dict):
        return {k: filled(v) for k, v in value.items()} or None
    if isinstance(value, list):
        return [filled(v) for v in value] or None
    return value


@given(values)
def test_the_walk_of_messagepack_agrees_with_recursion(value: object) -> None:
    value = filled(value)
    data = msgspec.msgpack.encode(value)
    assert codec.msgpack_depth(data, limit=1_000) == depth_of(value)
    assert codec.msgpack_depth(data + b"\x91\x91\x91\x91", 1_000) == depth_of(value), "one value"


@given(st.integers(15, 17), st.sampled_from([40, 300, 70_000]))
def test_every_length_form_is_stepped_over(count: int, size: int) -> None:
    blob, text, ext = b"\x91" * size, "[" * size, msgspec.msgpack.Ext(5, b"\x91" * size)
    value = [{str(i): [blob, text, ext, -1, 2**40, 1.5, -(2**40)] for i in range(count)}]
    assert codec.msgpack_depth(msgspec.msgpack.encode(value)) == 3
    fixed = [msgspec.msgpack.Ext(5, b"\x91" * n) for n in (1, 2, 4, 8, 16)] * count
    assert codec.msgpack_depth(msgspec.msgpack.encode([fixed])) == 2


def test_containers_with_long_heads_are_counted() -> None:
    value: object = list(range(70_000))
    for wrapped in ([value], {str(i): value for i in range(3)}):
        assert codec.msgpack_depth(msgspec.msgpack.encode(wrapped)) == 2
    assert codec.msgpack_depth(msgspec.msgpack.encode({i: [i] for i in range(70_000)})) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\[]{}é', max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=30,
)


@given(json_values, st.booleans())
def test_the_count_of_brackets_agrees_with_recursion(value: object, ascii_: bool) -> None:
    assert codec.json_depth(json.dumps(value, ensure_ascii=ascii_).encode()) == depth_of(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_walked_to_the_end(data: bytes) -> None:
    assert codec.json_depth(data) <= len(data)
    assert 0 <= codec.msgpack_depth(data, 10) <= 11
    for codec_ in CODECS:
        try:
            codec.decode_client(codec_, data)
        except KnownError as error:
            known = error.code
        else:
            known = "a frame"
        assert known in ("bad_frame", "too_deep", "a frame")
