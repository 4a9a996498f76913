"""One item of a source into the event bodies to commit, held against packs and world.

The world must have folded the bodies of each item before the next one is turned: the second
reading of a batch clears the alarm that the first one raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from services.alarms import logic as alarms
from services.alarms import surroundings
from services.cases import foreign
from services.cases import logic as cases
from services.cases.calendar import Calendar
from services.cases.table import ENDED
from services.domain.clock import parse_time
from services.domain.errors import KnownError
from services.domain.events import (
    Body,
    CaseChanged,
    EntityDeleted,
    EntityUpserted,
    Observed,
    StockChanged,
)
from services.domain.geodesy import check_position
from services.domain.ids import check_id
from services.domain.model import Case, Entity, Link, Scalar, Severity, StockLine
from services.domain.shape import finite, join
from services.domain.text import plain
from services.domain.world import World
from services.ingest.item_types import (
    AlarmItem,
    CaseItem,
    DeleteItem,
    EntityItem,
    Item,
    PositionItem,
    ReadingItem,
    StatusItem,
    StockItem,
    link_of,
    severity_of,
)
from services.ingest.reverting import begun_anew, undone
from services.packs.model import Catalogue
from services.packs.validate import check_entity, check_observed
from services.warning import logic as warning

FRESH_S = 900.0
"""A reading not older than this shows that its thing answers, where the kind says nothing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every item is held against. ``source``: the account that sends; ``now``: the hub's
    UNIX seconds."""

    world: World
    catalogue: Catalogue
    calendar: Calendar
    source: str
    now: float
    new_id: Callable[[str], str]


def to_bodies(item: Item, desk: Desk, where: str = "") -> tuple[Body, ...]:
    """The bodies to commit for one item; none if nothing changes (an alarm cleared that does not
    stand). KnownError names the field under ``where`` ("items[3]").

    The time of the event is ``event_time(item, desk.now)``. What rules conclude from the new values
    is not among the bodies.
    """
    try:
        return _accept(desk, item)
    except KnownError as error:
        place = join(where, error.field or "")
        raise KnownError(error.code, error.text, field=place, params=error.params) from None


def event_time(item: Item, now: float) -> float:
    """The source's time of what the item says, UNIX seconds; ``now`` where it says none."""
    match item:
        case ReadingItem() | PositionItem() | StatusItem() | AlarmItem():
            return _time(item.time, "time", now)
        case _:
            return now


def _accept(desk: Desk, item: Item) -> tuple[Body, ...]:
    match item:
        case EntityItem():
            return _entity(desk, item)
        case DeleteItem():
            return _delete(desk, item)
        case ReadingItem() | PositionItem() | StatusItem():
            return (_observed(desk, item),)
        case AlarmItem():
            return _alarm(desk, item)
        case CaseItem():
            return _case(desk, item)
        case StockItem():
            return _stock(desk, item)


def _time(given: float | str | None, field: str, default: float) -> float:
    return default if given is None else parse_time(given, field)


def _entity(desk: Desk, item: EntityItem) -> tuple[Body, ...]:
    lon, lat = item.lon, item.lat
    if lon is not None and lat is not None:
        check_position(lon, lat)
    if lon is None and lat is None and item.geometry and item.geometry[0]:
        lon, lat = _middle(item.geometry[0])
    _check_attrs(item.attrs)
    entity = Entity(
        id=check_id(item.id),
        kind=item.kind,
        name=plain(item.name, "name"),
        lon=lon,
        lat=lat,
        geometry=item.geometry,
        attrs=item.attrs,
        link=link_of(item.link) or Link.UNKNOWN,
        state=item.state,
        values=item.values,
        heading_deg=item.heading_deg,
        observed_at=_seen(desk, item),
    )
    check_entity(desk.catalogue, entity)
    return (EntityUpserted(entity=entity),)


def _seen(desk: Desk, item: EntityItem) -> float | None:
    """The last sign of life; none of the future, which would never grow stale."""
    if item.observed_at is None:
        return None
    return min(parse_time(item.observed_at, "observed_at"), desk.now)


def _check_attrs(attrs: dict[str, Scalar]) -> None:
    for name, value in attrs.items():
        plain(name, "attrs")
        if isinstance(value, str):
            plain(value, f"attrs.{name}", 2_000)
        elif isinstance(value, float):
            finite(value, f"attrs.{name}")


def _middle(run: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """Where an area without a point of its own is marked: the middle of its box."""
    lons = [finite(p[0], "geometry") for p in run]
    lats = [finite(p[1], "geometry") for p in run]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _known_entity(desk: Desk, id_: str) -> Entity:
    entity = desk.world.entities.get(id_)
    if entity is None:
        raise KnownError("unknown_object", f"There is no thing “{id_}”.", field="id")
    return entity


def _delete(desk: Desk, item: DeleteItem) -> tuple[Body, ...]:
    entity = _known_entity(desk, item.id)
    return (EntityDeleted(id=entity.id), *surroundings.thing_gone(desk.world, item.id, desk.now))


def _observed(desk: Desk, item: ReadingItem | PositionItem | StatusItem) -> Observed:
    time = event_time(item, desk.now)
    entity = _known_entity(desk, item.id)
    match item:
        case ReadingItem():
            news = Observed(
                id=item.id, values=item.values, link=link_of(item.link), state=item.state
            )
        case PositionItem():
            check_position(item.lon, item.lat)
            news = Observed(
                id=item.id,
                lon=item.lon,
                lat=item.lat,
                heading_deg=item.heading_deg,
                state=item.state,
            )
        case StatusItem():
            if item.link is None and item.state is None:
                raise KnownError("missing_field", "Give “link”, “state” or both.", field="link")
            news = Observed(id=item.id, link=link_of(item.link), state=item.state)
    kind = check_observed(desk.catalogue, entity, news)
    fresh = desk.now - time <= (kind.stale_after_s or FRESH_S)
    if news.link is None and not isinstance(item, StatusItem) and fresh:
        news = replace(news, link=Link.ONLINE)
    return news


def _alarm(desk: Desk, item: AlarmItem) -> tuple[Body, ...]:
    """An alarm is taken even where its object is not known: it fails open."""
    lon, lat = item.lon, item.lat
    if (lon is None) != (lat is None):
        raise KnownError("missing_field", "Give both lon and lat, or neither.", field="lon")
    if lon is not None and lat is not None:
        check_position(lon, lat)
    elif (thing := desk.world.entities.get(item.object_id)) is not None:
        lon, lat = thing.lon, thing.lat
    source = check_id(item.source or desk.source, "source")
    if source == warning.SOURCE:  # or a source could clear what the hub's own rules have raised
        raise KnownError(
            "reserved_source",
            f"Alarms of the source “{source}” are raised and cleared by the hub's rules alone.",
            field="source",
        )
    rule = check_id(item.rule, "rule") if item.rule else ""
    severity = severity_of(item.severity) if item.active else Severity.NORMAL
    signal = alarms.Signal(
        source=source,
        rule=rule,
        object_id=check_id(item.object_id, "object_id"),
        severity=severity,
        text=plain(item.text, "text", 2_000),
        value=None if item.value is None else finite(item.value, "value"),
        limit=None if item.limit is None else finite(item.limit, "limit"),
        lon=lon,
        lat=lat,
    )
    changed = surroundings.receive(desk.world, desk.catalogue, signal, event_time(item, desk.now))
    return () if changed is None else (changed,)


def _stock(desk: Desk, item: StockItem) -> tuple[Body, ...]:
    store = desk.world.entities.get(item.warehouse_id)
    kind = desk.catalogue.kinds.get(store.kind) if store is not None else None
    if kind is None or "stocked" not in kind.traits:
        raise KnownError(
            "unknown_object", f"There is no warehouse “{item.warehouse_id}”.", field="warehouse_id"
        )
    if item.item not in desk.catalogue.items:
        raise KnownError("unknown_item", f"No pack declares an item “{item.item}”.", field="item")
    line = StockLine(warehouse_id=item.warehouse_id, item=item.item, on_hand=item.on_hand)
    standing = desk.world.stock.get(line.key)
    if standing is not None:
        if item.on_hand < standing.reserved:
            raise KnownError(
                "below_reserved",
                f"{standing.reserved} are promised to dispatches; recall one before counting "
                f"{item.on_hand}.",
                field="on_hand",
                params={"reserved": standing.reserved, "on_hand": item.on_hand},
            )
        line = replace(standing, on_hand=item.on_hand)
    return (StockChanged(line=line, reason="counted"),)


def _case(desk: Desk, item: CaseItem) -> tuple[Body, ...]:
    category = desk.catalogue.categories.get(item.category)
    if category is None:
        raise KnownError(
            "unknown_category", f"There is no case category “{item.category}”.", field="category"
        )
    if (item.lon is None) != (item.lat is None):
        raise KnownError("missing_field", "Give both lon and lat, or neither.", field="lon")
    if item.lon is not None and item.lat is not None:
        check_position(item.lon, item.lat)
    _check_attrs(item.attrs)
    reported = _time(item.reported_at, "reported_at", desk.now)
    deadline = None if item.deadline_at is None else parse_time(item.deadline_at, "deadline_at")
    closed = None if item.closed_at is None else parse_time(item.closed_at, "closed_at")
    if closed is not None and closed < reported:
        raise KnownError("out_of_range", "It is closed before it was reported.", field="closed_at")
    known_case = desk.world.cases.get(item.id) if item.id is not None else None
    source = plain(item.source, "source") or desk.source
    _check_foreign(known_case, source)
    report = cases.Report(
        id=check_id(item.id) if item.id is not None else desk.new_id("case"),
        category=item.category,
        title=plain(item.title, "title"),
        severity=category.severity if item.severity is None else severity_of(item.severity),
        reported_at=reported if item.reported_at or known_case is None else known_case.reported_at,
        limit_s=category.limit.seconds,
        limit_unit=category.limit.unit,
        deadline_at=deadline,
        lon=item.lon,
        lat=item.lat,
        radius_m=category.radius_m,
        address=plain(item.address, "address", 2_000),
        grid_id=check_id(item.grid_id, "grid_id") if item.grid_id else "",
        source=source,
        department=plain(item.department, "department") or category.department,
        attrs=item.attrs,
    )
    who = cases.Who(name=report.source)
    state = _case_state(item, closed)
    if known_case is not None and undone(known_case):
        told = foreign.take_over(
            None, report, who, desk.now, desk.calendar, state=state, closed_at=closed
        )
        return (CaseChanged(case=begun_anew(known_case, told), action=told.flow[-1].action),)
    case = foreign.take_over(
        known_case, report, who, desk.now, desk.calendar, state=state, closed_at=closed
    )
    return (CaseChanged(case=case, action=case.flow[-1].action),)


def _check_foreign(known: Case | None, source: str) -> None:
    """A source tells of its own cases: of none that a desk opened, and not in a desk's name."""
    if source in foreign.DESK_SOURCES:
        raise KnownError(
            "reserved_source",
            f"“{source}” is the source of cases opened at a desk.",
            field="source",
        )
    if known is not None and known.source in foreign.DESK_SOURCES:
        raise KnownError(
            "not_yours", f"Case {known.id} was opened at a desk and is kept there.", field="id"
        )


def _case_state(item: CaseItem, closed: float | None) -> cases.State | None:
    if not item.state:
        return "closed" if closed is not None else None
    for state in foreign.FOREIGN_STATES:
        if state == item.state:
            if (closed is not None) != (state in ENDED):
                break
            return state
    raise KnownError(
        "unknown_state",
        f"The state must be one of {', '.join(foreign.FOREIGN_STATES)}, and fit “closed_at”.",
        field="state",
    )
