"""The map window on a real screen: what is drawn where, and what a real mouse does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtQuick import QQuickView, QQuickWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.render import index_keeper
from layers.render.map_widget import MapWidget
from layers.render.overlay import OverlayRenderer
from layers.render.theme import TokenTheme
from services.domain.model import Link, Severity
from services.packs.model import Kind, Label, Symbol

LON, LAT = 101.82, 36.60
LABEL = Label(zh="", en="")
THEME = TokenTheme()


def _kind(name: str, **more: object) -> Kind:
    fields: dict[str, object] = {
        "id": name,
        "label": LABEL,
        "geometry": "point",
        "traits": ("located",),
        "symbol": Symbol(shape="circle", size=14),
    }
    return Kind(**{**fields, **more})  # type: ignore[arg-type]  # keyword fields by name


KINDS = (
    _kind("camera"),
    _kind("sensor", symbol=Symbol(shape="square", glyph="level", size=24)),
    _kind("warehouse", traits=("located", "stocked")),
    _kind("grid", geometry="polygon", traits=("located", "area"), min_zoom=13.0),
)


@pytest.fixture
def store() -> FeatureStore:
    return FeatureStore(KINDS)


@pytest.fixture
def window(qtbot: QtBot, store: FeatureStore, qapp: QApplication) -> Iterator[MapWidget]:
    """A map of 640 × 480 without a base map, shown."""
    widget = MapWidget(store, "http://127.0.0.1:9/none/", THEME)
    widget.resize(640, 480)
    widget.show()
    quick = _quick(widget)
    qtbot.waitUntil(lambda: quick.isExposed() and widget.view.width == 640, timeout=5_000)
    widget.set_view(LON, LAT, 15)
    yield widget
    widget.close()
    widget.deleteLater()


def _quick(widget: MapWidget) -> QQuickView:
    """The window inside the widget."""
    inner = [w for w in QApplication.allWindows() if isinstance(w, QQuickView)]
    (view,) = (w for w in inner if w.parent() is widget.window().windowHandle())
    return view


def _color_at(widget: MapWidget, dx: float = 0, dy: float = 0, at: tuple = (LON, LAT)) -> QColor:
    x, y = widget.view.screen_from_lonlat(*at)
    return widget.grab_map().pixelColor(round(x + dx), round(y + dy))


def _near(a: QColor, b: QColor, slack: int = 40) -> bool:
    return all(abs(p - q) <= slack for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))


def _has_color(
    image: QImage, color: QColor, box: tuple[int, int, int, int], slack: int = 24
) -> bool:
    x0, y0, x1, y1 = box
    return any(
        _near(image.pixelColor(x, y), color, slack) for x in range(x0, x1) for y in range(y0, y1)
    )


def _put(widget: MapWidget, store: FeatureStore, *features: Feature) -> None:
    store.upsert(features)
    widget.features_changed()


def test_a_single_mark_is_drawn_at_its_place(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, Feature("a", "camera", "", LON, LAT, link=Link.ONLINE))
    normal = THEME.color("normal")
    qtbot.waitUntil(lambda: _near(_color_at(window), normal), timeout=5_000)
    assert not _near(_color_at(window, dx=30), normal)


def test_what_lies_over_the_marks_is_drawn_once_however_often_it_is_said(
    window: MapWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(window.stage, "draw_over", lambda: drawn.append("over"))
    marker = (LON, LAT, "1", Severity.MAJOR)
    for _ in range(3):
        window.set_markers([marker])
        window.set_circle(LON, LAT, 500.0)
        window.set_lines([((LON, LAT), (LON + 0.01, LAT))])
        window.set_selected("a")
    assert len(drawn) == 4
    window.set_markers([])
    window.set_circle(LON, LAT, None)
    assert len(drawn) == 6


def test_severity_is_a_ring_in_its_colour_besides_the_mark(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, Feature("a", "sensor", "", LON, LAT, Severity.CRITICAL, Link.ONLINE))
    critical = THEME.color("critical")
    side = 46 / 2 - 2  # 24 px grown for what is critical, and the ring's room

    def ringed() -> bool:
        image = window.grab_map()
        x, y = (round(v) for v in window.view.screen_from_lonlat(LON, LAT))
        left = round(x - side)
        return _has_color(image, critical, (left - 3, y - 1, left + 4, y + 2))

    qtbot.waitUntil(ringed, timeout=5_000)
    assert _near(_color_at(window, dx=8, dy=4), critical)


def test_a_cluster_shows_the_worst_inside(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    crowd = [Feature(f"c{i}", "camera", "", LON, LAT, link=Link.ONLINE) for i in range(40)]
    _put(window, store, *crowd, Feature("x", "camera", "", LON, LAT, Severity.MINOR))

    def badge() -> bool:
        drawn = window.stage.drawn
        return drawn is not None and drawn.response.count.tolist() == [41]

    qtbot.waitUntil(badge, timeout=5_000)
    minor, drawn = THEME.color("minor"), window.stage.drawn
    assert drawn is not None
    x, y = (round(float(v)) for v in window.stage.hits.places(drawn)[0])
    image = window.grab_map()
    assert _has_color(image, minor, (x - 20, y - 2, x - 10, y + 2))
    assert _has_color(image, THEME.color("text"), (x - 9, y - 7, x + 9, y + 7))  # the count


def test_offline_and_unknown_do_not_look_like_online(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    places = {link: (LON + 0.004 * (link - 1), LAT) for link in Link}
    _put(
        window,
        store,
        *(Feature(f"s{link}", "sensor", "", *at, link=link) for link, at in places.items()),
    )
    qtbot.waitUntil(
        lambda: _near(
            _color_at(window, dx=-8, dy=8, at=places[Link.ONLINE]), THEME.color("normal")
        ),
        timeout=5_000,
    )
    for link in (Link.OFFLINE, Link.UNKNOWN):
        assert _near(_color_at(window, 4, 8, places[link]), THEME.color("ground"))


def test_a_hidden_kind_is_not_drawn(window: MapWidget, store: FeatureStore, qtbot: QtBot) -> None:
    _put(window, store, Feature("a", "camera", "", LON, LAT, Severity.CRITICAL, Link.ONLINE))
    critical = THEME.color("critical")
    qtbot.waitUntil(lambda: _near(_color_at(window), critical), timeout=5_000)
    window.set_visible_kinds(frozenset({"sensor"}))
    qtbot.waitUntil(lambda: not _near(_color_at(window), critical), timeout=5_000)


def test_the_circle_and_lines_lie_where_they_belong(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    accent = THEME.color("accent")
    window.set_circle(LON, LAT, 300.0)
    window.set_lines([((LON, LAT), (LON, LAT + 0.002))])
    px = 300.0 / 3.835  # metres a pixel at this latitude and zoom 15

    def drawn() -> bool:
        image = window.grab_map()
        x, y = (round(v) for v in window.view.screen_from_lonlat(LON, LAT))
        rim = (x + round(px) - 3, y - 12, x + round(px) + 4, y + 13)
        line = (x - 2, y - 40, x + 3, y)
        thin = 80  # a thin line mixes with the ground at its rims
        return all(_has_color(image, accent, box, thin) for box in (rim, line))

    qtbot.waitUntil(drawn, timeout=5_000)
    window.set_circle(LON, LAT, None)
    window.set_lines([])
    qtbot.waitUntil(lambda: not drawn(), timeout=5_000)


def test_stale_data_loses_its_colour(window: MapWidget, store: FeatureStore, qtbot: QtBot) -> None:
    _put(window, store, Feature("a", "camera", "", LON, LAT, Severity.CRITICAL, Link.ONLINE))
    qtbot.waitUntil(lambda: _near(_color_at(window), THEME.color("critical")), timeout=5_000)
    window.set_stale(True, 75.0)
    assert _quick(window).rootObject().property("staleSeconds") >= 75  # as in the top bar
    qtbot.waitUntil(lambda: _color_at(window).hsvSaturationF() < 0.35, timeout=5_000)


# -- gestures -----------------------------------------------------------------------------------
def _click(widget: MapWidget, x: float, y: float, button: Qt.MouseButton) -> None:
    at = QPoint(round(x), round(y))
    QTest.mouseClick(_quick(widget), button, Qt.KeyboardModifier.NoModifier, at)


def _shown(widget: MapWidget, count: int) -> Callable[[], bool]:
    return lambda: (
        widget.stage.drawn is not None and len(widget.stage.drawn.response.count) == count
    )


def test_a_click_says_which_feature_and_the_map_stays(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, Feature("a", "camera", "", LON, LAT))
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    with qtbot.waitSignal(window.feature_clicked, timeout=5_000) as clicked:
        _click(window, *window.view.screen_from_lonlat(LON, LAT), Qt.MouseButton.LeftButton)
    assert clicked.args == ["a"]
    assert not window.locked


def test_a_right_click_says_where(window: MapWidget, store: FeatureStore, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context_requested, timeout=5_000) as asked:
        _click(window, 100, 90, Qt.MouseButton.RightButton)
    assert asked.args is not None
    assert asked.args[:2] == pytest.approx(window.view.lonlat_from_screen(100, 90))
    assert asked.args[2] == ""


def test_features_on_one_place_fan_out_and_can_be_clicked_apart(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, *(Feature(f"c{i}", "camera", f"n{i}", LON, LAT) for i in range(6)))
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    drawn = window.stage.drawn
    assert drawn is not None
    with qtbot.waitSignal(window.cluster_clicked, timeout=5_000) as opened:
        _click(window, *window.stage.hits.places(drawn)[0], Qt.MouseButton.LeftButton)
    assert opened.args == [[f"c{i}" for i in range(6)]]
    fan = window.stage.state.fan
    assert fan is not None
    x, y = window.view.screen_from_lonlat(LON, LAT)
    with qtbot.waitSignal(window.feature_clicked, timeout=5_000) as clicked:
        _click(window, x + fan.offsets[2, 0], y + fan.offsets[2, 1], Qt.MouseButton.LeftButton)
    assert clicked.args == ["c2"]


def _empty(store: FeatureStore) -> None:
    """A replay that jumps to an emptier moment; the map has not been told yet."""
    store.clear()
    store.upsert([Feature("other", "camera", "", LON + 1, LAT)])


FAR = [Feature(f"far{i}", "camera", "", LON + 1, LAT) for i in range(3_000)]


def test_marks_of_an_emptied_store_are_nobodys(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, *FAR, Feature("a", "camera", "", LON, LAT))
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    clicks: list[str] = []
    window.feature_clicked.connect(clicks.append)
    _empty(store)
    _click(window, *window.view.screen_from_lonlat(LON, LAT), Qt.MouseButton.LeftButton)
    assert clicks == []
    window.stage.draw_marks()
    assert window.stage.drawn is None
    window.pan(2_000.0, 0.0)
    window.set_view(LON + 1, LAT, 15)
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)


def test_what_would_look_the_same_is_not_drawn_again(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    feature = Feature("a", "camera", "", LON, LAT)
    _put(window, store, feature)
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    window.stage.draw_features()
    drawn = window.stage.drawn
    store.upsert([feature])
    window.stage.draw_features()
    assert window.stage.drawn is drawn
    store.upsert([Feature("a", "camera", "", LON, LAT, Severity.MINOR)])
    window.stage.draw_features()
    assert window.stage.drawn is not drawn


def test_a_fan_of_an_emptied_store_closes(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    _put(window, store, *FAR, *(Feature(f"c{i}", "camera", "", LON, LAT) for i in range(6)))
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    with qtbot.waitSignal(window.cluster_clicked, timeout=5_000):
        _click(window, *window.view.screen_from_lonlat(LON, LAT), Qt.MouseButton.LeftButton)
    assert window.stage.state.fan is not None
    _empty(store)
    window.stage.draw_over()
    assert window.stage.state.fan is None


def test_an_area_is_clicked_where_no_mark_is(
    window: MapWidget, store: FeatureStore, qtbot: QtBot
) -> None:
    ring = tuple((LON + dx, LAT + dy) for dx, dy in ((-1e-3, -1e-3), (1e-3, -1e-3), (0, 2e-3)))
    _put(window, store, Feature("g", "grid", "", LON, LAT, rings=((*ring, ring[0]),)))
    with qtbot.waitSignal(window.feature_clicked, timeout=5_000) as clicked:
        _click(window, *window.view.screen_from_lonlat(LON, LAT), Qt.MouseButton.LeftButton)
    assert clicked.args == ["g"]


def test_a_drag_locks_the_view_and_following_goes_back(window: MapWidget, qtbot: QtBot) -> None:
    quick, none = _quick(window), Qt.KeyboardModifier.NoModifier
    locks: list[bool] = []
    window.lock_changed.connect(locks.append)
    QTest.mousePress(quick, Qt.MouseButton.LeftButton, none, QPoint(300, 200))
    for x in (310, 340, 380):
        QTest.mouseMove(quick, QPoint(x, 200))
    QTest.mouseRelease(quick, Qt.MouseButton.LeftButton, none, QPoint(380, 200))
    qtbot.waitUntil(lambda: locks == [True], timeout=5_000)
    assert window.view.screen_from_lonlat(LON, LAT)[0] == pytest.approx(320 + 80, abs=1)
    QTest.keyClick(quick, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: locks == [True, False], timeout=5_000)
    assert window.view.screen_from_lonlat(LON, LAT)[0] == pytest.approx(320, abs=1)


def test_the_wheel_zooms_at_the_pointer(window: MapWidget, qtbot: QtBot) -> None:
    under = window.view.lonlat_from_screen(500, 100)
    at, none = QPointF(500, 100), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(_quick(window), event)
    assert window.view.zoom == pytest.approx(15.5)
    assert window.view.screen_from_lonlat(*under) == pytest.approx((500, 100), abs=0.01)
    assert window.locked


# -- faults --------------------------------------------------------------------------------------
def test_an_error_while_drawing_leaves_frames_out_and_nothing_else(
    window: MapWidget,
    store: FeatureStore,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed: list[int] = []

    def broken(*_args: object) -> None:
        failed.append(1)
        raise RuntimeError("no luck")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(OverlayRenderer, "_upload", broken)
        for step in range(80):  # Qt has 64 batches; a leaked one each would end the item
            window.set_view(LON, LAT, 14 + step / 100)
            window.grab_map()
    assert len(failed) >= 80
    assert len([r for r in caplog.records if "no luck" in r.message]) == 1
    window.set_view(LON, LAT, 15)
    _put(window, store, Feature("a", "camera", "", LON, LAT, link=Link.ONLINE))
    qtbot.waitUntil(lambda: _near(_color_at(window), THEME.color("normal")), timeout=5_000)


def test_a_closed_map_leaves_nothing_on_the_graphics_device(
    window: MapWidget, store: FeatureStore, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed: list[int] = []
    release = OverlayRenderer.release

    def counted(renderer: OverlayRenderer) -> None:
        freed.append(len(renderer._parts))
        release(renderer)

    _put(window, store, Feature("a", "camera", "", LON, LAT, link=Link.ONLINE))
    qtbot.waitUntil(lambda: _near(_color_at(window), THEME.color("normal")), timeout=5_000)
    monkeypatch.setattr(OverlayRenderer, "release", counted)
    window.close()
    assert freed[0] >= 9  # pipelines, bindings, texture, sampler, buffers
    assert not any(freed[1:])  # and nothing was built anew for a last frame


def test_a_large_store_is_clustered_in_a_thread(
    window: MapWidget, store: FeatureStore, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_keeper, "INLINE_ROWS", 100)
    _put(
        window,
        store,
        *(Feature(f"c{i}", "camera", "", LON + i * 1e-6, LAT) for i in range(2_000)),
    )
    window.set_visible_kinds(frozenset({"camera"}))

    def counted(n: int) -> Callable[[], bool]:
        return lambda: (
            window.stage.drawn is not None and int(window.stage.drawn.response.count.sum()) == n
        )

    qtbot.waitUntil(counted(2_000), timeout=5_000)
    store.remove([f"c{i}" for i in range(500)])
    window.features_changed()
    qtbot.waitUntil(counted(1_500), timeout=5_000)


def test_resizing_keeps_the_centre(window: MapWidget, qtbot: QtBot) -> None:
    window.resize(900, 500)
    qtbot.waitUntil(lambda: window.view.width == 900, timeout=5_000)
    assert window.view.screen_from_lonlat(LON, LAT) == pytest.approx((450, 250), abs=0.01)


def test_an_idle_map_draws_nothing(window: MapWidget, store: FeatureStore, qtbot: QtBot) -> None:
    _put(window, store, Feature("a", "camera", "", LON, LAT, Severity.CRITICAL, unacked=False))
    qtbot.waitUntil(_shown(window, 1), timeout=5_000)
    window.grab_map()
    quick: QQuickWindow = _quick(window)
    with qtbot.waitSignal(quick.frameSwapped, timeout=5_000):
        window.set_selected("a")
    for _ in range(10):  # what was under way may end
        with qtbot.waitSignal(quick.frameSwapped, timeout=600, raising=False) as another:
            pass
        if not another.signal_triggered:
            return
    pytest.fail("the map went on drawing with nothing to show")
