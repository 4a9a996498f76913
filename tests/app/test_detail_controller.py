"""The detail card follows what happens to what it shows, also where it is an alarm only."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.controllers.detail import DetailController
from app.readmodel import ReadModel
from layers.model.features import FeatureStore
from services.domain.model import Alarm, Entity, Severity
from services.domain.world import Delta
from tests.app.test_controllers import CATALOGUE, Session
from widgets.card import CardPanel
from widgets.card_parts import StandingAlarms
from widgets.theme import Theme

NOW = 1_750_000_000.0
THING = Entity(id="level_sensor:1", kind="level_sensor", name="S1", lon=121.6, lat=31.2)
ALARM = Alarm(
    key="rule|level_high|level_sensor:1",
    source="rule",
    rule="level_high",
    object_id=THING.id,
    severity=Severity.MAJOR,
    first_time=NOW - 60,
    last_time=NOW - 60,
)


class Shown:
    """A card over a read model that the test feeds."""

    def __init__(self, qtbot: QtBot) -> None:
        theme = Theme.load()
        self.session = Session(NOW)
        store = FeatureStore(tuple(CATALOGUE.kinds.values()))
        self.model = ReadModel(CATALOGUE, store, lambda: NOW, self.session)
        self.session.model = self.model  # type: ignore[assignment]  # a real one instead
        self.card = CardPanel(theme, lambda: NOW, CATALOGUE, "en")
        qtbot.addWidget(self.card)
        parts = SimpleNamespace(
            catalogue=CATALOGUE, lang="en", api=MagicMock(), operations=MagicMock(), theme=theme
        )
        window = SimpleNamespace(
            card=self.card, messages=MagicMock(), map=MagicMock(), show_card=lambda: None
        )
        self.controller = DetailController(parts, self.session, window, self.session)  # type: ignore[arg-type]  # stand-ins

    def news(self, *alarms: Alarm, gone: tuple[str, ...] = (), reset: bool = False) -> None:
        delta = Delta(reset=reset, offset=1)
        delta.entities = {THING.id: THING} if reset else {}
        delta.alarms = {a.key: a for a in alarms} | dict.fromkeys(gone)
        self.model.absorb(delta)
        self.model.changed.emit(delta)

    @property
    def acknowledged(self) -> list[bool]:
        """Of each alarm on the card, whether somebody has acknowledged it."""
        shown = self.card.findChild(StandingAlarms)
        assert shown is not None
        return [row.alarm.acknowledged for row in shown.rows]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    made = Shown(qtbot)
    made.news(reset=True)
    made.controller.show(THING.id)
    yield made
    made.model.close()
    made.session.deleteLater()


def test_an_alarm_of_the_shown_thing_comes_is_acknowledged_elsewhere_and_goes(
    shown: Shown,
) -> None:
    assert shown.acknowledged == []
    shown.news(ALARM)
    assert shown.acknowledged == [False]
    shown.news(replace(ALARM, acknowledged=True, ack_by="duty2", ack_time=NOW))
    assert shown.acknowledged == [True]
    shown.news(gone=(ALARM.key,))
    assert shown.acknowledged == []


def test_an_alarm_of_another_thing_does_not_draw_the_card_anew(shown: Shown) -> None:
    shown.news(ALARM)
    shown.card.set_alarms = MagicMock()  # type: ignore[method-assign]  # counted
    shown.news(replace(ALARM, key="rule|level_high|level_sensor:2", object_id="level_sensor:2"))
    assert not shown.card.set_alarms.called
