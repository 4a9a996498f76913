"""A small certificate authority of one's own: a directory with its key, and what it issues.

ECDSA P-256. The authority signs nothing but certificates of servers (path length 0); keys are
0600. It should lie on a machine that is no hub, or on a stick.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.domain.errors import KnownError, in_words

CA_CERTIFICATE, CA_KEY = "ca.pem", "ca-key.pem"
CERTIFICATE, KEY = "hub.pem", "hub-key.pem"
CA_DAYS = 3_650
DAYS = 397
MAX_DAYS = 825
EARLIER = timedelta(minutes=5)
"""Valid a little before now, for machines whose clocks are a little behind."""
_DNS = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Issued:
    """The files of a new certificate: it, its key, and the authority's certificate beside them."""

    certificate: Path
    key: Path
    ca: Path
    names: tuple[str, ...]
    until: datetime


def init(directory: Path, name: str, now: float) -> Path:
    """Make an authority in ``directory``; its certificate. KnownError ``ca_exists``."""
    certificate_path, key_path = directory / CA_CERTIFICATE, directory / CA_KEY
    if certificate_path.exists() or key_path.exists():
        raise KnownError(
            "ca_exists", f"{directory} holds an authority already; what it has issued needs it"
        )
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _common_name(name))])
    begin = datetime.fromtimestamp(now, UTC) - EARLIER
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(key_path, _pem(key), private=True)
    _write(certificate_path, certificate.public_bytes(serialization.Encoding.PEM), private=False)
    return certificate_path


def issue(
    directory: Path,
    name: str,
    *,
    dns: Sequence[str] = (),
    ips: Sequence[str] = (),
    days: int = DAYS,
    out: Path | None = None,
    now: float,
) -> Issued:
    """Issue a certificate for the machine ``name`` (a host name or an address).

    It also holds ``localhost`` and the loopback addresses, so that tools on the hub's own machine
    verify it too. Written to ``out``, else to ``directory/name``. KnownError ``no_ca``,
    ``bad_name``, ``bad_option``.
    """
    if not 1 <= days <= MAX_DAYS:
        raise KnownError("bad_option", f"a certificate is valid for 1 to {MAX_DAYS} days")
    ca, ca_key = _authority(directory)
    hosts, addresses = _names(name, dns, ips)
    key = ec.generate_private_key(ec.SECP256R1())
    begin = datetime.fromtimestamp(now, UTC) - EARLIER
    until = min(begin + timedelta(days=days), ca.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _common_name(name))]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [*(x509.DNSName(h) for h in hosts), *(x509.IPAddress(a) for a in addresses)]
            ),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    target = directory / name if out is None else out
    paths = target / CERTIFICATE, target / KEY, target / CA_CERTIFICATE
    _write(paths[1], _pem(key), private=True)
    _write(paths[0], certificate.public_bytes(serialization.Encoding.PEM), private=False)
    _write(paths[2], ca.public_bytes(serialization.Encoding.PEM), private=False)
    return Issued(*paths, (*hosts, *map(str, addresses)), until)


# -- inside -------------------------------------------------------------------------
def _authority(directory: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        ca = x509.load_pem_x509_certificate((directory / CA_CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((directory / CA_KEY).read_bytes(), None)
    except FileNotFoundError as error:
        raise KnownError(
            "no_ca", f"there is no authority in {directory}; make one with onemap ca init"
        ) from error
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KnownError(
            "no_ca", f"the authority in {directory} cannot be read: {in_words(error)}"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != ca.public_key():
        raise KnownError("no_ca", f"{CA_KEY} in {directory} is not the key of its {CA_CERTIFICATE}")
    return ca, key


def _names(
    name: str, dns: Sequence[str], ips: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Address, ...]]:
    """Host names and addresses, each once, the given ones first."""
    hosts: dict[str, None] = {}
    addresses: dict[Address, None] = {}
    own = _address(name)
    if own is not None:
        addresses[own] = None
    else:
        hosts[_host(name)] = None
    hosts |= dict.fromkeys(map(_host, dns))
    for text in ips:
        found = _address(text)
        if found is None:
            raise KnownError("bad_name", f"“{text[:60]}” is not an IP address", field="ip")
        addresses[found] = None
    hosts["localhost"] = None
    for loopback in ("127.0.0.1", "::1"):
        addresses[ipaddress.ip_address(loopback)] = None
    return tuple(hosts), tuple(addresses)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _host(text: str) -> str:
    lower = text.lower()
    if not _DNS.fullmatch(lower):
        raise KnownError(
            "bad_name",
            f"“{text[:60]}” is not a host name: letters, digits, hyphens and dots",
            field="name",
        )
    return lower


def _common_name(name: str) -> str:
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise KnownError("bad_name", "a name has 1 to 64 characters", field="name")
    return name


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, data: bytes, *, private: bool) -> None:
    """Whole or not at all; a private file is 0600 from its first byte on."""
    unfinished = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        mode = 0o600 if private else 0o644
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise KnownError("not_written", f"{path} cannot be written: {error.strerror}") from error
