"""A real hub process behind TLS, and every client of it: with the authority, without, wrongly."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app import stores
from app.hubs import find_ca, find_hub, put_media
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.feed.api import HubApi
from services.feed.client import FeedClient
from services.feed.dialing import Timing
from services.feed.source import LinkUpdate, Update
from services.hub.certificate import HubCertificate
from services.hub.main import listen
from services.hub.options import TlsFiles, tls_files
from services.ingest.http_client import HubClient
from services.ingest.simulator import run as simulate
from services.ingest.simulator_options import SimulatorOptions
from services.tls import authority
from services.tls.contexts import client_context, trust
from tests.services.hub.consoles import HubProcess
from tests.services.hub.test_feed import CITY

LIMIT_S = 20.0
DAY = 86_400.0


class TlsHub(HubProcess):
    """A hub process with a certificate, on a loopback address of one's choice."""

    def __init__(self, data: Path, files: authority.Issued, host: str = "127.0.0.1") -> None:
        super().__init__(data)
        self.files, self.host = files, host
        self.arguments = (
            *("--host", host),
            *("--tls-cert", str(files.certificate)),
            *("--tls-key", str(files.key)),
        )

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("ca")
    authority.init(directory, "test", time.time())
    return directory


@pytest.fixture(scope="module")
def hub(ca: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsHub]:
    files = authority.issue(ca, "hub1", now=time.time())
    process = TlsHub(tmp_path_factory.mktemp("data"), files)
    process.start()
    yield process
    process.stop()


class Heard:
    """What a feed client says of its line."""

    def __init__(self) -> None:
        self.links: list[LinkUpdate] = []
        self.changed = threading.Condition()

    def __call__(self, update: Update) -> None:
        if isinstance(update, LinkUpdate):
            with self.changed:
                self.links.append(update)
                self.changed.notify_all()

    def until(self, fits: Callable[[LinkUpdate], bool]) -> LinkUpdate:
        with self.changed:
            assert self.changed.wait_for(lambda: any(map(fits, self.links)), LIMIT_S), self.links
            return next(filter(fits, self.links))


def feed_says(hub: TlsHub, url: str, ca: Path | None, state: str) -> str:
    """What a console's feed says when its line has reached a state."""
    heard = Heard()
    feed = FeedClient(
        url,
        hub.token("duty1"),
        seat="1",
        client="test",
        sink=heard,
        timing=Timing(first_wait=0.01, longest_wait=0.05),
        trust=trust(url, ca),
    )
    feed.start()
    try:
        return heard.until(lambda link: link.state == state).detail
    finally:
        feed.close()


def test_feed_and_http_work_with_the_authority(hub: TlsHub, ca: Path) -> None:
    with HubClient(hub.url, hub.token("source"), trust=trust(hub.url, ca / "ca.pem")) as source:
        assert source.ingest(CITY).accepted == len(CITY)
    feed_says(hub, hub.url, ca / "ca.pem", "live")
    api = HubApi(hub.url, hub.token("duty1"), trust(hub.url, ca / "ca.pem"))
    try:
        assert api.log_bounds()["last_offset"] >= len(CITY)
    finally:
        api.close()


def test_the_simulator_speaks_over_tls(hub: TlsHub, ca: Path) -> None:
    with HubClient(hub.url, hub.token("source"), trust=trust(hub.url, ca / "ca.pem")) as source:
        source.set_demo_seed(1)  # as if it had loaded the district: this is about the line
        options = SimulatorOptions(
            url=hub.url,
            token_source=hub.token("source"),
            token_reader=hub.token("simulator"),
            token_field=hub.token("field"),
            ca=ca / "ca.pem",
        )
        thread = threading.Thread(target=simulate, args=(options,), name="sim")
        thread.start()
        try:
            with httpx.Client(base_url=hub.url, verify=client_context(ca / "ca.pem")) as http:
                deadline = time.monotonic() + LIMIT_S
                while "onemap_sessions 1" not in http.get("/metrics").text:
                    assert time.monotonic() < deadline
        finally:
            options.stop_event.set()
            thread.join(LIMIT_S)
        assert not thread.is_alive()


def test_tools_beside_the_hub_find_address_and_authority_by_themselves(hub: TlsHub) -> None:
    assert find_hub(hub.data, "") == hub.url
    assert find_ca(hub.data, "", None) == hub.files.ca
    put_media(hub.data, "", "camera:1", "http://10.0.0.7/1.ts")
    with pytest.raises(KnownError, match="--ca"):
        put_media(hub.data, hub.url, "camera:1", "http://10.0.0.7/1.ts")  # an address of one's own


def test_a_backup_is_ordered_over_tls(hub: TlsHub, tmp_path: Path) -> None:
    with httpx.Client(verify=client_context(find_ca(hub.data, "", None)), trust_env=False) as http:
        headers = {"Authorization": f"Bearer {hub.token('source')}"}
        answer = http.post(f"{hub.url}/api/v1/ingest", json=CITY, headers=headers)
        assert answer.status_code == 200
    assert stores.backup(hub.data, tmp_path / "b.tar", ()).offset >= len(CITY)


def test_without_the_authority_every_client_says_what_is_missing(hub: TlsHub) -> None:
    assert "--ca" in feed_says(hub, hub.url, None, "offline")
    with HubClient(hub.url, hub.token("source")) as source, pytest.raises(KnownError) as caught:
        source.summary()
    assert caught.value.code == "tls_untrusted"
    api = HubApi(hub.url, hub.token("duty1"))
    try:
        with pytest.raises(KnownError, match="--ca"):
            api.log_bounds()
    finally:
        api.close()


def refused(hub: TlsHub, ca: Path) -> tuple[str, str]:
    """Code of what a source is told, and what a console's line says."""
    with (
        HubClient(hub.url, hub.token("source"), trust=trust(hub.url, ca / "ca.pem")) as source,
        pytest.raises(KnownError) as caught,
    ):
        source.summary()
    return caught.value.code, feed_says(hub, hub.url, ca / "ca.pem", "offline")


def test_a_name_that_the_certificate_does_not_hold_is_refused(ca: Path, tmp_path: Path) -> None:
    files = authority.issue(ca, "hub1", out=tmp_path / "tls", now=time.time())
    hub = TlsHub(tmp_path / "data", files, host="127.0.0.2")
    hub.start()
    try:
        code, text = refused(hub, ca)
        assert code == "tls_wrong_name"
        assert "not made for 127.0.0.2" in text
    finally:
        hub.stop()


def test_an_expired_certificate_is_refused(ca: Path, tmp_path: Path) -> None:
    files = authority.issue(ca, "hub1", days=5, out=tmp_path / "tls", now=time.time() - 9 * DAY)
    hub = TlsHub(tmp_path / "data", files)
    hub.start()
    try:
        code, text = refused(hub, ca)
        assert code == "tls_expired"
        assert "expired" in text
    finally:
        hub.stop()
    log = (hub.data / "logs" / "hub.log").read_text()
    assert "certificate ended on" in log


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_version_of_tls_is_not_spoken(
    hub: TlsHub, ca: Path, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context(cafile=str(ca / "ca.pem"))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # or the client itself would not try
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", hub.port), LIMIT_S) as line,
        pytest.raises(ssl.SSLError, match="protocol"),
    ):
        context.wrap_socket(line, server_hostname="127.0.0.1")


def test_plain_words_to_a_hub_with_tls_are_not_answered(hub: TlsHub) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://127.0.0.1:{hub.port}/healthz", trust_env=False, timeout=LIMIT_S)


# -- what is refused before anything is served -----------------------------------------
@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.7", "::", "hub1"])
def test_an_address_for_others_needs_tls(host: str) -> None:
    with pytest.raises(KnownError) as caught:
        listen(host, 0)
    assert caught.value.code == "needs_tls"
    assert "onemap ca init" in caught.value.text


def test_with_tls_others_may_reach_it() -> None:
    listen("0.0.0.0", 0, tls=True).close()


@pytest.mark.parametrize("url", ["http://10.0.0.7:8630", "http://hub1:8630"])
def test_a_token_does_not_travel_in_clear_to_another_machine(tmp_path: Path, url: str) -> None:
    with pytest.raises(KnownError) as caught:
        find_hub(tmp_path, url)
    assert caught.value.code == "needs_tls"
    assert find_hub(tmp_path, url.replace("http", "https")) == url.replace("http", "https")


def test_half_of_the_files_is_refused(tmp_path: Path) -> None:
    assert tls_files(tmp_path, None, None) == TlsFiles(
        tmp_path / "hub.pem", tmp_path / "hub-key.pem"
    )
    for given in ((tmp_path, tmp_path, None), (None, tmp_path, None), (None, None, tmp_path)):
        with pytest.raises(KnownError, match="--tls-dir"):
            tls_files(*given)


def test_a_hub_whose_files_are_wrong_ends_with_the_reason(ca: Path, tmp_path: Path) -> None:
    files = authority.issue(ca, "hub1", out=tmp_path / "tls", now=time.time())
    files.key.write_text("no key")
    command = [sys.executable, "-m", "services.hub", "--data", str(tmp_path / "data")]
    words = ["--port", "0", "--tls-cert", str(files.certificate), "--tls-key", str(files.key)]
    done = subprocess.run(
        [*command, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "cannot be used together" in done.stderr


# -- renewal and expiry ---------------------------------------------------------------
def certificate(
    ca: Path, directory: Path, clock: ManualClock, days: int
) -> tuple[HubCertificate, list[str]]:
    files = authority.issue(ca, "hub1", days=days, out=directory, now=clock())
    told: list[str] = []
    made = HubCertificate(
        TlsFiles(files.certificate, files.key), clock, lambda _code, text: told.append(text)
    )
    return made, told


def test_the_end_of_a_certificate_is_told_daily_from_30_days_before(
    ca: Path, tmp_path: Path
) -> None:
    clock = ManualClock(time.time())
    made, told = certificate(ca, tmp_path, clock, 40)
    made.look()
    assert told == []
    clock.advance(11 * DAY)
    made.look()
    made.look()
    assert len(told) == 1
    assert "in 28 days" in told[0]
    clock.advance(DAY)
    made.look()
    assert len(told) == 2
    clock.advance(40 * DAY)
    made.look()
    assert "nobody new can connect" in told[-1]


def test_a_renewed_certificate_is_served_without_a_restart(ca: Path, tmp_path: Path) -> None:
    files = authority.issue(ca, "hub1", days=5, out=tmp_path / "tls", now=time.time())
    clock = ManualClock(time.time())
    made, told = certificate(ca, tmp_path / "tls", clock, 5)
    made.look()
    assert len(told) == 1
    old = made.facts.ends
    files.key.write_text("half written")
    made.look()
    assert made.facts.ends == old  # what does not fit is not taken
    authority.issue(ca, "hub1", days=300, out=tmp_path / "tls", now=time.time())
    clock.advance(DAY)
    made.look()
    assert made.facts.ends > old
    assert len(told) == 1
