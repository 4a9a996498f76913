"""Each finding of the doctor, by something that is really broken."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from pathlib import Path

import msgspec
import pytest

from app.display import virtual_screen
from app.doctor import line, machine, screen, store
from app.doctor.findings import Finding, Patient, examine
from services.audit.record import entry
from services.audit.signing import load_signer, write_public
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.storage.writer import LogWriter
from services.tls import authority
from tests.services.hub.test_tls import TlsHub

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with a small healthy store and a signed audit."""
    place = tmp_path / "data"
    with contextlib.closing(LogWriter(place / "onemap.sqlite")) as writer:
        signer, _ = load_signer(place / "audit-key.pem")
        write_public(signer, place / "audit")
        for number in range(4):
            writer.append([], (), [entry("hub.started", object_=str(number), time=time.time())])
        made = signer.checkpoint(writer.audit_head, 1, time.time())
        writer.add_checkpoint(made)
    (place / "audit" / "head.json").write_bytes(msgspec.json.encode(made))
    return place


def patient(data: Path, **more: object) -> Patient:
    return Patient(**{"data": data, "clock": time.time, **more})  # type: ignore[arg-type]  # the cases' own mixture


def levels(findings: Iterable[Finding]) -> list[str]:
    return [f.level for f in findings]


def the(findings: Iterable[Finding], level: str) -> Finding:
    """The one finding of a level."""
    (found,) = [f for f in findings if f.level == level]
    return found


# -- the machine ------------------------------------------------------------------------
def test_packages_are_compared_with_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("msgspec==0.0.1 \\\n    --hash=sha256:00\nhttpx==9.9\n")
    other = the(machine.packages(lock, ["msgspec"]), "warning")
    assert "instead of 0.0.1" in other.text
    gone = the(machine.packages(lock, ["no-such-package-here"]), "problem")
    assert "no-such-package-here" in gone.text
    without_qt = the(machine.packages(tmp_path / "none", []), "warning")
    assert "cannot be compared" in without_qt.todo
    assert levels(machine.python(patient(tmp_path))) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("little", "few", "slow", "expected"),
    [
        (0.0, 0.0, 1e9, ["ok", "ok"]),
        (1e9, 1e9, 1e9, ["problem", "ok"]),
        (0.0, 1e9, 0.0, ["warning", "warning"]),
    ],
)
def test_room_and_speed_of_the_disk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    little: float,
    few: float,
    slow: float,
    expected: list[str],
) -> None:
    monkeypatch.setattr(machine, "LITTLE_GB", little)
    monkeypatch.setattr(machine, "FEW_GB", few)
    monkeypatch.setattr(machine, "SLOW_MS", slow)
    assert levels(machine.disk(patient(tmp_path / "not" / "there"))) == expected
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("state", "level"), [(5, "warning"), (0, "ok"), (None, "ok")])
def test_a_clock_that_nothing_keeps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: int | None, level: str
) -> None:
    monkeypatch.setattr(machine, "_kernel_state", lambda: state)
    assert levels(machine.clock(patient(tmp_path))) == [level]
    monkeypatch.setattr(machine, "_drift", lambda: 7.0)
    assert "set by +7.00 s" in the(list(machine.clock(patient(tmp_path)))[:1], "warning").text


def test_a_clock_in_the_past(tmp_path: Path) -> None:
    assert levels(machine.clock(patient(tmp_path, clock=ManualClock(86_400.0)))) == ["problem"]


def test_the_kernel_says_whether_it_is_synchronised() -> None:
    assert machine._kernel_state() in (None, *range(6))


# -- the data directory --------------------------------------------------------------------
def test_a_data_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    assert levels(store.directory(patient(tmp_path / "none"))) == ["warning"]
    (tmp_path / "file").touch()
    assert levels(store.directory(patient(tmp_path / "file"))) == ["problem"]


@pytest.mark.parametrize(
    "name", ["onemap.sqlite", "audit-key.pem", "access-key", "tokens.toml", "basemaps.json"]
)
def test_private_files_that_others_may_read(data: Path, name: str) -> None:
    assert levels(store.directory(patient(data))) == ["ok"]
    (data / name).touch()
    (data / name).chmod(0o644)
    found = the(store.directory(patient(data)), "problem")
    assert found.todo == f"chmod 600 {data / name}"


@pytest.mark.parametrize(
    ("name", "text", "area"),
    [
        ("tokens.toml", "[accounts.a]\nname = 1\n", "accounts"),
        ("media.toml", "pattern = 'file:///etc/passwd'\n", "cameras"),
        ("media.toml", "[", "cameras"),
        ("basemaps.json", '{"sources": 1}', "base maps"),
        ("hub.toml", "[retention]\nevents_days = 'many'\n", "policy"),
    ],
)
def test_a_file_that_a_hub_could_not_read(data: Path, name: str, text: str, area: str) -> None:
    assert levels(store.configuration(patient(data))) == ["ok"]
    (data / name).write_text(text)
    found = the(store.configuration(patient(data)), "problem")
    assert found.area == area
    assert name in found.text + found.todo


def test_a_pack_that_is_wrong(data: Path, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    (packs / "mine.toml").write_text("id = 'mine'\n")
    found = the(store.configuration(patient(data, packs=(packs,))), "problem")
    assert (found.area, "mine.toml" in found.text) == ("packs", True)


# -- the event store -----------------------------------------------------------------------
@pytest.mark.parametrize("quick", [False, True])
def test_a_healthy_store(data: Path, quick: bool) -> None:
    told = list(store.event_store(patient(data, quick=quick)))
    assert levels(told) == ["ok"]
    assert levels(store.audit(patient(data, quick=quick))) == ["ok"]
    assert levels(store.event_store(patient(data / "none"))) == ["ok"]


def test_a_store_whose_pages_are_damaged(data: Path) -> None:
    path = data / "onemap.sqlite"
    whole = bytearray(path.read_bytes())
    whole[8_192:16_384] = os.urandom(8_192)
    path.write_bytes(whole)
    assert levels(store.event_store(patient(data))) == ["problem"]


def test_a_store_that_is_none(data: Path) -> None:
    (data / "onemap.sqlite").write_text("nothing of ours")
    assert levels(store.event_store(patient(data))) == ["problem"]


def test_a_store_of_an_older_and_of_a_newer_version(data: Path) -> None:
    shutil.copy(ROOT / "tests" / "golden" / "store-0001.sqlite", data / "onemap.sqlite")
    assert levels(store.event_store(patient(data))) == ["warning"]
    with contextlib.closing(sqlite3.connect(data / "onemap.sqlite")) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    assert levels(store.event_store(patient(data))) == ["problem"]


def test_a_broken_audit_is_named(data: Path) -> None:
    with contextlib.closing(sqlite3.connect(data / "onemap.sqlite")) as thief:
        thief.execute("DROP TRIGGER audit_no_update")
        thief.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
        thief.commit()
    assert "record 3" in the(store.audit(patient(data)), "problem").text


def test_what_should_lie_beside_the_audit(data: Path) -> None:
    (data / "audit-key.pem").unlink()
    assert "signing key" in the(store.audit(patient(data)), "warning").text
    (data / "audit" / "head.json").write_text("{")
    assert levels(store.audit(patient(data))) == ["ok", "warning", "warning"]


def test_a_daily_file_that_is_old(data: Path) -> None:
    old = data / "audit" / "audit-20250101-000000001-000000002.jsonl"
    old.touch()
    assert levels(store.audit(patient(data))) == ["ok"]
    os.utime(old, (1_700_000_000, 1_700_000_000))
    assert "daily file" in the(store.audit(patient(data)), "warning").text


# -- the port and the hub --------------------------------------------------------------------
@contextlib.contextmanager
def answering(answers: dict[str, tuple[int, str]]) -> Iterator[int]:
    """A server on a free port that answers paths with status and text, else 404."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="server")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_taken_by_something_else_is_named(data: Path) -> None:
    assert levels(line.port(patient(data, port=free_port()))) == ["ok"]
    with answering({}) as number:
        found = the(line.port(patient(data, port=number)), "problem")
        assert f"process {os.getpid()}" in found.text


def test_a_port_with_a_hub_on_it(data: Path) -> None:
    with answering({"/healthz": (200, "ok\n")}) as number:
        found = the(line.port(patient(data, port=number)), "ok")
        assert "a hub's" in found.text
        (data / "hub.json").write_text(
            json.dumps({"url": f"http://127.0.0.1:{number}", "pid": os.getpid()})
        )
        assert "is the hub's of" in the(line.port(patient(data)), "ok").text


def test_a_hub_that_takes_nothing(data: Path) -> None:
    answers = {"/readyz": (503, "disk_full: the disk is full\n")}
    with answering(answers) as number:
        url = f"http://127.0.0.1:{number}"
        found = list(line.hub(patient(data, hub=url)))
        assert "disk_full" in the(found, "problem").text
        answers["/readyz"] = (200, "ready\n")
        assert levels(line.hub(patient(data, hub=url))) == ["ok", "ok"]


def test_a_hub_that_does_not_answer(data: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert levels(line.hub(patient(data))) == ["ok"]  # none has ever run here
    assert levels(line.hub(patient(data, hub=url))) == ["problem"]
    (data / "hub.json").write_text(json.dumps({"url": url, "pid": 1}))
    assert "does not run" in the(line.hub(patient(data)), "ok").text
    with pytest.raises(KnownError, match="https"):
        list(line.hub(patient(data, hub="http://10.0.0.7:8630")))


@pytest.mark.parametrize(
    ("ahead", "level"), [(0.0, "ok"), (5.0, "warning"), (-5.0, "warning"), (3_600.0, "problem")]
)
def test_a_hub_whose_clock_is_another(ahead: float, level: str) -> None:
    now = 1_750_000_000.0
    assert levels(line.skew(formatdate(now + ahead, usegmt=True), now)) == [level]


def test_a_hub_behind_tls(data: Path, ca: Path, tmp_path: Path) -> None:
    files = authority.issue(ca, "hub1", now=time.time())
    hub = TlsHub(tmp_path / "tls-data", files)
    hub.start()
    try:
        told = list(line.hub(patient(data, hub=hub.url, ca=ca / "ca.pem")))
        assert levels(told) == ["ok", "ok", "ok"]
        assert "TLSv1" in told[2].text
        assert "--ca" in the(line.hub(patient(data, hub=hub.url)), "problem").text
        assert levels(line.hub(patient(hub.data))) == ["ok", "ok", "ok"]  # all from hub.json
        assert "is the hub's of" in the(line.port(patient(hub.data)), "ok").text
    finally:
        hub.stop()


def test_an_answer_without_a_date_says_nothing() -> None:
    assert list(line.skew("", 0.0)) == []


# -- certificates ----------------------------------------------------------------------------
@pytest.fixture
def ca(tmp_path: Path) -> Path:
    authority.init(tmp_path / "ca", "test", time.time() - 20 * DAY)
    return tmp_path / "ca"


@pytest.mark.parametrize(
    ("days", "ago", "level", "text"),
    [
        (300, 0.0, "ok", "valid until"),
        (40, 15 * DAY, "warning", "24 days"),
        (10, 15 * DAY, "problem", "ended on"),
        (300, -DAY, "problem", "not valid before"),
    ],
)
def test_how_long_a_certificate_is_valid(
    data: Path, ca: Path, days: int, ago: float, level: str, text: str
) -> None:
    authority.issue(ca, "hub1", days=days, now=time.time() - ago)
    found = next(iter(line.certificates(patient(data, tls_dir=ca / "hub1"))))
    assert (found.level, text in found.text) == (level, True)


def test_keys_that_others_read_or_that_do_not_fit(data: Path, ca: Path) -> None:
    files = authority.issue(ca, "hub1", now=time.time())
    files.key.chmod(0o640)
    found = the(line.certificates(patient(data, tls_dir=ca / "hub1")), "problem")
    assert found.todo == f"chmod 600 {files.key}"
    files.key.write_bytes((ca / "ca-key.pem").read_bytes())
    checks = [("certificate", line.certificates)]
    found = the(examine(checks, patient(data, tls_dir=ca / "hub1")), "problem")
    assert "cannot be used together" in found.text


def test_an_authority_that_cannot_be_read(data: Path, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    checks = [("certificate", line.certificates)]
    found = the(examine(checks, patient(data, ca=tmp_path / "ca.pem")), "problem")
    assert "cannot be read as the certificate" in found.text


# -- the screen --------------------------------------------------------------------------------
SEEN = screen.Seen(
    "6.12.0", "xcb", ["screen 800×600"], ["Noto Sans CJK SC"], "OpenGL", 16_384, "GPU"
)


@pytest.mark.parametrize(
    ("changes", "area", "level"),
    [
        ({}, "graphics", "ok"),
        ({"renderer": "llvmpipe (LLVM 15)"}, "graphics", "warning"),
        ({"texture": 2_048}, "graphics", "problem"),
        ({"backend": ""}, "graphics", "problem"),
        ({"chinese": []}, "fonts", "problem"),
    ],
)
def test_what_qt_says_is_judged(changes: dict[str, object], area: str, level: str) -> None:
    told = list(screen.judge(msgspec.structs.replace(SEEN, **changes), ""))
    assert level in [f.level for f in told if f.area == area]


def test_qt_draws_on_a_virtual_screen() -> None:
    with virtual_screen("800x600x24"):
        seen, how = screen.probe()
    assert seen is not None, how
    assert seen.backend == "OpenGL"
    assert seen.chinese


def test_a_platform_without_opengl_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("DISPLAY", raising=False)
    told = list(screen.screen(patient(Path("none"))))
    assert "maps are painted" in the(told, "problem").text


@pytest.mark.parametrize(
    ("module", "limit", "text"),
    [
        ("tests.app.crashing_probe", 60.0, "crashed with SIGSEGV"),
        ("tests.app.hanging_probe", 0.5, "hung"),
        ("tests.app.no_such_probe", 60.0, "No module named"),
    ],
)
def test_a_probe_that_does_not_come_back_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, module: str, limit: float, text: str
) -> None:
    monkeypatch.setattr(screen, "LIMIT_S", limit)
    seen, how = screen.probe(module)
    assert seen is None
    assert text in how
    assert levels(screen.judge(seen, how)) == ["problem"]


def test_a_machine_without_xvfb_and_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    assert "Xvfb is not installed" in the(screen.screen(patient(Path("none"))), "problem").text


# -- the whole -----------------------------------------------------------------------------------
def onemap_doctor(*words: str, program: str = "main.py") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *(["-c", program] if "\n" in program else [program]), "doctor", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_check_that_fails_does_not_stop_the_others(data: Path) -> None:
    def failing(_patient: Patient) -> Iterator[Finding]:
        raise ZeroDivisionError("a bug of ours")

    checks: list[tuple[str, Callable[[Patient], Iterable[Finding]]]] = [
        ("first", failing),
        ("second", store.event_store),
    ]
    told = list(examine(checks, patient(data)))
    assert levels(told) == ["problem", "ok"]
    assert "a bug of ours" in told[0].text


def test_a_broken_data_directory_gives_every_finding_and_status_1(data: Path) -> None:
    for name in ("onemap.sqlite", "tokens.toml", "media.toml", "hub.toml", "hub.json"):
        (data / name).write_bytes(b"\xff\xfe\x00broken")
    done = onemap_doctor("--data", str(data), "--json", "--quick", "--port", str(free_port()))
    assert done.returncode == 1, done.stderr
    told = msgspec.json.decode(done.stdout, type=list[Finding])
    bad = {f.area for f in told if f.level == "problem"}
    assert {"accounts", "cameras", "policy", "store", "audit"} <= bad
    assert {"python", "disk", "clock", "display", "fonts"} <= {f.area for f in told}


WITHOUT_QT = """
import sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None
from app.cli import main
main()
"""


def test_a_machine_without_qt_is_looked_at_too(data: Path) -> None:
    done = onemap_doctor(
        "--data", str(data), "--quick", "--port", str(free_port()), program=WITHOUT_QT
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Qt is not installed" in done.stdout
    assert "PROBLEM" not in done.stdout
