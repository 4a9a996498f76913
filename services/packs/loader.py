"""Reads packs from directories into a Catalogue, or says which file, line and field is wrong.

A bad pack never half-loads: nothing is returned unless everything is right.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from services.domain import toml
from services.domain.errors import KnownError
from services.domain.model import Severity
from services.packs.checks import check_pack
from services.packs.checks_procedure import check_references
from services.packs.locate import Step, line_of, parse_path
from services.packs.model import Catalogue, Pack
from services.packs.problems import Problem

MAX_PACK_BYTES = 1 << 20
"""A pack is written by hand; a file beyond this is not one."""
MAX_WHAT = 500
"""Of what is wrong, an error tells this much: it may quote the file."""

_SEVERITIES = {severity.name.lower(): int(severity) for severity in Severity}
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>\$[^`]*)`)?$", re.DOTALL)
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")
_TOML_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One pack as read, with the text that errors are located in."""

    path: Path
    text: str
    pack: Pack

    def error(self, steps: tuple[Step, ...], what: str) -> KnownError:
        """``what`` as an error that names this file, the line and the field of ``steps``."""
        return _error(self.path, line_of(self.text, steps), dotted(steps), what)


def default_directory() -> Path:
    """The packs that ship with the product."""
    return Path(__file__).resolve().parents[2] / "resources" / "packs"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A pack of a later directory that stands in place of an earlier one, and what that changes."""

    pack: str
    by: Path
    of: Path
    lost: tuple[str, ...]
    added: tuple[str, ...]


def load(*directories: Path) -> Catalogue:
    """All packs of ``directories``; a later directory's pack replaces an earlier one by pack id.

    Raises KnownError ``bad_pack`` with file, line and field; blocking file reads.
    """
    return load_with_replacements(*directories)[0]


def load_with_replacements(*directories: Path) -> tuple[Catalogue, list[Replacement]]:
    """As ``load``, and which packs were replaced, in the order of reading."""
    chosen: dict[str, PackFile] = {}
    replaced: list[Replacement] = []
    for directory in directories:
        for identifier, file in _read_directory(directory).items():
            if identifier in chosen:
                replaced.append(_replacement(file, chosen[identifier]))
            chosen[identifier] = file
    files = list(chosen.values())
    _refuse_duplicates(files)
    catalogue = Catalogue(tuple(f.pack for f in files))
    for file in files:
        _raise_first(file, check_references(file.pack, catalogue))
    return catalogue, replaced


def _replacement(by: PackFile, of: PackFile) -> Replacement:
    before, after = ({k.id for k in f.pack.kind} for f in (of, by))
    return Replacement(
        pack=by.pack.id,
        by=by.path,
        of=of.path,
        lost=tuple(sorted(before - after)),
        added=tuple(sorted(after - before)),
    )


def dotted(steps: tuple[Step, ...]) -> str:
    """``("kind", 2, "symbol")`` as ``kind[2].symbol``."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _read_directory(directory: Path) -> dict[str, PackFile]:
    if not directory.is_dir():
        raise KnownError("bad_pack", f"{directory}: there is no such folder of packs")
    found: dict[str, PackFile] = {}
    for path in sorted(directory.glob("*.toml")):
        file = read_file(path)
        twin = found.get(file.pack.id)
        if twin is not None:
            raise file.error(
                ("id",), f"pack {file.pack.id!r} is already declared by {twin.path.name}"
            )
        found[file.pack.id] = file
    return found


def read_file(path: Path) -> PackFile:
    """One pack, decoded and checked in itself (not yet against other packs)."""
    try:
        if not path.is_file():  # reading a pipe or a device may never end
            raise _error(path, 1, "", "this is not a file")
        if path.stat().st_size > MAX_PACK_BYTES:
            raise _error(path, 1, "", f"the file is larger than {MAX_PACK_BYTES} bytes")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _error(path, 1, "", f"the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _error(path, 1, "", f"the file is not UTF-8 text: {error.reason}") from error
    try:
        raw: dict[str, Any] = toml.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = str(error)
        place = _TOML_LINE.search(what)
        line = int(place.group(1)) if place else len(text.splitlines())
        raise _error(path, line, "", f"not TOML: {_TOML_LINE.sub('', what)}") from error
    for steps, value in _not_finite(raw, ()):
        what = f"{value} is not a finite number"
        raise _error(path, line_of(text, steps), dotted(steps), what)
    try:
        pack = msgspec.convert(_named_severities(raw), Pack)
    except msgspec.ValidationError as error:
        raise _decoding_error(path, text, str(error)) from error
    file = PackFile(path, text, pack)
    _raise_first(file, check_pack(pack))
    return file


def _not_finite(node: Any, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], float]]:
    """NaN and the infinities, which TOML has and no measure, limit or zoom can be."""
    if isinstance(node, float) and not math.isfinite(node):
        yield steps, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _not_finite(value, (*steps, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _not_finite(value, (*steps, index))


def _named_severities(node: Any) -> Any:
    """Packs write severities as words (``"major"``); an unknown word is left for the decoder."""
    if isinstance(node, Mapping):
        return {
            key: _SEVERITIES.get(str(value).lower(), value)
            if key == "severity"
            else _named_severities(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_named_severities(value) for value in node]
    return node


def _decoding_error(path: Path, text: str, message: str) -> KnownError:
    parts = _AT.match(message)
    what, where = (parts["what"], parts["path"] or "$") if parts else (message, "$")
    steps = parse_path(where)
    unknown = _UNKNOWN_FIELD.search(what)
    if unknown is not None:
        steps = (*steps, unknown.group(1))
    if steps and steps[-1] == "severity":
        what = f"a severity is one of {', '.join(s.name.lower() for s in Severity)}"
    return _error(path, line_of(text, steps), dotted(steps), what)


def _error(path: Path, line: int, field: str, what: str) -> KnownError:
    what = what if len(what) <= MAX_WHAT else what[:MAX_WHAT] + "…"
    return KnownError(
        "bad_pack",
        f"{path}:{line}: {what}",
        field=field or None,
        params={"file": str(path), "line": line, "what": what},
    )


def _raise_first(file: PackFile, problems: list[Problem]) -> None:
    for problem in problems:
        raise file.error(problem.steps, problem.what)


def _refuse_duplicates(files: list[PackFile]) -> None:
    """An id means one thing: the same kind, rule, category, item or number twice is refused."""
    seen: dict[tuple[str, str], PackFile] = {}
    for file in files:
        pack = file.pack
        declared = [
            *(("kind", i, "id", k.id) for i, k in enumerate(pack.kind)),
            *(("rule", i, "id", r.id) for i, r in enumerate(pack.rule)),
            *(("category", i, "code", c.code) for i, c in enumerate(pack.category)),
            *(("item", i, "id", t.id) for i, t in enumerate(pack.item)),
            *(("kpi", i, "id", k.id) for i, k in enumerate(pack.kpi)),
            *(("plan", i, "id", p.id) for i, p in enumerate(pack.plan)),
            *(("scene", i, "id", s.id) for i, s in enumerate(pack.scene)),
            *(("table", i, "id", t.id) for i, t in enumerate(pack.table)),
            *(("closing", i, "id", c.id) for i, c in enumerate(pack.closing)),
        ]
        for table, index, key, value in declared:
            twin = seen.get((table, value))
            if twin is not None:
                raise file.error(
                    (table, index, key),
                    f"{table} {value!r} is already declared by {twin.path.name}",
                )
            seen[(table, value)] = file
