"""A file of lines becomes a road network of a data directory. No Qt; blocking.

The file is read by ``services.ingest`` (in a process of its own where its format is a foreign one),
understood and noded by ``services.roads``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rustworkx as rx

from services.domain.errors import KnownError
from services.ingest.import_options import ImportOptions
from services.ingest.opening import open_source
from services.ingest.rows import RowSource
from services.roads.importing import RoadFields, RoadReport, road_lines, tally
from services.roads.network import RoadNetwork
from services.roads.noding import build
from services.roads.rules import load_rules
from services.roads.store import RoadStore

MOST_ROADS = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadImport:
    """What to read and how; ``join_m``: an end this near to another road meets it."""

    path: Path
    fields: RoadFields = field(default_factory=RoadFields)
    layer: str = ""
    encoding: str = ""
    crs: str = ""
    datum: str = "wgs84"
    join_m: float = 1.0


@dataclass(frozen=True, slots=True)
class Imported:
    """The network, what became of the rows, and in which numbers the positions were."""

    network: RoadNetwork
    report: RoadReport
    positions: str

    def lines(self) -> list[str]:
        """For a terminal."""
        return [f"positions: {self.positions}", *self.report.lines(), *network_lines(self.network)]


def read(options: RoadImport, data: Path | None) -> Imported:
    """Read and node a file; KnownError of the sources, ``unknown_column``, those of ``build``."""
    rules = load_rules(data)
    asked = ImportOptions(
        path=options.path,
        kind="road",
        layer=options.layer,
        encoding=options.encoding,
        crs=options.crs,
        datum=options.datum,
    )
    source, positions, _ = open_source(asked, lambda: False)
    if not source.has_shapes:
        raise KnownError("no_roads", f"{options.path.name} has no shapes, so it has no roads.")
    options.fields.check(source.format.columns)
    report = RoadReport()
    lines = []
    for line in road_lines(_rows(source, report), options.fields, rules, report):
        lines.append(line)
        if len(lines) > MOST_ROADS:
            raise KnownError("too_many", f"More than {MOST_ROADS:,} roads in one network.")
    return Imported(build(lines, rules, options.join_m), report, positions.words())


def keep(imported: Imported, options: RoadImport, data: Path) -> str:
    """Keep a network in a data directory and use it; its version."""
    return RoadStore(data).add(imported.network, options.path.name, time.time())


def network_lines(network: RoadNetwork) -> list[str]:
    """What a network is, and what of it does not hang together, one fact a line."""
    components = sorted(map(len, rx.weakly_connected_components(network.forward)), reverse=True)
    told = [
        f"stretches: {len(network):,}, junctions: {len(network.nodes):,},"
        f" {float(network.length_m.sum()) / 1e3:,.1f} km",
        "bounds: {:.5f} {:.5f} {:.5f} {:.5f}".format(*network.extent()),
    ]
    if len(components) > 1:
        apart = int(np.sum(components[1:]))
        told.append(
            f"parts that no road connects: {len(components):,}; {apart:,} junctions are not in the"
            " largest (see --join-m)"
        )
    return told


def _rows(source: RowSource, report: RoadReport) -> Iterator[tuple[Any, Mapping[str, str]]]:
    for row in source.rows():
        if row.problem is not None:
            tally(report.left_out, row.problem.text, 120)
        else:
            yield row.shape, row.cells
