"""The keeper of what things look like: at once or in a thread, the same answers in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.model.layer_set import Categorised, Category, Layer, LayerSet, Look
from layers.model.painter import Painter
from layers.model.painting import Painted
from layers.render import paint_keeper
from layers.render.paint_keeper import PaintKeeper


def feature(n: int, level: float) -> Feature:
    return Feature(f"f{n}", "camera", "", 101.8, 36.6, attrs={"level": level, "side": "ab"[n % 2]})


def filtered(text: str, opacity: float = 1.0) -> LayerSet:
    return LayerSet(items=(Layer(id="l", kinds=("camera",), filter=text, opacity=opacity),))


def shown(painted: Painted | None) -> list[bool] | None:
    return None if painted is None or painted.shown is None else painted.shown.tolist()


@pytest.fixture(params=["at once", "in a thread"])
def keeper(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PaintKeeper]:
    monkeypatch.setattr(paint_keeper, "INLINE_ROWS", 100 if request.param == "at once" else 0)
    monkeypatch.setattr(paint_keeper, "TOLD_EVERY_S", 0.0)
    store = FeatureStore()
    store.upsert(feature(n, n) for n in range(6))
    made = PaintKeeper(store)
    yield made
    made.close()


def test_what_passes_a_filter_is_found_and_follows_changes(
    keeper: PaintKeeper, qtbot: QtBot
) -> None:
    keeper.refresh(filtered("level > 3"), 12)
    qtbot.waitUntil(lambda: shown(keeper.painted) == [False] * 4 + [True] * 2)
    first = keeper.painted
    keeper.refresh(filtered("level > 3"), 12)
    assert keeper.painted is first
    assert not keeper.is_busy
    keeper._store.upsert([feature(0, 9.0)])
    keeper.refresh(filtered("level > 3"), 12)
    qtbot.waitUntil(lambda: shown(keeper.painted) == [True] + [False] * 3 + [True] * 2)


def test_of_layers_asked_for_in_turn_the_last_stay(keeper: PaintKeeper, qtbot: QtBot) -> None:
    for text in ("level > 0", "level > 1", "level > 2", "level > 4"):
        keeper.refresh(filtered(text), 12)
    qtbot.waitUntil(lambda: not keeper.is_busy)
    assert shown(keeper.painted) == [False] * 5 + [True]
    keeper.refresh(filtered("level > 1"), 12)
    keeper.refresh(filtered(""), 12)  # all of them, and nothing to be worked out
    assert shown(keeper.painted) is None
    qtbot.waitUntil(lambda: not keeper.is_busy)
    assert shown(keeper.painted) is None


def test_a_store_that_is_emptied_meanwhile_is_not_painted_by_rows_of_before(
    keeper: PaintKeeper, qtbot: QtBot
) -> None:
    keeper.refresh(filtered("level > 3"), 12)
    keeper._store.clear()
    keeper._store.upsert([feature(7, 1.0)])
    keeper.refresh(filtered("level > 3"), 12)
    qtbot.waitUntil(lambda: not keeper.is_busy)
    assert shown(keeper.painted) == [False]


def test_numbers_of_the_tree_are_answered_and_the_newest_question_of_a_name_counts(
    keeper: PaintKeeper, qtbot: QtBot
) -> None:
    style = Categorised(field="side", classes=(Category(value="a", look=Look()),))
    layers = LayerSet(items=(Layer(id="l", kinds=("camera",), filter="level > 0", style=style),))
    told: list[tuple[int, ...]] = []

    def take(numbers: object) -> None:
        tally = numbers.tallies["l"]  # type: ignore[attr-defined]  # Numbers
        told.append((tally.passed, tally.total, *tally.classes, tally.other))

    keeper.ask("numbers", lambda painter: painter.numbers(layers), take, layers)
    qtbot.waitUntil(lambda: told == [(5, 6, 2, 3)])
    busy: list[float] = []
    keeper.working.connect(busy.append)
    for least in range(4):
        text = filtered(f"level > {least}")

        def count(painter: Painter, of: LayerSet = text) -> int:
            return painter.tally(of.layers()[0]).passed

        keeper.ask("count", count, lambda passed: told.append((passed,)), text)
    qtbot.waitUntil(lambda: told[-1] == (2,) and not keeper.is_busy)


def test_a_level_at_which_all_layers_draw_as_before_asks_for_nothing(
    keeper: PaintKeeper, qtbot: QtBot
) -> None:
    keeper.refresh(filtered("level > 3", opacity=0.5), 12)
    qtbot.waitUntil(lambda: keeper.painted is not None)
    painted = keeper.painted
    keeper.refresh(filtered("level > 3", opacity=0.5), 15)
    assert keeper.painted is painted
    assert not keeper.is_busy


def test_how_far_a_long_evaluation_is_is_told_until_it_is_done(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paint_keeper, "INLINE_ROWS", 0)
    monkeypatch.setattr(paint_keeper, "TOLD_EVERY_S", 0.0)
    store = FeatureStore()
    store.upsert(feature(n, n) for n in range(20_000))
    keeper = PaintKeeper(store)
    told: list[float] = []
    keeper.working.connect(told.append)
    try:
        keeper.refresh(filtered("level > 3"), 12)
        assert keeper.painted is None  # nobody waits
        qtbot.waitUntil(lambda: bool(told) and told[-1] == 1.0)
        assert len(told) > 2
        assert told == sorted(told)
    finally:
        keeper.close()


def test_a_window_that_closes_does_not_wait_for_its_layers(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paint_keeper, "INLINE_ROWS", 0)
    monkeypatch.setattr(paint_keeper, "REST_S", 0.05)
    store = FeatureStore()
    store.upsert(feature(n, n) for n in range(40_000))
    keeper = PaintKeeper(store)
    told: list[int] = []
    keeper.ready.connect(lambda: told.append(1))
    keeper.refresh(filtered("level > 3"), 12)
    keeper.close()
    qtbot.wait(50)
    assert not told
