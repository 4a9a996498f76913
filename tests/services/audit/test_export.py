"""An exported file proves itself: whatever is done to it is found."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.audit.export import ExportFile, verify_export, write_export
from services.audit.verify import Anchor, Verdict
from services.domain.errors import KnownError
from tests.services.audit.test_chain import KEYS, START, Chain, found


def exported(chain: Chain, first: int = 1) -> bytes:
    """The chain from a record on; a file begins behind a checkpoint."""
    file = io.BytesIO()
    start = chain.start
    if first > 1:
        start = type(start)(start.chain, first - 1, chain.lines[first - 2].hash)
    checkpoints = [c for c in chain.checkpoints if c.count >= first]
    write_export(file, start, checkpoints, chain.lines[first - 1 :], START)
    return file.getvalue()


def check(path: Path, data: bytes, *anchors: Anchor) -> Verdict:
    path.write_bytes(data)
    return verify_export(ExportFile(path), KEYS, anchors)


def outcome(path: Path, data: bytes) -> str:
    """``good``, or the code of what is wrong."""
    try:
        verdict = check(path, data)
    except KnownError as error:
        return error.code
    return "good" if verdict.problem is None else verdict.problem.code


@pytest.mark.parametrize("first", [1, 4, 10])
def test_an_untouched_file_is_good(tmp_path: Path, first: int) -> None:
    chain = Chain()
    verdict = check(tmp_path / "a", exported(chain, first), Anchor(10, chain.head.hash))
    assert verdict.problem is None
    assert (verdict.first, verdict.count, verdict.signed_count) == (first, 10, 10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_any_flipped_byte_is_found(tmp_path: Path, data: st.DataObject) -> None:
    whole = exported(Chain(), data.draw(st.sampled_from([1, 4])))
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))])
    made = whole.index(b'"made":') + 7, whole.index(b"}\n")
    if made[0] <= at < made[1] or whole[at : at + 1].isspace():
        return  # when the file was written, and the ends of lines, are not what it proves
    assert outcome(tmp_path / "a", whole[:at] + flipped + whole[at + 1 :]) != "good"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2_000))
def test_a_file_cut_anywhere_is_found(tmp_path: Path, cut: int) -> None:
    whole = exported(Chain())
    good = outcome(tmp_path / "a", whole[: max(0, len(whole) - 1 - cut)]) == "good"
    assert good == (cut == 0)  # the last line's end alone may be missing


@pytest.mark.parametrize("kind", ["remove", "insert", "swap"])
@pytest.mark.parametrize("place", range(8))
def test_lines_removed_inserted_or_exchanged_are_found(
    tmp_path: Path, kind: str, place: int
) -> None:
    lines = exported(Chain()).splitlines(keepends=True)
    at = 5 + place
    match kind:
        case "remove":
            del lines[at]
        case "insert":
            lines.insert(at, lines[at])
        case _:
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert found(check(tmp_path / "a", b"".join(lines)))[0] in (place + 1, place + 2)


def test_a_file_without_its_checkpoints_is_worth_nothing(tmp_path: Path) -> None:
    lines = exported(Chain()).splitlines(keepends=True)
    bare = [line for line in lines if not line.startswith(b'{"checkpoint"')]
    assert found(check(tmp_path / "a", b"".join(bare))) == (1, "unsigned")
    last = [line for n, line in enumerate(lines) if n != 4]
    assert found(check(tmp_path / "a", b"".join(last))) == (10, "unsigned")


def test_a_file_that_begins_elsewhere_than_it_says_is_found(tmp_path: Path) -> None:
    chain = Chain()
    chain.redo(0, actor="somebody else")  # records before the file, made anew
    assert found(check(tmp_path / "a", exported(chain, 4)))[1] == "exchanged"


@pytest.mark.parametrize("data", [b"", b"seq,time\n1,2\n", b"{}\n", b"\x00" * 5_000, b"[" * 90_000])
def test_what_is_no_export_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(KnownError, match="neither an export"):
        check(tmp_path / "a", data)


def test_a_line_without_end_takes_no_memory(tmp_path: Path) -> None:
    data = exported(Chain(2)) + b'{"record":' + b"x" * 5_000_000
    assert found(check(tmp_path / "a", data)) == (3, "unreadable")
