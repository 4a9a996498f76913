"""A part of the chain as a file to carry away: JSON lines that prove themselves.

Line 1 says what it is, then come the checkpoints, then the records, each with its hash. A file
always ends at a checkpoint, so that a signature covers every record in it. Whoever knows SHA-256
and Ed25519 can check it without this program; ARCHITECTURE.md says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.chain import Head, Line, genesis
from services.audit.page import Problem
from services.audit.record import MAX_BODY_BYTES, UNREADABLE
from services.audit.signing import Checkpoint
from services.audit.verify import Anchor, Verdict, Verifier, verify
from services.domain.errors import KnownError, in_words

VERSION = 1
MAX_LINE_BYTES = MAX_BODY_BYTES + 256


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line: which chain, which records, and the hash before them (hexadecimal)."""

    onemap_audit: int
    chain: str
    first: int
    last: int
    previous: str
    made: float


class _CheckpointLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checkpoint: Checkpoint


class _RecordLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    record: msgspec.Raw
    hash: str


T = TypeVar("T")
_ENCODER = msgspec.json.Encoder()
_CHECKPOINT_STARTS = b'{"checkpoint"'
_HEADER = msgspec.json.Decoder(Header)
_CHECKPOINT = msgspec.json.Decoder(_CheckpointLine)
_RECORD = msgspec.json.Decoder(_RecordLine)


def write_export(
    file: IO[bytes],
    start: Head,
    checkpoints: Sequence[Checkpoint],
    lines: Iterable[Line],
    made: float,
) -> None:
    """Write the records behind ``start`` up to the last of ``checkpoints``, at least one."""
    header = Header(
        onemap_audit=VERSION,
        chain=start.chain,
        first=start.count + 1,
        last=checkpoints[-1].count,
        previous=start.hash.hex(),
        made=made,
    )
    file.write(_ENCODER.encode(header) + b"\n")
    for checkpoint in checkpoints:
        file.write(_ENCODER.encode(_CheckpointLine(checkpoint)) + b"\n")
    for line in lines:
        kept = _RecordLine(msgspec.Raw(line.body), line.hash.hex())
        file.write(_ENCODER.encode(kept) + b"\n")


class ExportFile:
    """An exported file, read line by line. KnownError ``bad_export`` when it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header = self._header()
        self.checkpoints = self._checkpoints()

    @property
    def start(self) -> Head:
        """The head before the first record, as the file says; the checkpoints prove it."""
        head = self.header
        if head.first == 1:
            return genesis(head.chain)
        return Head(head.chain, head.first - 1, _unhex(head.previous))

    def lines(self) -> Iterator[Line]:
        """The records in order; a line that is none is KnownError ``audit_broken``."""
        for number, raw in self._rest():
            if raw.startswith(_CHECKPOINT_STARTS):
                continue
            try:
                read = _exactly(_RECORD, raw)
                seq = msgspec.json.decode(read.record, type=_Seq).seq
                yield Line(seq, bytes(read.record), _unhex(read.hash))
            except (*UNREADABLE, ValueError) as error:
                raise KnownError(
                    "audit_broken", f"line {number} cannot be read as a record: {error}"
                ) from error

    # -- inside -------------------------------------------------------------------
    def _header(self) -> Header:
        try:
            with self.path.open("rb") as file:
                header = _exactly(_HEADER, file.readline(MAX_LINE_BYTES))
                before = _unhex(header.previous)
                if header.first == 1 and before != genesis(header.chain).hash:
                    raise ValueError("it does not begin where its chain begins")
        except OSError as error:
            raise KnownError(
                "bad_export", f"{self.path} cannot be read: {in_words(error)}"
            ) from error
        except (*UNREADABLE, ValueError) as error:
            raise KnownError(
                "bad_export",
                f"{self.path} is neither an export of the audit nor an event store ({error})",
            ) from error
        if header.onemap_audit != VERSION:
            raise KnownError("bad_export", f"{self.path} was written by a newer version")
        return header

    def _checkpoints(self) -> list[Checkpoint]:
        found: list[Checkpoint] = []
        for number, raw in self._rest():
            if not raw.startswith(_CHECKPOINT_STARTS):
                break
            try:
                found.append(_exactly(_CHECKPOINT, raw).checkpoint)
            except (*UNREADABLE, ValueError) as error:
                raise KnownError(
                    "bad_export",
                    f"{self.path}, line {number}: the checkpoint cannot be read: {error}",
                ) from error
        return found

    def _rest(self) -> Iterator[tuple[int, bytes]]:
        """Lines behind the first, with their numbers; a line is never larger than a record."""
        with self.path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE_BYTES):
                number += 1
                if number > 1:
                    yield number, raw


class _Seq(msgspec.Struct):
    seq: int


def verify_export(
    export: ExportFile,
    keys: Mapping[str, Ed25519PublicKey],
    anchors: Sequence[Anchor] = (),
) -> Verdict:
    """Check one file by itself; what no signature covers is a problem here."""
    verifier = Verifier(
        export.start, export.checkpoints, keys, anchors, whole=export.header.first == 1
    )
    verdict = verify(verifier, export.lines())
    if verdict.problem is not None:
        return verdict
    end = export.header.last
    if verdict.count < end:
        text = f"records {verdict.count + 1} to {end} are missing: the file says that it has them"
        problem = Problem(verdict.count + 1, "missing", text)
    elif not verdict.checkpoints or verdict.signed_count < verdict.count:
        first = verdict.signed_count + 1
        text = f"no checkpoint signs the records from {first} on, though a file ends with one"
        problem = Problem(first, "unsigned", text)
    else:
        return verdict
    return msgspec.structs.replace(verdict, problem=problem)


def _exactly(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """The line's value, when the line is word for word how it is written; else ValueError."""
    line = raw.removesuffix(b"\n")
    value = decoder.decode(line)
    if _ENCODER.encode(value) != line:
        raise ValueError("it is not in the form in which it was written")
    return value


def _unhex(text: str) -> bytes:
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError("a hash is written in small hexadecimal digits")
    return data
