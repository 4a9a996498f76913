"""One rule for the looks of a case: map, queue and card show the same deadline light alike."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.projection import case_feature
from layers.model.features import FeatureStore
from layers.render.atlas import Atlas
from layers.render.marks import MarkBuilder
from layers.render.symbols import Symbols
from services.domain.clock import ManualClock
from services.domain.model import Case, Severity
from services.packs.model import Catalogue
from tests.widgets.seen import words
from widgets.card import CardPanel
from widgets.case_view import CaseDetail
from widgets.rows import case_row
from widgets.symbols import MarkView
from widgets.theme import Theme

NOW = 1_784_095_532.0
SEEN = {"green": "good", "yellow": "minor", "red": "critical"}


def case_with(light: str, severity: Severity) -> Case:
    left = {"green": 3_500.0, "yellow": 60.0, "red": -60.0}[light]
    return Case(
        id="6301020720260715-1",
        category="E05-06",
        title="道路积水",
        severity=severity,
        state="handling",
        lon=101.81,
        lat=36.6,
        reported_at=NOW - 3_600,
        deadline_at=NOW + left,
    )


def pixels(image: QImage, color: QColor) -> int:
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(image.pixelColor(x, y).rgb() == color.rgb() for x, y in places)


@pytest.mark.parametrize("light", ["green", "yellow", "red"])
@pytest.mark.parametrize("severity", [Severity.MINOR, Severity.MAJOR])
def test_the_light_alone_colours_card_and_map(
    qtbot: QtBot, theme: Theme, catalogue: Catalogue, light: str, severity: Severity
) -> None:
    case = case_with(light, severity)
    card = CardPanel(theme, ManualClock(NOW), catalogue, "en")
    qtbot.addWidget(card)
    card.show_case(CaseDetail(case_row(case, catalogue, "en")))
    title = card.findChild(MarkView)
    picture = title.grab().toImage()
    assert pixels(picture, theme.color(SEEN[light])) > 30

    store = FeatureStore(tuple(catalogue.kinds.values()))
    feature = case_feature(case, NOW)
    assert feature is not None
    store.upsert([feature])
    atlas = Atlas(side=256)
    drawn = atlas.rects[MarkBuilder(store, atlas, Symbols(theme)).mark_of(0)]
    token = "normal" if light == "green" else SEEN[light]  # on the map what is in order is grey
    assert pixels(atlas.image.copy(drawn), theme.color(token)) > 30


def test_the_title_turns_with_the_deadline(
    qtbot: QtBot, theme: Theme, catalogue: Catalogue
) -> None:
    clock = ManualClock(NOW)
    card = CardPanel(theme, clock, catalogue, "en")
    qtbot.addWidget(card)
    card.show()
    card.show_case(CaseDetail(case_row(case_with("yellow", Severity.MINOR), catalogue, "en")))
    clock.advance(120)
    card.tick()
    assert "red · over 0:01:00" in words(card)
    assert pixels(card.findChild(MarkView).grab().toImage(), theme.color("critical")) > 30
