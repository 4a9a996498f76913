"""Errors made for a person to read, apart from bugs, which stay ordinary exceptions."""

from __future__ import annotations


class KnownError(Exception):
    """Something the product foresaw; ``text`` says what happened and where, for a person.

    ``code`` is stable (``unknown_kind``, ``stock_short`` …): the console translates by it.
    ``field`` names the place (``items[3].lon``); ``params`` carries the facts of the text.
    """

    def __init__(
        self,
        code: str,
        text: str,
        *,
        field: str | None = None,
        params: dict[str, str | int | float] | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.field = field
        self.params = params or {}

    def __str__(self) -> str:
        return f"{self.field}: {self.text}" if self.field else self.text


def in_words(error: Exception) -> str:
    """What an error says, for a person: an OSError without its number and without its path."""
    told = getattr(error, "strerror", None)
    return str(told or error)
