"""A request of a source, item by item, so that a bad one harms no other.

``read`` turns a request body into items or errors; ``to_bodies`` (services.ingest.bodies) turns
one item into the event bodies to commit.
"""

from __future__ import annotations

import json

import msgspec

from services.domain import keys
from services.domain.errors import KnownError
from services.domain.shape import join, known
from services.ingest.bodies import event_time, to_bodies
from services.ingest.item_types import (
    TYPES,
    Item,
)

__all__ = ["MAX_BYTES", "MAX_ITEMS", "Item", "Parsed", "event_time", "read", "to_bodies"]

MAX_BYTES = 8 * 1024 * 1024
MAX_ITEMS = 5_000
MAX_LOOKED_AT = 64
"""Of the names of a table, to say which value is wrong."""

Parsed = Item | KnownError

_ITEM: msgspec.json.Decoder[Item] = msgspec.json.Decoder(Item)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])


# -- reading a request ------------------------------------------------------------
def read(body: bytes, *, lines: bool = False) -> list[Parsed]:
    """The items of one request in their order, a KnownError in the place of each bad one.

    ``body``: one JSON object, a JSON array of them, or with ``lines`` one object a line (NDJSON).
    Raises KnownError ``too_large``, ``too_many``, ``too_deep``, ``malformed`` or ``empty`` when
    the request as a whole cannot be read; nothing of it is used then.
    """
    if len(body) > MAX_BYTES:
        raise KnownError(
            "too_large", f"The request has {len(body)} bytes; {MAX_BYTES} are allowed."
        )
    body = body.removeprefix(b"\xef\xbb\xbf")
    if lines:
        return _read_lines(body)
    text = body.strip()
    if not text:
        raise KnownError("empty", "The request is empty.")
    if not text.startswith(b"["):
        return [_read_one(text, 0)]
    try:
        raws = _RAWS.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_loosely(text)
    _check_count(len(raws))
    return [_read_one(bytes(raw), i) for i, raw in enumerate(raws)]


def _read_lines(body: bytes) -> list[Parsed]:
    _check_count(body.count(b"\n"))
    parsed = [_read_one(line, i) for i, line in enumerate(_split(body))]
    if not parsed:
        raise KnownError("empty", "The request is empty.")
    return parsed


def _split(body: bytes) -> list[bytes]:
    return [line for line in body.split(b"\n") if line.strip()]


def _check_count(count: int) -> None:
    if count > MAX_ITEMS:
        raise KnownError(
            "too_many", f"The request has {count} items; {MAX_ITEMS} are allowed at once."
        )


def _read_one(raw: bytes, index: int) -> Parsed:
    where = f"items[{index}]"
    try:
        item = _ITEM.decode(raw)
        keys.check_keys(raw, where)
    except KnownError as error:
        return error
    except msgspec.ValidationError as error:
        return _which(_explained(error, where), raw)
    except RecursionError:
        return KnownError("too_deep", "The item is nested too deeply.", field=where)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _convert_loosely(raw, where)
    return item


def _convert_loosely(raw: bytes, where: str) -> Parsed:
    """An item that strict JSON refuses: NaN and Infinity are read so that they can be named."""
    try:
        value = keys.loads(raw)
    except RecursionError:
        return KnownError("too_deep", "The item is nested too deeply.", field=where)
    except UnicodeDecodeError as error:
        return KnownError("malformed", f"Byte {error.start} of the item is not UTF-8.", field=where)
    except ValueError as error:
        return KnownError("malformed", f"The item is not JSON: {error}.", field=where)
    return _convert(value, where)


def _read_loosely(text: bytes) -> list[Parsed]:
    try:
        values = keys.loads(text)
    except RecursionError:
        raise KnownError("too_deep", "The request is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise KnownError("malformed", f"Byte {error.start} of the request is not UTF-8.") from None
    except ValueError as error:
        raise KnownError("malformed", f"The request is not JSON: {error}.") from None
    _check_count(len(values))
    return [_convert(value, f"items[{i}]") for i, value in enumerate(values)]


def _convert(value: object, where: str) -> Parsed:
    try:
        keys.check_objects(value, where)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate could not be stored
        item: Item = msgspec.convert(value, Item)
    except KnownError as error:
        return error
    except msgspec.ValidationError as error:
        return _explained(error, where)
    except UnicodeEncodeError:
        return KnownError("malformed", "The item holds half a character.", field=where)
    return item


def _which(error: KnownError, raw: bytes) -> KnownError:
    """The decoder says that some value of a table is wrong; this says which."""
    place, unnamed, rest = (error.field or "").partition("[...]")
    if not unnamed:
        return error
    try:
        whole = keys.loads(raw)
        table = whole[place.rpartition(".")[2]]
        for name, value in list(table.items())[:MAX_LOOKED_AT]:
            if not _fits({**whole, place.rpartition(".")[2]: {name: value}}):
                shown = name[:60] if name.isprintable() else ascii(name)[1:-1][:60]
                return KnownError(error.code, error.text, field=f"{place}.{shown}{rest}")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        pass  # what strict JSON let by and this reader does not: the place stays as it is
    return error


def _fits(value: object) -> bool:
    try:
        msgspec.convert(value, Item)
        json.dumps(value, allow_nan=False)  # a number beyond every number becomes infinite
    except ValueError:
        return False
    return True


def _explained(error: msgspec.ValidationError, where: str) -> KnownError:
    text = str(error)
    if "$.type" in text or "required field `type`" in text:
        return KnownError(
            "unknown_type" if "$.type" in text else "missing_field",
            f"The field “type” must be one of {', '.join(TYPES)}.",
            field=join(where, ".type"),
        )
    return known(error, where)
