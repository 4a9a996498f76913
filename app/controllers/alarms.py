"""The alarm list: rows, what is put aside, floods and load in; orders about alarms out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.alarm_view import AlarmView, object_of
from app.console_parts import Parts
from app.messages import person_text
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.alarms.flood import WINDOW_S, grouped, is_flood
from services.alarms.load import DAY_S, Raise, RaiseLog, raises_of
from services.domain.errors import KnownError
from services.domain.model import Alarm, Entity, Severity
from services.domain.suppression import stands
from services.domain.world import Delta
from services.feed.frames import Result
from widgets.rows import AlarmRow, GroupRow, alarm_row

TICK_MS = 1_000
ASK_EVERY_S = 60.0
LOAD_EVERY_S = 5.0
AT_ONCE = 200
"""Alarms in one order, as the hub takes them."""


class AlarmsController(QObject):
    """``chosen(feature id)``: a line was activated. ``case_made(case id)``: from an alarm."""

    chosen = Signal(str)
    case_made = Signal(str)

    def __init__(
        self, parts: Parts, session: ConsoleSession, window: DeskWindow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._session = parts, session
        self._panel, self._messages = window.alarms, window.messages
        model = session.model
        self._view = AlarmView(parts.catalogue, parts.lang, model)
        self._timed: dict[str, Alarm] = {}
        self._out: set[str] = set()
        self._raises = RaiseLog()
        self._asked_at = 0.0
        self._complete = False
        self._flood = False
        self._regroup = False
        self._groups: list[GroupRow] = []
        self._load_at = 0.0
        model.changed.connect(self._changed)
        panel = self._panel
        panel.acknowledge_requested.connect(self.acknowledge)
        panel.alarm_activated.connect(self._activated)
        panel.to_case_requested.connect(self.to_case)
        panel.shelve_requested.connect(self.shelve)
        panel.out_requested.connect(self.take_out)
        panel.back_requested.connect(self.put_back)
        panel.load_button.clicked.connect(self._show_load)
        if not session.can_command:
            panel.set_actions_enabled(False, self.tr("This is a replay: orders go nowhere."))
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.tick)
        self._tick.start()

    # -- orders -------------------------------------------------------------------
    def acknowledge(self, keys: list[str], note: str) -> None:
        """Acknowledge alarms, several with one order; what was refused is told, the others are."""
        if len(keys) == 1:
            self._order("alarm.acknowledge", {"alarm": keys[0], "note": note})
            return
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            args: dict[str, object] = {"alarms": some, "note": note}
            self._session.command("alarm.acknowledge", args, self._several_answered)

    def to_case(self, key: str) -> None:
        """Make a case of an alarm, with category, place and time filled in by the hub."""
        self._session.command("alarm.to_case", {"alarm": key}, self._case_answered)

    def shelve(self, keys: list[str], mode: str, for_s: float, reason: str) -> None:
        """Shelve alarms one by one; a refusal is told, the others go on."""
        for key in keys:
            args: dict[str, object] = {"alarm": key, "mode": mode, "reason": reason}
            if mode == "timed":
                args["for_s"] = for_s
            self._order("alarm.shelve", args)

    def take_out(self, kind: str, id_: str, reason: str) -> None:
        """Take an alarm or a thing out of service."""
        self._order("alarm.out_of_service", {kind: id_, "reason": reason})

    def put_back(self, kind: str, id_: str) -> None:
        """Take an alarm off its shelf, or an alarm or a thing back into service."""
        if kind == "unshelve":
            self._order("alarm.unshelve", {"alarm": id_})
        else:
            self._order("alarm.return_to_service", {kind: id_})

    def _order(self, name: str, args: dict[str, object]) -> None:
        self._session.command(name, args, self._answered)

    def _answered(self, result: Result) -> None:
        if result.error is not None:
            self._messages.show_message(Severity.MINOR, person_text(result.error))

    def _several_answered(self, result: Result) -> None:
        self._answered(result)
        refused = {key: str(code) for key, code in result.value.items() if code}
        if not refused:
            return
        key, code = next(iter(refused.items()))
        alarm = self._session.model.alarms.get(key)
        who = {"by": alarm.ack_by, "seat": alarm.ack_seat} if alarm is not None else {}
        meanwhile = self.tr("They have changed in the meantime.")
        why = person_text(KnownError(code, meanwhile, params=dict(who)))
        words = self.tr("{0} of {1} were not acknowledged. {2}")
        self._messages.show_message(
            Severity.MINOR, words.format(len(refused), len(result.value), why)
        )

    def _case_answered(self, result: Result) -> None:
        self._answered(result)
        case_id = result.value.get("case")
        if result.error is None and isinstance(case_id, str):
            self.case_made.emit(case_id)

    def _activated(self, key: str) -> None:
        alarm = self._session.model.alarms.get(key)
        object_id = alarm.object_id if alarm is not None else object_of(key)
        if object_id:
            self.chosen.emit(object_id)

    # -- what changed -------------------------------------------------------------
    def _changed(self, delta: Delta) -> None:
        model, now = self._session.model, self._session.model.now()
        if delta.reset:
            self._raises.clear()
            self._timed.clear()
            self._out.clear()
            self._view.forget()
            self._asked_at, self._complete = 0.0, False
        self._note_service(model.entities if delta.reset else delta.entities)
        for alarm in delta.alarms.values():
            if alarm is not None:
                self._raises.add(raises_of(alarm, now))
        if delta.reset:
            self._sort(model.alarms)
            standing = {k: self._row(a) for k, a in model.alarms.items() if stands(a, now)}
            self._panel.set_alarms(standing)
            self._show_aside(now)
        elif delta.alarms:
            self._show(delta.alarms, now)
        if not delta.reset:
            self._reread(delta.entities)
        self._regroup = self._regroup or delta.reset or bool(delta.alarms)
        if delta.reset:
            self.tick()

    def tick(self) -> None:
        """Time went on: shelves and delays that are over show even if the hub does not say so,
        floods begin and end, the load is another."""
        now = self._session.model.now()
        late = {
            key: alarm
            for key, alarm in self._timed.items()
            if stands(alarm, now) != (self._panel.alarm_row(key) is not None)
        }
        if late:
            self._show(late, now)
        self._show_flood(now)
        if self._panel.load.isVisible() and abs(now - self._load_at) >= LOAD_EVERY_S:
            self._show_load()
        if now and abs(now - self._asked_at) >= ASK_EVERY_S:
            self._ask(now)

    def _reread(self, things: Iterable[str]) -> None:
        """Lines say the newest reading of their thing: those whose words are others now."""
        changed: dict[str, AlarmRow] = {}
        for id_ in things:
            for alarm in self._session.model.alarms_of(id_):
                old = self._panel.alarm_row(alarm.key)
                if old is not None and (row := self._row(alarm)) != old:
                    changed[alarm.key] = row
        if changed:
            self._panel.update_alarms(changed)

    def _note_service(self, entities: Mapping[str, Entity | None]) -> None:
        out = {i for i, e in entities.items() if e is not None and e.out_of_service is not None}
        back = self._out.intersection(entities) - out
        if back or not out <= self._out:
            self._out = (self._out | out) - back
            self._show_aside(self._session.model.now())

    def _sort(self, alarms: Mapping[str, Alarm | None]) -> None:
        """Keep those apart whose place depends on the time."""
        for key, alarm in alarms.items():
            if alarm is not None and (alarm.suppressed or alarm.pending is not None):
                self._timed[key] = alarm
            else:
                self._timed.pop(key, None)

    def _show(self, alarms: Mapping[str, Alarm | None], now: float) -> None:
        self._sort(alarms)
        shown = {k: self._row(a) for k, a in alarms.items() if a is not None and stands(a, now)}
        self._panel.update_alarms(shown, [k for k in alarms if k not in shown])
        self._show_aside(now)

    def _show_aside(self, now: float) -> None:
        rows = self._view.aside(self._timed.values(), sorted(self._out), now)
        self._panel.set_suppressed(rows)

    def _row(self, alarm: Alarm) -> AlarmRow:
        entity = self._session.model.entities.get(alarm.object_id)
        return alarm_row(alarm, self._parts.catalogue, entity, self._parts.lang)

    # -- flood and load -----------------------------------------------------------
    def _show_load(self) -> None:
        self._load_at = now = self._session.model.now()
        raises = self._raises.since(now - DAY_S, now)
        self._panel.load.set_load(self._view.load(raises, now, complete=self._complete))

    def _show_flood(self, now: float) -> None:
        recent = self._raises.since(now - WINDOW_S, now)
        was, self._flood = self._flood, is_flood((r.time for r in recent), now, self._flood)
        if not self._flood:
            if was:
                self._panel.set_flood("")
            return
        words = self.tr("Alarm flood: {0} in ten minutes").format(len(recent))
        if self._regroup or not was:
            standing = [a for a in self._session.model.alarms.values() if stands(a, now)]
            groups = grouped(standing, self._view.area_of)
            self._groups = [self._view.group_row(g) for g in groups]
        self._regroup = False
        self._panel.set_flood(words, self._groups)

    def _ask(self, now: float) -> None:
        """What was raised before this console looked; the rest it sees itself."""
        self._asked_at = now
        api = self._parts.api
        self._parts.operations.run(
            lambda: api.alarm_raises(now - DAY_S, now), self._got, self._not_got, owner=self
        )

    def _got(self, rows: list[tuple[float, str, str, str, str, int]]) -> None:
        self._complete = True
        self._raises.add(
            Raise(
                time=time,
                key=key,
                source=source,
                rule=rule,
                object_id=object_id,
                severity=Severity(severity),
            )
            for time, key, source, rule, object_id, severity in reversed(rows)
        )

    def _not_got(self, _error: Exception) -> None:
        """The load says that it knows only what came since; the feed's state tells the rest."""
        self._complete = False
