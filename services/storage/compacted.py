"""What was taken out of the store on purpose, and where the record is whole again.

The record is whole after the *observed* floor: there stands a snapshot, and every event after it
is in the log. Between the two floors only the lossless events are left, to be read and not to be
folded; up to the *everything* floor there is nothing. A hole anywhere else is damage.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, select

from services.domain.errors import KnownError
from services.storage.schema import compacted, meta

OBSERVED, EVERYTHING = "observed", "all"
LET_GO = "readings_let_go"
"""Key in ``meta``: the last (bucket, series) whose single readings were let go."""
Mark = tuple[int, int]
WHOLE_BUCKET = 2**62


class Floors(msgspec.Struct, frozen=True):
    """Offsets: events up to them may be gone; 0 where nothing ever was taken out."""

    observed: int = 0
    everything: int = 0


def floors(connection: Connection) -> Floors:
    """Where the record begins, as it stands in this transaction."""
    rows = connection.execute(select(compacted.c.what, compacted.c.last_offset)).all()
    found = {str(what): int(last) for what, last in rows}
    return Floors(found.get(OBSERVED, 0), found.get(EVERYTHING, 0))


def readings_let_go(connection: Connection) -> Mark:
    """(bucket, series) up to which single readings were let go; what is stored there now came
    late and is not in the rollups yet. (-1, -1) while nothing was."""
    value = connection.execute(select(meta.c.value).where(meta.c.key == LET_GO)).scalar()
    if value is None:
        return -1, -1
    bucket, _, number = str(value).partition(" ")
    return int(bucket), int(number)


def too_old(first_offset: int, first_time: float) -> KnownError:
    """The refusal of a question about a past that is no longer kept."""
    begin = datetime.fromtimestamp(first_time, UTC).isoformat(timespec="seconds")
    return KnownError(
        "too_old",
        f"the record is kept from {begin} on (event {first_offset}); what was before has been "
        "compacted as the retention settings say",
        params={"first_offset": first_offset, "first_time": first_time},
    )
