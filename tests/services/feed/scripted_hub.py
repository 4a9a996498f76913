"""A hub on a real socket that follows a script: one scene for each connection it gets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import TypeVar

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from services.domain.world import World
from services.feed.codec import SUBPROTOCOLS, CodecName, decode_client, encode
from services.feed.frames import HubFrame, Snapshot, Subscribe, Welcome

LIMIT_S = 20.0
F = TypeVar("F")
Scene = Callable[["Stage"], None]


class Stage:
    """One connection, seen from the hub."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        name = next(n for n, s in SUBPROTOCOLS.items() if s == socket.subprotocol)
        self.codec: CodecName = name
        self.path = socket.request.path if socket.request is not None else ""

    def say(self, frame: HubFrame) -> None:
        data = encode(self.codec, frame)
        self.socket.send(data.decode() if self.codec == "json" else data)

    def hear(self, kind: type[F]) -> F:
        """The next frame, which must be of this kind."""
        message = self.socket.recv(timeout=LIMIT_S)
        assert isinstance(message, str) == (self.codec == "json")
        frame = decode_client(self.codec, message.encode() if isinstance(message, str) else message)
        assert isinstance(frame, kind), frame
        return frame

    def welcome(self, epoch: str, top: int, *, recovered: bool = False) -> None:
        self.hear(Subscribe)
        self.say(Welcome(epoch=epoch, top=top, server_time=0.0, user="甲", recovered=recovered))

    def snapshot(self, world: World) -> None:
        tables = list(world.parts(2))
        for part, table in enumerate(tables):
            self.say(
                Snapshot(
                    part=part,
                    parts=len(tables),
                    epoch=world.epoch,
                    offset=world.offset,
                    time=world.time,
                    tables=table,
                )
            )

    def stay(self) -> None:
        """Say nothing more until the client goes; what it says meanwhile is passed over."""
        while True:
            self.socket.recv(timeout=LIMIT_S)


class ScriptedHub:
    """Serves on port 0; the last scene is played again for every further connection."""

    def __init__(self, *scenes: Scene, refuse: HTTPStatus | None = None) -> None:
        self.scenes = list(scenes)
        self.refuse = refuse
        self.failures: list[BaseException] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._server = serve(
            self._play,
            "127.0.0.1",
            0,
            subprotocols=[Subprotocol(s) for s in SUBPROTOCOLS.values()],
            process_request=self._judge,
        )
        self.port: int = self._server.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def _judge(self, connection: ServerConnection, _: Request) -> Response | None:
        return connection.respond(self.refuse, "no\n") if self.refuse is not None else None

    def _play(self, socket: ServerConnection) -> None:
        with self._lock:
            scene = self.scenes[min(self.connections, len(self.scenes) - 1)]
            self.connections += 1
        try:
            scene(Stage(socket))
        except ConnectionClosed:
            pass
        except BaseException as error:
            self.failures.append(error)

    def __enter__(self) -> ScriptedHub:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(LIMIT_S)
        if error is None and self.failures:
            raise self.failures[0]
