"""Words for what is wrong with an attribute expression."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def expression_texts() -> dict[str, str]:
    """Texts by code, in the user's language; ``at`` is the character, from 1."""
    return {**_places(), **_names(), **_bounds()}


def _places() -> dict[str, str]:
    return {
        "expression_empty": QCoreApplication.translate("Messages", "The expression is empty."),
        "expression_sign": QCoreApplication.translate(
            "Messages", "Character {at}: “{found}” means nothing here."
        ),
        "expression_unclosed": QCoreApplication.translate(
            "Messages",
            "Character {at}: what begins with {opening} never ends; {closing} is missing.",
        ),
        "expression_missing": QCoreApplication.translate(
            "Messages", "Character {at}: “{wanted}” is missing here."
        ),
        "expression_end": QCoreApplication.translate(
            "Messages", "Character {at}: the expression ends too early."
        ),
        "expression_unexpected": QCoreApplication.translate(
            "Messages", "Character {at}: “{found}” does not fit here."
        ),
        "expression_pattern": QCoreApplication.translate(
            "Messages", "Character {at}: after like stands a text such as '%road%'."
        ),
        "expression_place": QCoreApplication.translate(
            "Messages",
            "Character {at}: distance_m takes a longitude and a latitude in degrees, as in"
            " distance_m(101.80, 36.61).",
        ),
    }


def _names() -> dict[str, str]:
    return {
        "expression_unknown_name": QCoreApplication.translate(
            "Messages",
            "Character {at}: there is no field “{name}”. Texts stand in single quotes: '{name}'.",
        ),
        "expression_unknown_name_close": QCoreApplication.translate(
            "Messages", "Character {at}: there is no field “{name}”. Did you mean “{close}”?"
        ),
        "expression_unknown_function": QCoreApplication.translate(
            "Messages", "Character {at}: there is no function “{name}”. There are: {names}."
        ),
        "expression_arguments": QCoreApplication.translate(
            "Messages", "Character {at}: {name} takes {count} values."
        ),
        "expression_word": QCoreApplication.translate(
            "Messages", "Character {at}: {name} is one of these: {words}."
        ),
    }


def _bounds() -> dict[str, str]:
    return {
        "expression_too_long": QCoreApplication.translate(
            "Messages", "The expression is too long; {most} characters are allowed."
        ),
        "expression_too_deep": QCoreApplication.translate(
            "Messages", "Character {at}: the expression has too many parts or brackets."
        ),
    }
