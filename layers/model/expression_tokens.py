"""Cuts an attribute expression into its words and signs, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from services.domain.errors import KnownError

MOST_CHARACTERS = 2_000
_NARROW = str.maketrans("（），＝＜＞！＋－＊／", "(),=<>!+-*/")  # as an input method writes them
_CLOSING = {"'": "'", "‘": "’", "’": "’", '"': '"', "“": "”", "”": "”", "[": "]", "【": "】"}
_TEXT = "'‘’"
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\W\d]\w*")
_SIGN = re.compile(r"<=|>=|<>|!=|==|[=<>+\-*/(),]")
_SAME = {"!=": "<>", "==": "="}
Sort = Literal["number", "text", "name", "word", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` without quotes; ``at`` counts characters from 0, ``end`` is the one behind it.

    A ``word`` is a bare name or one of the language's own words, a ``name`` stood in quotes or
    brackets and is always an attribute's.
    """

    sort: Sort
    text: str
    at: int
    end: int


def tokens(source: str) -> list[Token]:
    """The words and signs of an expression, an ``end`` last. KnownError with the place."""
    if len(source) > MOST_CHARACTERS:
        raise KnownError(
            "expression_too_long",
            f"The expression has {len(source)} characters; {MOST_CHARACTERS} are allowed.",
            params={"at": MOST_CHARACTERS, "most": MOST_CHARACTERS},
        )
    narrow = source.translate(_NARROW)
    found: list[Token] = []
    at = 0
    while at < len(source):
        space = _SPACE.match(source, at)
        if space is not None:
            at = space.end()
            continue
        token = _next(source, narrow, at)
        found.append(token)
        at = token.end
    return [*found, Token("end", "", len(source), len(source))]


def _next(source: str, narrow: str, at: int) -> Token:
    if source[at] in _CLOSING:
        return _quoted(source, at)
    number = _NUMBER.match(source, at)
    if number is not None:
        return Token("number", number.group(), at, number.end())
    word = _WORD.match(source, at)
    if word is not None:
        return Token("word", word.group(), at, word.end())
    sign = _SIGN.match(narrow, at)
    if sign is None:
        raise KnownError(
            "expression_sign",
            f"Character {at + 1}: “{source[at]}” means nothing here.",
            params={"at": at + 1, "found": source[at]},
        )
    return Token("sign", _SAME.get(sign.group(), sign.group()), at, sign.end())


def _quoted(source: str, at: int) -> Token:
    """A text or a name; its closing sign stands twice where it belongs to it."""
    opening = source[at]
    closing = _CLOSING[opening]
    parts: list[str] = []
    begin = at + 1
    while True:
        end = source.find(closing, begin)
        if end < 0:
            raise KnownError(
                "expression_unclosed",
                f"Character {at + 1}: what begins with {opening} never ends; {closing} is missing.",
                params={"at": at + 1, "opening": opening, "closing": closing},
            )
        parts.append(source[begin:end])
        if source[end + 1 : end + 2] != closing or closing in "]】":
            return Token("text" if opening in _TEXT else "name", closing.join(parts), at, end + 1)
        begin = end + 2
