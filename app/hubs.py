"""Finds the hub and the token that a command line means, and asks small things of that hub.

No Qt. Every call has a time limit and ends in KnownError with text for a person.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from app.options import DEFAULT_PORT
from services.access.tokens import TokenFile
from services.domain.errors import KnownError, in_words
from services.tls.contexts import client_context, is_loopback, tls_problem

TIMEOUT_S = 10.0
_ADDRESS = re.compile(r"https?://[^\s/?#@]+/?")
MAX_TOKEN_FILE_BYTES = 64 * 1024


def find_hub(data: Path, url: str) -> str:
    """The address given, else that of the hub of the data directory, else the usual one."""
    if url:
        if not _ADDRESS.fullmatch(url):
            text = f"“{url[:80]}” is not a hub's address; write http://host:port"
            raise KnownError("bad_hub_address", text)
        _refuse_plain(url)
        _check_port(url)
        return url.rstrip("/")
    try:
        address = json.loads((data / "hub.json").read_text("utf-8"))["url"]
    except FileNotFoundError:
        return f"http://127.0.0.1:{DEFAULT_PORT}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError(
            "bad_hub_file", f"{data / 'hub.json'} cannot be read: {in_words(error)}"
        ) from error
    return str(address)


def find_token(data: Path, user: str, file: Path | None) -> str:
    """The token of ``file`` (nothing else in it), else the account's in the data directory."""
    if file is not None:
        try:
            with file.open("rb") as opened:
                token = opened.read(MAX_TOKEN_FILE_BYTES).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KnownError(
                "bad_token_file", f"{file} cannot be read: {in_words(error)}"
            ) from error
        if not token or len(token.split()) != 1:
            raise KnownError("bad_token_file", f"{file} must hold one token and nothing else")
        return token
    path = data / "tokens.toml"
    if not path.exists():
        text = f"{path} is not there: start a hub on this data directory first (onemap run)"
        raise KnownError("no_tokens", text)
    return TokenFile(path).token_of(user)


def find_console_token(data: Path, url: str, user: str, file: Path | None) -> str:
    """The token of ``file``, or of the data directory for a hub on this machine; "": log in."""
    if file is not None:
        return find_token(data, user, file)
    path = data / "tokens.toml"
    if not path.exists() or (url and not is_loopback(urlsplit(url).hostname or "")):
        return ""
    return TokenFile(path).token_of(user)


def _refuse_plain(url: str) -> None:
    """A token must not travel unencrypted to another machine. KnownError ``needs_tls``."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise KnownError(
            "needs_tls",
            f"{url} is another machine: write https:// (its hub needs TLS), or use a tunnel and"
            " http://127.0.0.1",
        )


def _check_port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise KnownError("bad_hub_address", f"{url[:80]}: {error}") from error


def find_ca(data: Path, url: str, ca: Path | None) -> Path | None:
    """The authority given, else that of the hub of the data directory, if it is that hub."""
    if ca is not None or url:
        return ca
    try:
        told = json.loads((data / "hub.json").read_text("utf-8")).get("ca", "")
    except (OSError, ValueError, AttributeError):
        return None
    return Path(told) if isinstance(told, str) and told else None


def put_media(data: Path, url: str, camera: str, address: str, ca: Path | None = None) -> None:
    """Register a camera's address at the hub."""
    _put(data, url, f"/api/v1/media/{quote(camera, safe='')}", {"url": address}, ca)


def put_media_pattern(data: Path, url: str, template: str, ca: Path | None = None) -> None:
    """Register the address pattern of all other cameras at the hub."""
    _put(data, url, "/api/v1/media-pattern", {"url_template": template}, ca)


def _put(data: Path, url: str, path: str, body: dict[str, str], ca: Path | None) -> None:
    hub = find_hub(data, url)
    verify = client_context(find_ca(data, url, ca))
    headers = {"Authorization": f"Bearer {find_token(data, 'source', None)}"}
    try:
        with httpx.Client(
            base_url=hub, timeout=TIMEOUT_S, trust_env=False, verify=verify
        ) as client:
            answer = client.put(path, json=body, headers=headers)
    except httpx.HTTPError as error:
        if (problem := tls_problem(error, client.base_url.host)) is not None:
            raise problem from error
        raise KnownError("hub_unreachable", f"no hub answers at {hub} ({error})") from error
    if answer.is_error:
        raise KnownError("refused", _reason(answer))


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["text"])
    except (ValueError, KeyError, TypeError):
        return f"the hub answered with status {answer.status_code}"
