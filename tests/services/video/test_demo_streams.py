"""The demo stream source over real HTTP, its pictures decoded by an independent reader (PyAV)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Generator

import av
import httpx
import numpy as np
import pytest
from PIL import Image

from services.video.demo_streams import MAX_ENCODERS
from services.video.scene import StreetScene, Typeface, daylight, find_typeface

CAMERA = "63010200001320000017"


@pytest.fixture
def source() -> Generator[httpx.Client, None, None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.video.demo_streams", "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["ready"] is True
    with httpx.Client(base_url=f"http://127.0.0.1:{ready['port']}", timeout=10) as client:
        yield client
    process.stdin.close()
    # Its parent's end is its own: no signal is sent.
    assert process.wait(10) == 0
    process.stdout.close()


def _until_on_air(client: httpx.Client, expected: dict[str, int]) -> None:
    for _ in range(500):
        if client.get("/on-air").json()["on_air"] == expected:
            return
    pytest.fail(f"never on air: {expected}")


def test_a_stream_is_h264_in_mpeg_ts_that_starts_with_a_key_frame(source: httpx.Client) -> None:
    url = f"{source.base_url}/live/{CAMERA}.ts"
    with av.open(url, timeout=(10, 10)) as container:
        stream = container.streams.video[0]
        assert (container.format.name, stream.codec_context.name) == ("mpegts", "h264")
        frames = []
        for frame in container.decode(stream):
            frames.append(frame)
            if len(frames) == 12:
                break
    assert frames[0].key_frame
    assert {(frame.width, frame.height) for frame in frames} == {(640, 360)}
    keys = [number for number, frame in enumerate(frames) if frame.key_frame]
    assert keys[:2] == [0, 8]
    before, after = (frames[n].to_ndarray(format="gray").astype(int) for n in (0, 5))
    moved = np.abs(before - after)
    assert moved.max() > 40


def test_viewers_share_one_encoder_that_stops_with_the_last(source: httpx.Client) -> None:
    with source.stream("GET", f"/live/{CAMERA}.ts") as first:
        assert first.headers["content-type"] == "video/mp2t"
        kept = first.iter_raw(188)
        next(kept)
        with source.stream("GET", f"/live/{CAMERA}.ts") as second:
            pieces = second.iter_raw(188)
            # It joins within a picture group and yet begins with the tables of a key frame.
            assert next(pieces)[0] == 0x47
            _until_on_air(source, {CAMERA: 2})
        _until_on_air(source, {CAMERA: 1})
    _until_on_air(source, {})


def test_a_silent_cameras_viewer_who_leaves_is_noticed(source: httpx.Client) -> None:
    assert source.post(f"/control/{CAMERA}", json={"mode": "silent"}).status_code == 200
    with source.stream("GET", f"/live/{CAMERA}.ts") as answer:
        assert answer.status_code == 200
        _until_on_air(source, {CAMERA: 1})
    _until_on_air(source, {})


def test_a_refusing_camera_ends_its_streams_and_refuses_new_ones(source: httpx.Client) -> None:
    with source.stream("GET", f"/live/{CAMERA}.ts") as answer:
        pieces = answer.iter_raw(188)
        next(pieces)
        source.post(f"/control/{CAMERA}", json={"mode": "refuse"})
        assert sum(len(piece) for piece in pieces) % 188 == 0
    refused = source.get(f"/live/{CAMERA}.ts")
    assert refused.status_code == 403
    assert "refuses" in refused.json()["error"]["text"]


def test_encoders_are_bounded_with_a_clear_answer(source: httpx.Client) -> None:
    with contextlib.ExitStack() as open_streams:
        for number in range(MAX_ENCODERS):
            answer = open_streams.enter_context(source.stream("GET", f"/live/c{number}.ts"))
            assert answer.status_code == 200
        refused = source.get("/live/one-more.ts")
        assert refused.status_code == 503
        assert str(MAX_ENCODERS) in refused.json()["error"]["text"]


@pytest.mark.parametrize(
    ("camera", "body", "status"),
    [
        ("c1", b'{"mode":"dance"}', 422),
        ("c1", b'{"rain":"yes"}', 422),
        ("c1", b"{}", 422),
        ("c1", b"[1]", 422),
        ("c1", b"\xff", 422),
        ("c1", b"[" * 4000, 422),
        ("c1", b" " * 5000, 413),
        ("a%20b", b'{"mode":"live"}', 404),
        ("*", b'{"rain":true}', 200),
    ],
)
def test_orders_are_checked(source: httpx.Client, camera: str, body: bytes, status: int) -> None:
    answer = source.post(f"/control/{camera}", content=body)
    assert answer.status_code == status
    assert source.get("/live/..%2Fetc.ts").status_code == 404


@pytest.fixture(scope="module")
def typeface() -> Typeface:
    return find_typeface()


def _pixels(image: Image.Image) -> bytes:
    return image.tobytes()


def test_a_scene_follows_from_the_id_and_the_time(typeface: Typeface) -> None:
    now = 1_769_400_000.0
    one, same, other = (StreetScene(key, typeface) for key in ("c1", "c1", "c2"))
    assert _pixels(one.draw(now)) == _pixels(same.draw(now))
    assert _pixels(one.draw(now)) != _pixels(other.draw(now))
    assert _pixels(one.draw(now)) != _pixels(one.draw(now + 1))
    assert _pixels(one.draw(now)) != _pixels(one.draw(now, rain=True))


def test_night_is_darker_than_noon_in_the_districts_own_time(typeface: Typeface) -> None:
    scene = StreetScene("c1", typeface)
    noon = 1_769_400_000.0  # 12:00 at UTC+8
    bright = sum(scene.draw(noon).getpixel((300, 44)))
    dark = sum(scene.draw(noon + 12 * 3600).getpixel((300, 44)))
    assert dark < bright / 2
    assert min(daylight(hour / 4) for hour in range(96)) > 0.2


def test_without_a_chinese_font_the_mark_is_latin() -> None:
    latin = Typeface(None, cjk=False)
    assert StreetScene("c1", latin).draw(0.0).size == (640, 360)
