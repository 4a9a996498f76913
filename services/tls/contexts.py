"""TLS contexts of hub and clients, and what a failed handshake means in words.

TLS 1.2 or newer, certificates always verified: there is no way to turn that off.
"""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path

from services.domain.errors import KnownError, in_words

_EXPIRED, _NOT_YET = 10, 9
_WRONG_NAME = frozenset({62, 64})
"""OpenSSL's verify codes: X509_V_ERR_…"""


def is_loopback(host: str) -> bool:
    """Whether nobody on another machine is meant."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def client_context(ca: Path | None) -> ssl.SSLContext:
    """For whoever asks a hub: trusts ``ca`` and nothing else, or what the system trusts.

    KnownError ``bad_ca``.
    """
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise KnownError(
            "bad_ca",
            f"{ca} cannot be read as the certificate of an authority: {in_words(error)}",
            field="ca",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def trust(url: str, ca: Path | None) -> ssl.SSLContext | None:
    """What a client of the hub at ``url`` needs: nothing without TLS, else ``client_context``."""
    return client_context(ca) if url.startswith("https:") else None


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """For a hub. KnownError ``bad_certificate`` says which file is wrong and how."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load(context, certificate, key)
    return context


def load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Have a context serve this certificate from the next connection on."""
    for path in (certificate, key):
        if not path.is_file():
            raise KnownError(
                "bad_certificate",
                f"{path} is not there; make it with onemap ca issue, or name yours with --tls-cert"
                " and --tls-key",
            )
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise KnownError(
            "bad_certificate",
            f"{certificate} and {key} cannot be used together as certificate and key: {reason}",
        ) from error


def _no_password() -> str:
    """A hub starts without anybody there to type; without this OpenSSL would ask on a terminal."""
    raise ValueError("the key is encrypted; a hub needs it without a password, in a 0600 file")


def tls_problem(error: BaseException, host: str = "") -> KnownError | None:
    """What a failed connection means if TLS was why; None when it was something else."""
    found: BaseException | None = error
    for _ in range(8):
        if found is None:
            return None
        if isinstance(found, ssl.SSLError):
            return _in_words(found, host)
        found = found.__cause__ or found.__context__
    return None


def _in_words(error: ssl.SSLError, host: str) -> KnownError:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return KnownError(
            "tls_failed",
            f"no encrypted line to the hub ({error.reason or error}); is it one without TLS"
            " (http://), or of another TLS version?",
        )
    if error.verify_code == _EXPIRED:
        return KnownError(
            "tls_expired",
            "the hub's certificate has expired; issue it anew (onemap ca issue)",
        )
    if error.verify_code == _NOT_YET:
        return KnownError(
            "tls_not_yet",
            "the hub's certificate is not valid yet: the clock of this machine or of the one that"
            " issued it is wrong",
        )
    if error.verify_code in _WRONG_NAME:
        return KnownError(
            "tls_wrong_name",
            f"the hub's certificate is not made for {host or 'this address'}; use a name or address"
            " that it holds, or issue one that holds this (onemap ca issue --dns, --ip)",
        )
    return KnownError(
        "tls_untrusted",
        "the hub's certificate is not signed by an authority that this machine trusts"
        f" ({error.verify_message}); give the authority's file with --ca",
    )
