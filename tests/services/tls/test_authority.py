"""An authority of one's own and what it issues, checked by OpenSSL's own eyes in a handshake."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from services.domain.errors import KnownError
from services.tls import authority
from services.tls.certificates import read_certificate
from services.tls.contexts import client_context, server_context, tls_problem

DAY = 86_400.0


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("ca")
    authority.init(directory, "测试机构", time.time())
    return directory


def handshake(issued: authority.Issued, ca: Path, host: str) -> None:
    """A whole TLS handshake in memory; SSLError as a client would see it."""
    client_in, client_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context(ca).wrap_bio(client_in, client_out, server_hostname=host)
    server_in, server_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_context(issued.certificate, issued.key).wrap_bio(
        server_in, server_out, server_side=True
    )
    done = {"client": False, "server": False}
    for _ in range(10):
        for name, side in (("client", client), ("server", server)):
            try:
                side.do_handshake()
                done[name] = True
            except ssl.SSLWantReadError:
                pass
            server_in.write(client_out.read())
            client_in.write(server_out.read())
        if all(done.values()):
            assert client.version() in ("TLSv1.2", "TLSv1.3")
            return
    pytest.fail("the handshake did not end")


@pytest.mark.parametrize("host", ["hub1", "hub1.example", "10.0.0.7", "localhost", "127.0.0.1"])
def test_a_client_with_the_authority_trusts_every_name(ca: Path, tmp_path: Path, host: str) -> None:
    issued = authority.issue(
        ca, "hub1", dns=["hub1.example"], ips=["10.0.0.7"], out=tmp_path, now=time.time()
    )
    handshake(issued, ca / "ca.pem", host)
    handshake(issued, issued.ca, host)  # the copy beside it is the same authority


@pytest.mark.parametrize(
    ("host", "days", "ago", "own_ca", "code"),
    [
        ("hub2", 397, 0.0, True, "tls_wrong_name"),
        ("10.0.0.8", 397, 0.0, True, "tls_wrong_name"),
        ("hub1", 10, 20 * DAY, True, "tls_expired"),
        ("hub1", 397, -2 * DAY, True, "tls_not_yet"),
        ("hub1", 397, 0.0, False, "tls_untrusted"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    ca: Path, tmp_path: Path, host: str, days: int, ago: float, own_ca: bool, code: str
) -> None:
    issued = authority.issue(ca, "hub1", days=days, out=tmp_path, now=time.time() - ago)
    trusted = ca / "ca.pem"
    if not own_ca:
        trusted = authority.init(tmp_path / "other", "other", time.time())
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        handshake(issued, trusted, host)
    wrapped = OSError("no connection")
    wrapped.__cause__ = caught.value
    problem = tls_problem(wrapped, host)
    assert problem is not None
    assert problem.code == code


def test_an_error_without_tls_is_not_about_tls() -> None:
    assert tls_problem(ConnectionRefusedError("no")) is None


def test_no_version_before_1_2_and_no_way_without_a_certificate(ca: Path, tmp_path: Path) -> None:
    issued = authority.issue(ca, "hub1", out=tmp_path, now=time.time())
    client, server = client_context(None), server_context(issued.certificate, issued.key)
    assert client.minimum_version == server.minimum_version == ssl.TLSVersion.TLSv1_2
    assert client.check_hostname
    assert client.verify_mode == ssl.CERT_REQUIRED


def test_keys_are_private_and_the_authority_signs_servers_only(ca: Path, tmp_path: Path) -> None:
    issued = authority.issue(ca, "hub1", out=tmp_path, now=time.time())
    for key in (ca / "ca-key.pem", issued.key):
        assert key.stat().st_mode & 0o077 == 0
    root = x509.load_pem_x509_certificate((ca / "ca.pem").read_bytes())
    leaf = x509.load_pem_x509_certificate(issued.certificate.read_bytes())
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    leaf.verify_directly_issued_by(root)


def test_a_certificate_never_outlives_its_authority(ca: Path, tmp_path: Path) -> None:
    late = time.time() + (authority.CA_DAYS - 10) * DAY
    issued = authority.issue(ca, "hub1", out=tmp_path, now=late)
    facts = read_certificate(issued.certificate)
    assert facts.ends == read_certificate(ca / "ca.pem").ends
    assert facts.days_left(late) in (9, 10)
    assert facts.names == ("hub1", "localhost", "127.0.0.1", "::1")


def test_an_authority_is_never_overwritten(ca: Path) -> None:
    with pytest.raises(KnownError, match="holds an authority already"):
        authority.init(ca, "again", time.time())


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("../escape", {}, "bad_name"),
        ("", {}, "bad_name"),
        ("hub1", {"dns": ["with space"]}, "bad_name"),
        ("hub1", {"ips": ["10.0.0"]}, "bad_name"),
        ("hub1", {"days": 0}, "bad_option"),
        ("hub1", {"days": 9_999}, "bad_option"),
    ],
)
def test_what_cannot_be_issued_is_refused(
    ca: Path, tmp_path: Path, name: str, more: dict[str, object], code: str
) -> None:
    with pytest.raises(KnownError) as caught:
        authority.issue(ca, name, out=tmp_path, now=time.time(), **more)  # type: ignore[arg-type]  # the cases' own mixture
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_no_authority_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="onemap ca init"):
        authority.issue(tmp_path, "hub1", now=time.time())
    (tmp_path / "ca.pem").write_text("no certificate")
    (tmp_path / "ca-key.pem").write_text("no key")
    with pytest.raises(KnownError, match="cannot be read"):
        authority.issue(tmp_path, "hub1", now=time.time())


def test_files_that_do_not_fit_are_named(ca: Path, tmp_path: Path) -> None:
    one = authority.issue(ca, "hub1", out=tmp_path / "one", now=time.time())
    two = authority.issue(ca, "hub1", out=tmp_path / "two", now=time.time())
    with pytest.raises(KnownError, match="cannot be used together"):
        server_context(one.certificate, two.key)
    with pytest.raises(KnownError, match="is not there"):
        server_context(tmp_path / "none.pem", two.key)
    with pytest.raises(KnownError, match="cannot be read as the certificate"):
        client_context(tmp_path / "none.pem")


def test_an_encrypted_key_asks_nobody(ca: Path, tmp_path: Path) -> None:
    issued = authority.issue(ca, "hub1", out=tmp_path, now=time.time())
    key = serialization.load_pem_private_key(issued.key.read_bytes(), None)
    issued.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(KnownError, match="encrypted"):
        server_context(issued.certificate, issued.key)
