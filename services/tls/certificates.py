"""What a certificate file says, for checks and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from services.domain.errors import KnownError, in_words

SOON_S = 30 * 86_400.0
"""A certificate that ends within this time is to be renewed."""
MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Times are UNIX seconds. ``names``: host names and addresses that it is made for."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    begins: float
    ends: float

    def days_left(self, now: float) -> int:
        """Whole days until it ends; negative when it has."""
        return int((self.ends - now) // 86_400)


def read_certificate(path: Path) -> CertificateFacts:
    """The first certificate of a PEM file. KnownError ``bad_certificate``."""
    try:
        with path.open("rb") as file:
            certificate = x509.load_pem_x509_certificate(file.read(MAX_BYTES))
        names = _names(certificate)
    except (OSError, ValueError) as error:
        raise KnownError("bad_certificate", f"{path} cannot be read: {in_words(error)}") from error
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        names=names,
        begins=certificate.not_valid_before_utc.timestamp(),
        ends=certificate.not_valid_after_utc.timestamp(),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = found.get_values_for_type(x509.DNSName)
    return (*hosts, *map(str, found.get_values_for_type(x509.IPAddress)))
