"""The hub's HTTP side as the console asks it, against servers that answer anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.domain.errors import KnownError
from services.feed import http as api
from services.feed.api import HubApi


@contextmanager
def hub(body: bytes, paths: list[str] | None = None, status: int = 200) -> Iterator[HubApi]:
    """A hub that gives this one answer to every question."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0

        def do_GET(self) -> None:
            if paths is not None:
                paths.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not to stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    asked = HubApi(f"http://127.0.0.1:{server.server_port}", "token")
    try:
        yield asked
    finally:
        asked.close()
        server.shutdown()
        server.server_close()
        thread.join()


QUESTIONS: list[Callable[[HubApi], object]] = [
    lambda hub: hub.readings("a", "b", 0.0, 1.0),
    lambda hub: hub.alarm_counts(0.0, 1.0, 1.0),
    lambda hub: hub.alarm_raises(0.0, 1.0),
    HubApi.log_bounds,
    lambda hub: hub.media_url("a"),
]


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b"7", b"\xff"])
def test_an_answer_that_is_none_is_refused_in_words(
    ask: Callable[[HubApi], object], body: bytes
) -> None:
    with hub(body) as asked, pytest.raises(KnownError) as refused:
        ask(asked)
    assert refused.value.code == "hub_refused"


def test_an_id_stays_one_step_of_the_path() -> None:
    paths: list[str] = []
    with hub(b'{"url": "rtsp://camera/1"}', paths) as asked:
        assert asked.media_url("a/../b?c#d") == "rtsp://camera/1"
    assert paths == ["/api/v1/media/a%2F..%2Fb%3Fc%23d"]


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "WHOLE_S", -1.0)
    with hub(b'{"url": "rtsp://camera/1"}') as asked, pytest.raises(KnownError) as refused:
        asked.media_url("a")
    assert refused.value.code == "hub_unreachable"
