"""The thread bridge: order kept, nothing lost, nothing after closing."""

import threading

import pytest
from PySide6.QtCore import QObject

from app.bridge import ThreadBridge
from app.operations import Operations


def test_jobs_of_many_threads_all_run_on_the_gui_thread_in_each_threads_order(qtbot):
    bridge = ThreadBridge()
    seen: list[tuple[int, int]] = []
    on: set[int] = set()

    def job(worker: int, n: int):
        def run() -> None:
            seen.append((worker, n))
            on.add(threading.get_ident())

        return run

    def work(worker: int) -> None:
        for n in range(500):
            bridge.post(job(worker, n))

    threads = [threading.Thread(target=work, args=(w,)) for w in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    qtbot.waitUntil(lambda: len(seen) == 2_000, timeout=5_000)
    assert on == {threading.get_ident()}
    for w in range(4):
        assert [n for worker, n in seen if worker == w] == list(range(500))


def test_a_closed_bridge_runs_nothing(qtbot):
    bridge = ThreadBridge()
    ran: list[int] = []
    bridge.post(lambda: ran.append(1))
    bridge.close()
    bridge.post(lambda: ran.append(2))
    other = ThreadBridge()
    done: list[int] = []
    other.post(lambda: done.append(1))
    qtbot.waitUntil(lambda: done == [1], timeout=2_000)
    assert ran == []


def test_a_job_that_fails_does_not_hold_the_next_one(qtbot):
    bridge = ThreadBridge()
    done: list[int] = []

    def bad() -> None:
        raise RuntimeError("broken job")

    with qtbot.capture_exceptions() as caught:
        bridge.post(bad)
        bridge.post(lambda: done.append(1))
        qtbot.waitUntil(lambda: done == [1], timeout=2_000)
    assert "broken job" in str(caught[0][1])


def test_an_operation_ends_in_done_or_failed_on_the_gui_thread(qtbot):
    bridge = ThreadBridge()
    operations = Operations(bridge)
    results: list[object] = []
    owner = QObject()
    threads: set[int] = set()

    def told(result: object) -> None:
        results.append(result)
        threads.add(threading.get_ident())

    def fail() -> int:
        raise ValueError("no")

    operations.run(lambda: 41 + 1, told, told, owner=owner)
    operations.run(fail, told, told, owner=owner)
    qtbot.waitUntil(lambda: len(results) == 2, timeout=3_000)
    operations.close()
    assert 42 in results
    assert any(isinstance(r, ValueError) for r in results)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("count", [1, 10_000])
def test_a_burst_costs_few_wakeups(qtbot, count):
    bridge = ThreadBridge()
    wakes: list[int] = []
    bridge._wake.connect(lambda: wakes.append(1))
    done: list[int] = []
    for _ in range(count):
        bridge.post(lambda: done.append(1))
    qtbot.waitUntil(lambda: len(done) == count, timeout=3_000)
    assert len(wakes) <= 2
