"""The answer to a challenge: a compact JWS (RFC 7515) whose header carries the certificate that signs it.

Strict where the RFC leaves room: three header names and no other, one encoding, no name twice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from pydantic import ValidationError

from xieka.certificate.trust.parsed import Certificate, parse
from xieka.contract.auth import ASSERTION_TYPE, AssertionClaims, Purpose
from xieka_service.auth import path
from xieka_service.auth.algorithms import ASSERTIONS, is_strong, load_key
from xieka_service.auth.refusals import ASSERTION, CERTIFICATE_USAGE
from xieka_service.auth.trust import Trust
from xieka_service.http.problems import Refusal

_HEADER = {"alg", "typ", "x5c"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a good assertion says. Whether its nonce is still open is for the challenges to decide."""

    nonce: str
    certificate: Certificate


def verify(token: str, purpose: Purpose, audience: str, trust: Trust, now: datetime) -> Answer:
    """Check everything about an assertion but its nonce. Raises Refusal (auth.assertion, auth.certificate_…).

    `token` is no longer than xieka.contract.auth.ASSERTION_LIMIT.
    """
    try:
        answer = _verify(token, purpose, audience)
    except (ValueError, InvalidSignature, RecursionError) as malformed:
        raise Refusal(ASSERTION) from malformed
    check_chain(answer.chain, trust, now)
    return Answer(answer.nonce, answer.chain[0])


def check_chain(chain: tuple[Certificate, ...], trust: Trust, now: datetime) -> None:
    """Whether the first is a signing certificate that counts today, by the others and `trust`.

    Raises Refusal (auth.certificate_…).
    """
    _check_usage(chain[0])
    path.validate(chain[0], (*chain[1:], *trust.intermediates.certificates()), trust.anchors.certificates(), now)


@dataclass(frozen=True, slots=True)
class _Signed:
    nonce: str
    chain: tuple[Certificate, ...]


def _verify(token: str, purpose: Purpose, audience: str) -> _Signed:
    if not token.isascii():
        raise ValueError("characters")
    signing_input, _, signature = token.rpartition(".")
    first, _, second = signing_input.partition(".")
    header = _json(_url_bytes(first))
    _check_names(header)
    _check_type(header, purpose)
    chain = _chain(header["x5c"])
    _check_signature(header["alg"], chain[0], _url_bytes(signature), signing_input.encode("ascii"))
    claims = _claims(_json(_url_bytes(second)))
    _check_audience(claims, audience)
    _check_purpose(claims, purpose)
    return _Signed(claims.nonce, chain)


def _check_names(header: dict[str, Any]) -> None:
    # No `crit`, `jku`, `jwk`, `kid` …: nothing but the certificate says what key this is.
    _demand(set(header) == _HEADER)


def _check_type(header: dict[str, Any], purpose: Purpose) -> None:
    _demand(header.get("typ") == ASSERTION_TYPE[purpose])


def _check_audience(claims: AssertionClaims, audience: str) -> None:
    _demand(claims.aud == audience)


def _check_purpose(claims: AssertionClaims, purpose: Purpose) -> None:
    _demand(claims.purpose == purpose)


def _check_signature(name: object, holder: Certificate, signature: bytes, data: bytes) -> None:
    algorithm = ASSERTIONS.get(name) if isinstance(name, str) else None
    if algorithm is None:
        raise ValueError("alg")
    key = load_key(holder.key_info)
    _demand(is_strong(key) and algorithm.fits(key))
    algorithm.check(key, signature, data)


def _check_usage(holder: Certificate) -> None:
    if holder.usages is None or "digital_signature" not in holder.usages:
        raise Refusal(CERTIFICATE_USAGE)


def _chain(encoded: object) -> tuple[Certificate, ...]:
    # The anchor need not be sent: all but it, and it, make MAX_LENGTH.
    if not isinstance(encoded, list) or not 1 <= len(encoded) <= path.MAX_LENGTH:
        raise ValueError("x5c")
    return tuple(parse(_standard_bytes(one)) for one in encoded)


def _claims(payload: dict[str, Any]) -> AssertionClaims:
    try:
        return AssertionClaims.model_validate(payload, strict=True)
    except ValidationError as invalid:
        raise ValueError("claims") from invalid


def _json(data: bytes) -> dict[str, Any]:
    value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # RFC 7515, 4: names are unique. Else two readers may read two different things.
    _demand(len({name for name, _ in pairs}) == len(pairs))
    return dict(pairs)


def _url_bytes(text: str) -> bytes:
    return _bytes(text, base64.urlsafe_b64decode, lambda data: base64.urlsafe_b64encode(data).rstrip(b"="), pad=True)


def _standard_bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("x5c")
    return _bytes(text, base64.b64decode, base64.b64encode, pad=False)


def _bytes(text: str, decode: Callable[[str], bytes], encode: Callable[[bytes], bytes], *, pad: bool) -> bytes:
    try:
        data = decode(text + "=" * (-len(text) % 4) if pad else text)
    except binascii.Error as broken:
        raise ValueError("base64") from broken
    # One encoding for one value: no padding where there is none, no unused bits, no foreign characters.
    _demand(encode(data) == text.encode("ascii"))
    return data


def _demand(holds: bool) -> None:
    if not holds:
        raise ValueError("assertion")
