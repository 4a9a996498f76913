"""The wall's controller: once a second the numbers, every quarter minute the curves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.console_parts import Parts
from app.overview import help_for, measured_curve, numbers, silent_after, worst_alarms
from app.session import ConsoleSession
from app.windows.wall import WallWindow
from services.domain.model import Alarm, Severity
from services.domain.world import Delta
from services.feed.source import LinkUpdate
from services.packs.kpi import KpiValue
from services.packs.model import Kpi
from widgets.format import age, number
from widgets.rows import alarm_text
from widgets.wall_items import Curve, KpiTile, WorstItem
from widgets.words import task_state_word

TICK_MS = 1_000
CURVES_MS = 15_000
CURVE_SPAN_S = 3_600.0
ALARM_SPAN_S = 6 * 3_600.0
ALARM_BUCKET_S = 600.0
MAX_CURVES = 4


class WallController(QObject):
    """Keeps one wall true; never shows a dialog, never asks for anything."""

    def __init__(self, parts: Parts, session: ConsoleSession, window: WallWindow) -> None:
        super().__init__(window)
        self._parts = parts
        self._session = session
        self._window = window
        self._panel = window.panel
        self._measured: dict[str, list[tuple[float, float]]] = {}
        self._alarms: Curve | None = None
        parts.bases.attach("wall", window.map.base, wall=True)
        window.map.set_visible_kinds(parts.catalogue.wall_layers())
        self._panel.set_titles(self.tr("OneMap Console"), self.tr("Chengdong district overview"))
        session.model.changed.connect(self._changed)
        session.model.marks_changed.connect(window.map.features_changed)
        session.link_changed.connect(self._link_changed)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.refresh)
        self._tick.start()
        self._ask = QTimer(self)
        self._ask.setInterval(CURVES_MS)
        self._ask.timeout.connect(self.ask_curves)
        self._ask.start()

    def close(self) -> None:
        """Stop the clocks and the map."""
        self._tick.stop()
        self._ask.stop()
        self._parts.bases.detach("wall")
        self._window.map.close()

    def refresh(self) -> None:
        """Numbers and words as they are now."""
        model, catalogue = self._session.model, self._parts.catalogue
        found = numbers(model, catalogue, model.now())
        if not model.offset:  # no data yet: a nought would be a statement
            found = [(kpi, KpiValue(None, value.unit)) for kpi, value in found]
        self._panel.set_kpis([self._tile(kpi, value) for kpi, value in found])
        self._show_curves(found)
        worst = worst_alarms(model, model.now())
        self._panel.set_worst([self._worst_item(a) for a in worst])
        self._window.map.set_markers(self._markers(worst))

    def ask_curves(self) -> None:
        """Ask the hub for the last hour of the measured numbers and for alarms per ten minutes."""
        model, api, run = self._session.model, self._parts.api, self._parts.operations.run
        now = model.now()
        shown = self._parts.catalogue.wall_kpis()
        measured = [k for k in shown if k.function == "newest_value"]
        for kpi in measured[: MAX_CURVES - 1]:
            entity_id = self._measured_at(kpi)
            if not entity_id:
                continue
            self._ask_readings(kpi, entity_id, now)
        run(
            lambda: api.alarm_counts(now - ALARM_SPAN_S, now, ALARM_BUCKET_S),
            self._got_alarms,
            self._curve_failed,
            owner=self,
        )

    # -- inside -----------------------------------------------------------------
    def _ask_readings(self, kpi: Kpi, entity_id: str, now: float) -> None:
        api = self._parts.api
        self._parts.operations.run(
            lambda: api.readings(entity_id, kpi.measure, now - CURVE_SPAN_S, now),
            lambda points: self._got_readings(kpi, points),
            self._curve_failed,
            owner=self,
        )

    def _changed(self, delta: Delta) -> None:
        self._window.map.features_changed()
        if delta.reset:
            self.refresh()
            self.ask_curves()

    def _link_changed(self, link: LinkUpdate) -> None:
        self._panel.set_link(link.state, link.since, link.latency_s)
        if link.state == "connecting":
            return  # until it is in step again, what is shown is as old as it was
        self._window.map.set_stale(link.old, link.silent_s(self._session.model.now()))

    def _tile(self, kpi: Kpi, value: KpiValue) -> KpiTile:
        shown = "—"
        if value.value is not None:
            shown = f"{value.value:,.{kpi.decimals}f}"
            shown += value.unit if value.unit == "%" else ""
        detail = self._detail(kpi, value.detail) if self._session.model.offset else ""
        label = kpi.label.text(self._parts.lang)
        if value.unit and value.unit != "%":
            label += f" {value.unit}"
        return KpiTile(kpi.id, label, shown, detail, value.severity)

    def _detail(self, kpi: Kpi, detail: dict[str, float]) -> str:
        if kpi.function == "share_online":
            return self.tr("{0} / {1} · {2} unknown").format(
                number(detail["online"]), number(detail["total"]), number(detail["unknown"])
            )
        if kpi.function == "unacknowledged_alarms":
            oldest, aside = detail.get("oldest_s"), int(detail.get("aside", 0))
            words = self.tr("none waits")
            if oldest is not None:
                words = self.tr("oldest: {0}").format(age(oldest))
            return words + (self.tr(" · {0} aside").format(aside) if aside else "")
        if kpi.function == "open_cases":
            return self.tr("red {0} · yellow {1}").format(
                number(detail["red"]), number(detail["yellow"])
            )
        if kpi.function == "on_time_rate":
            return self._on_time_detail(kpi, detail)
        if kpi.function == "units_en_route":
            return self.tr("{0} at the place").format(number(detail.get("arrived", 0)))
        age_s = detail.get("age_s")
        return age(age_s) if age_s is not None else ""

    def _on_time_detail(self, kpi: Kpi, detail: dict[str, float]) -> str:
        previous = detail.get("previous")
        target = None if kpi.target is None else number(kpi.target, kpi.decimals)
        if previous is None:
            if target is None:
                return self.tr("last seven days")
            return self.tr("last seven days · target {0} %").format(target)
        if target is None:
            return self.tr("last seven days · before {0} %").format(number(previous, 1))
        return self.tr("target {0} % · week before {1} %").format(target, number(previous, 1))

    def _worst_item(self, alarm: Alarm) -> WorstItem:
        model, parts = self._session.model, self._parts
        entity = model.entities.get(alarm.object_id)
        place = entity.name if entity is not None else alarm.object_id
        title = f"{place} {alarm_text(alarm, parts.catalogue, parts.lang, entity)}"
        return WorstItem(title, self._who(alarm), alarm.severity)

    def _who(self, alarm: Alarm) -> str:
        on_it = help_for(self._session.model, alarm)
        if on_it is not None and on_it.task is not None:
            return f"{on_it.task.name} · {task_state_word(on_it.task.state)}"
        if on_it is not None:
            return self.tr("Case {0}, nobody sent yet").format(on_it.case.id[-8:])
        if alarm.acknowledged:
            return self.tr("Acknowledged by {0}").format(alarm.ack_by)
        return self.tr("Not acknowledged yet")

    def _markers(self, worst: list[Alarm]) -> list[tuple[float, float, str, Severity]]:
        markers = []
        for n, alarm in enumerate(worst, 1):
            entity = self._session.model.entities.get(alarm.object_id)
            if entity is not None and entity.lon is not None and entity.lat is not None:
                markers.append((entity.lon, entity.lat, str(n), alarm.severity))
        return markers

    def _measured_at(self, kpi: Kpi) -> str:
        """The thing behind a number: the one it names, or the highest of its kinds."""
        if kpi.object_id:
            return kpi.object_id
        known = [
            e
            for e in self._session.model.entities.values()
            if e.kind in kpi.kinds and kpi.measure in e.values
        ]
        return max(known, key=lambda e: (e.values[kpi.measure], e.id)).id if known else ""

    def _got_readings(self, kpi: Kpi, points: list[tuple[float, float]]) -> None:
        self._measured[kpi.id] = points
        self.refresh()

    def _got_alarms(self, buckets: list[tuple[float, int, int, int, int]]) -> None:
        if not buckets:
            return
        values = [float(sum(row[1:])) for row in buckets]
        self._alarms = Curve(
            id="~alarms",
            label=self.tr("Alarms in 10 minutes"),
            unit="",
            times=[row[0] + ALARM_BUCKET_S for row in buckets],  # where each ten minutes end
            values=values,
            newest=f"{values[-1]:.0f}",
        )
        self.refresh()

    def _show_curves(self, found: list[tuple[Kpi, KpiValue]]) -> None:
        """The last hour of each measured number up to the value in its tile, then the alarms."""
        now, lang, catalogue = self._session.model.now(), self._parts.lang, self._parts.catalogue
        shown = [
            measured_curve(
                kpi, self._measured[kpi.id], value, now, lang, silent_after(kpi, catalogue)
            )
            for kpi, value in found
            if self._measured.get(kpi.id)
        ]
        if self._alarms is not None:
            shown.append(self._alarms)
        self._panel.set_curves(shown[:MAX_CURVES])

    def _curve_failed(self, _error: Exception) -> None:
        """The curve keeps its last hour; the feed's own state says that the hub is away."""
