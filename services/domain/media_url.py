"""Media addresses: which ones a player may open, and how one is shown without its secret."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from services.domain.errors import KnownError

SCHEMES = ("rtsp", "rtsps", "http", "https")
MAX_LENGTH = 2048


def check_media_url(url: str, *, field: str = "url") -> str:
    """Return ``url`` when a player may open it; the text of a refusal never repeats the address.

    Only rtsp, rtsps, http and https pass: ``file:`` or ``concat:`` would let whoever fills the
    registry read the console's disk. Credentials may be part of an address (many cameras take
    them no other way), hence no error echoes it. Raises KnownError ``bad_media_url``.
    """
    if not url:
        raise _refusal("The media address is empty.", field)
    if len(url) > MAX_LENGTH:
        raise _refusal(f"The media address is longer than {MAX_LENGTH} characters.", field)
    if any(not "!" <= character <= "~" or character in '\\"<>^`|' for character in url):
        raise _refusal(
            "The media address holds a space, a control or another character that addresses"
            " do not have; write such characters percent-encoded.",
            field,
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refusal("The media address has no readable host and port.", field) from None
    if parts.scheme not in SCHEMES or not url[len(parts.scheme) :].startswith("://"):
        raise _refusal(
            "Only rtsp, rtsps, http and https media addresses are allowed;"
            " this one starts differently.",
            field,
        )
    if not parts.hostname or port == 0:
        raise _refusal("The media address has no readable host and port.", field)
    return url


def shown_media_url(url: str) -> str:
    """Return the address for a person to read: without user, password, query or fragment."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if host is None:
        return ""
    if ":" in host:
        host = f"[{host}]"
    where = host if port is None else f"{host}:{port}"
    return SplitResult(parts.scheme, where, parts.path, "", "").geturl()


def _refusal(text: str, field: str) -> KnownError:
    return KnownError("bad_media_url", text, field=field)
