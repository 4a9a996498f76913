"""A problem of a pack with its place, and what holds for every name in it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.domain.model import Severity
from services.packs.base import Label
from services.packs.locate import Step
from services.packs.model import Limit

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where in the pack."""

    steps: tuple[Step, ...]
    what: str


def identifier(steps: tuple[Step, ...], value: str) -> Iterator[Problem]:
    """An id of a pack: it stands in addresses and files."""
    if not _ID.fullmatch(value):
        yield Problem(steps, f"{value!r} is not an id: small letters, digits and _, at most 64")


def label_texts(steps: tuple[Step, ...], label: Label) -> Iterator[Problem]:
    """Both languages have a text."""
    if not label.zh.strip() or not label.en.strip():
        yield Problem(steps, "a label needs a text in zh and in en")


def unique(steps: tuple[Step, ...], names: Iterable[str]) -> Iterator[Problem]:
    """No name stands twice."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(steps, f"{name!r} is declared {count} times")


def limit_steps(
    place: tuple[Step, ...], limits: tuple[Limit, ...], direction: str
) -> Iterator[Problem]:
    """Severity rises with every step, and the value goes further out with it."""
    for i, limit in enumerate(limits):
        if limit.severity == Severity.NORMAL:
            yield Problem((*place, i), "a limit cannot have severity 'normal'")
    sign = 1 if direction == "above" else -1
    for i in range(1, len(limits)):
        a, b = limits[i - 1], limits[i]
        if not (b.severity > a.severity and sign * b.at > sign * a.at):
            yield Problem((*place, i), f"limits must go {direction}, from mild to severe")
