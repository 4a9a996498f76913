"""The chain: whatever is done to a record or a checkpoint is found, and named by its number."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.audit.chain import Head, Line, extend, genesis, link
from services.audit.record import MAX_DETAILS, canonical, decoded, entry, numbered
from services.audit.signing import Checkpoint, Signer
from services.audit.verify import Anchor, Verdict, Verifier, verify
from services.domain.errors import KnownError

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = {SIGNER.id: SIGNER.public}
START = 1_750_000_000.0

_texts = st.text(max_size=12)
_entries = st.builds(
    lambda type_, actor, about, reason, detail: entry(
        type_, actor=actor, object_=about, reason=reason, detail=detail, time=START
    ),
    st.sampled_from(["session.opened", "command.case.create", "config.media"]),
    _texts,
    _texts,
    st.sampled_from(["", "not_allowed"]),
    st.dictionaries(_texts, st.none() | st.integers() | st.floats() | _texts, max_size=3),
)


class Chain:
    """A chain with a checkpoint after every third record and one at the end."""

    def __init__(self, count: int = 10) -> None:
        self.start = genesis("chain")
        entries = [
            entry("command.case.create", actor=f"duty{n}", object_=f"case {n}", time=START + n)
            for n in range(count)
        ]
        self.lines, self.head = extend(self.start, entries)
        self.checkpoints: list[Checkpoint] = []
        for count_ in (*range(3, count, 3), count):
            hash_ = self.lines[count_ - 1].hash
            head = Head("chain", count_, hash_)
            number = len(self.checkpoints) + 1
            self.checkpoints.append(SIGNER.checkpoint(head, number, START + count_))

    def verdict(self, *anchors: Anchor) -> Verdict:
        verifier = Verifier(self.start, self.checkpoints, KEYS, anchors, whole=True)
        return verify(verifier, self.lines)

    def redo(self, index: int, **changes: Any) -> None:
        """Change a record and make every hash behind it anew, as one who knows the format would."""
        record = msgspec.structs.replace(decoded(self.lines[index].body), **changes)
        kept = [decoded(line.body) for line in self.lines]
        kept[index] = record
        self.lines = relinked(self.start, [canonical(r) for r in kept])


def relinked(start: Head, bodies: list[bytes]) -> list[Line]:
    lines, newest = [], start.hash
    for seq, body in enumerate(bodies, start.count + 1):
        newest = link(newest, body)
        lines.append(Line(seq, body, newest))
    return lines


def found(verdict: Verdict) -> tuple[int, str]:
    assert verdict.problem is not None, "nothing was found"
    return verdict.problem.seq, verdict.problem.code


@given(st.lists(_entries, max_size=8))
def test_an_untouched_chain_is_good(entries: list[Any]) -> None:
    lines, head = extend(genesis("x"), entries)
    checkpoint = SIGNER.checkpoint(head, 1, START)
    verdict = verify(Verifier(genesis("x"), [checkpoint], KEYS, whole=True), lines)
    assert verdict.problem is None
    assert (verdict.count, verdict.hash) == (len(entries), head.hash)
    assert (verdict.checkpoints, verdict.signed_count) == (1, len(entries))


@given(index=st.integers(0, 9), data=st.data())
def test_any_byte_of_any_record_is_guarded(index: int, data: st.DataObject) -> None:
    chain = Chain()
    line = chain.lines[index]
    field = data.draw(st.sampled_from(["body", "hash"]))
    old: bytes = getattr(line, field)
    at = data.draw(st.integers(0, len(old) - 1))
    new = bytes([old[at] ^ data.draw(st.integers(1, 255))])
    changed = old[:at] + new + old[at + 1 :]
    chain.lines[index] = msgspec.structs.replace(line, **{field: changed})
    assert found(chain.verdict()) == (index + 1, "changed")


@pytest.mark.parametrize("column", range(5))
def test_what_the_table_repeats_must_agree_with_the_body(column: int) -> None:
    chain = Chain()
    columns = list(chain.lines[4].columns or ())
    columns[column] = "other"
    chain.lines[4] = msgspec.structs.replace(chain.lines[4], columns=tuple(columns))
    assert found(chain.verdict()) == (5, "changed")


@given(st.integers(0, 8))
def test_a_removed_record_is_missed(index: int) -> None:
    chain = Chain()
    del chain.lines[index]
    assert found(chain.verdict()) == (index + 1, "missing")


@given(st.integers(0, 9), st.integers(0, 9))
def test_an_inserted_record_is_found(index: int, source: int) -> None:
    chain = Chain()
    chain.lines.insert(index, chain.lines[source])
    seq, code = found(chain.verdict())
    assert seq in (index + 1, index + 2)  # a copy put before itself is itself: its second is wrong
    assert code in ("inserted", "missing")


@given(st.permutations(range(10)).filter(lambda order: list(order) != list(range(10))))
def test_another_order_is_found_where_it_begins(order: list[int]) -> None:
    chain = Chain()
    chain.lines = [chain.lines[i] for i in order]
    first = next(place for place, i in enumerate(order) if place != i)
    assert found(chain.verdict())[0] == first + 1


@given(st.permutations(range(10)).filter(lambda order: list(order) != list(range(10))))
def test_bodies_that_change_places_are_found(order: list[int]) -> None:
    chain = Chain()
    old = chain.lines
    chain.lines = [
        msgspec.structs.replace(old[place], body=old[i].body, hash=old[i].hash, columns=None)
        for place, i in enumerate(order)
    ]
    first = next(place for place, i in enumerate(order) if place != i)
    assert found(chain.verdict()) == (first + 1, "changed")


@given(st.integers(0, 9))
def test_an_end_cut_off_behind_a_checkpoint_is_missed(left: int) -> None:
    chain = Chain()
    chain.lines = chain.lines[:left]
    assert found(chain.verdict()) == (left + 1, "missing")


@given(st.integers(0, 9))
def test_checkpoints_cut_off_with_their_records_are_missed_by_a_head_kept_elsewhere(
    left: int,
) -> None:
    chain = Chain()
    kept = Anchor(chain.head.count, chain.head.hash)
    chain.lines = chain.lines[:left]
    chain.checkpoints = [c for c in chain.checkpoints if c.count <= left]
    assert chain.verdict().problem is None  # nothing inside can tell
    assert found(chain.verdict(kept)) == (left + 1, "missing")


@given(st.integers(0, 9))
def test_a_chain_made_anew_does_not_pass_its_next_checkpoint(index: int) -> None:
    chain = Chain()
    chain.redo(index, actor="somebody else")
    seq, code = found(chain.verdict())
    assert code == "exchanged"
    assert seq <= index + 1 <= seq + 3  # since the checkpoint before


@given(index=st.integers(0, 3), data=st.data())
def test_a_checkpoint_changed_in_anything_is_found(index: int, data: st.DataObject) -> None:
    chain = Chain()
    checkpoint = chain.checkpoints[index]
    name = data.draw(st.sampled_from(checkpoint.__struct_fields__))
    value = getattr(checkpoint, name)
    match value:
        case bytes():
            at = data.draw(st.integers(0, len(value) - 1))
            value = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        case str():
            value += "0"
        case _:
            value += data.draw(st.integers(1, 9))
    chain.checkpoints[index] = msgspec.structs.replace(checkpoint, **{name: value})
    # the next to be looked at may be the one behind it
    assert found(chain.verdict())[1] in (
        "bad_signature",
        "other_chain",
        "unknown_key",
        "checkpoint_missing",
        "missing",
    )


@given(st.integers(0, 2))
def test_a_removed_checkpoint_is_missed(index: int) -> None:
    chain = Chain()
    del chain.checkpoints[index]
    assert found(chain.verdict())[1] == "checkpoint_missing"


def test_a_checkpoint_of_another_key_is_not_believed() -> None:
    chain = Chain()
    forger = Signer(Ed25519PrivateKey.generate())
    chain.redo(9, actor="somebody else")
    head = Head("chain", 10, chain.lines[-1].hash)
    chain.checkpoints[-1] = forger.checkpoint(head, 4, START + 10)
    assert found(chain.verdict()) == (10, "unknown_key")


def test_the_chain_of_another_hub_does_not_pass() -> None:
    mine, other = Chain(), Chain()
    mine.start = genesis("another chain")
    assert found(mine.verdict()) == (1, "changed")
    verdict = verify(Verifier(genesis("another"), other.checkpoints, KEYS, whole=True), [])
    assert found(verdict) == (1, "other_chain")


def test_a_store_that_fails_is_a_finding_with_its_place() -> None:
    chain = Chain()

    def failing() -> Any:
        yield from chain.lines[:4]
        raise KnownError("storage_failed", "the disk image is malformed")

    verifier = Verifier(chain.start, chain.checkpoints, KEYS, whole=True)
    assert found(verify(verifier, failing())) == (5, "unreadable")


# -- records ---------------------------------------------------------------------
@given(_entries)
def test_a_record_reads_back_as_it_was_written(given_: Any) -> None:
    record = numbered(given_, 7)
    assert decoded(canonical(record)) == record
    assert canonical(decoded(canonical(record))) == canonical(record)


def test_an_entry_takes_anything_and_bounds_it() -> None:
    made = entry(
        "x" * 500,
        actor="a\u202eb\x00c\ud800",
        object_="o" * 5_000,
        reason="r",
        time=math.nan,
        detail={f"k{n}": "v" * 5_000 for n in range(500)} | {"k0": math.inf, "k1": 2**70},
    )
    assert made.actor == "a\ufffdb\ufffdc\ufffd"
    assert (made.outcome, made.time) == ("failure", 0.0)
    assert len(made.detail) == MAX_DETAILS
    assert (made.detail["k0"], made.detail["k1"]) == ("inf", str(2**70))
    assert len(canonical(numbered(made, 1))) < 16_000


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 10_000, b"{" + b" " * 70_000 + b"}", b"\xff"])
def test_what_is_no_record_is_refused(body: bytes) -> None:
    with pytest.raises(KnownError, match="record"):
        decoded(body)
