"""Finds the line of a pack file that a decoding error speaks of. Pure text; any thread."""

from __future__ import annotations

import re

Step = str | int
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\s]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")
_PATH_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]")


def parse_path(path: str) -> tuple[Step, ...]:
    """``$.kind[2].symbol`` as steps ``("kind", 2, "symbol")``; steps it cannot read are left out.

    msgspec writes ``[...]`` for a dictionary's value, so such a step names the place above it.
    """
    return tuple(
        name if name else int(index) for name, index in _PATH_STEP.findall(path.removeprefix("$"))
    )


def line_of(text: str, steps: tuple[Step, ...]) -> int:
    """The 1-based line where ``steps`` stands, or the nearest place above it that is written."""
    best_depth, best_line = 0, 1
    for here, line in _places(text):
        depth = len(here)
        if depth > best_depth and here == steps[:depth]:
            best_depth, best_line = depth, line
    return best_line


def _places(text: str) -> list[tuple[tuple[Step, ...], int]]:
    """Every table header, key and element of an array of inline tables, with its line."""
    places: list[tuple[tuple[Step, ...], int]] = []
    counts: dict[tuple[Step, ...], int] = {}
    table: tuple[Step, ...] = ()
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        header = _HEADER.match(line)
        if header is not None:
            table = _table(header.group(2), header.group(1) == "[[", counts)
            places.append((table, number))
            continue
        key = _KEY.match(line)
        if key is None:
            continue
        place = (*table, key.group(1))
        places.append((place, number))
        number += _value(lines, number - 1, key.end(), place, places) - 1
    return places


def _table(dotted: str, is_array: bool, counts: dict[tuple[Step, ...], int]) -> tuple[Step, ...]:
    """The path of a header, with the index of every array of tables on the way to it."""
    names = [name.strip() for name in dotted.split(".")]
    path: tuple[Step, ...] = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if is_array:
        counts[path] = counts.get(path, 0) + 1
        path = (*path, counts[path] - 1)
    return path


def _value(
    lines: list[str],
    row: int,
    column: int,
    place: tuple[Step, ...],
    places: list[tuple[tuple[Step, ...], int]],
) -> int:
    """Walk one value, noting the inline tables of an array; return how many lines it takes."""
    depth, index, start, quote = 0, 0, row, ""
    while True:
        for char in lines[row][column:]:
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            elif char == "#":
                break
            elif char in "[{":
                if depth == 1 and char == "{":
                    places.append(((*place, index), row + 1))
                    index += 1
                depth += 1
            elif char in "]}":
                depth -= 1
        quote = ""
        row, column = row + 1, 0
        if depth <= 0 or row >= len(lines):
            return row - start
