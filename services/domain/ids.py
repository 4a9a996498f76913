"""Identifiers: how they are made and told apart. An id never changes meaning.

Case: 19 digits = 6 administrative code + 8 day (Beijing) + 5 serial of the day.
Camera, sound column: 20 digits after GB/T 28181. Part: 16 digits. All else: ``kind:local-id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.domain.clock import Clock, beijing_day
from services.domain.errors import KnownError

DISTRICT = "630102"
MAX_ID = 100
LAST_SERIAL = 99_999

_CASE = re.compile(r"(\d{6})(\d{8})(\d{5})", re.ASCII)
_LOCAL = re.compile(r"[a-z_]+:(\d{8})-(\d{5,})", re.ASCII)
_GB28181 = re.compile(r"\d{20}", re.ASCII)
_PART = re.compile(r"\d{16}", re.ASCII)
_BAD = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff|"
    r"\ufff9-\uffff\U000e0000-\U000e007f]"
)


def check_id(value: str, field: str = "id") -> str:
    """The id itself when it can serve as one: 1 to 100 characters, no space, control or ``|``."""
    if not value:
        raise KnownError("bad_id", "The id is empty.", field=field)
    if len(value) > MAX_ID:
        raise KnownError("bad_id", f"The id has more than {MAX_ID} characters.", field=field)
    bad = _BAD.search(value)
    if bad is not None:
        raise KnownError(
            "bad_id",
            f"The id holds the character U+{ord(bad.group()):04X}, which an id may not.",
            field=field,
        )
    return value


def is_case_id(value: str) -> bool:
    """Whether it has the form of a case number of ours."""
    return _CASE.fullmatch(value) is not None


def is_gb28181(value: str) -> bool:
    """Whether it has the form of a GB/T 28181 device id."""
    return _GB28181.fullmatch(value) is not None


def is_part_id(value: str) -> bool:
    """Whether it has the form of a part's id: district, major, minor class, serial."""
    return _PART.fullmatch(value) is not None


class IdFactory:
    """Makes new ids, rising within a day. One thread (the hub's sequencer).

    ``known``: ids that exist (all cases and dispatches of the world), so that a restarted hub
    goes on where it stopped.
    """

    def __init__(self, clock: Clock, known: Iterable[str] = (), district: str = DISTRICT) -> None:
        if not re.fullmatch(r"\d{6}", district, re.ASCII):
            raise ValueError("an administrative code has six digits")
        self._clock = clock
        self._district = district
        self._last: dict[tuple[str, str], int] = {}
        for value in known:
            self._learn(value)

    def _learn(self, value: str) -> None:
        case = _CASE.fullmatch(value)
        if case is not None and case[1] == self._district:
            self._reached("case", case[2], int(case[3]))
            return
        local = _LOCAL.fullmatch(value)
        if local is not None:
            self._reached(value.partition(":")[0], local[1], int(local[2]))

    def _reached(self, kind: str, day: str, serial: int) -> None:
        self._last[kind, day] = max(serial, self._last.get((kind, day), 0))

    def __call__(self, kind: str) -> str:
        """A new id of ``kind``: ``case`` gives 19 digits, all else ``kind:YYYYMMDD-00001``."""
        day = beijing_day(self._clock())
        serial = self._last.get((kind, day), 0) + 1
        if kind == "case" and serial > LAST_SERIAL:
            raise KnownError("no_more_ids", f"The {LAST_SERIAL} case numbers of {day} are used up.")
        # Older days can never be asked for again, save by a clock set back within the day.
        self._last = {k: v for k, v in self._last.items() if k[1] >= day}
        self._last[kind, day] = serial
        if kind == "case":
            return f"{self._district}{day}{serial:05d}"
        return f"{kind}:{day}-{serial:05d}"
