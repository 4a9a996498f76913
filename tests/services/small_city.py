"""A small city for tests: packs, things and stock built in code, so no data file can bend them."""

from __future__ import annotations

from collections.abc import Iterable

from services.cases.calendar_file import load_calendar
from services.domain.clock import ManualClock
from services.domain.events import Body, EntityUpserted, Event, StockChanged
from services.domain.ids import IdFactory
from services.domain.model import Entity, Severity, StockLine
from services.domain.world import World
from services.hub.scene import Actor, Scene
from services.ingest.bodies import Desk
from services.packs.model import (
    Attribute,
    Catalogue,
    Category,
    Item,
    Kind,
    Label,
    Limit,
    Measure,
    Need,
    Pack,
    Rule,
    State,
    Symbol,
    TimeLimit,
)

NOW = 1_750_000_000.0
OFFICER = Actor(user="duty1", name="值班员甲", seat="A1", roles=("duty_officer",))
OTHER = Actor(user="duty2", name="值班员乙", seat="A2", roles=("duty_officer",))
TEAM = Actor(user="field", name="处置队伍", seat="", roles=("field",))

DOT = Symbol(shape="circle")


def label(text: str) -> Label:
    return Label(zh=f"{text}（中）", en=text)


PACK = Pack(
    id="small",
    version=1,
    label=label("small"),
    kind=(
        Kind(
            id="sensor",
            label=label("sensor"),
            geometry="point",
            traits=("located", "observing"),
            symbol=DOT,
            stale_after_s=600.0,
            attribute=(Attribute(name="river", label=label("river")),),
            measure=(Measure(name="level", label=label("level"), unit="m", min=-5.0, max=20.0),),
        ),
        Kind(
            id="team",
            label=label("team"),
            geometry="point",
            traits=("located", "mobile", "dispatchable"),
            symbol=DOT,
            attribute=(Attribute(name="speciality", label=label("speciality")),),
            state=(State(id="idle", label=label("idle")), State(id="busy", label=label("busy"))),
        ),
        Kind(
            id="engine",
            label=label("engine"),
            geometry="point",
            traits=("located", "mobile", "dispatchable"),
            symbol=DOT,
        ),
        Kind(
            id="warehouse",
            label=label("warehouse"),
            geometry="point",
            traits=("located", "stocked"),
            symbol=DOT,
        ),
        Kind(
            id="camera",
            label=label("camera"),
            geometry="point",
            traits=("located", "camera"),
            symbol=DOT,
        ),
        Kind(id="grid", label=label("grid"), geometry="polygon", traits=("area",), symbol=DOT),
    ),
    rule=(
        Rule(
            id="level_high",
            kind="sensor",
            measure="level",
            label=label("high water"),
            limits=(
                Limit(severity=Severity.MINOR, at=2.0),
                Limit(severity=Severity.MAJOR, at=3.0),
                Limit(severity=Severity.CRITICAL, at=4.0),
            ),
            hysteresis=0.2,
            category="flood",
        ),
    ),
    category=(
        Category(
            code="flood",
            label=label("street flooding"),
            department="water",
            limit=TimeLimit(amount=2, unit="urgent_hours"),
            severity=Severity.MAJOR,
            radius_m=2_000.0,
            need=(Need(item="pump", quantity=5), Need(team="drainage", count=2)),
        ),
        Category(
            code="other",
            label=label("other"),
            department="duty",
            limit=TimeLimit(amount=1, unit="urgent_hours"),
        ),
    ),
    item=(
        Item(id="pump", label=label("pump"), unit=label("piece")),
        Item(id="bag", label=label("sandbag"), unit=label("piece")),
    ),
)

CENTRE = (101.78, 36.62)
CALENDAR = load_calendar()


def catalogue() -> Catalogue:
    return Catalogue((PACK,))


class City:
    """A world with its log: ``fold`` gives bodies offsets and folds them, as the hub does."""

    def __init__(self) -> None:
        self.catalogue = catalogue()
        self.world = World("epoch")
        self.clock = ManualClock(NOW)
        self.new_id = IdFactory(self.clock)
        self.calendar = CALENDAR
        self.events: list[Event] = []

    def desk(self, source: str = "source") -> Desk:
        """What ingest items are held against now."""
        now = self.clock()
        return Desk(self.world, self.catalogue, self.calendar, source, now, self.new_id)

    def scene(self, actor: Actor, expect_version: int | None = None) -> Scene:
        """What an order is decided upon now."""
        return Scene(
            self.world,
            self.catalogue,
            self.calendar,
            actor,
            expect_version,
            self.clock(),
            self.new_id,
        )

    def fold(self, bodies: Iterable[Body]) -> None:
        for body in bodies:
            event = Event(
                offset=self.world.offset + 1,
                event_time=self.clock(),
                recv_time=self.clock(),
                source="test",
                body=body,
            )
            self.events.append(event)
            self.world.apply(event)

    def add(self, *entities: Entity) -> None:
        self.fold(EntityUpserted(entity=entity) for entity in entities)

    def stock(self, warehouse: str, item: str, on_hand: int) -> None:
        line = StockLine(warehouse_id=warehouse, item=item, on_hand=on_hand)
        self.fold([StockChanged(line=line)])


def team(name: str, east: float = 0.0, speciality: str = "drainage", **more: object) -> Entity:
    """A team ``east`` degrees east of the centre."""
    entity = Entity(
        id=f"team:{name}",
        kind="team",
        name=name,
        lon=CENTRE[0] + east,
        lat=CENTRE[1],
        attrs={"speciality": speciality},
        state="idle",
    )
    return Entity(**{**{f: getattr(entity, f) for f in entity.__struct_fields__}, **more})


def warehouse(name: str, east: float = 0.0) -> Entity:
    return Entity(
        id=f"warehouse:{name}", kind="warehouse", name=name, lon=CENTRE[0] + east, lat=CENTRE[1]
    )


def sensor(name: str = "s1", **values: float) -> Entity:
    return Entity(
        id=f"sensor:{name}",
        kind="sensor",
        name=f"sensor {name}",
        lon=CENTRE[0],
        lat=CENTRE[1],
        values=values,
    )
