"""Checks a chain record by record and names the first one that is not as it was. Pure.

What is found: a record changed in any byte, removed, inserted, reordered; a chain made anew
behind a signed checkpoint; a checkpoint changed, forged or removed; an end that was cut off, if a
checkpoint or a head that was kept elsewhere tells of it. What cannot be found by anybody: that
records are missing which came after the newest checkpoint and head that are known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.chain import Head, Line, link
from services.audit.page import Problem
from services.audit.record import canonical, decoded
from services.audit.signing import Checkpoint, is_signed
from services.domain.clock import iso
from services.domain.errors import KnownError


class Verdict(msgspec.Struct, frozen=True):
    """What was checked: records ``first`` … ``count``, and how far a signature covers them.

    ``hash`` is of the last record that was good; ``problem`` is None when everything was.
    """

    chain: str
    first: int
    count: int
    hash: bytes
    checkpoints: int
    signed_count: int
    signed_time: float
    problem: Problem | None


class Anchor(msgspec.Struct, frozen=True):
    """A head known from elsewhere: the chain must pass through it."""

    count: int
    hash: bytes


class Verifier:
    """Takes lines in order until one is wrong; then ``problem`` is set and stays.

    ``start``: the head before the first line. ``whole``: the chain from its beginning, whose
    checkpoints begin with number 1. ``keys``: public keys by id.
    """

    def __init__(
        self,
        start: Head,
        checkpoints: Sequence[Checkpoint],
        keys: Mapping[str, Ed25519PublicKey],
        anchors: Sequence[Anchor] = (),
        *,
        whole: bool,
    ) -> None:
        self.problem: Problem | None = None
        self._start, self._head, self._keys = start, start, keys
        self._checkpoints = deque(checkpoints)
        self._anchors = deque(sorted(anchors, key=lambda a: a.count))
        self._number = 0 if whole or not checkpoints else checkpoints[0].number - 1
        self._checked = 0
        self._signed_count, self._signed_time = (start.count, 0.0)
        self._look()

    def take(self, line: Line) -> bool:
        """Check one line; False when the chain is broken and no more need be given."""
        if self.problem is not None:
            return False
        expected = self._head.count + 1
        self.problem = _order(line.seq, expected) or self._content(line)
        if self.problem is None:
            self._head = Head(self._head.chain, line.seq, line.hash)
            self._look()
        return self.problem is None

    def unreadable(self, text: str) -> None:
        """The store could not give the next line."""
        if self.problem is None:
            self.problem = Problem(self._head.count + 1, "unreadable", text)

    def finish(self) -> Verdict:
        """The verdict, when there are no more lines."""
        count = self._head.count
        while self.problem is None and self._checkpoints:
            ahead = self._checkpoints.popleft()
            self.problem = self._statement(ahead) or Problem(
                count + 1,
                "missing",
                f"records {count + 1} to {ahead.count} are missing: "
                f"checkpoint {ahead.number} of {iso(ahead.time)} signed them",
            )
        if self.problem is None and self._anchors:
            last = self._anchors[-1].count
            text = f"records {count + 1} to {last} are missing: a head kept elsewhere counts them"
            self.problem = Problem(count + 1, "missing", text)
        return Verdict(
            self._head.chain,
            self._start.count + 1,
            count,
            self._head.hash,
            self._checked,
            self._signed_count,
            self._signed_time,
            self.problem,
        )

    # -- inside -------------------------------------------------------------------
    def _content(self, line: Line) -> Problem | None:
        seq = line.seq
        if not isinstance(line.body, bytes) or link(self._head.hash, line.body) != line.hash:
            text = f"record {seq} is not as it was written, or does not follow record {seq - 1}"
            return Problem(seq, "changed", text)
        try:
            record = decoded(line.body)
        except KnownError as error:
            return Problem(seq, "unreadable", f"record {seq}: {error.text}")
        if record.seq != seq or canonical(record) != line.body:
            return Problem(seq, "changed", f"record {seq} is not in the form of a record")
        told = (record.time, record.type, record.actor, record.object, record.outcome)
        if line.columns is not None and line.columns != told:
            text = f"the table tells of record {seq} something else than its signed body"
            return Problem(seq, "changed", text)
        return None

    def _look(self) -> None:
        """Check every statement about the present head."""
        head = self._head
        while self.problem is None and self._checkpoints:
            if self._checkpoints[0].count > head.count:
                break
            checkpoint = self._checkpoints.popleft()
            self.problem = self._statement(checkpoint) or self._passes(
                checkpoint.count, checkpoint.hash, f"checkpoint {checkpoint.number} signed"
            )
            if self.problem is None:
                self._checked += 1
                self._signed_count, self._signed_time = checkpoint.count, checkpoint.time
        while self.problem is None and self._anchors and self._anchors[0].count <= head.count:
            anchor = self._anchors.popleft()
            if anchor.count < self._start.count:
                continue  # before what was given to check
            self.problem = self._passes(anchor.count, anchor.hash, "a head kept elsewhere has")

    def _statement(self, checkpoint: Checkpoint) -> Problem | None:
        """Whether the checkpoint is genuine and the next one in its row."""
        seq, number = self._signed_count + 1, checkpoint.number
        self._number += 1
        key = self._keys.get(checkpoint.key)
        if not checkpoint.chain:
            return Problem(seq, "unreadable", f"checkpoint {number} cannot be read")
        if checkpoint.chain != self._head.chain:
            return Problem(seq, "other_chain", f"checkpoint {number} is of another chain")
        if key is None:
            text = f"checkpoint {number} is signed by a key that was not given: {checkpoint.key}"
            return Problem(seq, "unknown_key", text)
        if not is_signed(checkpoint, key):
            text = f"the signature of checkpoint {number} over record {checkpoint.count} is wrong"
            return Problem(seq, "bad_signature", text)
        if number != self._number:
            text = f"checkpoint {self._number} is missing before checkpoint {number}"
            return Problem(seq, "checkpoint_missing", text)
        return None

    def _passes(self, count: int, hash_: bytes, who: str) -> Problem | None:
        if (count, hash_) == (self._head.count, self._head.hash):
            return None
        first = self._signed_count + 1
        text = f"{who} another record {count}; a record from {first} to {count} was exchanged"
        return Problem(first, "exchanged", text)


def verify(verifier: Verifier, lines: Iterable[Line]) -> Verdict:
    """Give a verifier lines until the first wrong one; a store that fails is a problem too."""
    try:
        for line in lines:
            if not verifier.take(line):
                break
    except KnownError as error:
        verifier.unreadable(error.text)
    return verifier.finish()


def _order(seq: object, expected: int) -> Problem | None:
    if seq == expected:
        return None
    if isinstance(seq, int) and seq > expected:
        upto = f" to {seq - 1}" if seq - 1 > expected else ""
        return Problem(expected, "missing", f"record {expected}{upto} is missing")
    return Problem(expected, "inserted", f"record {seq} stands where {expected} should")
