"""What the audit is told of an undone load: every id that was touched, or left as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.audit.record import MAX_DETAILS, MAX_VALUE, Entry, entry
from services.domain.model import Scalar

UNDONE = "import.undone"
UNDO_BEGAN = "import.undo_began"
LISTS = ("deleted", "restored", "left", "nothing")
PER_ENTRY = MAX_DETAILS - 2
Told = tuple[str, str]
"""One of LISTS, and ids with blanks between them."""


def undone(
    actor: str, address: str, batch: str, begun_by: str, ids: Mapping[str, Sequence[str]]
) -> list[Entry]:
    """Records that hold every id of ``ids``, by list; the first also counts them.

    An id has at most 100 characters and no blank, so none is ever cut.
    """
    counts: dict[str, Scalar] = {name: len(ids[name]) for name in LISTS}
    entries = [_entry(actor, address, batch, {**counts, "begun_by": begun_by})]
    lines = [line for name in LISTS for line in _lines(name, ids[name])]
    for at in range(0, len(lines), PER_ENTRY):
        some = lines[at : at + PER_ENTRY]
        detail: dict[str, Scalar] = {
            f"{name}_ids_{number:02}": text for number, (name, text) in enumerate(some, 1)
        }
        entries.append(_entry(actor, address, batch, detail))
    return entries


def _entry(actor: str, address: str, batch: str, detail: dict[str, Scalar]) -> Entry:
    return entry(UNDONE, actor=actor, address=address, object_=batch, detail=detail)


def _lines(name: str, ids: Sequence[str]) -> Iterator[Told]:
    line = ""
    for id_ in ids:
        if line and len(line) + 1 + len(id_) > MAX_VALUE:
            yield name, line
            line = ""
        line = f"{line} {id_}" if line else id_
    if line:
        yield name, line
