"""What the import wizard shows, as plain records: texts are ready to be read. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

Point = tuple[float, float, bool]
"""Longitude, latitude, and whether its row is good."""


@dataclass(frozen=True)
class Choice:
    """One entry of a list: ``key`` is what it means, ``text`` what a person reads."""

    key: str
    text: str


@dataclass(frozen=True)
class SourceView:
    """What a file turned out to be.

    ``crs`` "": the file says none, or it was not chosen yet; ``must_choose``: nothing goes on
    before it is. ``looks``: what the numbers look like, to be taken by a click. ``warning``: why
    positions may be off.
    """

    path: str = ""
    words: str = ""
    encodings: tuple[Choice, ...] = ()
    encoding: str = ""
    layers: tuple[Choice, ...] = ()
    layer: str = ""
    crs_choices: tuple[Choice, ...] = ()
    crs: str = ""
    datum: str = "wgs84"
    must_choose: bool = False
    looks: tuple[Choice, ...] = ()
    warning: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class FieldView:
    """One field that a column, a template or a constant can fill. ``unit``: the pack's;
    ``unit_in``: that of the column, "" for the same."""

    name: str
    label: str
    required: bool = False
    unit: str = ""
    source: str = ""
    constant: str = ""
    unit_in: str = ""


@dataclass(frozen=True)
class TrialRow:
    """What becomes of one row: words, or why it is refused."""

    number: int
    good: bool
    words: str


@dataclass(frozen=True)
class TrialView:
    """Rows tried against the pack. ``problem``: why none could be. ``whole``: all rows of the file
    were tried."""

    good: int = 0
    bad: int = 0
    whole: bool = False
    running: bool = False
    problem: str = ""
    reasons: tuple[tuple[str, int], ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    rows: tuple[TrialRow, ...] = ()
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class LoadView:
    """A load under way, or what became of it."""

    read: int = 0
    total: int = 0
    running: bool = False
    paused: bool = False
    undoing: bool = False
    done: bool = False
    headline: str = ""
    details: tuple[str, ...] = ()
    problem: str = ""
    bad_file: str = ""
    batch: str = ""
    can_show: bool = False
    can_resume: bool = False


@dataclass(frozen=True)
class PastLoad:
    """A load of before, as one line of a list."""

    batch: str
    when: str
    file: str
    kind: str
    state: str
    numbers: str
    by: str = ""
    can_undo: bool = False
    can_resume: bool = False
    details: tuple[str, ...] = field(default=())
