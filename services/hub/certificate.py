"""The hub's certificate: served, taken anew when its files change, watched until it ends."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from services.domain.clock import Clock, iso
from services.domain.errors import KnownError
from services.hub.options import TlsFiles
from services.tls.certificates import SOON_S, CertificateFacts, read_certificate
from services.tls.contexts import load, server_context

log = logging.getLogger(__name__)
LOOK_S = 60.0
REMIND_S = 86_400.0


class HubCertificate:
    """Making it reads the files: KnownError ``bad_certificate``. Event loop's thread."""

    def __init__(self, files: TlsFiles, clock: Clock, notify: Callable[[str, str], None]) -> None:
        self._files, self._clock, self._notify = files, clock, notify
        self.context: ssl.SSLContext = server_context(files.certificate, files.key)
        self.facts: CertificateFacts = read_certificate(files.certificate)
        self._stamp = self._stamps()
        self._reminded = 0.0

    async def run(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Take changed files, and say daily when the certificate ends within 30 days."""
        stamp = self._stamps()
        if stamp != self._stamp:
            self._renew(stamp)
        now = self._clock()
        if self.facts.ends - now < SOON_S and not 0.0 <= now - self._reminded < REMIND_S:
            self._reminded = now
            text = _warning(self.facts, now)
            log.warning("%s", text)
            self._notify("certificate_ends", text)

    def _renew(self, stamp: tuple[int, ...]) -> None:
        """New connections get the new certificate; until the files fit, the old one is kept."""
        files = self._files
        try:
            server_context(files.certificate, files.key)  # tried apart: a bad pair spoils a context
            facts = read_certificate(files.certificate)
            load(self.context, files.certificate, files.key)
        except KnownError as error:
            log.error("the new certificate is not taken, the old one stays: %s", error)
            return
        self._stamp, self.facts = stamp, facts
        log.info("a new certificate is served, valid until %s", iso(facts.ends))

    def _stamps(self) -> tuple[int, ...]:
        found: list[int] = []
        for path in (self._files.certificate, self._files.key):
            try:
                found.append(Path(path).stat().st_mtime_ns)
            except OSError:
                found.append(0)
        return tuple(found)


def _warning(facts: CertificateFacts, now: float) -> str:
    if facts.ends <= now:
        return f"the hub's certificate ended on {iso(facts.ends)}: nobody new can connect; renew it"
    return (
        f"the hub's certificate ends on {iso(facts.ends)}, in {facts.days_left(now)} days;"
        " renew it before (onemap ca issue)"
    )
