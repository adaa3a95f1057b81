"""A certificate of this machine's own, and a bot's certificate; made once, kept nowhere but for as long as a test."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.teams.signing import private_key


@cache
def pem(name: str) -> str:
    """A private key and its certificate for a host of this name, one after the other."""
    key = private_key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (own + certificate.public_bytes(Encoding.PEM)).decode()


@cache
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "localhost.pem"
        file.write_text(pem("localhost"))
        context.load_cert_chain(file)
    return context


@cache
def client_context() -> ssl.SSLContext:
    """Trusts this machine's certificate and no other."""
    certificate = pem("localhost").partition("-----BEGIN CERTIFICATE-----")
    return ssl.create_default_context(cadata=certificate[1] + certificate[2])
