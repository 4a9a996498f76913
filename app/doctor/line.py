"""Checks of the way to a hub: its port, its answers, its certificate, its clock against ours."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app.doctor.findings import Finding, Patient, ok, problem, warning
from app.hubs import find_ca, find_hub
from app.options import DEFAULT_PORT
from services.domain.clock import iso
from services.tls.authority import CERTIFICATE, KEY
from services.tls.certificates import SOON_S, CertificateFacts, read_certificate
from services.tls.contexts import client_context, server_context, tls_problem

TIMEOUT_S = 5.0
SKEW_S, MUCH_SKEW_S = 2.0, 10.0
"""The Date header counts whole seconds, so that less cannot be told."""
_LISTENING = "0A"


# -- the port ---------------------------------------------------------------------------
def port(patient: Patient) -> Iterator[Finding]:
    """Whether a hub could open its port here, and who has it if not."""
    if patient.hub:
        return  # another machine's port is its own affair
    told = _told(patient.data)
    number = patient.port or urlsplit(str(told.get("url", ""))).port or DEFAULT_PORT
    if not _taken(number):
        yield ok("port", f"{number} is free: no hub runs on it")
        return
    owner = _owner(number)
    ours = told.get("pid")
    if owner is not None and owner[0] == ours:
        yield ok("port", f"{number} is the hub's of {patient.data} (process {ours})")
    elif _is_hub(number):
        who = f"process {owner[0]}" if owner is not None else "a process of somebody else"
        yield ok("port", f"{number} is a hub's ({who})")
    else:
        who = f"{owner[1]} (process {owner[0]})" if owner else "a process of somebody else"
        yield problem(
            "port",
            f"{number} is taken by {who}, which is no hub",
            "end it, or start the hub with another --port",
        )


def _told(data: Path) -> dict[str, object]:
    """What the hub of a data directory said of itself when it started."""
    try:
        told = json.loads((data / "hub.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _taken(number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return True
    return False


def _owner(number: int) -> tuple[int, str] | None:
    """Process and name of who listens on a port, where this user may know it (Linux)."""
    sockets = set(_listening(number))
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            for handle in (process / "fd").iterdir():
                if os.readlink(handle) in sockets:
                    return int(process.name), (process / "comm").read_text().strip()
    return None


def _listening(number: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                parts = line.split()
                if parts[3] == _LISTENING and int(parts[1].rpartition(":")[2], 16) == number:
                    yield f"socket:[{parts[9]}]"


def _is_hub(number: int) -> bool:
    for scheme in ("http", "https"):
        with contextlib.suppress(httpx.HTTPError, ValueError):
            # only whether a hub listens: nothing is sent to it and nothing it says is believed
            answer = _client(f"{scheme}://127.0.0.1:{number}", None).get("/healthz")
            return answer.status_code == 200 and answer.text == "ok\n"
    return False


# -- the hub ----------------------------------------------------------------------------
def hub(patient: Patient) -> Iterator[Finding]:
    """Whether the hub answers, takes data, and has the same time as this machine."""
    told = _told(patient.data)
    if not patient.hub and not told:
        yield ok("hub", "none has run on this data directory yet")
        return
    url = find_hub(patient.data, patient.hub)
    ca = find_ca(patient.data, patient.hub, patient.ca)
    try:
        with contextlib.closing(_client(url, ca)) as client:
            before = patient.clock()
            answer = client.get("/readyz")
            middle = (before + patient.clock()) / 2
    except httpx.HTTPError as error:
        yield from _no_answer(patient, url, error)
        return
    if answer.status_code == 200:
        yield ok("hub", f"{url} answers and takes data")
    else:
        text = answer.text.strip()[:300]
        yield problem("hub", f"{url} answers, but takes no data: {text}", "see its log and disk")
    yield from skew(answer.headers.get("date", ""), middle)
    if url.startswith("https:"):
        yield from _served(url, ca, patient.clock())


def _client(url: str, ca: Path | None) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False, verify=client_context(ca))


def _no_answer(patient: Patient, url: str, error: httpx.HTTPError) -> Iterator[Finding]:
    found = tls_problem(error, urlsplit(url).hostname or "")
    if found is not None:
        yield problem("hub", f"{url}: {found.text}", "consoles refuse this line as well")
    elif patient.hub:
        text = f"no hub answers at {url} ({error})"
        yield problem(
            "hub", text, "is it running, is the address right, does a firewall stand between?"
        )
    else:
        yield ok("hub", f"it does not run ({url} was its last address)")


def skew(date: str, now: float) -> Iterator[Finding]:
    """How far the hub's clock is from ours, by its answer's Date header."""
    try:
        theirs = parsedate_to_datetime(date).timestamp() + 0.5  # cut to the second by the hub
    except ValueError:
        return
    apart = theirs - now
    text = f"the hub's clock is {apart:+.0f} s from this machine's"
    if abs(apart) > MUCH_SKEW_S:
        yield problem("clock", text, "synchronise both: ages, deadlines and certificates are wrong")
    elif abs(apart) > SKEW_S:
        yield warning("clock", text, "synchronise both (chrony, systemd-timesyncd)")
    else:
        yield ok("clock", "the hub's is this machine's, to within 2 s")


def _served(url: str, ca: Path | None, now: float) -> Iterator[Finding]:
    """The certificate that the hub really serves."""
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 443)
    try:
        with (
            socket.create_connection(address, TIMEOUT_S) as line,
            client_context(ca).wrap_socket(line, server_hostname=address[0]) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
            spoken = secure.version()
    except (OSError, KeyError, ValueError) as error:
        yield problem("certificate", f"{url}: {error}", "see above")
        return
    yield _ending(f"{url} ({spoken})", ends, now)


# -- certificates in files ----------------------------------------------------------------
def certificates(patient: Patient) -> Iterator[Finding]:
    """The hub's own certificate and key, where they lie on this machine, and the authority's."""
    ca = find_ca(patient.data, patient.hub, patient.ca)
    if ca is not None:
        client_context(ca)
        yield _about(ca, read_certificate(ca), patient.clock())
    place = patient.tls_dir or (ca.parent if ca is not None and patient.ca is None else None)
    if place is None:
        return
    certificate, key = place / CERTIFICATE, place / KEY
    server_context(certificate, key)
    facts = read_certificate(certificate)
    yield _about(certificate, facts, patient.clock())
    yield ok("certificate", f"it is made for {', '.join(facts.names)}")
    if key.stat().st_mode & 0o077:
        yield problem("certificate", f"others may read {key}", f"chmod 600 {key}")


def _about(path: Path, facts: CertificateFacts, now: float) -> Finding:
    if facts.begins > now:
        text = f"{path} is not valid before {iso(facts.begins)}"
        return problem("certificate", text, "is the clock of this machine right?")
    return _ending(str(path), facts.ends, now)


def _ending(what: str, ends: float, now: float) -> Finding:
    days = int((ends - now) // 86_400)
    text = f"{what}: valid until {iso(ends)}"
    if ends <= now:
        return problem("certificate", f"{what}: ended on {iso(ends)}", "onemap ca issue, anew")
    if ends - now < SOON_S:
        return warning("certificate", f"{text}, {days} days", "renew it: onemap ca issue")
    return ok("certificate", text)
