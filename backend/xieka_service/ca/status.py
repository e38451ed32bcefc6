"""What the embedded authority says about its certificates: OCSP answers (RFC 6960) and its list (RFC 5280)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any as Untyped

from asn1crypto import crl, ocsp
from asn1crypto.core import OctetString, ParsableOctetString
from cryptography import x509

from xieka.certificate import structure
from xieka.certificate.revocation.ocsp import DIGESTS
from xieka.certificate.trust.parsed import parse
from xieka_service.ca import ledger, questions, signed
from xieka_service.ca.embedded import SEAL_MAKER, EmbeddedAuthority, load_holder
from xieka_service.ca.ledger import Ledger
from xieka_service.ca.questions import Question
from xieka_service.ca.revoked import Revocation, Revoked
from xieka_service.ca.suites import Suite, key_bits

OCSP_LIFE = timedelta(hours=1)
LIST_LIFE = timedelta(days=1)
_BASIC = "1.3.6.1.5.5.7.48.1.1"


class Status:
    """Signs with the issuing authority's own key."""

    def __init__(self, folder: Path, suite: Suite) -> None:
        """Open the authority in `folder`. Raises as EmbeddedAuthority."""
        self._suite = suite
        self._issuing = load_holder(folder, "issuing", suite)
        self._maker = parse((folder / f"{SEAL_MAKER}.cer").read_bytes()).serial
        self._ledger = Ledger(folder / EmbeddedAuthority.SERIALS)
        self._revoked = Revoked(folder / EmbeddedAuthority.REVOKED)

    @property
    def issuer(self) -> bytes:
        """DER of the issuing authority's certificate."""
        return self._issuing.certificate.der

    def answer(self, data: bytes, now: datetime) -> bytes:
        """The answer to one OCSP request about one certificate; a refusal is an answer too. Raises OSError."""
        try:
            question = questions.read(data)
        except ValueError:
            return _refusal("malformed_request")
        if not self._is_ours(question):
            return _refusal("unauthorized")
        now = now.replace(microsecond=0)
        single = {
            "cert_id": question.identity,
            "cert_status": self._said(question.serial),
            "this_update": now,
            "next_update": now + OCSP_LIFE,
        }
        body: dict[str, Untyped] = {
            "responder_id": ocsp.ResponderId("by_key", signed.key_identifier(self._issuing.key.info)),
            "produced_at": now,
            "responses": [single],
        }
        if question.nonce is not None:
            nonce = {"extn_id": "nonce", "critical": False, "extn_value": OctetString(question.nonce)}
            body["response_extensions"] = [nonce]
        basic = signed.sign(ocsp.ResponseData(body).dump(), self._issuing.key, self._suite)
        wrapped = {"response_type": _BASIC, "response": ParsableOctetString(basic)}
        der: bytes = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": wrapped}).dump()
        return der

    def crl(self, now: datetime) -> bytes:
        """DER of the list of everything that has been taken back. Raises OSError, ValueError."""
        now = now.replace(microsecond=0)
        # Made anew for everybody who asks: the second it is made in numbers it.
        extensions = [
            (x509.CRLNumber(int(now.timestamp())), False),
            (signed.authority_key(self._issuing.key.info), False),
        ]
        fields: dict[str, Untyped] = {
            "version": 1,
            "signature": structure.AlgorithmIdentifier.load(self._suite.identifier),
            "issuer": structure.Name.load(self._issuing.certificate.subject),
            "this_update": signed.time(now),
            "next_update": signed.time(now + LIST_LIFE),
            "extensions": signed.list_of(extensions),
        }
        if revoked := [_entry(one) for one in self._revoked.all()]:
            fields["revoked"] = revoked
        body = signed.ListBody(fields).dump()
        return signed.sign(body, self._issuing.key, self._suite)

    def _is_ours(self, question: Question) -> bool:
        digest = DIGESTS.get(question.digest)
        if digest is None:
            return False
        own = digest(self._issuing.certificate.subject), digest(key_bits(self._issuing.key.info))
        return (question.issuer_name, question.issuer_key) == own

    def _said(self, serial: int) -> ocsp.CertStatus:
        if not ledger.issuable(serial):
            # Nobody's; and longer than the name of a file may be.
            return ocsp.CertStatus("unknown")
        revocation = self._revoked.get(serial)
        if revocation is not None:
            return ocsp.CertStatus("revoked", _told(revocation))
        issued = serial == self._maker or self._ledger.is_bound(serial)
        return ocsp.CertStatus("good" if issued else "unknown")


def _told(one: Revocation) -> dict[str, Untyped]:
    told: dict[str, Untyped] = {"revocation_time": one.at}
    if one.reason is not x509.ReasonFlags.unspecified:
        told["revocation_reason"] = crl.CRLReason(one.reason.name)
    return told


def _entry(one: Revocation) -> dict[str, Untyped]:
    entry: dict[str, Untyped] = {"serial": one.serial, "at": signed.time(one.at)}
    if one.reason is not x509.ReasonFlags.unspecified:
        # RFC 5280, 5.3.1: unspecified is said by saying nothing.
        entry["extensions"] = signed.list_of([(x509.CRLReason(one.reason), False)])
    return entry


def _refusal(status: str) -> bytes:
    der: bytes = ocsp.OCSPResponse({"response_status": status}).dump()
    return der
