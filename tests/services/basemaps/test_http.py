"""What tile servers may answer: everything, and none of it harms."""

from __future__ import annotations

import gzip
import logging
import socket
from collections.abc import Iterator

import pytest

from services.basemaps.health import TileError
from services.basemaps.http import MAX_AGE_S, MIN_AGE_S, TileHttp, Timing
from services.basemaps.pictures import MAX_BYTES
from tests.services.basemaps.pictured import picture
from tests.services.basemaps.server import PNG, Answer, TileServer


@pytest.fixture
def http() -> Iterator[TileHttp]:
    made = TileHttp()
    yield made
    made.close()


@pytest.fixture
def hasty() -> Iterator[TileHttp]:
    made = TileHttp(Timing(connect_s=1.0, read_s=0.2, whole_s=0.5))
    yield made
    made.close()


def _trouble(http: TileHttp, url: str) -> str:
    with pytest.raises(TileError) as failed:
        http.tile(url)
    return failed.value.trouble


def test_a_tile_comes_with_its_tag_and_age(server: TileServer, http: TileHttp) -> None:
    head = {**PNG, "ETag": '"v1"', "Cache-Control": "public, max-age=90000"}
    server.answers = lambda _path, _headers: Answer(body=picture("red"), headers=head)
    came = http.tile(f"{server.url}/1/1/1.png")
    assert (came.data, came.etag, came.age_s) == (picture("red"), '"v1"', 90_000.0)
    assert server.headers[0]["user-agent"].startswith("OneMap-Console/")
    server.answers = lambda _path, headers: Answer(
        304 if headers.get("if-none-match") == '"v1"' else 500, headers={}
    )
    again = http.tile(f"{server.url}/1/1/1.png", '"v1"')
    assert (again.data, again.unchanged) == (None, True)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("max-age=5", MIN_AGE_S), ("no-store", 7 * 86_400), ("max-age=99999999999", MAX_AGE_S),
     ("max-age=-1", 7 * 86_400), ("max-age=" + "9" * 500, 7 * 86_400)],
)  # fmt: skip
def test_ages_are_bounded(server: TileServer, http: TileHttp, said: str, seconds: float) -> None:
    server.answers = lambda _path, _headers: Answer(
        body=picture("red"), headers={**PNG, "Cache-Control": said}
    )
    assert http.tile(f"{server.url}/1/1/1.png").age_s == seconds


@pytest.mark.parametrize("status", [204, 404, 410])
def test_no_such_tile_is_no_error(server: TileServer, http: TileHttp, status: int) -> None:
    server.answers = lambda _path, _headers: Answer(status, headers={})
    came = http.tile(f"{server.url}/1/1/1.png")
    assert (came.data, came.unchanged) == (None, False)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(401, b"key"), "wrong_key"),
        (Answer(403, b"<html>"), "wrong_key"),
        (Answer(429, headers={"Retry-After": "7"}), "too_many"),
        (Answer(418), "too_many"),
        (Answer(500), "server_error"),
        (Answer(503), "server_error"),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), "redirected"),
        (Answer(200, b"<html>log in</html>", {"Content-Type": "text/html"}), "no_picture"),
        (Answer(200, picture("red"), {"Content-Type": "text/html"}), "no_picture"),
        (Answer(200, b'{"error": 1}', {"Content-Type": "application/json"}), "no_picture"),
        (Answer(200, b"", PNG), "no_picture"),
        (Answer(200, b"\x00garbage" * 50, PNG), "no_picture"),
        (Answer(200, picture("red")[:60], PNG), "no_picture"),
        (Answer(200, b"\x89PNG\r\n\x1a\n" + b"\0" * MAX_BYTES, PNG), "no_picture"),
        (Answer(200, picture("red"), PNG, length=10_000_000), "no_answer"),
        (
            Answer(200, gzip.compress(b"\0" * 10_000_000), {**PNG, "Content-Encoding": "gzip"}),
            "no_picture",
        ),
    ],
)  # fmt: skip
def test_every_other_answer_has_its_name(
    server: TileServer, http: TileHttp, answer: Answer, trouble: str
) -> None:
    server.answers = lambda _path, _headers: answer
    assert _trouble(http, f"{server.url}/1/1/1.png") == trouble
    assert len(server.asked) == 1  # nobody was sent elsewhere


def test_how_long_to_wait_is_taken_from_the_server(server: TileServer, http: TileHttp) -> None:
    server.answers = lambda _path, _headers: Answer(429, headers={"Retry-After": "7"})
    with pytest.raises(TileError) as failed:
        http.tile(f"{server.url}/1/1/1.png")
    assert failed.value.retry_after == 7.0


def test_a_server_that_is_silent_or_away(server: TileServer, hasty: TileHttp) -> None:
    server.gate.clear()
    assert _trouble(hasty, f"{server.url}/1/1/1.png") == "no_answer"
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    assert _trouble(hasty, f"http://127.0.0.1:{port}/1/1/1.png") == "no_answer"


def test_a_server_that_sends_byte_by_byte_is_cut_off(server: TileServer) -> None:
    """Each byte comes before the time for the next one is over."""
    server.answers = lambda _path, _headers: Answer(200, picture("red"), PNG, drip_s=0.02)
    patient = TileHttp(Timing(connect_s=2.0, read_s=2.0, whole_s=0.4))
    try:
        with pytest.raises(TileError) as failed:
            patient.tile(f"{server.url}/1/1/1.png")
    finally:
        patient.close()
    assert (failed.value.trouble, failed.value.detail) == ("no_answer", "too slow")


def test_errors_hold_no_address(server: TileServer, http: TileHttp) -> None:
    with pytest.raises(TileError) as failed:
        http.tile("http://127.0.0.1:1/1/1/1.png?tk=geheim")
    assert "geheim" not in f"{failed.value!r} {failed.value.__cause__!r}"


def test_a_key_is_in_no_log(
    server: TileServer, http: TileHttp, caplog: pytest.LogCaptureFixture
) -> None:
    # httpx by name: a test of the console's logging before this one has silenced it.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "httpx"):
        http.tile(f"{server.url}/1/1/1.png?tk=geheim")
        server.answers = lambda _path, _headers: Answer(403)
        with pytest.raises(TileError):
            http.tile(f"{server.url}/geheim/1/1/1.png?tk=geheim")
    said = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    assert "HTTP Request: GET" in said
    assert "geheim" not in said


def test_a_document_is_bounded(server: TileServer, http: TileHttp) -> None:
    server.answers = lambda _path, _headers: Answer(200, b"<a/>", {"Content-Type": "text/xml"})
    assert http.document(f"{server.url}/wmts") == b"<a/>"
    server.answers = lambda _path, _headers: Answer(200, b"x" * (9 * 1024 * 1024), {})
    with pytest.raises(TileError):
        http.document(f"{server.url}/wmts")
