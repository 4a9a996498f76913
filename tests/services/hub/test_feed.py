"""The feed over a real socket: snapshot, events, resume, commands, refusals."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.domain.world import World
from services.feed.frames import (
    Bye,
    Events,
    Notice,
    Position,
    Replay,
    ReplayState,
    Result,
    Snapshot,
    Subscribe,
)
from services.hub.limits import Limits
from services.hub.server import Hub
from tests.services.hub.consoles import Console, console, http_client, past, served, tokens

Item = dict[str, Any]


def thing(id_: str, kind: str, **more: Any) -> Item:
    """A thing at the crossroads."""
    place = {"lon": 101.77, "lat": 36.63}
    return {"type": "entity", "id": id_, "kind": kind, "name": f"甲 {id_}", **place, **more}


CITY: list[Item] = [
    thing("level:1", "level_sensor"),
    thing("level:2", "level_sensor"),
    thing("camera:1", "camera", attrs={"category": "street"}),
    thing("warehouse:1", "warehouse"),
    thing("team:1", "team", attrs={"speciality": "drainage"}, state="idle"),
    thing("team:2", "team", attrs={"speciality": "drainage"}, state="idle"),
    {"type": "stock", "warehouse_id": "warehouse:1", "item": "pump", "on_hand": 1},
]


def reading(level: float, number: int = 1) -> Item:
    return {"type": "reading", "id": f"level:{number}", "values": {"level": level}}


async def ingest(url: str, token: str, items: list[Item]) -> dict[str, Any]:
    async with http_client(url, token) as http:
        response = await http.post("/api/v1/ingest", json=items)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


async def fold_of(hub: Hub) -> World:
    """The hub's state, copied."""

    def copy(world: World) -> World:
        return World.restore(world.epoch, world.offset, world.time, list(world.parts()))

    return await hub.sequencer.read(copy)


@pytest.mark.parametrize("codec", ["json", "msgpack"])
def test_snapshot_then_everything_new_in_both_codecs(tmp_path: Path, codec: str) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"], codec=codec) as desk:
                assert desk.world.entities["level:1"].name == "甲 level:1"
                for step in range(30):
                    await ingest(url, who["source"], [reading(step / 10), reading(step / 20, 2)])
                await ingest(url, who["source"], [{"type": "delete", "id": "level:2"}])
                await desk.reach(hub.broker.top)
                assert "level:2" not in desk.world.entities
                assert desk.world.digest() == (await fold_of(hub)).digest()

    asyncio.run(story())


def test_resume_sends_what_is_missing_or_says_why_not(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(ring_events=5, frame_events=3, resume_events=20)
        async with served(tmp_path, limits=limits) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"]) as desk:
                held = desk.world
            epoch = held.epoch
            await ingest(url, who["source"], [reading(i / 10) for i in range(9)])

            async def again(position: Position) -> Console:
                async with console(url, who["duty1"], resume=position) as desk:
                    if desk.welcome is not None and desk.welcome.recovered:
                        desk.world = World.restore(
                            epoch, held.offset, held.time, list(held.parts())
                        )
                    await desk.reach(hub.broker.top)
                    return desk

            # further back than the ring: from the log, then from the ring, without a snapshot
            desk = await again(Position(epoch, held.offset))
            assert desk.welcome is not None
            assert desk.welcome.recovered
            assert (desk.welcome.user, desk.welcome.name) == ("duty1", "值班员甲")
            assert not any(isinstance(f, Snapshot) for f in desk.frames)
            assert desk.world.digest() == (await fold_of(hub)).digest()

            for position, reason in (
                (Position("other", 3), "epoch"),
                (Position(epoch, hub.broker.top + 1), "epoch"),
                (Position(epoch, -1), "epoch"),
            ):
                desk = await again(position)
                assert desk.welcome is not None
                assert (desk.welcome.recovered, desk.welcome.reason) == (False, reason)
                assert desk.world.digest() == (await fold_of(hub)).digest()
            await ingest(url, who["source"], [reading(i / 10) for i in range(20)])
            desk = await again(Position(epoch, 1))
            assert desk.welcome is not None
            assert (desk.welcome.recovered, desk.welcome.reason) == (False, "too_many")

    asyncio.run(story())


def test_resume_at_every_position_leaves_no_gap(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path, limits=Limits(ring_events=9, frame_events=2)) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], [*CITY, *(reading(i / 10) for i in range(12))])
            log = hub.sequencer
            wanted = (await fold_of(hub)).digest()
            for offset in range(log.offset + 1):
                start = await asyncio.to_thread(past, tmp_path, offset)
                async with console(
                    url, who["duty2"], resume=Position(hub.broker.epoch, offset)
                ) as desk:
                    desk.world = start
                    await desk.reach(log.offset)  # the console asserts that ranges follow on
                    assert desk.world.digest() == wanted

    asyncio.run(story())


def test_nothing_flows_before_a_subscription_and_kinds_are_kept_to(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"], subscribe=False) as desk:
                answer = await desk.order("k", "operator.note", name="looked")
                assert answer.error is None
                assert not any(isinstance(f, Snapshot | Events) for f in desk.frames)
                await desk.send(Subscribe(id=1, kinds=("camera",)))
                await desk.until(Snapshot)
                assert set(desk.world.entities) == {"camera:1"}
                camera = {"type": "status", "id": "camera:1", "link": "offline"}
                await ingest(url, who["source"], [reading(0.2), camera])
                await desk.reach(hub.broker.top)
                assert set(desk.world.entities) == {"camera:1"}
                sent = [e for f in desk.frames if isinstance(f, Events) for e in f.state]
                assert {e.body.id for e in sent} == {"camera:1"}  # type: ignore[union-attr]  # all Observed
                await desk.send(Subscribe(id=2))  # wider: starts anew
                await desk.until(Snapshot)
                assert set(desk.world.entities) == set((await fold_of(hub)).entities)

    asyncio.run(story())


def test_two_officers_never_get_the_same_pump(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"]) as one, console(url, who["duty2"]) as two:
                cases = []
                for number, desk in enumerate((one, two)):
                    made = await desk.order(
                        f"case{number}", "case.create", category="E05-06", lon=101.77, lat=36.63
                    )
                    assert made.error is None
                    cases.append(made.value["case"])
                pump = {"warehouse": "warehouse:1", "item": "pump", "quantity": 1}
                results: list[Result] = await asyncio.gather(
                    *(
                        desk.order(
                            f"send{n}",
                            "dispatch.send",
                            case=cases[n],
                            tasks=[{"entity": f"team:{n + 1}"}],
                            stock=[pump],
                        )
                        for n, desk in enumerate((one, two))
                    )
                )
                refused = [r.error.code for r in results if r.error is not None]
                assert refused == ["stock_short"]
                for desk in (one, two):
                    await desk.reach(hub.broker.top)
                    assert len(desk.world.dispatches) == 1
                    line = desk.world.stock["warehouse:1/pump"]
                    assert (line.on_hand, line.reserved) == (1, 1)

    asyncio.run(story())


def test_the_same_key_a_hundred_times_has_one_effect(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            args = {"category": "E05-06", "lon": 101.77, "lat": 36.63}
            order = {"key": "k", "name": "case.create", "args": args}
            async with http_client(url, who["duty1"]) as http:
                answers = await asyncio.gather(
                    *(http.post("/api/v1/commands", json=order) for _ in range(100))
                )
                bodies = {a.text for a in answers}
                assert len(bodies) == 1
                assert "case" in msgspec.json.decode(bodies.pop())["value"]
                other = await http.post(
                    "/api/v1/commands", json={**order, "args": {**args, "title": "x"}}
                )
                assert other.json()["error"]["code"] == "key_reused"
            assert len((await fold_of(hub)).cases) == 1

    asyncio.run(story())


def test_a_replay_gets_nothing_live_and_orders_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            await ingest(url, who["source"], [reading(i / 10) for i in range(5)])
            async with console(url, who["trainer"], subscribe=False) as screen:
                await screen.replay("open")
                top = hub.broker.top
                live = await ingest(url, who["source"], [reading(0.9)])
                assert live["accepted"] == 1
                refused = await screen.order("k", "operator.note", name="x")
                assert refused.error is not None
                assert refused.error.code == "replay_readonly"
                assert hub.sequencer.offset > top  # the live reading, and no note
                for offset in (top, 3, top - 1):
                    state = await screen.replay("seek", offset=offset)
                    assert state.offset == screen.world.offset == offset
                    wanted = await asyncio.to_thread(past, tmp_path, offset)
                    assert screen.world.digest() == wanted.digest()
                assert not any(e.exercise is False for e in _events(screen))
                await screen.replay("seek", offset=1)
                await screen.replay("speed", speed=60.0)
                await screen.replay("play")
                await screen.until(ReplayState, lambda s: not s.playing)
                assert screen.world.offset <= top
                await screen.send(Replay(action="play"))
                said = await screen.until(Notice)
                assert said.code == "at_end"
                await screen.send(Replay(action="close"))
                assert (await screen.until(Bye)).code == "replay_closed"

    asyncio.run(story())


def test_a_replay_opens_another_span_and_keeps_its_own_where_there_is_none(tmp_path: Path) -> None:
    async def story() -> None:
        async with served(tmp_path) as (_hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            await ingest(url, who["source"], [reading(i / 10) for i in range(5)])
            async with console(url, who["trainer"], subscribe=False) as screen:
                whole = await screen.replay("open")
                await screen.replay("seek", at=whole.end)
                middle = (whole.start + whole.end) / 2
                part = await screen.replay("open", start=middle, end=whole.end)
                assert (part.start, part.end, part.at) == (middle, whole.end, middle)
                assert part.density
                assert screen.world.offset == part.offset
                wanted = await asyncio.to_thread(past, tmp_path, part.offset)
                assert screen.world.digest() == wanted.digest()
                await screen.send(Replay(action="open", start=whole.end + 9, end=whole.end + 99))
                assert (await screen.until(Notice)).code == "bad_span"
                still = await screen.replay("seek", at=whole.end)
                assert (still.start, still.end, still.at) == (middle, whole.end, whole.end)

    asyncio.run(story())


def _events(screen: Console) -> list[Any]:
    frames = [f for f in screen.frames if isinstance(f, Events)]
    return [e for f in frames for e in (*f.events, *f.state)]


def test_a_slow_session_delays_nobody_and_is_sent_away_to_resume(tmp_path: Path) -> None:
    async def story() -> None:
        limits = Limits(ring_events=400, send_timeout_s=60.0, silence_s=60.0, heartbeat_s=0.1)
        async with served(tmp_path, limits=limits) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with console(url, who["duty1"]) as quick, console(url, who["duty2"]) as slow:
                # lossless events with much text, so that the socket's buffers fill; ``slow``
                # reads nothing while all this happens
                number = 0
                while not hub.metrics.slow_sessions:
                    number += 1
                    assert number < 2_000, "the slow session was never noticed"
                    items = [
                        {**CITY[0], "id": f"level:{i}", "attrs": {"site": "位" * 1_500}}
                        for i in range(40)
                    ]
                    await ingest(url, who["source"], items)
                    await quick.reach(hub.broker.top)
                assert quick.world.digest() == (await fold_of(hub)).digest()
                bye = await slow.until(Bye)
                assert (bye.code, bye.retry) == ("too_slow", True)
                position = Position(slow.world.epoch, slow.world.offset)
            async with console(url, who["duty2"], resume=position) as back:
                assert back.welcome is not None
                assert back.welcome.recovered
                back.world = slow.world
                await back.reach(hub.broker.top)
                assert back.world.digest() == (await fold_of(hub)).digest()

    asyncio.run(story())
