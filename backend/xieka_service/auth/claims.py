"""What an answer to a challenge says, in either form: the nonce, for whom it is, what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xieka.certificate.trust.parsed import Certificate
from xieka.contract.auth import AssertionClaims, Purpose
from xieka_service.auth.strict import demand


@dataclass(frozen=True, slots=True)
class Signed:
    """A nonce, and the certificate whose key has signed it for this service and purpose, with further ones."""

    nonce: str
    chain: tuple[Certificate, ...]


def read(payload: dict[str, Any], purpose: Purpose, audience: str) -> str:
    """The nonce of claims that are for this purpose and service. Raises ValueError."""
    claims = _claims(payload)
    _check_audience(claims, audience)
    _check_purpose(claims, purpose)
    return claims.nonce


def _claims(payload: dict[str, Any]) -> AssertionClaims:
    try:
        return AssertionClaims.model_validate(payload, strict=True)
    except ValidationError as invalid:
        raise ValueError("claims") from invalid


def _check_audience(claims: AssertionClaims, audience: str) -> None:
    demand(claims.aud == audience)


def _check_purpose(claims: AssertionClaims, purpose: Purpose) -> None:
    demand(claims.purpose == purpose)
