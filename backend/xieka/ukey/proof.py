"""What answers a challenge: a JWS (RFC 7515) by RSA and P-256 keys, a message of GB/T 35275 by SM2 keys.

Whoever has the key signs; nothing here does. What is needed for SM2 is imported where it is used.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from xieka.contract.auth import ASSERTION_TYPE, MESSAGE_TYPE, AssertionClaims, MessageClaims
from xieka.token.mechanisms import P256, RSA, SM2
from xieka.token.signing import key_algorithm, unsupported

_JWS: Final = {RSA: "RS256", P256: "ES256"}
"""JWS algorithm (RFC 7518 §3.1) by the key's OID, as token.mechanisms knows them."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A proof that lacks its signature."""

    to_sign: bytes
    """What the certificate's key signs, as `TokenService.sign` does; SM2 with SM3 under the default identity."""
    signed: Callable[[bytes], Mapping[str, str]]
    """signature → the body of POST /v1/auth/sessions. SM2 signatures may be DER or r‖s. Raises ValueError for none."""


def form(certificate: bytes) -> Callable[[AssertionClaims], Unsigned]:
    """How the key of `certificate` (DER) proves claims. Raises XiekaError E-SIG-04 for a key that has no way to."""
    algorithm = key_algorithm(certificate)
    if algorithm == SM2:
        return partial(_message, certificate)
    if algorithm in _JWS:
        return partial(_assertion, certificate, _JWS[algorithm])
    raise unsupported(algorithm)


def _assertion(certificate: bytes, algorithm: str, claims: AssertionClaims) -> Unsigned:
    kind = ASSERTION_TYPE[claims.purpose]
    header = {"alg": algorithm, "typ": kind, "x5c": [base64.b64encode(certificate).decode()]}
    signing_input = f"{_base64url(_json(header))}.{_base64url(_json(claims.model_dump()))}"
    return Unsigned(
        signing_input.encode("ascii"),
        lambda signature: {"assertion": f"{signing_input}.{_base64url(signature)}"},
    )


def _message(certificate: bytes, claims: AssertionClaims) -> Unsigned:
    from xieka.certificate import signed_data

    content = _json(MessageClaims(typ=MESSAGE_TYPE[claims.purpose], **claims.model_dump()).model_dump())

    def signed(signature: bytes) -> Mapping[str, str]:
        return {"signed_data": base64.b64encode(signed_data.build(content, certificate, signature)).decode("ascii")}

    return Unsigned(signed_data.to_sign(content), signed)


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
