"""A route between places: stops, time and distance, steps to follow. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from services.roads.route import Estimate, Route, Step
from widgets.check_box import CheckBox
from widgets.format import distance
from widgets.panel import Panel, RowButton, button, clear_layout, column, line
from widgets.road_words import minutes, road_name, step_words
from widgets.text import plain_label, set_role
from widgets.theme import Theme


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a route: what it is called, in degrees where it is."""

    name: str
    lon: float
    lat: float


class RouteView(Panel):
    """``removed(number)`` of a stop, ``turned()`` the other way round, ``cleared()``,
    ``as_open_chosen(bool)`` with closed roads or as if they were open, ``step_chosen(lon, lat)``,
    ``copied()`` after the steps were put on the clipboard."""

    removed = Signal(int)
    turned = Signal()
    cleared = Signal()
    as_open_chosen = Signal(bool)
    step_chosen = Signal(float, float)
    copied = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._stops: tuple[Stop, ...] = ()
        self._route: Route | None = None
        self._empty = plain_label(
            self.tr("Take “Route” on the map and click where it starts, then where it goes."),
            "empty",
        )
        self._empty.setWordWrap(True)
        self._rows = column(gap=3)
        self.result = plain_label("", "title")
        self.detail = plain_label("", "small")
        self.detail.setWordWrap(True)
        self.avoided = plain_label("", "minor")
        self.avoided.setWordWrap(True)
        self.as_open = CheckBox(theme, self.tr("As if no road were closed"))
        self.turn = button(self.tr("Other way round"), "tool")
        self.copy = button(self.tr("Copy"), "tool", self.tr("Copy the steps as text"))
        self.clear = button(self.tr("Clear"), "tool")
        self._box = QWidget()
        set_role(self._box, "scrolled")
        self._steps = column(self._box, gap=1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self._box)
        self._build()
        self.set_stops(())

    def set_stops(self, stops: Sequence[Stop]) -> None:
        """Show the places; what was found between others is gone."""
        self._stops = tuple(stops)
        clear_layout(self._rows)
        for number, stop in enumerate(stops):
            self._rows.addLayout(self._stop_row(number, stop))
        self._empty.setVisible(not stops)
        self.turn.setVisible(len(stops) > 1)
        self.clear.setVisible(bool(stops))
        self.as_open.setVisible(len(stops) > 1)
        self._show(None, "", "", "")

    def set_waiting(self) -> None:
        """Say that the way is being searched."""
        self._show(None, self.tr("Searching…"), "", "")

    def set_found(self, found: Route | Estimate, avoided: str = "") -> None:
        """Show a way, or that none is known. ``avoided``: closed roads that it goes round."""
        if isinstance(found, Route):
            self._show(found, f"{minutes(found.seconds)} · {distance(found.metres)}", "", avoided)
            self.detail.setText(self._made_of(found))
            self.detail.show()
            return
        why = (
            self.tr("A place is too far from every road that is known.")
            if found.why == "off_network"
            else self.tr("No road that is open connects these places.")
        )
        estimate = self.tr("{0} in a straight line; an estimate of {1}, not a way by road")
        words = estimate.format(distance(found.metres), minutes(found.seconds))
        self._show(None, self.tr("No way by road is known"), f"{why} {words}", avoided)

    def set_nothing(self, words: str) -> None:
        """Say why nothing can be searched."""
        self._show(None, "", words, "")

    def text(self) -> str:
        """The route as text for others: places, time, distance, steps."""
        if self._route is None:
            return ""
        names = " → ".join(stop.name for stop in self._stops)
        rows = [names, f"{minutes(self._route.seconds)} · {distance(self._route.metres)}"]
        rows += [f"{n}. {self._step_text(step)}" for n, step in enumerate(self._route.steps, 1)]
        return "\n".join([*rows, self.detail.text()])

    # -- inside -----------------------------------------------------------------------
    def _build(self) -> None:
        layout = column(self, margin=10, gap=6)
        layout.addWidget(self._empty)
        layout.addLayout(self._rows)
        layout.addLayout(line(self.turn, self.clear, None, self.copy, gap=6))
        for widget in (self.as_open, self.result, self.detail, self.avoided):
            layout.addWidget(widget)
        layout.addWidget(self._scroll, 1)
        layout.addStretch(0)
        self.turn.clicked.connect(self.turned)
        self.clear.clicked.connect(self.cleared)
        self.copy.clicked.connect(self._copy)
        self.as_open.toggled.connect(self.as_open_chosen)

    def _stop_row(self, number: int, stop: Stop) -> QHBoxLayout:
        last = len(self._stops) - 1
        role = (
            self.tr("From") if number == 0 else self.tr("To") if number == last else self.tr("Via")
        )
        label = plain_label(role, "muted")
        label.setMinimumWidth(44)
        go = RowButton(stop.name)
        go.clicked.connect(partial(self._go, stop.lon, stop.lat))
        remove = button("×", "tool", self.tr("Take this place out"))
        remove.setAccessibleName(self.tr("Take this place out"))
        remove.clicked.connect(partial(self._remove, number))
        row = line(label, go, remove, gap=6)
        row.setStretch(1, 1)
        return row

    def _show(self, route: Route | None, result: str, detail: str, avoided: str) -> None:
        self._route = route
        for label, text in (
            (self.result, result),
            (self.detail, detail),
            (self.avoided, avoided),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.copy.setVisible(route is not None)
        self._scroll.setVisible(route is not None)
        clear_layout(self._steps)
        for number, step in enumerate(route.steps if route is not None else (), 1):
            row = RowButton(f"{number}. {self._step_text(step)}")
            row.clicked.connect(partial(self._go, *step.at))
            self._steps.addWidget(row)
        self._steps.addStretch(1)

    def _made_of(self, route: Route) -> str:
        """The roads with most of the way, and how much of it no road is known for."""
        words = [" – ".join(road_name(name) for name in route.names[:3])] if route.names else []
        straight = route.access_from_m + route.access_to_m
        if straight >= 1.0:
            text = self.tr("from and to the road {0} and {1} in a straight line")
            words.append(text.format(distance(route.access_from_m), distance(route.access_to_m)))
        words.append(self.tr("without delays by traffic and lights"))
        return " · ".join(words)

    def _step_text(self, step: Step) -> str:
        words = step_words(step)
        return words if step.turn == "arrive" else f"{words} · {distance(step.metres)}"

    def _go(self, lon: float, lat: float, _on: bool = False) -> None:
        self.step_chosen.emit(lon, lat)

    def _remove(self, number: int, _on: bool = False) -> None:
        self.removed.emit(number)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self.copied.emit()
