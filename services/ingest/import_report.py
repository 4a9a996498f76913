"""What an import would do and what it did, as records and as lines for a terminal. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.domain.errors import KnownError
from services.ingest.gis.frames import CrsInfo
from services.ingest.gis.placing import LOOSE_M
from services.ingest.http_client import Item
from services.ingest.mapping import Template
from services.ingest.preview_words import row_words
from services.ingest.row_items import ItemMaker, Made
from services.ingest.rows import Format, Row, RowSource, shorten
from services.ingest.units import Conversion


@dataclass(frozen=True, slots=True)
class Positions:
    """In which numbers a file's positions are. ``source``: file, given, format (the format says
    so), or assumed (nothing says so)."""

    crs: CrsInfo
    datum: str
    source: str

    @property
    def loose(self) -> bool:
        """Whether the way to WGS 84 is known badly or not at all."""
        return self.crs.accuracy_m is None or self.crs.accuracy_m > LOOSE_M

    def words(self) -> str:
        """For a terminal."""
        code = f"EPSG:{self.crs.epsg} " if self.crs.epsg else ""
        why = {
            "file": "the file says so",
            "given": "as told",
            "format": "as its format has it",
            "assumed": "assumed, the file says nothing; see --crs and --datum",
        }[self.source]
        datum = "" if self.datum == "wgs84" else f", degrees are {self.datum.upper()}"
        text = f"{code}{self.crs.name}{datum} ({why})"
        if self.loose:
            far = (
                "by an unknown amount, perhaps a hundred metres"
                if self.crs.accuracy_m is None
                else f"by up to {self.crs.accuracy_m:g} m"
            )
            text += f"; WARNING: positions may be off {far}: this datum's shift is not known here"
        return text


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: the file as found, and which column fills which field."""

    format: Format
    mapping: dict[str, Template]
    constants: dict[str, str]
    unused: tuple[str, ...]
    source: RowSource
    maker: ItemMaker
    positions: Positions
    units: dict[str, Conversion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan and its first rows, as what they become or as the reason why not."""

    plan: Plan
    made: tuple[tuple[Row, Made | KnownError], ...]

    @property
    def rows(self) -> tuple[tuple[int, Item | KnownError], ...]:
        """Row number and item (or reason), for each item."""
        found: list[tuple[int, Item | KnownError]] = []
        for row, made in self.made:
            if isinstance(made, KnownError):
                found.append((row.number, made))
            else:
                found += [(row.number, item) for item in made.items]
        return tuple(found)

    def lines(self) -> list[str]:
        """The preview for a terminal."""
        told, plan = self.plan.format, self.plan
        detail = "".join(f", {name} {shorten(value)}" for name, value in told.detail.items())
        lines = [f"{told.name}, {told.encoding}{detail}, {len(told.columns)} columns"]
        lines.append(f"  positions: {plan.positions.words()}")
        for name, template in plan.mapping.items():
            unit = plan.units.get(name)
            turned = f", in {unit.unit}" if unit is not None else ""
            lines.append(f"  {name} = {shorten(template.text, 200)}{turned}")
        lines += [f"  {f} := {shorten(value, 200)}" for f, value in plan.constants.items()]
        if plan.unused:
            lines.append(f"  not used: {', '.join(map(shorten, plan.unused))}")
        for number, row in self.rows:
            if isinstance(row, KnownError):
                lines.append(f"  row {number}: refused: {row}")
            else:
                lines.append(f"  row {number}: {row_words(row)}")
        return lines


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an import. ``reasons``: code to how often; ``examples``: code to a text.

    ``placed``: good rows with a position, and how many of them lie ``inside`` the district.
    ``trouble``: why the refused rows could not be written to a file. ``notes``: what was changed in
    rows on the way, and how often. ``box``: west, south, east, north of the good rows. ``batch``:
    id by which it can be undone. ``stopped``: by a person, before the end. ``firsts``: code to the
    first row that was refused for it, and the refusal itself.
    """

    read: int
    loaded: int
    refused: int
    dry_run: bool
    reasons: dict[str, int]
    examples: dict[str, str]
    bad_rows_path: Path | None
    trouble: str = ""
    placed: int = 0
    inside: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    batch: str = ""
    stopped: bool = False
    firsts: dict[str, tuple[int, KnownError]] = field(default_factory=dict)
    box: tuple[float, float, float, float] | None = None

    @property
    def failed(self) -> bool:
        """Whether there were rows and not one of them was good."""
        return self.read > 0 and self.loaded == 0

    def lines(self) -> list[str]:
        """The report for a terminal; its first line says all in short."""
        verb = "would load" if self.dry_run else "loaded"
        where = f" (with reasons in {self.bad_rows_path})" if self.bad_rows_path else ""
        lines = [f"read {self.read}, {verb} {self.loaded}, refused {self.refused}{where}"]
        lines += [f"  {n} × {code}: {self.examples[code]}" for code, n in self.reasons.items()]
        lines += [f"  {n} × {note}" for note, n in self.notes.items()]
        if self.stopped:
            lines.append("stopped before the end of the file")
        if self.batch:
            lines.append(f"to undo it: onemap import undo {self.batch}")
        if self.trouble:
            lines.append(f"  the refused rows are in no file: {self.trouble}")
        if self.placed and not self.inside:
            lines.append(
                f"no row lies within the district's outline (looked at {self.placed}): are"
                " longitude and latitude those of WGS 84, in degrees, of this district?"
            )
        if self.failed:
            lines.append("every row was refused; nothing was loaded")
        return lines
