"""Answers to challenges, in whichever form they come, and what is asked of the certificate in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from xieka.certificate.trust import purposes
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.path import Path
from xieka.contract.auth import AssertionProof, Purpose, SessionRequest
from xieka_service.auth import assertion, message, path
from xieka_service.auth.refusals import ASSERTION, CERTIFICATE_REVOKED, CERTIFICATE_USAGE
from xieka_service.auth.trust import Trust
from xieka_service.http.problems import Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a good proof says. Whether its nonce is still open is for the challenges to decide."""

    nonce: str
    certificate: Certificate


def verify(given: SessionRequest, purpose: Purpose, audience: str, trust: Trust, now: datetime) -> Answer:
    """Check everything about a proof but its nonce. Raises Refusal (auth.assertion, auth.certificate_…)."""
    try:
        if isinstance(given, AssertionProof):
            signed = assertion.verify(given.assertion, purpose, audience)
        else:
            signed = message.verify(given.signed_data, purpose, audience)
    except ValueError as malformed:
        raise Refusal(ASSERTION) from malformed
    check_chain(signed.chain, trust, now)
    return Answer(signed.nonce, signed.chain[0])


def check_chain(chain: tuple[Certificate, ...], trust: Trust, now: datetime) -> None:
    """Whether the first is a signing certificate that counts today, by the others and `trust`.

    Raises Refusal (auth.certificate_…), and OSError or ValueError where a revocation cannot be read.
    """
    _check_usage(chain[0])
    found = path.validate(
        chain[0], (*chain[1:], *trust.intermediates.certificates()), trust.anchors.certificates(), now
    )
    _check_revocation(found, trust)


def _check_usage(holder: Certificate) -> None:
    # Issued for responders, time stamps or programs only, say, it speaks for no holder.
    if holder.usages is None or "digital_signature" not in holder.usages or not purposes.for_holders(holder):
        raise Refusal(CERTIFICATE_USAGE)


def _check_revocation(found: Path, trust: Trust) -> None:
    # What other authorities have revoked is not asked here: that takes their answer over the network.
    if any(trust.own.revoked(one, issuer) for one, issuer in pairwise(found)):
        raise Refusal(CERTIFICATE_REVOKED)
