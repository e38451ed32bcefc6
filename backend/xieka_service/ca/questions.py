"""OCSP requests (RFC 6960, 4.1), read strictly: one certificate, named by a digest that is known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any as Untyped

from asn1crypto import ocsp

from xieka.certificate.soundness import sound

MAX_REQUEST = 4096
"""Bytes; a question about one certificate has about 150."""

_NONCE_OID = "1.3.6.1.5.5.7.48.1.2"
_NONCE = range(1, 129)
"""Bytes of a nonce that is given back (RFC 9654, 2.1)."""


@dataclass(frozen=True, slots=True)
class Question:
    """About which certificate, and what is to be given back."""

    identity: Untyped
    """CertID, as it came."""
    digest: str
    """OID."""
    issuer_name: bytes
    issuer_key: bytes
    """Digests."""
    serial: int
    nonce: bytes | None


def read(data: bytes) -> Question:
    """The question in a request. Raises ValueError for anything but one about one certificate."""
    if len(data) > MAX_REQUEST or not sound(data):
        raise ValueError("not an OCSP request")
    try:
        return _read(data)
    except Exception as error:
        # asn1crypto lets errors of many types through.
        raise ValueError("not an OCSP request") from error


def _read(data: bytes) -> Question:
    asked = ocsp.OCSPRequest.load(data, strict=True)["tbs_request"]
    (one,) = asked["request_list"]
    identity = one["req_cert"]
    extensions = [(extension["extn_id"].dotted, extension) for extension in asked["request_extensions"] or ()]
    if len({oid for oid, _ in extensions}) != len(extensions):
        raise ValueError("the same extension twice")
    nonce = next((extension["extn_value"].parsed.native for oid, extension in extensions if oid == _NONCE_OID), None)
    return Question(
        identity=identity,
        digest=identity["hash_algorithm"]["algorithm"].dotted,
        issuer_name=identity["issuer_name_hash"].native,
        issuer_key=identity["issuer_key_hash"].native,
        serial=identity["serial_number"].native,
        nonce=nonce if isinstance(nonce, bytes) and len(nonce) in _NONCE else None,
    )
