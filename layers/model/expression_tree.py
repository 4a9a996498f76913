"""What an attribute expression consists of: typed, frozen nodes. ``at`` is a place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

CompareSign = Literal["=", "<>", "<", "<=", ">", ">="]
SumSign = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, yes or no (1 or 0), or nothing."""

    value: float | str | None


@dataclass(frozen=True, slots=True)
class Field:
    """The value of an attribute, a reading or one of what every feature has."""

    name: str
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus."""

    of: Node


@dataclass(frozen=True, slots=True)
class Sum:
    """Reckoning with two numbers; divided by zero is nothing."""

    sign: SumSign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values, or ``distance_m`` of a place."""

    name: str
    given: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values held against each other."""

    sign: CompareSign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf:
    """``in``: equal to one of some constants."""

    of: Node
    choices: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A text with the pattern's shape; ``fold``: large and small letters are alike."""

    of: Node
    pattern: str
    fold: bool


@dataclass(frozen=True, slots=True)
class IsNothing:
    """``is null``."""

    of: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; of what is not known it is not known either."""

    of: Node


@dataclass(frozen=True, slots=True)
class Both:
    """``and`` of two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``or`` of two or more."""

    parts: tuple[Node, ...]


Node: TypeAlias = (
    Constant
    | Field
    | Negative
    | Sum
    | Call
    | Compare
    | OneOf
    | Like
    | IsNothing
    | Not
    | Both
    | Either
)
"""``between`` is two comparisons."""
