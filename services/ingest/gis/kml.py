"""Names and encodings of KML documents, brought past the driver and back. Pure.

The driver makes underscores of Chinese names of ``Data``, and mixes names that are its own columns
up with them. So such names are replaced by plain ones before it reads the document.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Mapping, Sequence

from services.domain.errors import KnownError
from services.ingest.rows import MAX_COLUMNS

NOISE = frozenset(
    {
        *("timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude"),
        *("visibility", "drawOrder", "icon"),
    }
)
"""Columns that the driver makes for every document."""
_TAKEN = frozenset(name.lower() for name in NOISE | {"id", "Name", "description"})
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_STAND_IN = "named_"
MOST_NAME = 200
_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"'<>]{1,40})"
)
_NAME = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->"  # nothing in there is a name
    rb"|(<(?:\w+:)?(?:Data|SimpleData|SimpleField)\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?:\"([^\"<>]*)\"|'([^'<>]*)')",
    re.DOTALL,
)


def plain_names(document: bytes) -> tuple[bytes, dict[str, str]]:
    """The document with names that the driver can keep, and what each of these stands for.

    KnownError ``too_large`` where it has more names than a table may have columns,
    ``unknown_encoding`` where it is not in the encoding that it names.
    """
    stand_in: dict[str, str] = {}
    document = _in_utf8(document)

    def renamed(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        told = match[2] if match[2] is not None else match[3]
        name = html.unescape(told.decode("utf-8", "replace")).strip()
        name = "".join(c for c in name if c.isprintable())[:MOST_NAME]
        plain = _PLAIN.fullmatch(name) is not None and not name.startswith(_STAND_IN)
        if not name or (plain and name.lower() not in _TAKEN):
            return match[0]
        other = stand_in.setdefault(name, f"{_STAND_IN}{len(stand_in)}")
        if len(stand_in) > MAX_COLUMNS:
            raise KnownError("too_large", f"more than {MAX_COLUMNS:,} names in one document")
        return match[1] + f'"{other}"'.encode("ascii")

    changed = _NAME.sub(renamed, document)
    return changed, {other: name for name, other in stand_in.items()}


def _in_utf8(document: bytes) -> bytes:
    """The same in UTF-8, if it says that it is in something else: the driver knows few others."""
    told = _DECLARED.match(document)
    try:
        codec = codecs.lookup(told[1].decode("ascii")).name if told else "utf-8"
        if told is None or codec in ("utf-8", "ascii"):
            return document
        text = document.decode(codec)
    except LookupError:
        return document  # the driver will say that it does not know it
    except UnicodeError as error:
        raise KnownError(
            "unknown_encoding",
            f"the document is not in the encoding that it names: {error}",
            field="encoding",
        ) from None
    start, end = told.span(1)
    head = document[:start] + b"UTF-8" + document[end : told.end()]
    return head + text[len(document[: told.end()].decode(codec)) :].encode("utf-8")


def named_again(columns: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Columns by the document's own names; a second one of a name gets a number."""
    found: dict[str, None] = {}
    for column in columns:
        name = wanted = names.get(column, column)
        number = 2
        while name in found:
            name, number = f"{wanted} ({number})", number + 1
        found[name] = None
    return tuple(found)
