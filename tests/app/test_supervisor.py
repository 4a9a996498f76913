"""Real tiny child programs: what dies comes back, and nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import guard, supervisor
from app.supervisor import Backoff, ChildSpec, News, Supervisor

LIMIT_S = 20.0
REPOSITORY = Path(__file__).resolve().parents[2]
GUARDED = f"""
import sys, time
sys.path.insert(0, {str(REPOSITORY)!r})
from app.guard import exit_with_parent
exit_with_parent(grace_s=1.0)
print('{{"ready": true}}', flush=True)
while True:
    time.sleep(60)
"""
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GUARDED
FAST = Backoff(first_s=0.02, most_s=0.1)


def until(condition: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    deadline = time.monotonic() + limit_s
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        tick.wait(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return stat[0] != "Z"


def python(name: str, source: str, *, after: tuple[str, ...] = (), limit_s: float = LIMIT_S):
    command = (sys.executable, "-c", source)
    return ChildSpec(name=name, command=command, after=after, ready_limit_s=limit_s)


class Watched:
    """A supervisor with what it said."""

    def __init__(self, *specs: ChildSpec, log_dir: Path) -> None:
        self.news: list[News] = []
        self.supervisor = Supervisor(
            specs, log_dir=log_dir, report=self.news.append, backoff=FAST, grace_s=2.0
        )

    def said(self, name: str, state: str) -> list[News]:
        return [n for n in self.news if (n.name, n.state) == (name, state)]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def build(*specs: ChildSpec) -> Watched:
        made.append(Watched(*specs, log_dir=tmp_path / "logs"))
        made[-1].supervisor.start()
        return made[-1]

    yield build
    for each in made:
        each.supervisor.stop()


def test_a_killed_child_is_started_again_and_stop_ends_it(watch: Callable[..., Watched]) -> None:
    watched = watch(python("hub", GUARDED))
    assert watched.supervisor.wait_ready("hub", LIMIT_S)
    first = watched.supervisor.pid("hub")

    os.kill(first, signal.SIGKILL)
    until(lambda: len(watched.said("hub", "ready")) == 2)
    second = watched.supervisor.pid("hub")
    assert second not in (0, first)
    assert "SIGKILL" in watched.said("hub", "died")[0].text

    watched.supervisor.stop()
    assert not alive(second)
    assert watched.news[-1].state == "stopped"


def test_others_start_only_after_the_hub_is_ready(watch: Callable[..., Watched]) -> None:
    watched = watch(python("sim", GUARDED, after=("hub",)), python("hub", GUARDED))
    assert watched.supervisor.wait_ready("sim", LIMIT_S)
    order = [(n.name, n.state) for n in watched.news]
    assert order.index(("hub", "ready")) < order.index(("sim", "starting"))


def test_a_known_error_before_ready_is_told_once_and_not_repeated(
    watch: Callable[..., Watched],
) -> None:
    failing = "import sys; print('port 8630 is taken', file=sys.stderr); sys.exit(2)"
    watched = watch(python("hub", failing))
    assert not watched.supervisor.wait_ready("hub", LIMIT_S)
    until(lambda: bool(watched.said("hub", "failed")))
    assert watched.said("hub", "failed")[0].text == "hub: port 8630 is taken"
    assert len(watched.said("hub", "starting")) == 1


def test_a_known_error_of_a_child_that_was_ready_before_is_no_end(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    """A hub that comes back to a full disk must be tried again, not given up with the console."""
    count = tmp_path / "starts"
    flaky = f"""
import pathlib, sys
count = pathlib.Path({str(count)!r})
starts = int(count.read_text()) + 1 if count.exists() else 1
count.write_text(str(starts))
if starts == 2:
    sys.exit(2)
{GUARDED}"""
    watched = watch(python("hub", flaky))
    assert watched.supervisor.wait_ready("hub", LIMIT_S)
    os.kill(watched.supervisor.pid("hub"), signal.SIGKILL)
    until(lambda: len(watched.said("hub", "ready")) == 2 or bool(watched.said("hub", "failed")))
    assert watched.said("hub", "failed") == []
    assert count.read_text() == "3"


def test_a_child_that_never_gets_ready_is_ended_and_tried_again(
    watch: Callable[..., Watched],
) -> None:
    silent = "import time\nwhile True: time.sleep(60)"
    watched = watch(python("hub", silent, limit_s=0.2))
    until(lambda: len(watched.said("hub", "starting")) >= 2)
    assert watched.said("hub", "ready") == []


def test_a_deaf_child_is_killed_on_stop(watch: Callable[..., Watched]) -> None:
    watched = watch(python("hub", DEAF))
    assert watched.supervisor.wait_ready("hub", LIMIT_S)
    pid = watched.supervisor.pid("hub")
    watched.supervisor.stop()
    assert not alive(pid)


PARENT = f"""
import signal, sys, threading
sys.path.insert(0, {str(REPOSITORY)!r})
from pathlib import Path
from app.supervisor import ChildSpec, Supervisor
# a shell that starts the tests in the background has its children ignore Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)
spec = ChildSpec(name="hub", command=(sys.executable, "-c", {GUARDED!r}))
supervisor = Supervisor([spec], log_dir=Path(sys.argv[1]), report=lambda news: None)
supervisor.start()
assert supervisor.wait_ready("hub", {LIMIT_S})
print(supervisor.pid("hub"), flush=True)
try:
    threading.Event().wait()
except KeyboardInterrupt:
    supervisor.stop()
"""


def start_parent(log_dir: Path) -> tuple[subprocess.Popen[str], int]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(log_dir)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_child_outlives_its_parent(tmp_path: Path, how: signal.Signals) -> None:
    parent, child = start_parent(tmp_path)
    assert alive(child)
    with parent:
        parent.send_signal(how)
        parent.wait(LIMIT_S)
    until(lambda: not alive(child))


def test_a_guarded_program_ends_with_the_pipe(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    program = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()) + '.')\n" + (
        "while True: time.sleep(60)"
    )
    command = [sys.executable, guard.__file__, sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as guarded:
        until(lambda: mark.exists() and mark.read_text().endswith("."))
        pid = int(mark.read_text()[:-1])
        assert alive(pid)
        assert guarded.stdin is not None
        guarded.stdin.close()
        assert guarded.wait(LIMIT_S) == 128 + signal.SIGTERM
    assert not alive(pid)


FLOOD = GUARDED.replace(
    "while True:",
    """import os
for n in range(2_000):
    print(f'line {n:06}', file=sys.stderr, flush=True)
print('flooded', flush=True)
while not os.path.exists('go'):
    time.sleep(0.01)
print('the end', file=sys.stderr, flush=True)
while True:""",
)


def test_what_a_child_prints_is_bounded_while_it_runs(
    watch: Callable[..., Watched], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "MAX_LOG_BYTES", 2_000)
    monkeypatch.setattr(supervisor, "LOOK_S", 0.01)
    log, old = tmp_path / "logs" / "flood.out", tmp_path / "logs" / "flood.out.1"
    watched = watch(python("flood", FLOOD))
    until(old.exists)
    until(lambda: log.stat().st_size <= 2_000)
    (tmp_path / "go").touch()
    until(lambda: "the end" in log.read_text())
    assert log.stat().st_size <= 2_000
    assert 0 < old.stat().st_size <= 2_000
    assert "line 00" in old.read_text()
    assert len(watched.said("flood", "starting")) == 1, "all of it while it ran"
