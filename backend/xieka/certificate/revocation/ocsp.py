"""OCSP (RFC 6960): the question, and what an answer is worth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any as Untyped

from asn1crypto import ocsp
from asn1crypto.core import Null, OctetString

from xieka.certificate.revocation.models import SKEW, Answer, Status, Times
from xieka.certificate.soundness import sound
from xieka.certificate.structure import PublicKeyInfo
from xieka.certificate.trust import purposes, rules, signatures
from xieka.certificate.trust.names import comparable
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.certificate.trust.signatures import Judgement
from xieka.gm import sm3

REQUEST_TYPE = "application/ocsp-request"
MAX_BYTES = 64 * 1024
LONGEST = timedelta(days=1)
"""How long an answer that does not say its end counts."""
AT_MOST = timedelta(days=10)
"""How long one counts that says a later end: it could be played again as long, and whoever asks a responder wants to
know earlier than a list would say (CA/Browser Forum, Baseline Requirements 4.9.10, has the same limit)."""

_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_NONCE = "1.3.6.1.5.5.7.48.1.2"
_DELEGATES = 5
"""Certificates in an answer that are looked at."""
_RESPONSES = 20
DIGESTS: Mapping[str, Callable[[bytes], bytes]] = {
    # SHA-1 here only finds the entry; the signature is what counts (RFC 6960, 4.1.1).
    "1.3.14.3.2.26": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "2.16.840.1.101.3.4.2.1": lambda data: hashlib.sha256(data).digest(),
    sm3.OID: sm3.digest,
}
"""What an issuer may be named by: hashAlgorithm of CertID → the digest."""


def request(certificate: Certificate, issuer: Certificate, nonce: bytes) -> bytes:
    """DER of the question about one certificate, with a nonce (RFC 8954)."""
    digest = DIGESTS["1.3.14.3.2.26"]
    identity = {
        "hash_algorithm": {"algorithm": "sha1", "parameters": Null()},
        "issuer_name_hash": digest(certificate.issuer),
        "issuer_key_hash": digest(_key_bits(issuer)),
        "serial_number": certificate.serial,
    }
    extension = {"extn_id": "nonce", "critical": False, "extn_value": OctetString(nonce)}
    body = {"request_list": [{"req_cert": identity}], "request_extensions": [extension]}
    der: bytes = ocsp.OCSPRequest({"tbs_request": body}).dump()
    return der


def judge(
    data: bytes, certificate: Certificate, issuer: Certificate, now: datetime, nonce: bytes | None = None
) -> Answer:
    """What `data` says about `certificate`. `nonce`: of the question just asked; a kept answer is judged without.

    Never raises.
    """
    try:
        return _judge(data, certificate, issuer, now, nonce)
    except Exception as error:  # noqa: BLE001
        # asn1crypto lets errors of many types through; a stranger's bytes must not end the checking.
        return Answer(Status.UNREADABLE, detail=type(error).__name__)


def _judge(data: bytes, certificate: Certificate, issuer: Certificate, now: datetime, nonce: bytes | None) -> Answer:
    if not sound(data):
        raise ValueError("outline")
    response = ocsp.OCSPResponse.load(data, strict=True)
    outcome = response["response_status"].native
    if outcome != "successful":
        return Answer(Status.UNREADABLE, detail=str(outcome))
    if response["response_bytes"]["response_type"].native != "basic_ocsp_response":
        return Answer(Status.UNREADABLE, detail="response type")
    inner = response["response_bytes"]["response"].contents
    if not sound(inner):
        raise ValueError("outline")
    basic = ocsp.BasicOCSPResponse.load(inner, strict=True)
    said = basic["tbs_response_data"]
    signers = _signers(basic, said, issuer)
    if not signers:
        return Answer(Status.WRONG_SIGNER)
    answers = [_answer(one, now) for one in list(said["responses"])[:_RESPONSES] if _about(one, certificate, issuer)]
    answer = min(answers, key=_worst, default=Answer(Status.UNREADABLE, detail="another certificate"))
    produced = said["produced_at"].native.astimezone(UTC)
    # Revoked stays revoked after who said so has ended: he spoke in his time.
    signer = _in_office(signers, issuer, now if answer.revoked_at is None else produced)
    if signer is None:
        return Answer(Status.WRONG_SIGNER)
    if demands := _demands(said["response_extensions"], {_NONCE}):
        answer = replace(answer, status=Status.UNREADABLE, demands=demands)
    elif nonce is not None and _nonce(said) not in (None, nonce):
        # An answer to somebody else's question, perhaps an old one.
        return Answer(Status.WRONG_SIGNER, detail="nonce")
    elif produced > now + SKEW:
        answer = replace(answer, status=Status.FUTURE, this_update=produced)
    unchecked = signer is not issuer and _NO_CHECK not in signer.extensions
    return replace(answer, delegate=signer) if unchecked else answer


def _worst(answer: Answer) -> tuple[bool, int]:
    # Several for one certificate are not meant to be; what says the worst counts.
    order = (Status.REVOKED, Status.FUTURE, Status.UNREADABLE, Status.STALE, Status.UNKNOWN, Status.GOOD)
    return answer.revoked_at is None, order.index(answer.status)


def _answer(single: Untyped, now: datetime) -> Answer:
    next_update = single["next_update"].native
    times = Times.of(
        single["this_update"].native.astimezone(UTC),
        next_update.astimezone(UTC) if next_update is not None else None,
        LONGEST,
        AT_MOST,
    )
    answer = _said(single["cert_status"], times, times.untimely(now))
    if demands := _demands(single["single_extensions"], set()):
        return replace(answer, status=Status.UNREADABLE, demands=demands)
    return answer


def _said(status: Untyped, times: Times, untimely: Status | None) -> Answer:
    if status.name == "revoked":
        # Revoked stays revoked, even where the answer is old; only a hold can end.
        reason = _reason(status.chosen)
        final = reason != "certificate_hold" and untimely is not Status.FUTURE
        at = status.chosen["revocation_time"].native.astimezone(UTC)
        return Answer.at(Status.REVOKED if final or not untimely else untimely, times, at, reason)
    outcome = Status.GOOD if status.name == "good" else Status.UNKNOWN
    return Answer.at(untimely or outcome, times)


def _reason(revoked: Untyped) -> str:
    """ "" when none is given that is known: whose reason cannot be read is revoked all the same."""
    try:
        return str(revoked["revocation_reason"].native or "")
    except (ValueError, KeyError, TypeError):
        return ""


def _demands(extensions: Untyped, understood: set[str]) -> str:
    """OIDs of what must be obeyed and is not known here (RFC 6960, 4.4; RFC 5280, 4.2). Raises ValueError."""
    read = [(one["extn_id"].dotted, one["critical"].native) for one in extensions or ()]
    if len({oid for oid, _ in read}) != len(read):
        raise ValueError("the same extension twice")
    return ", ".join(sorted(oid for oid, critical in read if critical and oid not in understood))


def _about(single: Untyped, certificate: Certificate, issuer: Certificate) -> bool:
    identity = single["cert_id"]
    digest = DIGESTS.get(identity["hash_algorithm"]["algorithm"].dotted)
    return (
        digest is not None
        and identity["serial_number"].native == certificate.serial
        and identity["issuer_name_hash"].native == digest(certificate.issuer)
        and identity["issuer_key_hash"].native == digest(_key_bits(issuer))
    )


def _signers(basic: Untyped, said: Untyped, issuer: Certificate) -> list[Certificate]:
    """Whose key has signed it: the issuer, or certificates of a delegate, whatever their dates."""
    signed, signature = said.dump(), bytes(basic["signature"])
    algorithm = basic["signature_algorithm"]["algorithm"].dotted
    return [
        signer
        for signer in (issuer, *_delegates(basic, issuer))
        if signatures.judge(signer.key_info, algorithm, signed, signature) is Judgement.GOOD
    ]


def _in_office(signers: list[Certificate], issuer: Certificate, at: datetime) -> Certificate | None:
    return next((one for one in signers if one is issuer or one.not_before <= at <= one.not_after), None)


def _delegates(basic: Untyped, issuer: Certificate) -> Iterator[Certificate]:
    """Certificates in the answer whose key the issuer itself has appointed to answer (RFC 6960, 4.2.2.2)."""
    for wrapped in list(basic["certs"] or ())[:_DELEGATES]:
        try:
            one = parse(wrapped.dump())
        except ValueError:
            continue
        if (
            comparable(one.issuer) == comparable(issuer.subject)
            and _may_answer(one)
            and not set(rules.not_understood(one)) - {_NO_CHECK}
            and signatures.judge(issuer.key_info, one.algorithm, one.signed, one.signature) is Judgement.GOOD
        ):
            yield one


def _may_answer(delegate: Certificate) -> bool:
    appointed = purposes.OCSP_SIGNING in (purposes.of(delegate) or ())
    return appointed and (delegate.usages is None or "digital_signature" in delegate.usages)


def _nonce(said: Untyped) -> bytes | None:
    for extension in said["response_extensions"] or ():
        if extension["extn_id"].native == "nonce":
            # RFC 8954 wraps it in an OCTET STRING of its own; some responders do not.
            value: bytes = extension["extn_value"].parsed.native
            return value
    return None


def _key_bits(certificate: Certificate) -> bytes:
    bits: bytes = PublicKeyInfo.load(certificate.key_info, strict=True)["public_key"].native
    return bits
