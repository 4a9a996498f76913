"""Controllers with a session and a window that the test speaks for: no widgets, no hub."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QObject, Signal

from app.controllers.incident import IncidentController
from app.controllers.mapping import MapController
from app.controllers.replay import ReplayController
from app.controllers.top import TopController
from app.controllers.wall import WallController
from app.finder import Finder
from app.session import ConsoleSession
from layers.model.features import FeatureStore
from layers.render.map_widget import MapWidget
from services.domain.model import Alarm, Severity
from services.feed.frames import ErrorInfo, ReplayState, Result
from services.feed.source import LinkUpdate, NoticeUpdate, ReplayRequest
from services.packs.loader import default_directory, load
from widgets.frame import ModeFrame
from widgets.incident import IncidentPanel
from widgets.incident_choice import IncidentOrder
from widgets.status_bar import TopBar
from widgets.time_axis import TimeAxis
from widgets.toast import MessageBar

CATALOGUE = load(default_directory())


class Model(QObject):
    """A read model with nothing in it, at the moment ``at``."""

    changed = Signal(object)
    marks_changed = Signal()

    def __init__(self, at: float) -> None:
        super().__init__()
        self.at = at
        self.catalogue = CATALOGUE
        self.offset = 1
        self.store = FeatureStore(tuple(CATALOGUE.kinds.values()))
        self.entities, self.alarms, self.cases = {}, {}, {}
        self.dispatches, self.stock = {}, {}

    def now(self) -> float:
        return self.at

    def alarms_of(self, object_id: str) -> list[Alarm]:
        return [a for a in self.alarms.values() if a.object_id == object_id]


class Loading(QObject):
    """Where a replay goes, as the test says."""

    changed = Signal(object)
    moment: float | None = None


class Session(QObject):
    """A session whose signals the test emits and whose orders it answers."""

    link_changed = Signal(object)
    replay_changed = Signal(object)
    notice = Signal(object)
    settled = Signal(str, object)
    named = Signal(str)

    def __init__(self, at: float = 1_000.0, replay: bool = False) -> None:
        super().__init__()
        self.model = Model(at)
        self.is_replay, self.can_command = replay, not replay
        self.replay_state: ReplayState | None = None
        self.refusing: NoticeUpdate | None = None
        self.link = LinkUpdate("connecting", 0.0)
        self.loading = Loading()
        self.orders: list[tuple] = []
        self.late = None
        self.replays = MagicMock(spec=ConsoleSession)

    def command(self, name, args, on_result, _expect_version=None, on_late=None) -> None:
        self.orders.append((name, args, on_result))
        self.late = on_late

    def replay(self, action, **arguments) -> None:
        self.replays.replay(action, **arguments)

    def start(self, request: ReplayRequest) -> None:
        self.replays.start(request)

    def say_replay(self, state: ReplayState) -> None:
        self.replay_state = state
        self.model.at = state.at
        self.replay_changed.emit(state)


class Operations:
    """Work that waits until the test lets it be done."""

    def __init__(self) -> None:
        self.waiting: list[tuple] = []

    def run(self, work, done, failed=None, *, owner) -> None:
        assert owner is not None
        self.waiting.append((work, done, failed))

    def finish(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work, done, _ in waiting:
            done(work())


@pytest.fixture
def parts():
    return SimpleNamespace(
        catalogue=CATALOGUE, lang="zh", user="duty1", seat="1", hub_url="http://h:1",
        api=MagicMock(), operations=Operations(), bases=MagicMock(),
    )  # fmt: skip


@pytest.fixture
def owner(qtbot):
    return QObject()


def window(**more):
    names = {
        "map": MapWidget, "top": TopBar, "messages": MessageBar,
        "incident": IncidentPanel, "axis": TimeAxis, "frame": ModeFrame,
    }  # fmt: skip
    made = {name: MagicMock(spec=kind) for name, kind in names.items()}
    methods = ("layers", "show_card", "show_incident", "set_dispatch_open", "set_loading")
    made |= {name: MagicMock() for name in methods}
    return SimpleNamespace(**made, **more)


def test_what_is_shown_stays_old_until_the_feed_is_in_step_again(owner):
    session, shown = Session(), window()
    controller = MapController(session, shown, owner)
    session.link_changed.emit(LinkUpdate("offline", 900.0))
    assert shown.map.set_stale.call_args.args == (True, 100.0)
    session.link_changed.emit(LinkUpdate("connecting", 1_000.0, "Catching up."))
    assert shown.map.set_stale.call_args.args == (True, 100.0)
    session.link_changed.emit(LinkUpdate("live", 1_000.0))
    assert shown.map.set_stale.call_args.args == (False, 0.0)
    assert controller.parent() is owner


ORDER = IncidentOrder(
    category="E05-06", severity=Severity.MAJOR, title="t", lon=101.8, lat=36.6, radius_m=500.0,
    teams=("team:1",),
)  # fmt: skip


@pytest.fixture
def incident(parts, owner):
    session, shown = Session(), window()
    shown.incident.form = MagicMock()
    shown.incident.form.radius_m.return_value = 500.0
    shown.incident.form.category_code.return_value = "E05-06"
    shown.incident.form.chosen_severity.return_value = Severity.MAJOR
    shown.incident.heading, shown.incident.busy = "Flood", False
    controller = IncidentController(parts, session, shown, owner)
    return SimpleNamespace(desk=controller, session=session, shown=shown)


def test_a_refused_dispatch_is_tried_again_on_the_case_that_was_made(incident):
    incident.desk.begin(101.8, 36.6)
    incident.desk._send(ORDER)
    name, _, answer = incident.session.orders[-1]
    assert name == "case.create"
    answer(Result(key="k", value={"case": "A"}))
    name, args, answer = incident.session.orders[-1]
    assert (name, args["case"]) == ("dispatch.send", "A")
    answer(Result(key="k", error=ErrorInfo(code="x", text="no")))
    incident.shown.incident.set_error.assert_called_once_with("no")
    incident.desk._send(ORDER)
    name, args, _ = incident.session.orders[-1]
    assert (name, args["case"]) == ("dispatch.send", "A")


def test_a_dispatch_is_open_until_it_is_left_and_takes_its_circle_along(incident):
    incident.desk.begin(101.8, 36.6)
    assert incident.desk.is_open
    assert incident.shown.set_dispatch_open.call_args.args == ("Flood",)
    incident.shown.incident.busy = True  # an order is on its way
    incident.desk.cancel()
    assert incident.desk.is_open
    incident.shown.incident.busy = False
    incident.desk.cancel()
    assert not incident.desk.is_open
    assert incident.shown.map.set_circle.call_args.args == (0.0, 0.0, None)
    assert incident.shown.set_dispatch_open.call_args.args == ("",)


def test_a_late_answer_goes_to_its_own_incident_not_to_the_one_in_the_panel(incident):
    incident.desk.begin(101.8, 36.6)
    incident.desk._send(ORDER)
    late = incident.session.orders[-1][2]
    incident.desk.begin(101.9, 36.7)
    late(Result(key="k", value={"case": "A"}))
    name, args, late = incident.session.orders[-1]
    assert (name, args["case"]) == ("dispatch.send", "A")
    late(Result(key="k", error=ErrorInfo(code="x", text="no")))
    incident.shown.incident.set_error.assert_not_called()
    incident.shown.messages.show_message.assert_called_once_with(Severity.MAJOR, "no")
    incident.desk._send(ORDER)
    assert incident.session.orders[-1][0] == "case.create"


def test_a_late_success_leaves_the_panel_as_it_is(incident):
    done = []
    incident.desk.done.connect(done.append)
    incident.desk.begin(101.8, 36.6)
    incident.desk._send(ORDER)
    incident.session.orders[-1][2](Result(key="k", value={"case": "A"}))
    late = incident.session.orders[-1][2]
    incident.desk.begin(101.9, 36.7)
    late(Result(key="k"))
    incident.shown.incident.set_sent.assert_not_called()
    incident.shown.show_card.assert_not_called()
    assert incident.shown.messages.show_message.call_args.args[0] == Severity.INFO
    assert done == []


def test_a_case_that_turns_out_to_be_made_is_gone_on_with_and_nothing_sent_by_itself(incident):
    incident.desk.begin(101.8, 36.6)
    incident.desk._send(ORDER)
    incident.session.orders[-1][2](Result(key="k", error=ErrorInfo(code="no_answer", text="")))
    assert "twice" in incident.shown.incident.set_error.call_args.args[0]
    incident.session.late(Result(key="k", value={"case": "A"}))
    assert "after all" in incident.shown.incident.set_error.call_args.args[0]
    assert [name for name, *_ in incident.session.orders] == ["case.create"]
    incident.desk._send(ORDER)
    name, args, _ = incident.session.orders[-1]
    assert (name, args["case"]) == ("dispatch.send", "A")


def test_what_became_of_an_order_without_answer_is_told(parts, owner):
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.settled.emit("case.create", Result(key="k", value={"case": "A"}))
    severity, text = shown.messages.show_message.call_args.args
    assert (severity, "carried out: open a case" in text) == (Severity.INFO, True)
    refusal = ErrorInfo(code="not_allowed", text="no")
    session.settled.emit("dispatch.send", Result(key="k", error=refusal))
    severity, text = shown.messages.show_message.call_args.args
    assert (severity, "not carried out: dispatch" in text) == (Severity.MAJOR, True)
    assert "Your role" in text


def state(at: float) -> ReplayState:
    return ReplayState(at=at, offset=1, start=0.0, end=7_200.0, playing=False, speed=1.0)


def test_a_replay_shows_the_alarm_load_of_its_own_moment(parts, owner):
    session, shown = Session(at=0.0, replay=True), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    parts.api.alarm_counts.side_effect = lambda _start, end, _bucket: [(end, 0, 0, 0, int(end))]
    session.link_changed.emit(LinkUpdate("live", 9_000.0))
    assert parts.operations.waiting == []  # not open yet: no moment to ask for
    session.say_replay(state(7_000.0))
    session.say_replay(state(600.0))
    session.say_replay(state(601.0))  # the same load for all an eye can see
    assert len(parts.operations.waiting) == 2
    parts.operations.finish()
    shown.top.set_alarm_load.assert_called_once_with([600])


def test_the_walls_alarms_in_ten_minutes_end_now(parts, owner):
    session = Session(at=40_000.0)
    owner.panel, owner.map = MagicMock(), MagicMock()
    parts.api.alarm_counts.side_effect = lambda start, end, step: [
        (start + n * step, 0, n, 0, 0) for n in range(int((end - start) / step))
    ]
    controller = WallController(parts, session, owner)
    controller.ask_curves()
    parts.operations.finish()
    curve = next(c for c in owner.panel.set_curves.call_args.args[0] if c.id == "~alarms")
    assert (curve.times[-1], curve.values[-1]) == (40_000.0, 35.0)
    assert curve.times[0] == 40_000.0 - 6 * 3_600 + 600
    controller.close()


def test_a_notice_is_told_in_the_users_words_where_there_are_any(parts, owner):
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.notice.emit(NoticeUpdate("disk_full", "no space left on device"))
    severity, text = shown.messages.show_message.call_args.args
    assert severity == Severity.CRITICAL
    assert "free space" in text
    session.notice.emit(NoticeUpdate("other", "said by the hub"))
    assert shown.messages.show_message.call_args.args[1] == "said by the hub"
    failed = NoticeUpdate("feed_failed", "in English", {"what": "KeyError: 'x'"})
    session.notice.emit(failed)
    severity, text = shown.messages.show_message.call_args.args
    assert severity == Severity.MAJOR
    assert "KeyError: 'x'" in text
    assert "log" in text


def test_a_refusal_is_said_where_it_stays_and_in_the_users_words(parts, owner):
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.link_changed.emit(LinkUpdate("offline", 1.0, "cut", code="tls_expired"))
    assert not shown.messages.show_message.called
    assert "certificate has ended" in shown.top.set_link.call_args.args[2]
    session.link_changed.emit(LinkUpdate("refused", 1.0, "by the hub", code="not_allowed"))
    severity, text = shown.messages.show_message.call_args.args
    assert (severity, text) == (Severity.CRITICAL, "Your role may not do this.")


@pytest.mark.parametrize("code", ["audit_failed", "audit_broken", "certificate_ends"])
def test_what_stops_the_hub_stays_until_somebody_has_read_it(parts, owner, code):
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.notice.emit(NoticeUpdate(code, "said by the hub"))
    assert shown.messages.show_message.call_args.args[0] >= Severity.MAJOR


def test_a_replay_goes_back_to_its_moment_after_a_break(parts, owner):
    session, shown = Session(replay=True), window()
    ReplayController(parts, session, shown, owner)
    session.say_replay(state(0.0))
    session.replays.replay.assert_called_once_with("seek", at=7_200.0)
    session.say_replay(state(3_000.0))
    session.link_changed.emit(LinkUpdate("offline", 1.0))
    session.link_changed.emit(LinkUpdate("connecting", 2.0))
    session.link_changed.emit(LinkUpdate("live", 2.0))
    session.say_replay(state(0.0))
    session.replays.replay.assert_called_with("seek", at=3_000.0)
    assert session.replays.replay.call_count == 2


def test_a_replay_on_its_way_says_so_in_all_its_parts(parts, owner):
    session, shown = Session(replay=True), window()
    ReplayController(parts, session, shown, owner)
    session.loading.moment = 3_000.0
    session.loading.changed.emit(3_000.0)
    words = shown.set_loading.call_args.args[0]
    assert words.startswith("Loading 1970-01-01 08:50:00")
    assert shown.map.set_stale.call_args.args[::2] == (True, words)
    shown.frame.set_clock.reset_mock()
    session.say_replay(state(3_000.0))
    shown.frame.set_clock.assert_not_called()  # not while lists and map are of another moment
    session.loading.moment = None
    session.loading.changed.emit(None)
    shown.set_loading.assert_called_with("")
    assert shown.map.set_stale.call_args.args[::2] == (False, "")
    shown.frame.set_clock.assert_called_once_with("1970-01-01 08:50:00")


@pytest.mark.parametrize(
    ("asked", "span"), [(99_000.0, (3_200.0, 5_000.0)), (0.0, (1_000.0, 2_800.0))]
)
def test_a_moment_outside_the_log_opens_the_nearest_there_is(parts, owner, asked, span):
    session, shown = Session(replay=True), window()
    controller = ReplayController(parts, session, shown, owner)
    parts.api.log_bounds.return_value = {"first_time": 1_000.0, "last_time": 5_000.0}
    controller.begin(asked)
    parts.operations.finish()
    controller.close()
    session.replays.start.assert_called_once_with(ReplayRequest(*span))
