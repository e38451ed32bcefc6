"""Who signed, and whether they may: the maker of a seal, the signer of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, cast

from xieka.certificate.structure import PublicKeyInfo
from xieka.certificate.trust import purposes
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.certificate.trust.signatures import Judgement, judge
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.gm import sm2
from xieka.seal import fields
from xieka.seal.chain import Chain, ChainFinding
from xieka.seal.models import Step, StepName
from xieka.seal.verdict import day, failed, ok, unchecked

_RSA = "1.2.840.113549.1.1."
_SIGNING = frozenset({"digital_signature", "non_repudiation"})
_CODES = {
    "maker": {"signature": 20, "certificate": 24, "usage": 25, "period": 27, "chain": 31, "revocation": 32},
    "signer": {"signature": 41, "certificate": 44, "usage": 45, "period": 46, "chain": 50, "revocation": 51},
}


@dataclass(frozen=True, slots=True)
class Party:
    """One signature and who is said to have made it."""

    role: Literal["maker", "signer"]
    certificate: bytes
    """DER."""
    algorithm: str
    """OID of the signature's algorithm."""
    signed: bytes
    signature: bytes
    at: datetime | None
    """When it was made, as the signed bytes say."""


def signature_step(party: Party) -> Step:
    """The signature value: is it of this certificate's key, over these bytes?"""
    name: StepName = "signature" if party.role == "maker" else "signer_signature"
    certificate = _certificate(party)
    if certificate is None:
        return failed(name, _error(party, "certificate"))
    try:
        with fields.understanding(_code(party, "certificate")):
            fits = _fits(party.algorithm, certificate)
    except XiekaError as unreadable:
        return failed(name, unreadable)
    if not fits:
        return failed(name, XiekaError("E-SEA-22"))
    judgement = judge(certificate.key_info, party.algorithm, party.signed, party.signature)
    if judgement is Judgement.GOOD:
        return ok(name)
    if judgement is Judgement.WEAK:
        return failed(name, XiekaError("E-SEA-23"))
    if judgement is Judgement.UNKNOWN:
        return failed(name, XiekaError("E-SEA-21", oid=party.algorithm))
    return failed(name, _error(party, "signature"))


def examined(party: Party, chain: Chain | None) -> ChainFinding:
    """What is known about who signed, as of the time it was made."""
    if chain is None or party.at is None or _certificate(party) is None:
        return ChainFinding()
    return chain.examine(party.certificate, party.at)


def certificate_steps(party: Party, now: datetime, found: ChainFinding) -> list[Step]:
    """Key usage, validity when it signed, path and revocation of who signed. `found`: see `examined`."""
    names = [_name(party, part) for part in ("usage", "period", "chain", "revocation")]
    certificate = _certificate(party)
    if certificate is None:
        why = XiekaError(_code(party, "certificate")).body()["what"]
        return [unchecked(name, why) for name in names]
    return [
        _usage(party, certificate),
        _period(party, certificate, now),
        _chain(party, found),
        _revocation(party, found),
    ]


def key_info(party: Party) -> bytes | None:
    """DER of the SubjectPublicKeyInfo of who signed; None where the certificate cannot be read."""
    certificate = _certificate(party)
    return None if certificate is None else certificate.key_info


def _usage(party: Party, certificate: Certificate) -> Step:
    # RFC 5280, 4.2.1.3: without the extension a key is for everything.
    forbidden = certificate.usages is not None and not certificate.usages & _SIGNING
    if forbidden or purposes.for_answers_only(certificate):
        return failed(_name(party, "usage"), _error(party, "usage"))
    return ok(_name(party, "usage"))


def _period(party: Party, certificate: Certificate, now: datetime) -> Step:
    name = _name(party, "period")
    if party.at is None:
        return unchecked(name, messages.text("seal_why_no_time"))
    if not certificate.not_before <= party.at <= certificate.not_after:
        return failed(name, _error(party, "period", created=day(party.at), signed=day(party.at)))
    # GM/T 0031: what was made while the certificate was valid outlives it.
    over = now > certificate.not_after
    return ok(name, messages.text(f"seal_why_{party.role}_over", end=day(certificate.not_after)) if over else "")


def _chain(party: Party, found: ChainFinding) -> Step:
    name = _name(party, "chain")
    if found.trusted is None:
        return unchecked(name, found.why or messages.text("seal_why_no_chain"))
    return ok(name, found.why) if found.trusted else failed(name, _error(party, "chain", why=found.why))


def _revocation(party: Party, found: ChainFinding) -> Step:
    name = _name(party, "revocation")
    if found.revoked is None:
        return unchecked(name, found.revocation or messages.text("seal_why_no_revocation"))
    if not found.revoked:
        return ok(name, found.revocation)
    # Without a date nobody can say that it was made before.
    if found.revoked_at is None or party.at is None or found.revoked_at <= party.at:
        revoked = day(found.revoked_at) if found.revoked_at else messages.text("seal_why_no_date")
        return failed(name, _error(party, "revocation", revoked=revoked))
    # Who holds a stolen key writes what time he likes; whose the time stamp is nobody has verified.
    return unchecked(name, messages.text(f"seal_why_{party.role}_revoked_since", revoked=day(found.revoked_at)))


def _certificate(party: Party) -> Certificate | None:
    return _parsed(party.certificate)


@lru_cache(maxsize=16)
def _parsed(der: bytes) -> Certificate | None:
    try:
        return parse(der)
    except ValueError:
        return None


def _fits(algorithm: str, certificate: Certificate) -> bool:
    """False when the algorithm is known to want another kind of key than this."""
    key = PublicKeyInfo.load(certificate.key_info)["algorithm"]
    if algorithm.startswith(_RSA):
        return bool(key["algorithm"].dotted.startswith(_RSA))
    return algorithm != sm2.SIGNATURE_OID or bool(key["parameters"].native == sm2.CURVE_OID)


def _name(party: Party, part: str) -> StepName:
    return cast("StepName", f"{party.role}_{part}")


def _code(party: Party, part: str) -> str:
    return f"E-SEA-{_CODES[party.role][part]}"


def _error(party: Party, part: str, **params: str) -> XiekaError:
    return XiekaError(_code(party, part), **params)
