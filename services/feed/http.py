"""Questions to the hub over HTTP: bounded in size and time, refusals as KnownError. Any thread."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx
import msgspec

from services.domain.errors import KnownError
from services.tls.contexts import client_context, tls_problem

TIMEOUT = httpx.Timeout(6.0, connect=2.0)
WHOLE_S = 10.0
"""How long a whole answer may take: a hub that sends a byte now and then answers nobody."""
MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_FILE_BYTES = 512 * 1024 * 1024
RENEWABLE = "token_expired"
"""The refusal after which a new token is asked for, and the question once more."""
TokenSource = Callable[[str], str]
"""Gives the token to use now, and another one than the one it is told was refused ("" at first).
May take as long as one question; raises KnownError when there is none to be had."""
T = TypeVar("T")


def fixed(token: str) -> TokenSource:
    """A token that never changes."""
    return lambda _refused: token


class HubHttp:
    """Questions to one hub; ``base_url`` is ``http://host:port`` or https. Thread-safe.

    ``trust``: whose certificates count, else the system's. ``tokens`` None: none is sent.
    """

    def __init__(
        self, base_url: str, tokens: TokenSource | None, trust: ssl.SSLContext | None = None
    ) -> None:
        self._tokens = tokens
        self._client = httpx.Client(
            base_url=base_url,
            verify=trust or client_context(None),
            timeout=TIMEOUT,
            trust_env=False,  # a proxy of the desktop must not stand between console and hub
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | float] | None = None,
        body: object = None,
        token: str | None = None,
    ) -> Any:
        """The JSON of the answer. ``token`` instead of the source's. KnownError with the hub's own
        code and text, ``hub_unreachable``, ``hub_refused`` or ``too_large``."""
        if token is not None:
            return self._once(method, path, params, body, token)
        return self._renewing(lambda known: self._once(method, path, params, body, known))

    def download(self, path: str, body: object, target: Path, method: str = "POST") -> int:
        """Post ``body`` and write the answer to a file, whole or not at all; its size in bytes.

        As large as MAX_FILE_BYTES, and as long as something comes. KnownError as ``ask``, and
        ``not_written``.
        """
        unfinished = target.with_name(target.name + ".part")
        try:
            with unfinished.open("wb") as file:
                size = self._renewing(lambda token: self._pour(method, path, body, token, file))
            unfinished.replace(target)
        except OSError as error:
            text = f"{target} cannot be written: {error.strerror}"
            raise KnownError("not_written", text) from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink()
        return size

    def read(self, type_: type[T], method: str, path: str, **more: Any) -> T:
        """The answer as a record; KnownError ``hub_refused`` where it is none."""
        answer = self.ask(method, path, **more)
        try:
            return msgspec.convert(answer, type_)
        except msgspec.ValidationError as error:
            raise unreadable() from error

    def _renewing(self, work: Callable[[str], T]) -> T:
        """Do something with the token to use, and once more with a new one where it ran out."""
        if self._tokens is None:
            return work("")
        current = self._tokens("")
        try:
            return work(current)
        except KnownError as error:
            if error.code != RENEWABLE:
                raise
        return work(self._tokens(current))

    def _pour(self, method: str, path: str, body: object, token: str, file: IO[bytes]) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        size = 0
        try:
            with self._client.stream(method, path, headers=headers, json=body) as answer:
                if answer.is_error:
                    answer.read()
                    raise _refusal(answer)
                for chunk in answer.iter_bytes():
                    size += file.write(chunk)
                    if size > MAX_FILE_BYTES:
                        raise KnownError("too_large", f"the hub's answer to {path} is too large")
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return size

    def _unreachable(self, error: httpx.HTTPError) -> KnownError:
        problem = tls_problem(error, self._client.base_url.host)
        text = f"the hub did not answer: {error}" if problem is None else problem.text
        return KnownError("hub_unreachable", text)

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | float] | None,
        body: object,
        token: str,
    ) -> Any:
        deadline = time.monotonic() + WHOLE_S
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        try:
            with self._client.stream(
                method, path, params=params, headers=headers, content=content
            ) as answer:
                data = bytearray()
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > MAX_ANSWER_BYTES:
                        raise KnownError("too_large", f"the hub's answer to {path} is too large")
                    if time.monotonic() > deadline:
                        raise KnownError("hub_unreachable", "the hub did not answer in time")
                response = httpx.Response(answer.status_code, content=bytes(data))
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if response.status_code >= 400:
            raise _refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise unreadable() from error


def unreadable() -> KnownError:
    """What came is not what a hub answers."""
    return KnownError("hub_refused", "the hub's answer cannot be read; is this address a hub's?")


def _refusal(response: httpx.Response) -> KnownError:
    try:
        error = response.json()["error"]
        return KnownError(
            str(error["code"]),
            str(error["text"]),
            field=error.get("field"),
            params=dict(error.get("params") or {}),
        )
    except (ValueError, KeyError, TypeError):
        return KnownError("hub_refused", f"the hub answered {response.status_code}")
