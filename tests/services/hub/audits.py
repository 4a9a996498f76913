"""Looks into the audit of a data directory, for tests."""

from __future__ import annotations

import contextlib
from pathlib import Path

from services.audit.record import AuditRecord, decoded
from services.audit.verify import Verdict
from services.hub.audit_watch import check
from services.storage.audit import AuditReader

AUDITOR = "auditor-token-of-the-tests"


def add_auditor(data: Path) -> str:
    """An account that may read the audit; its token."""
    with (data / "tokens.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'[accounts.auditor]\nname = "审计员"\nroles = ["audit_admin"]\ntoken = "{AUDITOR}"\n'
        )
    return AUDITOR


def audit(data: Path) -> list[AuditRecord]:
    """Everything on record, oldest first."""
    with contextlib.closing(AuditReader(data / "onemap.sqlite")) as reader:
        return [decoded(line.body) for line in reader.lines(0)]


def of_type(data: Path, *types: str) -> list[AuditRecord]:
    return [r for r in audit(data) if r.type in types]


def verdict(data: Path) -> Verdict:
    with contextlib.closing(AuditReader(data / "onemap.sqlite")) as reader:
        return check(reader, data / "audit")
