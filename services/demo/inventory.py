"""The demo data set: the inventory of the source document, invented where it names no thing.

Deterministic: the same seed and time give the same bytes on every run. Persons are invented and
marked 示例; telephone numbers are masked; the map below is a schematic 示意图.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from services.demo import (
    cameras,
    cases,
    ecology,
    firefighting,
    gas,
    hazards,
    lifelines,
    regulated,
    resources,
    sensors,
    town,
)
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

    ``catalogue`` gives categories their limits; the shipped packs by default. A few seconds of
    work, reads the bundled base map; any thread.
    """
    known = catalogue if catalogue is not None else loader.load(loader.default_directory())
    ground = Ground()

    def draw(topic: str) -> Draw:
        return Draw(seed, topic, now)

    old_compounds = cameras.compounds(ground, draw("compounds"))
    grids = Grids(ground, draw("grids"))
    warehouses, stock = resources.warehouses(ground, draw("warehouses"))
    entities = (
        *cameras.build(ground, draw("cameras"), old_compounds),
        *sensors.build(ground, draw("sensors")),
        *hazards.build(ground, draw("hazards")),
        *gas.build(ground, draw("gas"), old_compounds),
        *warehouses,
        *resources.teams(ground, draw("teams")),
        *resources.shelters(ground, draw("shelters")),
        *firefighting.build(ground, draw("firefighting")),
        *town.build(ground, draw("town")),
        *regulated.build(ground, draw("regulated")),
        *lifelines.build(ground, draw("lifelines")),
        *ecology.build(ground, draw("ecology")),
        *grids.responsibility,
        *grids.units,
    )
    return DemoSet(
        entities=tuple(_judged(known, e) for e in entities),
        stock=tuple(stock),
        cases=cases.build(ground, draw("cases"), known, grids.unit_of),
        seed=seed,
        now=now,
    )


def _judged(catalogue: Catalogue, entity: Entity) -> Entity:
    """With the state that its kind's rules make of its readings, as the hub will find it."""
    kind = catalogue.kinds.get(entity.kind)
    state = kind.derived_state(entity.values) if kind is not None else None
    return entity if state is None else replace(entity, state=state)
