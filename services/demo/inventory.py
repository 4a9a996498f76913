"""The demo data set: the inventory of the source document, invented where it names no thing.

Deterministic: the same seed and time give the same bytes on every run. Persons are invented and
marked 示例; telephone numbers are masked; the map below is a schematic 示意图.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.demo import cameras, cases, gas, resources, sensors
from services.demo.draw import Draw
from services.demo.grids import Grids
from services.demo.ground import Ground
from services.domain.model import Case, Entity, StockLine
from services.packs import loader
from services.packs.model import Catalogue

SEED = 630_102
NOW = 1_784_095_532.0
"""2026-07-15 14:05:32 Beijing: the moment the set tells of where no other is asked for."""


@dataclass(frozen=True, slots=True)
class DemoSet:
    """Everything that stands at the start: things, stock lines, cases (closed ones first)."""

    entities: tuple[Entity, ...]
    stock: tuple[StockLine, ...]
    cases: tuple[Case, ...]
    seed: int
    now: float


def build(seed: int = SEED, *, now: float = NOW, catalogue: Catalogue | None = None) -> DemoSet:
    """The whole set; last signs of life and case times lie before ``now`` (UNIX seconds).

    ``catalogue`` gives categories their limits; the shipped packs by default. About a second of
    work, reads the bundled base map; any thread.
    """
    known = catalogue if catalogue is not None else loader.load(loader.default_directory())
    ground = Ground()

    def draw(topic: str) -> Draw:
        return Draw(seed, topic, now)

    old_compounds = cameras.compounds(ground, draw("compounds"))
    grids = Grids(ground, draw("grids"))
    warehouses, stock = resources.warehouses(ground, draw("warehouses"))
    return DemoSet(
        entities=(
            *cameras.build(ground, draw("cameras"), old_compounds),
            *sensors.build(ground, draw("sensors")),
            *gas.build(ground, draw("gas"), old_compounds),
            *warehouses,
            *resources.teams(ground, draw("teams")),
            *resources.shelters(ground, draw("shelters")),
            *grids.responsibility,
            *grids.units,
        ),
        stock=tuple(stock),
        cases=cases.build(ground, draw("cases"), known, grids.unit_of),
        seed=seed,
        now=now,
    )
