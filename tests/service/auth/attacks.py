"""The attack table: how an attack answers a challenge, how it is refused, and which check refuses it."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import true

from tests.service.auth import pki
from tests.service.auth.stage import Stage, b64, header, jws
from tests.service.auth.switches import ASSERTION, CHALLENGE, Attack, Without, all_of, instead, lenient_claims, off
from xieka_service.auth import algorithms, assertion, challenges, claims, strict
from xieka_service.auth.algorithms import Algorithm

# The challenge.


def replay(stage: Stage) -> str:
    answer = stage.assertion()
    assert stage.answer(answer) == (201, "")
    return answer


def late(stage: Stage) -> str:
    answer = stage.assertion()
    stage.clock.forward(120)
    return answer


def made_up(stage: Stage) -> str:
    return stage.assertion(nonce=b64(b"n" * 32))


def of_other_purpose(stage: Stage) -> str:
    return stage.assertion(nonce=stage.nonce_for("confirm"))


# The claims and the header.


def with_header(**changes: Any) -> Callable[[Stage], str]:
    return lambda stage: jws(stage.holder.key, header(stage.holder, **changes), stage.claims())


def without_type(stage: Stage) -> str:
    head = header(stage.holder)
    del head["typ"]
    return jws(stage.holder.key, head, stage.claims())


def twice_in_header(stage: Stage) -> str:
    head = json.dumps(header(stage.holder)).encode()
    return jws(stage.holder.key, b'{"typ":"other+jws",' + head[1:], stage.claims())


def twice_in_claims(stage: Stage) -> str:
    claims = json.dumps(stage.claims()).encode()
    return jws(stage.holder.key, header(stage.holder), b'{"aud":"https://elsewhere.example",' + claims[1:])


def tampered(stage: Stage) -> str:
    """A signature for one nonce, another open nonce in the claims."""
    head, _, signature = stage.assertion().split(".")
    return f"{head}.{b64(json.dumps(stage.claims()).encode())}.{signature}"


def swapped(stage: Stage) -> str:
    """Signed by one trusted holder, in the name of another."""
    other = stage.issuing.issue(pki.holder("另一家公司", 51, rsa=True))
    return jws(stage.holder.key, header(other), stage.claims())


def unsigned(stage: Stage) -> str:
    head, claims, _ = jws(stage.holder.key, header(stage.holder, alg="none"), stage.claims()).split(".")
    return f"{head}.{claims}."


def by_public_key(stage: Stage) -> str:
    """HS256 with the public key as the secret: the classic confusion of algorithms."""
    head, claims, _ = jws(stage.holder.key, header(stage.holder, alg="HS256"), stage.claims()).split(".")
    return f"{head}.{claims}.{b64(_hmac(stage.holder.key.public_key(), f'{head}.{claims}'.encode()))}"


def _hmac(key: algorithms.PublicKey, data: bytes) -> bytes:
    return hmac.digest(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), data, "sha256")


def _hmac_check(key: algorithms.PublicKey, signature: bytes, data: bytes) -> None:
    if not hmac.compare_digest(signature, _hmac(key, data)):
        raise algorithms.InvalidSignature


def accepting(name: str, check: Callable[[Any, bytes, bytes], None]) -> Without:
    """Put an algorithm into the table that must not be there."""
    more = {**assertion.ASSERTIONS, name: Algorithm(lambda _key: True, check)}
    return instead(assertion, "ASSERTIONS", more)


def on_other_curve(stage: Stage) -> str:
    """ES256 is for P-256 (RFC 7518, 3.4); secp256k1 has signatures of the same length."""
    return stage.assertion(stage.issuing.issue(pki.holder(key=pki.ec_key(52, ec.SECP256K1))))


def es256_on_other_curve(key: Any, signature: bytes, data: bytes) -> None:
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key.verify(algorithms.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


def der_signature(stage: Stage) -> str:
    """An ECDSA signature as DER, not as r and s."""
    holder = stage.issuing.issue(pki.holder())
    head, claims, _ = stage.assertion(holder).split(".")
    assert isinstance(holder.key, ec.EllipticCurvePrivateKey)
    return f"{head}.{claims}.{b64(holder.key.sign(f'{head}.{claims}'.encode(), ec.ECDSA(hashes.SHA256())))}"


def der_or_raw(key: Any, signature: bytes, data: bytes) -> None:
    key.verify(signature, data, ec.ECDSA(hashes.SHA256()))


def short_key(stage: Stage) -> str:
    return stage.assertion(stage.issuing.issue(pki.holder(key=pki.rsa_key(53, 1024))))


def edited(edit: Callable[[str], str]) -> Callable[[Stage], str]:
    """A good assertion, written in another way."""
    return lambda stage: edit(stage.assertion())


def other_last_bits(token: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def loose_bytes(text: str, decode: Callable[[str], bytes], _encode: object, *, pad: bool) -> bytes:
    text = "".join(text.split())
    return decode(text + "=" * (-len(text) % 4) if pad else text)


def broken_lines(stage: Stage) -> str:
    head = header(stage.holder)
    head["x5c"] = [base64.encodebytes(stage.holder.der).decode()]
    return jws(stage.holder.key, head, stage.claims())


ATTACKS = {
    "replayed": Attack(replay, CHALLENGE, off(challenges, "_unused", returns=true)),
    "challenge-expired": Attack(late, CHALLENGE, off(challenges, "_current", returns=true)),
    "challenge-made-up": Attack(made_up, CHALLENGE, off(challenges, "consume")),
    "challenge-of-other-purpose": Attack(of_other_purpose, CHALLENGE, off(challenges, "_meant_for", returns=true)),
    "other-audience": Attack(
        lambda stage: stage.assertion(aud="https://elsewhere.example"), ASSERTION, off(claims, "_check_audience")
    ),
    "audience-with-a-slash": Attack(
        lambda stage: stage.assertion(aud="https://service.example/"), ASSERTION, off(claims, "_check_audience")
    ),
    "other-purpose-claimed": Attack(
        lambda stage: stage.assertion(purpose="confirm"),
        ASSERTION,
        all_of(instead(claims, "_claims", lenient_claims), off(claims, "_check_purpose")),
    ),
    "further-claim": Attack(
        lambda stage: stage.assertion(admin=True), ASSERTION, instead(claims, "_claims", lenient_claims)
    ),
    "other-type": Attack(with_header(typ="JWT"), ASSERTION, off(assertion, "_check_type")),
    "type-in-capitals": Attack(with_header(typ="XIEKA-SESSION+JWS"), ASSERTION, off(assertion, "_check_type")),
    "without-type": Attack(without_type, ASSERTION, off(assertion, "_check_type", "_check_names")),
    "header-jku": Attack(with_header(jku="https://evil.example"), ASSERTION, off(assertion, "_check_names")),
    "header-jwk": Attack(with_header(jwk={"kty": "oct"}), ASSERTION, off(assertion, "_check_names")),
    "header-crit": Attack(with_header(crit=["b64"], b64=False), ASSERTION, off(assertion, "_check_names")),
    "header-kid": Attack(with_header(kid="../../keys"), ASSERTION, off(assertion, "_check_names")),
    "name-twice-in-header": Attack(twice_in_header, ASSERTION, instead(strict, "once", dict)),
    "name-twice-in-claims": Attack(twice_in_claims, ASSERTION, instead(strict, "once", dict)),
    "claims-tampered": Attack(tampered, ASSERTION, off(assertion, "_check_signature")),
    "certificate-swapped": Attack(swapped, ASSERTION, off(assertion, "_check_signature")),
    "alg-none": Attack(unsigned, ASSERTION, accepting("none", lambda *_: None)),
    "alg-hs256-with-public-key": Attack(by_public_key, ASSERTION, accepting("HS256", _hmac_check)),
    "alg-of-other-key": Attack(with_header(alg="ES256"), ASSERTION, off(assertion, "_check_signature")),
    "es256-on-other-curve": Attack(
        on_other_curve, ASSERTION, all_of(off(assertion, "is_strong"), accepting("ES256", es256_on_other_curve))
    ),
    "es256-as-der": Attack(der_signature, ASSERTION, accepting("ES256", der_or_raw)),
    "rsa-1024": Attack(short_key, ASSERTION, off(assertion, "is_strong")),
    "signature-padded": Attack(edited(lambda t: t + "=="), ASSERTION, instead(strict, "one_encoding", loose_bytes)),
    "signature-with-unused-bits": Attack(
        edited(other_last_bits), ASSERTION, instead(strict, "one_encoding", loose_bytes)
    ),
    "signature-with-blank": Attack(
        edited(lambda t: t[:-4] + "\n" + t[-4:]), ASSERTION, instead(strict, "one_encoding", loose_bytes)
    ),
    "x5c-with-line-ends": Attack(broken_lines, ASSERTION, instead(strict, "one_encoding", loose_bytes)),
}
