"""One audit record: who did what to what, from where, and whether it was done. Pure.

Fields after GB/T 22239-2019 8.1.4.3: time, user, type of event, and success or failure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from services.domain.errors import KnownError
from services.domain.model import Scalar

MAX_TYPE, MAX_NAME, MAX_OBJECT, MAX_VALUE = 80, 64, 400, 200
MAX_DETAILS = 24
MAX_WHOLE = 2**53
MAX_BODY_BYTES = 64 * 1024
"""More than any record can have: what is larger was not written by us."""

Outcome = Literal["success", "failure"]
# Controls, separators and direction marks, and halves of surrogate pairs.
_BAD = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be recorded. Made by ``entry``, which bounds and cleans everything.

    ``type``: dotted, ``login``, ``command.case.create``, ``config.media`` …. ``object``: the id of
    what it was done to. ``reason``: the code of the refusal. ``time``: UNIX seconds; with
    0.0 the hub puts its own.
    """

    type: str
    time: float = 0.0
    actor: str = ""
    seat: str = ""
    address: str = ""
    object: str = ""
    outcome: Outcome = "success"
    reason: str = ""
    detail: dict[str, Scalar] = {}


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry with its place in the chain; ``seq`` counts from 1 without gaps."""

    seq: int
    time: float
    type: str
    actor: str
    seat: str
    address: str
    object: str
    outcome: Outcome
    reason: str
    detail: dict[str, Scalar]


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for bytes that are not what they should be."""

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(AuditRecord)


def entry(
    type_: str,
    *,
    actor: str = "",
    seat: str = "",
    address: str = "",
    object_: str = "",
    reason: str = "",
    detail: Mapping[str, object] | None = None,
    time: float = 0.0,
) -> Entry:
    """An entry from whatever was given: too long is cut, odd characters are replaced.

    It never refuses, because what cannot be recorded cannot be done. With a ``reason`` the
    outcome is failure.
    """
    facts = list((detail or {}).items())[:MAX_DETAILS]
    return Entry(
        type=_clean(type_, MAX_TYPE),
        time=time if math.isfinite(time) and time > 0.0 else 0.0,
        actor=_clean(actor, MAX_NAME),
        seat=_clean(seat, MAX_NAME),
        address=_clean(address, MAX_NAME),
        object=_clean(object_, MAX_OBJECT),
        outcome="failure" if reason else "success",
        reason=_clean(reason, MAX_NAME),
        detail={_clean(str(k), MAX_NAME): _scalar(v) for k, v in facts},
    )


def numbered(given: Entry, seq: int) -> AuditRecord:
    """The entry at its place in the chain."""
    return AuditRecord(
        seq=seq,
        time=given.time,
        type=given.type,
        actor=given.actor,
        seat=given.seat,
        address=given.address,
        object=given.object,
        outcome=given.outcome,
        reason=given.reason,
        detail=given.detail,
    )


def canonical(record: AuditRecord) -> bytes:
    """The bytes that the chain is made of: JSON, fields in order, keys of ``detail`` sorted."""
    return _ENCODER.encode(record)


def decoded(body: bytes) -> AuditRecord:
    """A record from its canonical bytes; KnownError ``audit_broken`` for anything else."""
    if len(body) > MAX_BODY_BYTES:
        raise KnownError("audit_broken", "a record is larger than a record can be")
    try:
        return _DECODER.decode(body)
    except UNREADABLE as error:
        raise KnownError("audit_broken", f"a record cannot be read: {error}") from error


def _clean(text: str, limit: int) -> str:
    return _BAD.sub("\ufffd", text[:limit])


def _scalar(value: object) -> Scalar:
    match value:
        case None | bool():
            return value
        case int() if abs(value) <= MAX_WHOLE:
            return value
        case float() if math.isfinite(value):
            return value
        case _:
            return _clean(str(value), MAX_VALUE)
