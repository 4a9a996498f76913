"""A real local stream source for the demo: every camera id has a live MPEG-TS stream over HTTP.

``python -m services.video.demo_streams`` prints one JSON line ``{"ready": true, "port": N}`` and
serves ``/live/{camera_id}.ts``; ``POST /control/{camera_id}`` makes a camera freeze, fall silent
or refuse, as cameras do.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from services.video.encoder import MODES, CameraEncoder, CameraState, Piece
from services.video.scene import StreetScene, Typeface, find_typeface

MAX_ENCODERS = 16
MAX_VIEWERS_PER_CAMERA = 16
MAX_STATES = 10_000
MAX_CONTROL_BYTES = 4096
# A viewer this many pictures behind is cut off: it opens again and is current at once.
MAX_BEHIND = 64
_CAMERA_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{0,127}")
_EVERY_CAMERA = "*"

Viewer = asyncio.Queue[bytes | None]


@dataclass(slots=True, eq=False)
class Channel:
    """One camera on air. Belongs to the event loop's thread."""

    encoder: CameraEncoder
    viewers: set[Viewer] = field(default_factory=set)
    # Everything since the last key frame: a new viewer starts with it, not with a wait.
    since_key: list[bytes] = field(default_factory=list)

    def publish(self, piece: Piece) -> None:
        """Hand a piece to every viewer; the ones too far behind are cut off."""
        if piece.key:
            self.since_key.clear()
        if piece.key or self.since_key:
            self.since_key.append(piece.data)
        for viewer in tuple(self.viewers):
            if viewer.qsize() >= MAX_BEHIND:
                self.viewers.discard(viewer)
                viewer.put_nowait(None)
            else:
                viewer.put_nowait(piece.data)

    def close(self) -> None:
        """Stop the encoder and end every viewer's stream."""
        self.encoder.stop()
        for viewer in self.viewers:
            viewer.put_nowait(None)
        self.viewers.clear()


class RefusedError(Exception):
    """A request this source answers with an HTTP error and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class DemoStreams:
    """Encoders on demand, one per camera, shared by its viewers. Used on one event loop only."""

    def __init__(self, typeface: Typeface, *, max_encoders: int = MAX_ENCODERS) -> None:
        self._typeface = typeface
        self._max_encoders = max_encoders
        self._channels: dict[str, Channel] = {}
        self._states: dict[str, CameraState] = {}
        self._common = CameraState()

    def state(self, camera_id: str) -> CameraState:
        """Return what a camera is told to do."""
        return self._states.get(camera_id, self._common)

    def control(self, camera_id: str, *, mode: str | None, rain: bool | None) -> CameraState:
        """Change one camera, or with ``*`` every camera, those with orders of their own too."""
        if camera_id == _EVERY_CAMERA:
            changed = [self._common, *self._states.values()]
        else:
            if camera_id not in self._states:
                if len(self._states) >= MAX_STATES:
                    raise RefusedError(503, f"At most {MAX_STATES} cameras can have own orders.")
                old = self._common
                self._states[camera_id] = CameraState(old.mode, old.rain)
                self._restart_with_own_state(camera_id)
            changed = [self._states[camera_id]]
        for state in changed:
            state.mode = state.mode if mode is None else mode
            state.rain = state.rain if rain is None else rain
        for key in [key for key in self._channels if self.state(key).mode == "refuse"]:
            self._channels.pop(key).close()
        return changed[0]

    def join(self, camera_id: str) -> Viewer:
        """Add a viewer; starts the camera's encoder when it is the first."""
        if self.state(camera_id).mode == "refuse":
            raise RefusedError(403, "This camera refuses viewers.")
        channel = self._channels.get(camera_id)
        if channel is None:
            if len(self._channels) >= self._max_encoders:
                raise RefusedError(
                    503, f"{self._max_encoders} cameras are on air, which is all that can be."
                )
            channel = self._open(camera_id)
        if len(channel.viewers) >= MAX_VIEWERS_PER_CAMERA:
            raise RefusedError(
                503, f"This camera has {MAX_VIEWERS_PER_CAMERA} viewers, which is all."
            )
        viewer: Viewer = asyncio.Queue()
        if self.state(camera_id).mode != "silent":
            for data in channel.since_key:
                viewer.put_nowait(data)
        channel.viewers.add(viewer)
        return viewer

    def leave(self, camera_id: str, viewer: Viewer) -> None:
        """Remove a viewer; the last one's leaving stops the encoder."""
        channel = self._channels.get(camera_id)
        if channel is None:
            return
        channel.viewers.discard(viewer)
        if not channel.viewers:
            del self._channels[camera_id]
            channel.close()

    def on_air(self) -> dict[str, int]:
        """Return the number of viewers of every camera that is being encoded."""
        return {key: len(channel.viewers) for key, channel in sorted(self._channels.items())}

    def close(self) -> list[CameraEncoder]:
        """End every stream; the returned encoders are stopping and can be joined."""
        encoders = [channel.encoder for channel in self._channels.values()]
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
        return encoders

    def _open(self, camera_id: str) -> Channel:
        loop = asyncio.get_running_loop()

        def deliver(piece: Piece) -> None:
            # The loop is closed between the last request and the process's end only.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._publish, camera_id, piece)

        def failed() -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._drop, camera_id)

        scene = StreetScene(camera_id, self._typeface)
        encoder = CameraEncoder(scene, self.state(camera_id), deliver, failed)
        channel = self._channels[camera_id] = Channel(encoder)
        encoder.start()
        return channel

    def _publish(self, camera_id: str, piece: Piece) -> None:
        channel = self._channels.get(camera_id)
        if channel is not None:
            channel.publish(piece)

    def _drop(self, camera_id: str) -> None:
        channel = self._channels.pop(camera_id, None)
        if channel is not None:
            channel.close()

    def _restart_with_own_state(self, camera_id: str) -> None:
        """A running encoder holds the common state: give it the camera's own."""
        channel = self._channels.get(camera_id)
        if channel is not None:
            channel.encoder.follow(self._states[camera_id])


async def _live(streams: DemoStreams, request: Request, receive: Receive, send: Send) -> None:
    """Stream until the viewer leaves or is cut off; also a silent viewer's leaving is seen."""
    camera_id = _camera_id(request)
    viewer = streams.join(camera_id)
    try:
        headers = [(b"content-type", b"video/mp2t"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            async for data in _pieces(viewer, gone):
                await send({"type": "http.response.body", "body": data, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
    finally:
        streams.leave(camera_id, viewer)


async def _pieces(viewer: Viewer, gone: asyncio.Future[None]) -> AsyncIterator[bytes]:
    while not gone.done():
        following = asyncio.ensure_future(viewer.get())
        waited: set[asyncio.Future[Any]] = {following, gone}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            following.cancel()
            return
        data = following.result()
        if data is None:
            return
        yield data


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _control(streams: DemoStreams, request: Request) -> Response:
    camera_id = request.path_params["camera_id"]
    if camera_id != _EVERY_CAMERA:
        camera_id = _camera_id(request)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_CONTROL_BYTES:
            raise RefusedError(413, f"The order is longer than {MAX_CONTROL_BYTES} bytes.")
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(422, "The order is not JSON.") from None
    if not isinstance(order, dict) or not order or not order.keys() <= {"mode", "rain"}:
        raise RefusedError(422, 'The order must be an object with "mode", "rain" or both.')
    mode, rain = order.get("mode"), order.get("rain")
    if mode is not None and mode not in MODES:
        raise RefusedError(422, f"mode must be one of {', '.join(MODES)}.")
    if rain is not None and not isinstance(rain, bool):
        raise RefusedError(422, "rain must be true or false.")
    state = streams.control(camera_id, mode=mode, rain=rain)
    return JSONResponse({"mode": state.mode, "rain": state.rain})


def _camera_id(request: Request) -> str:
    camera_id: str = request.path_params["camera_id"]
    if not _CAMERA_ID.fullmatch(camera_id):
        raise RefusedError(404, "A camera id has letters, digits and the signs : . _ - only.")
    return camera_id


class _Live:
    """The ASGI endpoint of ``/live``: Starlette's own streaming sees a viewer's leaving late."""

    def __init__(self, streams: DemoStreams) -> None:
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await _live(self._streams, Request(scope), receive, send)
        except RefusedError as refusal:
            await _refusal(refusal)(scope, receive, send)


def _refusal(refusal: RefusedError) -> Response:
    return JSONResponse({"error": {"text": refusal.text}}, status_code=refusal.status)


def build_app(streams: DemoStreams) -> Starlette:
    """Return the HTTP application around ``streams``."""

    async def control(request: Request) -> Response:
        try:
            return await _control(streams, request)
        except RefusedError as refusal:
            return _refusal(refusal)

    async def on_air(_: Request) -> Response:
        return JSONResponse({"on_air": streams.on_air()})

    return Starlette(
        routes=[
            Route("/live/{camera_id}.ts", _Live(streams)),
            Route("/control/{camera_id}", control, methods=["POST"]),
            Route("/on-air", on_air),
        ]
    )


class _Server(uvicorn.Server):
    """Says when it serves, and ends every stream before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, streams: DemoStreams, ready: Callable[[], None]):
        super().__init__(config)
        self._streams = streams
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        encoders = self._streams.close()
        await super().shutdown(sockets)
        for encoder in encoders:
            await asyncio.to_thread(encoder.join, 2.0)


def run(host: str = "127.0.0.1", port: int = 0, *, child: bool = False) -> None:
    """Serve until SIGINT or SIGTERM, or as a child until stdin closes. Port 0 takes a free one."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        bound = listener.getsockname()[1]
        streams = DemoStreams(find_typeface())
        config = uvicorn.Config(
            build_app(streams),
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        server = _Server(config, streams, lambda: _say_ready(bound))
        if child:
            threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
        server.run(sockets=[listener])


def _say_ready(port: int) -> None:
    print(json.dumps({"ready": True, "port": port}), flush=True)


def _watch_stdin(server: uvicorn.Server) -> None:
    """The parent holds the other end: its death, however it dies, closes it."""
    # os.read, not sys.stdin: a daemon thread inside a buffered reader aborts the exit.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="Serve simulated live camera streams over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (loopback)")
    parser.add_argument("--port", type=int, default=0, help="port to serve on (0: a free one)")
    parser.add_argument("--child", action="store_true", help="end when standard input closes")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        run(options.host, options.port, child=options.child)


if __name__ == "__main__":
    main()
