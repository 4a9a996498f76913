"""Networks kept in a data directory: what was kept comes back, what is damaged is refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.roads.network import RoadNetwork
from services.roads.packed import packed, unpacked, version_of
from services.roads.store import BUNDLED, KEPT, RoadStore
from tests.services.roads.test_search import towns
from tests.services.roads.town import RULES, grid, road, town


def same(one: RoadNetwork, other: RoadNetwork) -> bool:
    arrays = ("nodes", "start", "end", "length_m", "mps", "one_way", "name", "klass")
    return (
        all(np.array_equal(getattr(one, a), getattr(other, a)) for a in arrays)
        and one.names == other.names
        and one.plane == other.plane
        and bool(shapely.equals_exact(one.line, other.line).all())
    )


@settings(deadline=None, max_examples=30)
@given(towns())
def test_a_network_comes_back_as_it_was(network: RoadNetwork) -> None:
    found, info = unpacked(packed(network, "城东.shp", 7.0), RULES)
    assert same(found, network)
    assert (info.name, info.made_at, info.stretches) == ("城东.shp", 7.0, len(network))


def test_levels_are_kept_and_a_block_of_before_lies_on_the_ground() -> None:
    street = road((-50, 0), (50, 0))
    made = packed(town(street, road((0, -50), (0, 50), level=1)), "a", 0.0)
    assert sorted(unpacked(made, RULES)[0].level.tolist()) == [0, 1]
    raw = msgspec.msgpack.decode(made)
    del raw["level"]
    assert unpacked(msgspec.msgpack.encode(raw), RULES)[0].level.tolist() == [0, 0]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_block_is_refused_or_is_another_network_never_half_of_one(
    data: st.DataObject,
) -> None:
    block = bytearray(packed(grid(2, 3), "a", 0.0))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(block) - 1))
        block[at] = data.draw(st.integers(0, 255))
    del block[data.draw(st.integers(1, len(block))) :]
    try:
        found, _ = unpacked(bytes(block), RULES)
    except KnownError:
        return
    found.warm_up()
    assert len(found.feet([(101.8, 36.6)])) <= 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", np.array([99] * 7, "<i8").tobytes()),
        ("mps", np.zeros(7).tobytes()),
        ("length_m", np.full(7, np.nan).tobytes()),
        ("points", np.array([1] * 7, "<i8").tobytes()),
        ("klass", np.array([99] * 7, "<i8").tobytes()),
        ("one_way", b"\x05" * 7),
        ("nodes", b"123"),
        ("lon", 1e9),
        ("format", 2),
    ],
)
def test_columns_that_do_not_fit_are_refused(field: str, value: object) -> None:
    raw = msgspec.msgpack.decode(packed(grid(2, 3), "a", 0.0))
    assert field in raw
    with pytest.raises(KnownError) as refused:
        unpacked(msgspec.msgpack.encode(raw | {field: value}), RULES)
    assert refused.value.code == "bad_roads"


def test_a_new_directory_uses_the_bundled_roads(tmp_path: Path) -> None:
    network, info = RoadStore(tmp_path).load()
    assert (info.version, info.stretches) == (BUNDLED, len(network))
    assert list(tmp_path.iterdir()) == []


def test_versions_are_kept_used_and_let_go(tmp_path: Path) -> None:
    store = RoadStore(tmp_path)
    made = [store.add(grid(2, n), f"{n}", float(n)) for n in range(2, 2 + KEPT + 2)]
    assert store.version == made[-1]
    assert set(store.versions()) == {*made[-KEPT:], BUNDLED}
    assert store.load()[1].name == str(1 + len(made))
    store.use(made[-2], 0.0)
    assert store.load()[1].version == made[-2]
    store.use(BUNDLED, 0.0)
    assert store.load()[1].version == BUNDLED
    for gone in (made[0], "0" * 16):
        with pytest.raises(KnownError) as unknown:
            store.use(gone, 0.0)
        assert unknown.value.code == "unknown_roads"
    with pytest.raises(KnownError):
        store.use("../../etc/passwd", 0.0)


def test_a_changed_file_is_found_before_it_is_used(tmp_path: Path) -> None:
    store = RoadStore(tmp_path)
    version = store.add(town(road((0, 0), (400, 0))), "a", 0.0)
    path = tmp_path / "roads" / f"{version}.roads"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(KnownError) as damaged:
        store.load()
    assert damaged.value.code == "bad_roads"
    path.unlink()
    with pytest.raises(KnownError):
        store.load()


def test_what_is_no_network_is_not_kept(tmp_path: Path) -> None:
    store = RoadStore(tmp_path)
    with pytest.raises(KnownError):
        store.keep(b"nonsense", 0.0)
    assert store.version == BUNDLED


def test_of_networks_that_hubs_named_the_oldest_go(tmp_path: Path) -> None:
    console = RoadStore(tmp_path)
    own = console.add(grid(2, 2), "own", 0.0)
    fetched = []
    for n in range(3, 3 + KEPT + 2):
        block = packed(grid(2, n), f"{n}", float(n))
        version = version_of(block)
        console.take_in(version, lambda _version, target, block=block: target.write_bytes(block))
        assert console.has(version), "also where the clock of the disk stands still"
        fetched.append(version)
    assert own in console.versions(), "what this machine uses stays"
    assert len(console.versions()) <= KEPT + 2
    assert fetched[0] not in console.versions()
