"""A tile server on loopback that does what a test tells it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.basemaps.model import Source
from tests.services.basemaps.pictured import picture

PNG = {"Content-Type": "image/png"}


class Answer:
    """One answer; ``length`` may lie about the body's, ``drip_s`` is between two bytes of it."""

    def __init__(
        self,
        status: int = 200,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        length: int | None = None,
        drip_s: float = 0.0,
    ) -> None:
        self.status, self.body = status, body
        self.headers = dict(PNG) if headers is None else headers
        self.length = len(body) if length is None else length
        self.drip_s = drip_s


RED = Answer(body=picture("red"))


class TileServer:
    """``answers(path, headers)`` makes the answers; ``gate`` holds all of them back while clear."""

    def __init__(self) -> None:
        self.answers: Callable[[str, dict[str, str]], Answer] = lambda _path, _headers: RED
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.busiest = 0
        self._busy = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        class Listener(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_args: object) -> None:
                """A client that went away is no news."""

        self._listener = Listener(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_port}"

    def source(self, **more: object) -> Source:
        fields: dict[str, object] = {
            "id": "s", "title_zh": "图", "title_en": "map", "type": "xyz",
            "address": f"{self.url}/{{z}}/{{x}}/{{y}}.png",
        }  # fmt: skip
        return Source(**{**fields, **more})

    def close(self) -> None:
        self.gate.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.asked.append(handler.path)
            self.headers.append({k.lower(): v for k, v in handler.headers.items()})
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        try:
            self.gate.wait(30)
            answer = self.answers(handler.path, self.headers[-1])
            handler.send_response(answer.status)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(answer.length))
            handler.end_headers()
            if answer.drip_s:
                for byte in answer.body:
                    handler.wfile.write(bytes([byte]))
                    handler.wfile.flush()
                    time.sleep(answer.drip_s)
            else:
                handler.wfile.write(answer.body)
            if answer.length != len(answer.body):
                handler.close_connection = True
        except OSError:
            handler.close_connection = True
        finally:
            with self._lock:
                self._busy -= 1
