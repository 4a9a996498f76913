"""What whoever does something worth recording is given: a way into the audit."""

from __future__ import annotations

from typing import Protocol

from services.audit.record import Entry


class AuditSink(Protocol):
    """Event loop's thread. Entries come from ``services.audit.record.entry``."""

    async def record(self, *entries: Entry) -> None:
        """On the disk before this returns; KnownError when not: then do not do it, or undo it.

        For what must not happen unrecorded: views of personal data, exports, configuration,
        changes of accounts, logins that give rights.
        """
        ...

    def note(self, given: Entry) -> None:
        """Soon on the disk; never fails. While the store is away a bounded number is kept.

        For what has happened anyway: the end of a session, a refused token. Refusals of one kind
        from one address are counted together within a minute, so that a flood fills no disk.
        """
        ...
