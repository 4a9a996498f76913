"""Finds the hub and the token that a command line means, and asks small things of that hub.

No Qt. Every call has a time limit and ends in KnownError with text for a person.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import httpx

from app.options import DEFAULT_PORT
from services.access.tokens import TokenFile
from services.domain.errors import KnownError

TIMEOUT_S = 10.0
_ADDRESS = re.compile(r"https?://[^\s/?#@]+/?")
MAX_TOKEN_FILE_BYTES = 64 * 1024


def find_hub(data: Path, url: str) -> str:
    """The address given, else that of the hub of the data directory, else the usual one."""
    if url:
        if not _ADDRESS.fullmatch(url):
            text = f"“{url[:80]}” is not a hub's address; write http://host:port"
            raise KnownError("bad_hub_address", text)
        return url.rstrip("/")
    try:
        address = json.loads((data / "hub.json").read_text("utf-8"))["url"]
    except FileNotFoundError:
        return f"http://127.0.0.1:{DEFAULT_PORT}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError("bad_hub_file", f"{data / 'hub.json'} cannot be read: {error}") from error
    return str(address)


def find_token(data: Path, user: str, file: Path | None) -> str:
    """The token of ``file`` (nothing else in it), else the account's in the data directory."""
    if file is not None:
        try:
            with file.open("rb") as opened:
                token = opened.read(MAX_TOKEN_FILE_BYTES).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KnownError("bad_token_file", f"{file} cannot be read: {error}") from error
        if not token or len(token.split()) != 1:
            raise KnownError("bad_token_file", f"{file} must hold one token and nothing else")
        return token
    path = data / "tokens.toml"
    if not path.exists():
        text = f"{path} is not there: start a hub on this data directory first (onemap run)"
        raise KnownError("no_tokens", text)
    return TokenFile(path).token_of(user)


def put_media(data: Path, url: str, camera: str, address: str) -> None:
    """Register a camera's address at the hub."""
    _put(data, url, f"/api/v1/media/{quote(camera, safe='')}", {"url": address})


def put_media_pattern(data: Path, url: str, template: str) -> None:
    """Register the address pattern of all other cameras at the hub."""
    _put(data, url, "/api/v1/media-pattern", {"url_template": template})


def _put(data: Path, url: str, path: str, body: dict[str, str]) -> None:
    hub = find_hub(data, url)
    headers = {"Authorization": f"Bearer {find_token(data, 'source', None)}"}
    try:
        with httpx.Client(base_url=hub, timeout=TIMEOUT_S, trust_env=False) as client:
            answer = client.put(path, json=body, headers=headers)
    except httpx.HTTPError as error:
        raise KnownError("hub_unreachable", f"no hub answers at {hub} ({error})") from error
    if answer.is_error:
        raise KnownError("refused", _reason(answer))


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["text"])
    except (ValueError, KeyError, TypeError):
        return f"the hub answered with status {answer.status_code}"
