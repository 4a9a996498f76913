"""``onemap ca``: from nothing to a certificate that a hub serves with."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from services.domain.errors import KnownError
from services.hub.options import tls_files
from services.tls.certificates import read_certificate
from services.tls.contexts import server_context


def onemap(*words: object) -> Result:
    return CliRunner().invoke(app, ["ca", *map(str, words)])


def test_an_authority_issues_what_a_hub_is_started_with(tmp_path: Path) -> None:
    ca = tmp_path / "ca"
    assert onemap("init", ca).exit_code == 0
    told = onemap("issue", ca, "hub1", "--ip", "10.0.0.7", "--dns", "yi-tu.example", "--days", 30)
    assert told.exit_code == 0, told.output
    assert f"--tls-dir {ca / 'hub1'}" in told.output
    files = tls_files(ca / "hub1", None, None)
    assert files is not None
    server_context(files.certificate, files.key)
    names = read_certificate(files.certificate).names
    assert {"hub1", "yi-tu.example", "10.0.0.7", "127.0.0.1"} <= set(names)


def test_a_second_authority_in_the_same_place_is_refused(tmp_path: Path) -> None:
    onemap("init", tmp_path)
    before = (tmp_path / "ca-key.pem").read_bytes()
    refused = onemap("init", tmp_path).exception
    assert isinstance(refused, KnownError)
    assert (tmp_path / "ca-key.pem").read_bytes() == before


@pytest.mark.parametrize("words", [["issue", "nowhere", "hub1"], ["issue", "nowhere", "a/b"]])
def test_what_cannot_be_issued_is_said(words: list[str]) -> None:
    assert isinstance(onemap(*words).exception, KnownError)
