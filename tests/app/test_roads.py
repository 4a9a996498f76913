"""Roads of a session: closures at once, routes round them, teams under way; without a map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.controllers import reach as controllers
from app.controllers.roads import RoadsController
from app.controllers.under_way import UnderWay
from app.operations import Operations
from app.readmodel import ReadModel
from app.road_base import RoadBase
from app.road_book import RoadBook
from layers.model.features import FeatureStore
from layers.render.tools.base import Pointer
from services.domain.errors import KnownError
from services.domain.model import Case, Dispatch, Entity, Severity, Task
from services.domain.world import Delta
from services.feed.source import LinkUpdate
from services.packs.loader import default_directory, load
from services.roads.route import Estimate, Route, route
from services.roads.spared import spared_text
from services.roads.store import RoadStore
from tests.services.roads.test_state import ALARM, ORDERED, SENSOR
from tests.services.roads.town import degrees, grid
from widgets.map_panel import MapPanel
from widgets.route_view import Stop
from widgets.theme import Theme

CATALOGUE = load(default_directory())
A, B = degrees((50, 200), (350, 200))


class FakeMap:
    """Remembers what was laid over it."""

    def __init__(self) -> None:
        self.paths: dict[str, list[Any]] = {}
        self.areas: dict[str, list[Any]] = {}
        self.lines: list[Any] = []
        self.taken: list[str] = []
        self.tools = SimpleNamespace(
            add=lambda tool: self.made.update({tool.id: tool}),
            take=self.taken.append,
            active="pan",
        )
        self.made: dict[str, Any] = {}
        self.clicks = SimpleNamespace(rows_at=lambda *_at: [])
        self.view = SimpleNamespace(zoom=14.0)
        self.selected: list[Any] = []
        self.selecting = SimpleNamespace(take_rows=lambda rows, *_mode: self.selected.append(rows))

    def set_paths(self, key: str, paths: Any) -> None:
        self.paths[key] = list(paths)

    def set_areas(self, key: str, areas: Any) -> None:
        self.areas[key] = list(areas)

    def set_lines(self, lines: Any) -> None:
        self.lines = list(lines)

    def set_view(self, *place: float) -> None:
        self.looked = place


class FakeSession(QObject):
    link_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        store = FeatureStore(tuple(CATALOGUE.kinds.values()))
        self.model = ReadModel(CATALOGUE, store, lambda: 1_784_095_532.0, parent=self)
        self.can_command = True
        self.link = LinkUpdate("live", 0.0)
        self.ordered: list[tuple[str, dict[str, object]]] = []

    def command(self, name: str, args: dict[str, object], _answer: Any) -> None:
        self.ordered.append((name, args))

    def tell(self, **news: Any) -> None:
        self.model.absorb(Delta(**news))
        self.model._tell()


class Desk:
    """Everything that has to do with roads, over a grid of streets."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.owner = QObject()
        self.bridge = ThreadBridge(self.owner)
        self.operations = Operations(self.bridge)
        self.store = RoadStore(folder)
        self.store.add(grid(3, 3), "grid", 0.0)
        self.base = RoadBase(folder, self.operations, self.owner)
        self.session: Any = FakeSession()
        self.map: Any = FakeMap()
        theme = Theme.load()
        self.panel = MapPanel(theme)
        qtbot.addWidget(self.panel)
        self.parts: Any = SimpleNamespace(
            theme=theme, catalogue=CATALOGUE, lang="en", operations=self.operations
        )
        self.book = RoadBook(self.base, self.session, CATALOGUE, self.operations, self.owner)
        need = (self.parts, self.session, self.map, self.panel, self.book, self.owner)
        self.roads = RoadsController(*need)
        self.said: list[str] = []
        self.roads.said.connect(self.said.append)
        qtbot.waitUntil(lambda: self.book.closed is not None)

    def click(self, name: str, place: tuple[float, float]) -> None:
        self.map.made[name].click(Pointer(0.0, 0.0, *place))

    def close(self) -> None:
        self.base.close()
        self.operations.close()
        self.session.model.close()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def found(desk: Desk) -> Callable[[], bool]:
    return lambda: "·" in desk.roads.route_view.result.text()


def test_a_route_by_clicks_goes_round_what_is_closed_at_once(desk: Desk, qtbot: QtBot) -> None:
    desk.click("route", A)
    desk.click("route", B)
    qtbot.waitUntil(found(desk))
    view = desk.roads.route_view
    assert view.result.text().endswith("300 m")
    assert [stop.name for stop in view._stops] == ["E1", "E1"]
    desk.session.tell(entities={SENSOR.id: SENSOR}, alarms={ALARM.key: ALARM})
    qtbot.waitUntil(lambda: view.result.text().endswith("900 m"))
    assert view.avoided.text() == "Goes round: E1, N1 closed: water 0.35 m"
    closed = desk.map.paths["closed_roads"]
    assert sorted(p.label for p in closed) == ["", "", "", "water 0.35 m"]
    view.as_open.click()
    qtbot.waitUntil(lambda: view.result.text().endswith("300 m"))
    assert "Goes through" in view.avoided.text()
    view.as_open.click()
    desk.session.tell(alarms={ALARM.key: None})
    qtbot.waitUntil(lambda: view.result.text().endswith("300 m"))
    assert view.avoided.text() == ""
    assert desk.map.paths["closed_roads"] == []


def test_words_follow_the_water_without_cutting_anew(desk: Desk, qtbot: QtBot) -> None:
    desk.session.tell(entities={SENSOR.id: SENSOR}, alarms={ALARM.key: ALARM})
    qtbot.waitUntil(lambda: bool(desk.book.closed and desk.book.closed.stretches))
    cut = desk.book.closed
    desk.session.tell(entities={SENSOR.id: replace(SENSOR, values={"level": 0.52})})
    assert any("0.52 m" in p.label for p in desk.map.paths["closed_roads"])
    assert desk.book.closed is cut


def test_a_card_asks_for_a_route_and_the_next_click_is_its_beginning(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.roads.route_to(Stop("goal", *B))
    assert desk.map.taken == ["route"]
    desk.click("route", A)
    qtbot.waitUntil(found(desk))
    assert [s.name for s in desk.roads.route_view._stops] == ["E1", "goal"]
    desk.roads.route_from(Stop("start", *degrees((0, 0))[0]))
    qtbot.waitUntil(lambda: desk.roads.route_view.result.text().endswith("550 m"))
    assert [s.name for s in desk.roads.route_view._stops] == ["start", "goal"]
    desk.roads.route_view.turned.emit()
    assert [s.name for s in desk.roads.route_view._stops] == ["goal", "start"]
    desk.roads.route_view.cleared.emit()
    assert desk.map.paths["route"] == []


def test_a_road_is_closed_by_a_click_on_it(desk: Desk) -> None:
    desk.roads.actions["close_road"]()
    assert desk.map.taken == ["close_road"]
    desk.click("close_road", degrees((120, 203))[0])
    view = desk.roads.closures_view
    assert view.road.text() == "E1"
    (area,) = desk.map.areas["close_road"]
    assert area.look == "marching"
    view._close()
    ((name, args),) = desk.session.ordered
    assert name == "road.close"
    assert args["lat"] == pytest.approx(degrees((120, 200))[0][1], abs=1e-6)  # on the road itself
    assert desk.map.areas["close_road"] == []


def test_a_closure_says_what_it_closes_and_leaves_single_stretches_open(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.roads.actions["close_road"]()
    desk.click("close_road", degrees((200, 200))[0])
    view = desk.roads.closures_view
    desk.panel.resize(420, 700)
    desk.panel.show()
    view.radius.setValue(30)
    qtbot.waitUntil(lambda: "120 m" in view.stretches.head.text())
    boxes = view.stretches.boxes
    assert all(box.isChecked() for box in boxes)
    assert len(boxes) == 4
    assert "Closes 4 stretches, 120 m together: E1, N1" in view.stretches.head.text()
    assert [p.look for p in desk.map.paths["close_road"]] == ["plain"] * 4
    east = [box for box in boxes if "E1" in box.accessibleName()]
    for box in east:
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert sorted(p.look for p in desk.map.paths["close_road"]) == ["dashed"] * 2 + ["plain"] * 2
    view._ask_close()
    assert "Closes 2 stretches, 60 m together: N1. 2 stay open." in view.confirm.text.text()
    view._close()
    ((_name, args),) = desk.session.ordered
    assert len(args["spared"]) == 2  # type: ignore[arg-type]  # a list of marks
    assert desk.map.paths["close_road"] == []
    thing = Entity(
        id="road_closure:1", kind="road_closure", name="N1", lon=args["lon"], lat=args["lat"],  # type: ignore[arg-type]  # as ordered
        attrs={"reason": "works", "radius_m": 30.0, "spared": spared_text(args["spared"])},  # type: ignore[arg-type]  # as ordered
    )  # fmt: skip
    desk.session.tell(entities={thing.id: thing})
    qtbot.waitUntil(lambda: bool(desk.book.closed and desk.book.closed.stretches))
    assert desk.book.closed is not None
    assert {s.road for s in desk.book.closed.stretches} == {"N1"}


def test_a_search_for_what_is_reached_can_be_stopped_and_what_was_shown_stays(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach = desk.roads.reach
    desk.click("reach", A)
    qtbot.waitUntil(lambda: bool(reach.bands))
    before, where = reach.bands, reach.view.where.text()

    def endless(*args: Any) -> Any:
        while True:
            args[-1].step()  # until somebody stops it

    monkeypatch.setattr(controllers, "reach", endless)
    desk.panel.show()
    desk.click("reach", B)
    qtbot.waitUntil(reach.view.stop.isVisible)
    assert reach.view.note.text() == "Searching…"
    qtbot.mouseClick(reach.view.stop, Qt.MouseButton.LeftButton)
    assert (reach.bands, reach.view.where.text()) == (before, where)
    assert not reach.view.stop.isVisible()
    reach.clear()
    desk.click("reach", B)
    reach.stop()
    assert reach.view.note.text() == "Stopped. Click a place, or choose a kind."


def test_nobody_closes_a_road_in_a_replay_or_without_the_right(desk: Desk) -> None:
    desk.session.link = LinkUpdate("live", 0.0, roles=("observer",))
    desk.session.link_changed.emit(desk.session.link)
    assert not desk.roads.closures_view.pick.isEnabled()
    desk.session.can_command = False
    desk.roads.actions["close_road"]()
    assert desk.map.taken == []
    assert "replay" in desk.said[-1]


def test_reach_from_a_click_and_from_all_of_a_kind(desk: Desk, qtbot: QtBot) -> None:
    desk.click("reach", A)
    reach = desk.roads.reach
    qtbot.waitUntil(lambda: bool(reach.bands))
    assert [b.minutes for b in reach.bands] == [5.0, 10.0, 15.0]
    assert [a.label for a in desk.map.areas["reach"]] == ["15 min", "10 min", "5 min"]
    reach.select(0)
    qtbot.waitUntil(lambda: len(desk.map.selected) == 1)
    reach.clear()
    assert desk.map.areas["reach"] == []
    reach.from_kind("warehouse")
    assert "none has a place" in desk.said[-1]
    lon, lat = degrees((0, 0))[0]
    store = Entity(id="warehouse:1", kind="warehouse", name="w", lon=lon, lat=lat)
    desk.session.tell(entities={store.id: store})
    reach.from_kind("warehouse")
    qtbot.waitUntil(lambda: bool(reach.bands))
    assert reach.view.where.text().startswith("From the nearest of 1 ")


def team_on_its_way(state: Any = "en_route") -> dict[str, Any]:
    case = Case(
        id="c1", category="E04-96", title="jam", severity=Severity.MINOR, state="handling",
        lon=B[0], lat=B[1],
    )  # fmt: skip
    team = Entity(id="team:1", kind="team", name="t", lon=A[0], lat=A[1])
    task = Task(id="d1/1", entity_id="team:1", name="t", state=state)
    order = Dispatch(id="d1", case_id="c1", by="x", seat="", created_at=0.0, tasks=(task,))
    return {"cases": {"c1": case}, "entities": {"team:1": team}, "dispatches": {"d1": order}}


def test_teams_under_way_arrive_by_road_and_round_closures(desk: Desk, qtbot: QtBot) -> None:
    way = UnderWay(desk.session, desk.map, desk.book, desk.owner)
    desk.session.tell(**team_on_its_way())
    assert len(desk.map.lines) == 1  # straight as long as no way is known
    qtbot.waitUntil(lambda: bool(way.etas))
    eta = way.etas["d1/1"]
    assert eta.metres == pytest.approx(300, rel=0.01)
    assert eta.at == pytest.approx(desk.session.model.now() + eta.seconds)
    assert way.of_team("team:1") == eta
    assert desk.map.lines == []
    assert desk.map.paths["under_way"]
    closure = replace(ORDERED, lon=degrees((200, 200))[0][0], lat=degrees((200, 200))[0][1])
    desk.session.tell(entities={closure.id: closure})
    qtbot.waitUntil(lambda: way.etas["d1/1"].metres > 800)
    desk.session.tell(**team_on_its_way("arrived"))
    qtbot.waitUntil(lambda: way.etas == {})
    assert desk.map.paths["under_way"] == []


def test_without_a_network_a_team_has_a_line_and_no_time(qtbot: QtBot, desk: Desk) -> None:
    way = UnderWay(desk.session, desk.map, None, desk.owner)
    desk.session.tell(**team_on_its_way())
    assert way.etas == {}
    assert len(desk.map.lines) == 1


def test_an_answer_before_the_cut_already_goes_round(desk: Desk, qtbot: QtBot) -> None:
    """Closed at once: the question that comes with the closure is not answered with old roads."""
    answers: list[Route | Estimate] = []
    desk.session.model.entities[SENSOR.id] = SENSOR
    desk.session.model.absorb(Delta(entities={SENSOR.id: SENSOR}, alarms={ALARM.key: ALARM}))
    desk.book._book.read(desk.session.model, 0.0)
    assert desk.book.closed is not None
    assert desk.book.closed.stretches == ()
    desk.book.ask(lambda network: route(network, [A, B]), answers.append, owner=desk.owner)
    qtbot.waitUntil(lambda: bool(answers))
    assert isinstance(answers[0], Route)
    assert answers[0].metres == pytest.approx(900, rel=0.01)


def test_another_network_and_a_broken_one_are_noticed(desk: Desk, qtbot: QtBot) -> None:
    desk.store.add(grid(2, 2), "other", 1.0)
    desk.base.look()
    qtbot.waitUntil(lambda: desk.base.info is not None and desk.base.info.name == "other")
    version = desk.store.version
    (desk.store._path(version)).write_bytes(b"broken")
    desk.base.info = None
    desk.base.look()
    qtbot.waitUntil(lambda: desk.base.problem is not None)
    assert desk.base.network is None
    assert desk.book.closed is None
    desk.click("route", A)
    desk.click("route", B)
    assert "cannot be read" in desk.roads.route_view.detail.text()


class FakeHub:
    """Says which roads it has, and hands them over; ``cut``: nobody answers."""

    def __init__(self, folder: Path) -> None:
        self.store = RoadStore(folder)
        self.version = self.store.add(grid(4, 4), "of the hub", 0.0)
        self.cut = False

    def road_version(self) -> str:
        if self.cut:
            raise KnownError("hub_unreachable", "no answer")
        return self.version

    def road_block(self, version: str, target: Path) -> None:
        target.write_bytes(self.store.block(version))


def test_a_console_uses_the_hubs_roads_and_keeps_them_without_a_line(
    tmp_path: Path, qtbot: QtBot, desk: Desk
) -> None:
    hub: Any = FakeHub(tmp_path / "hub")
    base = RoadBase(tmp_path / "console", desk.operations, desk.owner, hub)
    qtbot.waitUntil(lambda: base.info is not None)
    assert base.info is not None
    assert (base.info.version, base.info.name) == (hub.version, "of the hub")
    hub.cut = True
    with qtbot.assertNotEmitted(base.changed, wait=200):
        base.look()
        qtbot.waitUntil(lambda: not base._looking)
    later = RoadBase(tmp_path / "console", desk.operations, desk.owner, hub)
    qtbot.waitUntil(lambda: later.info is not None)
    assert later.info is not None
    assert later.info.version == "bundled"  # nobody says which of those that are here is right
    base.close()
    later.close()
