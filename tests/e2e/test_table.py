"""The attribute table of a desk: by its key, filtered, in step with the map, through a new look."""

from __future__ import annotations

from app.windows.table import TableWindow
from tests.e2e.hands import Hands
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import town
from tests.harness import HubProcess


def test_the_table_of_a_layer_follows_the_city_and_the_map(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window = desk(one)
    hands.to_front(window)
    hands.until(lambda: len(one.live.model.entities) == 6, "the town")
    kind = next(e.kind for e in one.live.model.entities.values() if e.lon is not None)
    window.layers.tree.setCurrentIndex(window.layers.index_of(kind))
    hands.key("F6")
    hands.until(lambda: "table1" in one.windows, "the table")
    shown = one.windows["table1"]
    assert isinstance(shown, TableWindow)
    count = sum(e.kind == kind and e.lon is not None for e in one.live.model.entities.values())
    hands.until(lambda: shown.table.model.rowCount() == count, "its rows")
    shown.table.grid.select_all()
    assert len(window.map.selecting.selection) == count
    window.map.selecting.clear()
    assert len(shown.table.grid.selection) == 0
    shown.table.opened.emit(shown.table.model.id_at(0))
    hands.until(lambda: desk(one).card.isVisible(), "the card")
    one.change_look()
    hands.until(lambda: any(n.startswith("table") for n in one.windows), "the table again")
    again = next(w for n, w in one.windows.items() if n.startswith("table"))
    assert isinstance(again, TableWindow)
    hands.until(lambda: again.table.model.rowCount() == count, "its rows again")
    one.close_window("desk")
    assert not any(n.startswith("table") for n in one.windows)
