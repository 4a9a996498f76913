"""Counters of one hub, as Prometheus text. Written on the event loop's thread."""

from __future__ import annotations

from dataclasses import dataclass, fields

_HELP = {
    "events": ("counter", "Events committed to the log."),
    "rejected": ("counter", "Ingest items refused."),
    "commands": ("counter", "Commands decided, refusals included."),
    "commits": ("counter", "Transactions of the log."),
    "commit_seconds": ("counter", "Time spent in those transactions."),
    "storage_failures": ("counter", "Transactions that failed and made the hub read-only."),
    "writable": ("gauge", "1 while the log takes writes."),
    "sessions": ("gauge", "Open feed sessions."),
    "replays": ("gauge", "Feed sessions that are replays."),
    "refused_sessions": ("counter", "Sessions ended for a wrong token or a broken rule."),
    "slow_sessions": ("counter", "Sessions ended because they fell behind."),
    "snapshots": ("counter", "Snapshots written."),
    "upkeep_failures": ("counter", "Rollups and compactions of the store that failed."),
    "audit_broken": ("gauge", "1 when the audit is not as it was written."),
}


@dataclass(slots=True)
class Metrics:
    """What the hub counts."""

    events: int = 0
    rejected: int = 0
    commands: int = 0
    commits: int = 0
    commit_seconds: float = 0.0
    storage_failures: int = 0
    writable: int = 1
    sessions: int = 0
    replays: int = 0
    refused_sessions: int = 0
    slow_sessions: int = 0
    snapshots: int = 0
    upkeep_failures: int = 0
    audit_broken: int = 0

    def text(self, extra: dict[str, float]) -> str:
        """The exposition text; ``extra`` are gauges that live elsewhere."""
        lines: list[str] = []
        for item in fields(self):
            kind, help_ = _HELP[item.name]
            name = f"onemap_{item.name}" + ("_total" if kind == "counter" else "")
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]
            lines.append(f"{name} {getattr(self, item.name)}")
        for key, value in extra.items():
            lines += [f"# TYPE onemap_{key} gauge", f"onemap_{key} {value}"]
        return "\n".join(lines) + "\n"
