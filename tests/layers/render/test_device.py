"""What was freed on a graphics device is known to be gone, and only that is freed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QRhi,
    QRhiBuffer,
    QRhiNullInitParams,
    QRhiSampler,
    QRhiTexture,
)
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from layers.model.heat import HeatPicture
from layers.render.device import DeviceParts
from layers.render.heat_pass import HeatPass
from tests.images.onscreen import Wrappers


@pytest.fixture
def rhi(qapp: QApplication) -> QRhi:
    """A device that draws nothing; Qt owns it."""
    return QRhi.create(QRhi.Implementation.Null, QRhiNullInitParams())


def buffer(rhi: QRhi, size: int = 4_096) -> QRhiBuffer:
    made = rhi.newBuffer(QRhiBuffer.Type.Dynamic, QRhiBuffer.UsageFlag.UniformBuffer, size)
    assert made.create()
    return made


@pytest.fixture
def wrappers() -> Wrappers:
    """All by which Python has come to know of something on a device since the test began."""
    return Wrappers()


def test_who_gets_the_address_of_a_freed_part_is_not_taken_for_it(
    rhi: QRhi, wrappers: Wrappers
) -> None:
    """Within the frame, while the address is still the buffer's and may be looked at."""
    parts = DeviceParts()
    part = parts.keep(buffer(rhi))
    (address,) = Shiboken.getCppPointer(part)
    assert Shiboken.wrapInstance(address, QRhiBuffer) is part
    parts.drop(part)
    next_one = Shiboken.wrapInstance(address, QRhiBuffer)
    assert next_one is not part
    del next_one
    assert wrappers() == []
    with pytest.raises(RuntimeError, match="already deleted"):
        part.size()


def test_only_the_part_that_is_dropped_goes(rhi: QRhi, wrappers: Wrappers) -> None:
    parts, others = DeviceParts(), DeviceParts()
    one, two, foreign = (owner.keep(buffer(rhi)) for owner in (parts, parts, others))
    parts.drop(one)
    assert not Shiboken.isValid(one)
    assert two.size() == foreign.size() == 4_096
    for part in (one, foreign):
        with pytest.raises(ValueError, match="not in list"):
            parts.drop(part)
    parts.drop_all()
    assert (len(parts), len(others)) == (0, 1)
    assert wrappers() == [foreign]
    others.drop_all()


def test_a_heat_picture_of_another_size_takes_the_place_of_the_one_before(
    rhi: QRhi, wrappers: Wrappers
) -> None:
    parts = DeviceParts()
    linear, edge = QRhiSampler.Filter.Linear, QRhiSampler.AddressMode.ClampToEdge
    sampler = parts.keep(rhi.newSampler(linear, linear, QRhiSampler.Filter.None_, edge, edge))
    heat = HeatPass(rhi, parts, parts.keep(buffer(rhi)), sampler)
    count = len(parts)
    for side in (8, 16, 16, 32):
        pixels = np.zeros((side, side, 4), np.uint8)
        batch = rhi.nextResourceUpdateBatch()
        heat.upload(rhi, batch, HeatPicture((0.0, 0.0, 1.0, 1.0), pixels, ()), (0.5, 0.5))
        batch.release()
        assert len(parts) == len(wrappers()) == count
    (texture,) = (w for w in wrappers() if isinstance(w, QRhiTexture))
    assert texture.pixelSize() == QSize(32, 32)
    parts.drop_all()
    assert wrappers() == []
