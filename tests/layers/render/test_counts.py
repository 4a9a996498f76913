"""Counts are written from digits, centred, the same number always alike."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from layers.render.atlas import Atlas
from layers.render.counts import CountWriter
from layers.render.symbols import Symbols
from layers.render.theme import TokenTheme


@pytest.fixture
def atlas(qapp: QApplication) -> Atlas:
    return Atlas(side=512)


@pytest.fixture
def writer(atlas: Atlas) -> CountWriter:
    return CountWriter(atlas, Symbols(TokenTheme()))


def test_every_count_has_its_digits_and_its_comma(writer: CountWriter) -> None:
    written = writer.write(np.array([7, 1_234, 7, 50_000]))
    assert np.bincount(written.owner).tolist() == [1, 5, 1, 6]
    assert written.picture[0] == written.picture[written.owner == 2][0]
    digits = written.picture[written.owner == 1]
    assert len(set(digits.tolist())) == 5


def test_counts_stand_in_the_middle_and_digits_beside_each_other(writer: CountWriter) -> None:
    written = writer.write(np.array([8, 88, 888]))
    for owner in range(3):
        x = written.offset[written.owner == owner, 0]
        assert x.mean() == pytest.approx(0.0, abs=0.5)
        assert (np.diff(x) >= 5.0).all()
    assert not written.offset[:, 1].any()


def test_a_thousand_different_counts_need_a_dozen_pictures(
    writer: CountWriter, atlas: Atlas
) -> None:
    writer.write(np.arange(1, 10_000, 9))
    assert len(atlas.rects) <= 11


def test_a_new_atlas_is_written_anew(writer: CountWriter, atlas: Atlas) -> None:
    writer.write(np.array([3, 45]))
    atlas.reset()
    written = writer.write(np.array([9]))
    assert len(atlas.rects) == 1
    assert written.picture.tolist() == [0]


def test_nothing_is_nothing(writer: CountWriter) -> None:
    assert len(writer.write(np.zeros(0, np.int64)).picture) == 0
