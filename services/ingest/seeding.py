"""The demo set as ingest items: the simulated district introduces itself as any source would.

Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.inventory import DemoSet
from services.domain.model import Case, Entity, StockLine
from services.ingest.http_client import Item


def items(demo: DemoSet) -> Iterator[Item]:
    """Everything that stands at the start; things first, for stock and cases name them."""
    yield from (_entity(e) for e in demo.entities)
    yield from (_stock(line) for line in demo.stock)
    yield from (_case(c) for c in demo.cases)


def _entity(entity: Entity) -> Item:
    told: Item = {
        "lon": entity.lon,
        "lat": entity.lat,
        "geometry": entity.geometry,
        "attrs": entity.attrs,
        "state": entity.state,
        "values": entity.values,
        "link": int(entity.link),
        "heading_deg": entity.heading_deg,
        "observed_at": entity.observed_at,
    }
    item: Item = {"type": "entity", "id": entity.id, "kind": entity.kind, "name": entity.name}
    return item | {name: value for name, value in told.items() if value not in (None, "", {})}


def _stock(line: StockLine) -> Item:
    return {
        "type": "stock",
        "warehouse_id": line.warehouse_id,
        "item": line.item,
        "on_hand": line.on_hand,
    }


def _case(case: Case) -> Item:
    told: Item = {
        "lon": case.lon,
        "lat": case.lat,
        "closed_at": case.closed_at,
        "grid_id": case.grid_id,
        "address": case.address,
        "department": case.department,
        "attrs": case.attrs,
    }
    item: Item = {
        "type": "case",
        "id": case.id,
        "category": case.category,
        "title": case.title,
        "severity": int(case.severity),
        "state": case.state,
        "source": case.source,
        "reported_at": case.reported_at,
    }
    return item | {name: value for name, value in told.items() if value not in (None, "", {})}
