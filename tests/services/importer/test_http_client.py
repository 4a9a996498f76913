"""The source's side of the hub: batches, refusals by index, retries, errors with text."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import httpx
import pytest

from services.domain.errors import KnownError
from services.ingest.http_client import MAX_BATCH_BYTES, MAX_ITEMS, HubClient
from tests.services.importer.fake_hub import FakeHub


def items(count: int, **more: object) -> list[dict[str, object]]:
    return [{"type": "delete", "id": str(n), **more} for n in range(count)]


def test_items_go_in_order_in_batches_the_hub_takes() -> None:
    hub = FakeHub()
    with hub.client() as client:
        result = client.ingest(iter(items(2 * MAX_ITEMS + 7)))
    assert result.accepted == 2 * MAX_ITEMS + 7
    assert hub.batches == [MAX_ITEMS, MAX_ITEMS, 7]
    assert [i["id"] for i in hub.items] == [str(n) for n in range(2 * MAX_ITEMS + 7)]
    assert hub.tokens == {"Bearer secret"}


def test_a_batch_is_bounded_in_bytes_too() -> None:
    hub = FakeHub()
    with hub.client() as client:
        client.ingest(items(12, text="x" * 1_000_000))
    assert sum(hub.batches) == 12
    assert max(hub.bytes) <= MAX_BATCH_BYTES + 100


def test_nothing_is_sent_for_no_items() -> None:
    hub = FakeHub()
    with hub.client() as client:
        assert client.ingest([]).accepted == 0
    assert hub.batches == []


def test_refusals_carry_their_place_in_the_whole() -> None:
    hub = FakeHub(lambda item: "no" if item["id"] in ("3", str(MAX_ITEMS + 1)) else "")
    with hub.client() as client:
        result = client.ingest(items(MAX_ITEMS + 2))
    assert [r.index for r in result.refused] == [3, MAX_ITEMS + 1]
    assert result.refused[1].text == "no"
    assert result.accepted == MAX_ITEMS


def test_a_request_of_which_all_is_refused_is_no_failure() -> None:
    with FakeHub(lambda _: "no").client() as client:
        result = client.ingest(items(2))
    assert (result.accepted, len(result.refused)) == (0, 2)


@pytest.mark.parametrize("failure", [None, 503, 429, 502])
def test_a_hub_that_comes_back_is_waited_for(failure: int | None) -> None:
    hub = FakeHub(failures=[failure, failure])
    with hub.client(waits=(0.25, 0.5, 1.0)) as client:
        assert client.ingest(items(1)).accepted == 1
    assert hub.pauses == [0.25, 0.5]


def test_a_hub_that_stays_away_is_said_so() -> None:
    hub = FakeHub(failures=[None] * 10)
    with hub.client(waits=(0.1, 0.2)) as client, pytest.raises(KnownError) as caught:
        client.ingest(items(1))
    assert caught.value.code == "hub_unreachable"
    assert "connection refused" in caught.value.text
    assert hub.pauses == [0.1, 0.2]


def test_being_told_to_stop_ends_the_waiting() -> None:
    hub = FakeHub(failures=[None] * 10)
    with hub.client(wait=lambda _: True) as client, pytest.raises(KnownError) as caught:
        client.ingest(items(1))
    assert caught.value.code == "hub_unreachable"


def test_a_wrong_token_is_not_tried_again_and_never_printed() -> None:
    hub = FakeHub(failures=[401])
    with hub.client() as client, pytest.raises(KnownError) as caught:
        client.ingest(items(1))
    assert caught.value.code == "busy"  # the hub's own words
    assert "secret" not in str(caught.value)
    assert hub.pauses == []


def test_a_command_gives_its_values_or_its_reason() -> None:
    hub = FakeHub(lambda order: "too late" if order["name"] == "case.close" else "")
    with hub.client() as client:
        value = client.command("k1", "alarm.to_case", {"alarm": "a"}, seat="演示席")
        with pytest.raises(KnownError, match="too late"):
            client.command("k2", "case.close", {"case": "c1"}, expect_version=4)
    assert value == {"case": "c1"}
    assert hub.commands[0]["seat"] == "演示席"
    assert hub.commands[1]["expect_version"] == 4


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"a":' * 5_000])
def test_an_answer_that_is_none_is_a_known_error(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    client = HubClient("http://hub", "t", transport=transport)
    with client, pytest.raises(KnownError) as caught:
        client.summary()
    assert caught.value.code == "hub_refused"


@pytest.mark.parametrize("url", ["http://[", "127.0.0.1:8630", "file:///etc/passwd", "", "http://"])
def test_a_bad_address_is_a_known_error(url: str) -> None:
    with pytest.raises(KnownError) as caught:
        HubClient(url, "t")
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize("token", ["密码", "a\nb"])
def test_a_token_that_cannot_be_one_is_a_known_error(token: str) -> None:
    with pytest.raises(KnownError) as caught:
        HubClient("http://127.0.0.1:1", token)
    assert caught.value.code == "wrong_token"


@pytest.fixture
def real_server() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"demo_seed": 7}')

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_a_real_socket(real_server: str) -> None:
    with HubClient(real_server, "t") as client:
        assert client.summary() == {"demo_seed": 7}
