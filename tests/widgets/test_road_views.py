"""Routes, reach and closures in words: what is shown, what is said when nothing is known."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from services.dispatch.travel import Trip
from services.roads.route import Estimate, Route, Step
from tests.widgets.seen import words
from tests.widgets.test_incident import PLACE, panel, store, team, usual
from widgets.closures_view import ClosedRow, CloseOrder, ClosuresView
from widgets.incident import IncidentPanel
from widgets.reach_view import Reached, ReachView
from widgets.road_words import minutes
from widgets.route_view import RouteView, Stop
from widgets.theme import Theme

LEFT = Qt.MouseButton.LeftButton
STOPS = (Stop("东稍门", 101.81, 36.61), Stop("康乐十字", 101.82, 36.60))
ROUTE = Route(
    points=((101.81, 36.61), (101.82, 36.60)),
    metres=6_940.0,
    seconds=640.0,
    access_from_m=30.0,
    access_to_m=0.0,
    steps=(
        Step("start", "东关大街", 1_200.0, 100.0, (101.81, 36.61)),
        Step("right", "", 5_710.0, 500.0, (101.815, 36.605)),
        Step("arrive", "", 0.0, 0.0, (101.82, 36.60)),
    ),
    names=("东关大街",),
)
__all__ = ["panel"]  # the fixture of the dispatch panel


def buttons(widget: QWidget) -> list[str]:
    """What stands on the buttons that are seen."""
    QApplication.processEvents()
    return [b.text() for b in widget.findChildren(QPushButton) if b.isVisible()]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "1 min"),
        (89.0, "1 min"),
        (640.0, "11 min"),
        (3_540.0, "59 min"),
        (3_900.0, "1 h 05 min"),
    ],
)
def test_minutes(seconds: float, said: str) -> None:
    assert minutes(seconds) == said


def test_a_route_is_told_step_by_step_and_copied(qtbot: QtBot, theme: Theme) -> None:
    view = RouteView(theme)
    qtbot.addWidget(view)
    view.show()
    view.set_stops(STOPS)
    view.set_found(ROUTE, "Goes round: x")
    seen = words(view)
    assert view.result.text() == "11 min · 6.9 km"
    assert "30 m and 0 m in a straight line" in view.detail.text()
    assert "Goes round: x" in seen
    with qtbot.waitSignal(view.copied):
        qtbot.mouseClick(view.copy, LEFT)
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0] == "东稍门 → 康乐十字"
    assert "2. Turn right into road without a name · 5.7 km" in text
    assert "3. Arrive" in text


def test_no_way_is_never_told_as_one(qtbot: QtBot, theme: Theme) -> None:
    view = RouteView(theme)
    qtbot.addWidget(view)
    view.show()
    view.set_stops(STOPS)
    for why, said in (("off_network", "too far from every road"), ("not_connected", "connects")):
        view.set_found(Estimate(5_100.0, 1_020.0, why))  # type: ignore[arg-type]
        assert view.result.text() == "No way by road is known"
        assert said in view.detail.text()
        assert "5.1 km in a straight line; an estimate of 17 min" in view.detail.text()
        assert not view.copy.isVisible()
        assert view.text() == ""


def test_reach_is_told_by_band(qtbot: QtBot, theme: Theme) -> None:
    view = ReachView(theme)
    qtbot.addWidget(view)
    view.show()
    view.set_kinds([("fire_station", "Fire stations")])
    view.set_reached("From here", [Reached(5.0, 1.25, 3.4, 1_234)], 120.0)
    assert "1.2 km² · 3.4 km of road · things: 1,234" in words(view)
    with qtbot.waitSignal(view.kind_chosen) as got:
        view.kinds.setCurrentIndex(1)
        view.kinds.activated.emit(1)
    assert got.args == ["fire_station"]
    view.set_nothing("Nothing near.")
    assert "Nothing near." in words(view)


def test_a_road_is_closed_and_opened_after_a_question(qtbot: QtBot, theme: Theme) -> None:
    view = ClosuresView(theme)
    qtbot.addWidget(view)
    view.show()
    view.set_reasons([("flood", "Water"), ("works", "Works")])
    ordered = ClosedRow("thing:c", "A closed: Water", "until 18:00", "c", 1.0, 2.0, opens=True)
    other = ClosedRow("alarm:a", "B closed: water 0.35 m", "", "s", 1.0, 2.0)
    view.set_rows([ordered, other], "Places: 2")
    assert "B closed: water 0.35 m" in buttons(view)
    assert "Open again" in buttons(view)
    view.set_place((101.8, 36.6), "东关大街")
    view.reason.setCurrentIndex(1)
    view.radius.setValue(60)
    view.until.setCurrentIndex(1)
    assert view.place == (101.8, 36.6, 60.0)
    qtbot.mouseClick(view.order, LEFT)
    assert view.confirm.isVisible()
    assert not view.note.isVisible()  # the question stands alone
    qtbot.mouseClick(view.confirm.back, LEFT)
    assert view.note.isVisible()
    qtbot.mouseClick(view.order, LEFT)
    with qtbot.waitSignal(view.close_ordered) as got:
        qtbot.mouseClick(view.confirm.yes, LEFT)
    assert got.args == [CloseOrder(101.8, 36.6, 60.0, "works", "东关大街", "", 30)]
    assert not view.form.isVisible()
    assert view.place is None
    view._ask_open(ordered)
    assert "A closed: Water" in view.confirm.text.text()
    assert not view.order.isVisible()
    with qtbot.waitSignal(view.open_ordered) as got:
        qtbot.mouseClick(view.confirm.yes, LEFT)
    assert got.args == ["c"]
    view.set_orders_allowed("Not in a replay.")
    view.set_rows([ordered], "")
    assert "A closed: Water" in buttons(view)
    assert "Open again" not in buttons(view)
    assert not view.pick.isEnabled()


def test_rows_of_a_proposal_say_by_road_or_straight(qtbot: QtBot, panel: IncidentPanel) -> None:
    near, far = team("t1", True, "needed", 640.0), team("t2", False, "spare", 525.0)
    ways = usual()
    by_road = type(near)(near.entity, near.distance_m, True, "needed", "", Trip(137.0, 889.0))
    ways.teams[:] = [by_road, far]
    ways.warehouses[:] = [store(("pump", 3, 2))]
    panel.set_proposal(ways)
    assert "2 min · 889 m" in words(panel.team_rows["t1"])
    assert "525 m straight line" in words(panel.team_rows["t2"])
    assert "820 m straight line" in words(panel.store_rows["w1"])
    assert list(panel.team_rows) == ["t1", "t2"]  # as they were ranked, not by straight distance
    assert PLACE.lon
