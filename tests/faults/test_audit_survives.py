"""kill -9 in mid-burst: every order that was done is on record, once, and the chain is whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from tests.faults.options import Faults, Row
from tests.faults.test_hub_dies import Source
from tests.services.hub.audits import of_type, verdict
from tests.services.hub.consoles import hub_process, past
from tests.services.hub.test_feed import CITY


def test_a_killed_hub_leaves_neither_an_effect_without_record_nor_the_reverse(
    tmp_path: Path, faults: Faults
) -> None:
    runs, chance = faults.count("audit_kill"), faults.chance("audit_kill")
    acked: set[str] = set()
    with hub_process(tmp_path) as hub:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        for run in range(runs):
            source = Source(hub, run)
            source.start()
            assert source.enough.wait(60)
            source.join(chance.random() * 0.2)
            hub.kill()
            source.join(30)
            for key, answer in source.ordered.items():
                assert "error" not in msgspec.json.decode(answer)
                acked.add(key)
            hub.start()
        found = verdict(tmp_path)
        assert found.problem is None, found.problem
    done = [r for r in of_type(tmp_path, "command.case.create") if r.outcome == "success"]
    recorded = Counter(str(r.detail["key"]) for r in done)
    offsets = {int(str(r.detail["first_offset"])) for r in done}
    top = max(offsets)
    titles = {case.title for case in past(tmp_path, top).cases.values()}
    assert titles == set(recorded)  # no effect without its record, and no record without its effect
    faults.found(
        Row(
            "kill -9, audit",
            runs,
            len(acked),
            lost=len(acked - set(recorded)),
            twice=sum(count - 1 for count in recorded.values()),
        )
    )
