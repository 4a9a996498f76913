"""All checks in the order in which they are told: from the machine up to the screen."""

from __future__ import annotations

from app.doctor import line, machine, screen, store
from app.doctor.findings import Check

CHECKS: tuple[tuple[str, Check], ...] = (
    ("python", machine.python),
    ("disk", machine.disk),
    ("clock", machine.clock),
    ("data", store.directory),
    ("configuration", store.configuration),
    ("store", store.event_store),
    ("audit", store.audit),
    ("port", line.port),
    ("hub", line.hub),
    ("certificate", line.certificates),
    ("display", screen.screen),
)
