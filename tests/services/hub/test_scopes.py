"""What leaves the hub: nothing personal to anybody, nothing from outside an account's areas."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.access.roles import GRANTS
from services.feed.frames import Position, Result, Snapshot, Subscribe
from services.hub.commands import COMMANDS
from services.packs.loader import default_directory, load
from tests.services.hub.consoles import Console, console, http_client, served, tokens
from tests.services.hub.test_feed import Item, ingest

CATALOGUE = load(default_directory())
WEST, EAST = "63010200100100", "63010200200100"
"""Grids of two townships, side by side."""


def write_tokens(data: Path, **accounts: dict[str, Any]) -> dict[str, str]:
    """One account of its own for each name; its token."""
    tokens = {user: f"token-of-{user}-0123456789" for user in accounts}
    lines = []
    for user, fields in accounts.items():
        lines += [f"[accounts.{user}]", f'name = "{user}"', f'token = "{tokens[user]}"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    (data / "tokens.toml").write_text("\n".join(lines))
    return tokens


def of_every_role() -> dict[str, dict[str, Any]]:
    """An account of each role, with a department where it needs one."""
    accounts: dict[str, dict[str, Any]] = {role: {"roles": [role]} for role in GRANTS}
    accounts["department"]["departments"] = ["区水务局"]
    return accounts


def grid(id_: str, west: float, east: float, **attrs: Any) -> Item:
    ring = [[west, 36.5], [east, 36.5], [east, 36.7], [west, 36.7], [west, 36.5]]
    return {
        "type": "entity", "id": id_, "kind": "responsibility_grid", "name": f"grid {id_}",
        "lon": (west + east) / 2, "lat": 36.6, "geometry": [ring], "attrs": attrs,
    }  # fmt: skip


def team(number: int, lon: float, **attrs: Any) -> Item:
    return {
        "type": "entity", "id": f"team:{number}", "kind": "team", "name": f"team {number}",
        "lon": lon, "lat": 36.6, "attrs": {"speciality": "drainage", **attrs}, "state": "idle",
    }  # fmt: skip


def sensor(number: int, lon: float) -> Item:
    return {
        "type": "entity", "id": f"level:{number}", "kind": "level_sensor",
        "name": f"level {number}", "lon": lon, "lat": 36.6,
    }  # fmt: skip


def moved(number: int, lon: float) -> Item:
    return {"type": "position", "id": f"team:{number}", "lon": lon, "lat": 36.6}


def level(number: int, value: float) -> Item:
    return {"type": "reading", "id": f"level:{number}", "values": {"level": value}}


def case(number: int, lon: float, department: str, **attrs: Any) -> Item:
    return {
        "type": "case", "id": f"63010220260700000{number:02d}", "category": "E01-10",
        "title": f"case {number}", "lon": lon, "lat": 36.6, "department": department,
        "attrs": attrs,
    }  # fmt: skip


async def everything(url: str, token: str, codec: str, top: int) -> bytes:
    """All bytes that one account can get: the feed live and past, and every thing over HTTP."""
    raw = bytearray()
    async with console(url, token, codec=codec) as seat:
        await seat.reach(top)
        raw += seat.raw
    async with console(url, token, codec=codec, subscribe=False) as seat:
        state = await seat.replay("open")
        await seat.replay("seek", at=state.end)
        await seat.replay("seek", at=state.start)
        for _ in range(3):
            await seat.replay("step", steps=100)
        raw += seat.raw
    async with http_client(url, token) as http:
        for id_ in ("team:1", "team:2", WEST, EAST, "level:1"):
            raw += (await http.get(f"/api/v1/entities/{id_}")).content
    return bytes(raw)


PERSONAL = [
    (kind.id, attribute.name)
    for kind in CATALOGUE.kinds.values()
    for attribute in kind.attribute
    if attribute.data_class == "personal" and attribute.type == "text"
]
NAMES = st.text("王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗", min_size=6, max_size=12)
PHONES = st.integers(13_000_000_000, 19_999_999_999).map(str)


COUNT = len(PERSONAL) + 2


@settings(max_examples=4, phases=[Phase.generate], deadline=None)
@given(values=st.lists(NAMES | PHONES, min_size=COUNT, max_size=COUNT, unique=True))
def test_no_personal_value_of_the_world_is_in_any_byte_that_anybody_gets(
    tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    data = tmp_path_factory.mktemp("hub")
    tokens = write_tokens(data, **of_every_role())
    items = [grid(WEST, 101.6, 101.7), team(1, 101.65), team(2, 101.75), sensor(1, 101.65)]
    for number, ((kind, name), value) in enumerate(zip(PERSONAL, values, strict=False)):
        item = grid(f"{kind}:p{number}", 101.6, 101.7, **{name: value})
        item |= {"kind": kind, "name": f"n{number}"}
        if CATALOGUE.kinds[kind].geometry == "point":
            del item["geometry"]
        if kind == "team":
            item["attrs"]["speciality"] = "gas"
        items.append(item)
    items.append(case(1, 101.65, "x", phone=values[-1], caller=values[-2]))

    async def story() -> None:
        async with served(data) as (hub, url):
            answer = await ingest(url, tokens["ingest"], items)
            assert answer["rejected"] == 0, answer
            live: list[tuple[str, Console]] = []
            async with contextlib.AsyncExitStack() as stack:
                for role, codec in itertools.product(GRANTS, ("json", "msgpack")):
                    seat = await stack.enter_async_context(console(url, tokens[role], codec=codec))
                    live.append((role, seat))
                again = [{**i, "name": i.get("name", "") + " new"} for i in items[4:-1]]
                await ingest(url, tokens["ingest"], [*again, level(1, 3.0)])
                top = hub.sequencer.offset
                for role, seat in live:
                    await seat.reach(top)
                    _check(bytes(seat.raw), values, role)
                    if not role.endswith("_admin") and role not in ("field", "ingest"):
                        assert len(seat.world.entities) == len(items) - 1, role
            for role in GRANTS:
                got = await everything(url, tokens[role], "json", top)
                _check(got, values, role)

    asyncio.run(story())


def _check(raw: bytes, values: list[str], role: str) -> None:
    for value in values:
        assert value.encode() not in raw, (role, value)
        assert json.dumps(value)[1:-1].encode() not in raw, (role, value)


AREA_ITEMS = [
    grid(WEST, 101.6, 101.7, phone="13800000001"),
    grid(EAST, 101.7, 101.8, phone="13800000002"),
    team(1, 101.65),
    team(2, 101.75),
    sensor(1, 101.65),
    sensor(2, 101.75),
    case(1, 101.65, "区水务局"),
    case(2, 101.75, "区水务局"),
    case(3, 101.65, "区城管局"),
]


def test_a_source_writes_and_reads_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            answer = await ingest(url, who["source"], [*AREA_ITEMS, level(1, 3.0)])
            assert answer["accepted"] == len(AREA_ITEMS) + 1
            async with console(url, who["source"]) as source:
                await ingest(url, who["source"], [level(1, 3.5)])
                await source.reach(hub.sequencer.offset)
                world = source.world
                assert (world.entities, world.alarms, world.cases) == ({}, {}, {})
                assert b"level:1" not in source.raw
            async with http_client(url, who["source"]) as http:
                assert (await http.get("/api/v1/entities/level:1")).status_code == 404
                told = (await http.get("/api/v1/summary")).json()
                assert (told["counts"], told["alarms"], told["cases"]) == ({}, 0, 0)
                span = "start=0&end=1&bucket_s=1"
                assert (await http.get(f"/api/v1/cases?{span}")).status_code == 403
            # the district is seen with a token of its own, which sends nothing and stays at home
            async with console(url, who["simulator"]) as simulator:
                assert len(simulator.world.entities) == 6
            async with http_client(url, who["simulator"]) as http:
                assert (await http.post("/api/v1/ingest", json=[])).status_code == 403
            for user, status in (("source", 200), ("simulator", 401)):
                away = httpx.ASGITransport(hub.app, client=("10.0.0.9", 50_000))
                headers = {"Authorization": f"Bearer {who[user]}"}
                async with httpx.AsyncClient(
                    transport=away, base_url=url, headers=headers, trust_env=False
                ) as http:
                    assert (await http.get("/api/v1/summary")).status_code == status, user

    asyncio.run(story())


def test_a_sub_centre_sees_and_orders_only_in_its_area(tmp_path: Path) -> None:
    tokens = write_tokens(
        tmp_path,
        source={"roles": ["ingest"]},
        duty={"roles": ["duty_officer"]},
        west={"roles": ["subcentre"], "areas": [WEST[:9]]},
        water={"roles": ["department"], "departments": ["区水务局"]},
        forgotten={"roles": ["department"]},
    )

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            await ingest(url, tokens["source"], AREA_ITEMS)
            async with console(url, tokens["forgotten"]) as seat:  # of no department yet
                assert (seat.world.entities, seat.world.cases) == ({}, {})
                case_id = "6301022026070000001"
                for order in (
                    ("case.take", {"case": case_id, "handler": "a"}),
                    ("dispatch.send", {"case": case_id, "tasks": [{"entity": "team:1"}]}),
                    ("operator.note", {"name": "seen", "subject": case_id}),
                    ("operator.note", {"name": "seen"}),
                ):
                    result = await seat.order(f"no {order}", order[0], **order[1])
                    assert result.error is not None, order
                    assert result.error.code == "not_allowed", order
            async with console(url, tokens["west"]) as west, console(url, tokens["water"]) as water:
                assert west.world.entities.keys() == {WEST, "team:1", "level:1"}
                assert {c.title for c in west.world.cases.values()} == {"case 1", "case 3"}
                assert {c.title for c in water.world.cases.values()} == {"case 1", "case 2"}
                assert len(water.world.entities) == 6

                # both sensors go over their limits; a team leaves, the other comes in
                await ingest(url, tokens["source"], [level(1, 3.0), level(2, 3.0)])
                await ingest(url, tokens["source"], [moved(1, 101.75), moved(2, 101.66)])
                await west.reach(hub.sequencer.offset)
                assert west.world.entities.keys() == {WEST, "team:2", "level:1"}
                assert west.world.entities["team:2"].attrs["speciality"] == "drainage"
                assert [a.object_id for a in west.world.alarms.values()] == ["level:1"]
                assert b"level:2" not in west.raw

                # what it may not see it cannot order about either
                keys = map(str, itertools.count())
                world = await hub.sequencer.read(lambda w: w)
                inside, outside = (
                    next(a.key for a in world.alarms.values() if a.object_id == f"level:{n}")
                    for n in (1, 2)
                )
                here = "6301022026070000001"
                for refused in (
                    ("alarm.acknowledge", {"alarm": outside}),
                    ("alarm.to_case", {"alarm": outside}),
                    ("case.create", {"category": "E01-10", "lon": 101.75, "lat": 36.6}),
                    ("dispatch.send", {"case": "6301022026070000002", "tasks": []}),
                    ("operator.note", {"name": "seen", "subject": "6301022026070000002"}),
                    ("operator.note", {"name": "seen", "subject": "level:2"}),
                    ("operator.note", {"name": "seen", "subject": outside}),
                    ("dispatch.send", {"case": here, "tasks": [{"entity": "team:1"}]}),
                ):
                    result = await west.order(next(keys), refused[0], **refused[1])
                    assert result.error is not None, refused
                    assert result.error.code == "not_allowed", refused
                for allowed in (
                    ("alarm.acknowledge", {"alarm": inside}),
                    ("operator.note", {"name": "seen", "subject": "level:1"}),
                    ("case.create", {"category": "E01-10", "lon": 101.65, "lat": 36.6}),
                    ("case.register", {"case": here}),
                    ("dispatch.send", {"case": here, "tasks": [{"entity": "team:2"}]}),
                ):
                    result = await west.order(next(keys), allowed[0], **allowed[1])
                    assert result.error is None, (allowed, result)

            async with http_client(url, tokens["west"]) as http:
                assert (await http.get("/api/v1/entities/level:1")).status_code == 200
                span = "name=level&start=0&end=9999999999"
                for path in ("entities/level:2", f"readings?id=level:2&{span}", "media/level:2"):
                    assert (await http.get(f"/api/v1/{path}")).status_code == 404, path
                summary = (await http.get("/api/v1/summary")).json()
                assert summary["counts"]["level_sensor"]["total"] == 1
                assert (summary["alarms"], summary["cases"]) == (1, 3)
                counts = (
                    await http.get("/api/v1/alarm-counts?start=0&end=9999999999&bucket_s=1e10")
                ).json()
                assert sum(counts["buckets"][0][1:]) == 1
                body = {"key": "h1", "name": "alarm.acknowledge", "args": {"alarm": outside}}
                answer = await http.post("/api/v1/commands", json=body)
                assert answer.status_code == 403
            raw = await everything(url, tokens["west"], "json", hub.sequencer.offset)
            assert b"level:2" not in raw
            assert b"level:1" in raw

    asyncio.run(story())


def test_a_dispatch_belongs_to_who_has_its_case_whoever_sees_its_teams(tmp_path: Path) -> None:
    tokens = write_tokens(
        tmp_path,
        source={"roles": ["ingest"]},
        duty={"roles": ["duty_officer"]},
        water={"roles": ["department"], "departments": ["区水务局"]},
        city={"roles": ["department"], "departments": ["区城管局"]},
    )

    async def story() -> None:
        async with served(tmp_path) as (_, url):
            await ingest(url, tokens["source"], AREA_ITEMS)
            async with (
                console(url, tokens["duty"]) as duty,
                console(url, tokens["water"]) as water,
                console(url, tokens["city"]) as city,
            ):
                of_city = "6301022026070000003"
                await duty.order("k1", "case.register", case=of_city)
                sent = await duty.order(
                    "k2", "dispatch.send", case=of_city, tasks=[{"entity": "team:1"}]
                )
                assert isinstance(sent.value, dict), sent
                dispatch = sent.value["dispatch"]
                for key, name, more in (
                    ("w1", "dispatch.recall", {}),
                    ("w2", "dispatch.recall", {"task": f"{dispatch}/1"}),
                    ("w3", "dispatch.skip", {"task": f"{dispatch}/1"}),
                    ("w4", "dispatch.confirm", {"task": f"{dispatch}/1"}),
                ):
                    refused = await water.order(key, name, dispatch=dispatch, **more)
                    assert refused.error is not None, name
                    assert refused.error.code == "not_allowed", name
                recalled = await city.order("c1", "dispatch.recall", dispatch=dispatch)
                assert recalled.error is None, recalled

    asyncio.run(story())


def test_resume_of_a_limited_seat_misses_nothing(tmp_path: Path) -> None:
    tokens = write_tokens(
        tmp_path,
        source={"roles": ["ingest"]},
        west={"roles": ["subcentre"], "areas": [WEST]},
    )

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            await ingest(url, tokens["source"], AREA_ITEMS)
            async with console(url, tokens["west"]) as seat:
                where = Position(seat.world.epoch, seat.world.offset)
                world = seat.world
            await ingest(url, tokens["source"], [moved(2, 101.66), level(1, 1.0), level(2, 1.0)])
            async with console(url, tokens["west"], resume=where, subscribe=False) as seat:
                seat.world = world
                assert seat.welcome is not None
                assert seat.welcome.recovered
                await seat.send(Subscribe(id=1))
                await seat.reach(hub.sequencer.offset)
                assert seat.world.entities.keys() == {WEST, "team:1", "team:2", "level:1"}
                assert seat.world.entities["level:1"].values == {"level": 1.0}
        # a hub that has started anew does not know what this seat saw: it gets a snapshot
        async with (
            served(tmp_path) as (hub, url),
            console(url, tokens["west"], resume=where) as seat,
        ):
            assert seat.welcome is not None
            assert (seat.welcome.recovered, seat.welcome.reason) == (False, "too_old")
            assert seat.world.entities.keys() == {WEST, "team:1", "team:2", "level:1"}

    asyncio.run(story())


def test_areas_that_are_loaded_while_a_seat_looks_open_up_to_it(tmp_path: Path) -> None:
    tokens = write_tokens(
        tmp_path,
        source={"roles": ["ingest"]},
        west={"roles": ["subcentre"], "areas": [WEST]},
    )

    async def story() -> None:
        async with served(tmp_path) as (_, url):
            await ingest(url, tokens["source"], AREA_ITEMS[2:])
            async with console(url, tokens["west"]) as seat:
                assert not seat.world.entities
                await ingest(url, tokens["source"], AREA_ITEMS[:2])
                await seat.until(Snapshot)
                assert seat.world.entities.keys() == {WEST, "team:1", "level:1"}

    asyncio.run(story())


def test_every_role_tries_every_command(tmp_path: Path) -> None:
    tokens = write_tokens(tmp_path, **of_every_role())

    async def story() -> None:
        async with served(tmp_path) as (_, url):
            for role in GRANTS:
                async with console(url, tokens[role], subscribe=False) as seat:
                    for number, name in enumerate(COMMANDS):
                        result: Result = await seat.order(f"{role}{number}", name, nonsense=1)
                        assert result.error is not None, "an argument that is not known"
                        refused = result.error.code == "not_allowed"
                        assert refused == (name not in GRANTS[role]), (role, name)

    asyncio.run(story())
