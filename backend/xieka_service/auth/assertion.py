"""The answer to a challenge as a compact JWS (RFC 7515) whose header carries the certificate that signs it.

Strict where the RFC leaves room: three header names and no other, one encoding, no name twice.
"""

from __future__ import annotations

import base64
from typing import Any

from cryptography.exceptions import InvalidSignature

from xieka.certificate.trust.parsed import Certificate, parse
from xieka.contract.auth import ASSERTION_TYPE, Purpose
from xieka_service.auth import claims, path, strict
from xieka_service.auth.algorithms import ASSERTIONS, is_strong, load_key
from xieka_service.auth.claims import Signed
from xieka_service.auth.strict import demand

_HEADER = {"alg", "typ", "x5c"}


def verify(token: str, purpose: Purpose, audience: str) -> Signed:
    """Check everything about an assertion but its nonce and its certificate. Raises ValueError.

    `token` is no longer than xieka.contract.auth.ASSERTION_LIMIT.
    """
    try:
        return _verify(token, purpose, audience)
    except (InvalidSignature, RecursionError) as malformed:
        raise ValueError("assertion") from malformed


def _verify(token: str, purpose: Purpose, audience: str) -> Signed:
    if not token.isascii():
        raise ValueError("characters")
    signing_input, _, signature = token.rpartition(".")
    first, _, second = signing_input.partition(".")
    header = strict.json_object(_url_bytes(first))
    _check_names(header)
    _check_type(header, purpose)
    chain = _chain(header["x5c"])
    _check_signature(header["alg"], chain[0], _url_bytes(signature), signing_input.encode("ascii"))
    return Signed(claims.read(strict.json_object(_url_bytes(second)), purpose, audience), chain)


def _check_names(header: dict[str, Any]) -> None:
    # No `crit`, `jku`, `jwk`, `kid` …: nothing but the certificate says what key this is.
    demand(set(header) == _HEADER)


def _check_type(header: dict[str, Any], purpose: Purpose) -> None:
    demand(header.get("typ") == ASSERTION_TYPE[purpose])


def _check_signature(name: object, holder: Certificate, signature: bytes, data: bytes) -> None:
    algorithm = ASSERTIONS.get(name) if isinstance(name, str) else None
    if algorithm is None:
        raise ValueError("alg")
    key = load_key(holder.key_info)
    demand(is_strong(key) and algorithm.fits(key))
    algorithm.check(key, signature, data)


def _chain(encoded: object) -> tuple[Certificate, ...]:
    # The anchor need not be sent: all but it, and it, make MAX_LENGTH.
    if not isinstance(encoded, list) or not 1 <= len(encoded) <= path.MAX_LENGTH:
        raise ValueError("x5c")
    return tuple(parse(_standard_bytes(one)) for one in encoded)


def _url_bytes(text: str) -> bytes:
    return strict.one_encoding(
        text, base64.urlsafe_b64decode, lambda data: base64.urlsafe_b64encode(data).rstrip(b"="), pad=True
    )


def _standard_bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("x5c")
    return strict.one_encoding(text, base64.b64decode, base64.b64encode, pad=False)
