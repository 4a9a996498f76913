"""The HTTP API fuzzed from its own document: right and wrong requests, as many as asked for.

Every answer is one that the document knows, none is the hub's own failure, and the hub serves on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.access.tokens import FIRST_ACCOUNTS
from services.hub.openapi import openapi
from services.hub.route_docs import DOCS
from tests.faults.options import Faults, Row
from tests.services.hub.consoles import HubProcess, hub_process
from tests.services.hub.test_feed import CITY

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
USERS = (*(account.user for account in FIRST_ACCOUNTS), "nobody")
LIMIT_S = 30.0


@pytest.fixture(scope="module")
def sent() -> dict[GenerationMode, int]:
    """How many requests of each mode were sent."""
    return dict.fromkeys(GenerationMode, 0)


@pytest.fixture(scope="module")
def hub(
    tmp_path_factory: pytest.TempPathFactory, faults: Faults, sent: dict[GenerationMode, int]
) -> Iterator[HubProcess]:
    """One hub for all operations, so that what one left behind meets the next."""
    data: Path = tmp_path_factory.mktemp("fuzzed")
    with hub_process(data) as running:
        with running.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        yield running
        with running.http() as http:
            assert http.get("/healthz").text == "ok\n"
            assert http.get("/readyz").text == "ready\n"
        assert "Traceback" not in (data / "logs" / "hub.log").read_text("utf-8")
    for mode, count in sent.items():
        faults.found(Row(f"HTTP requests, {mode.value}", count, count, 0, 0))


def _schema() -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_dict(openapi(DOCS))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
@pytest.mark.parametrize("route", sorted(DOCS), ids=" ".join)
def test_no_request_makes_the_hub_fail(
    hub: HubProcess,
    faults: Faults,
    sent: dict[GenerationMode, int],
    route: tuple[str, str],
    mode: GenerationMode,
) -> None:
    method, path = route
    operation = _schema()[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=faults.count("fuzz"),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def requests(case: schemathesis.Case) -> None:
        user = USERS[sent[mode] % len(USERS)]
        sent[mode] += 1
        token = "x" * 40 if user == "nobody" else hub.token(user)
        case.call_and_validate(
            base_url=hub.url,
            headers={"Authorization": f"Bearer {token}"},
            checks=CHECKS,
            timeout=LIMIT_S,
        )

    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        requests()  # an operation without parameters has no wrong requests
