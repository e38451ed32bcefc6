"""The attack table: how each attack answers a challenge, how it is refused, and which check it is that refuses it.

`without` switches that check off. test_attacks.py runs every attack with all checks on (it is refused) and without its
check (it succeeds): so every row is a real attack, and every check is shown to be the one that counts.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import true

from tests.service.auth import pki
from tests.service.auth.stage import Stage, b64, header, jws
from xieka.certificate.trust import parsed, signatures
from xieka.certificate.trust import path as search
from xieka.certificate.trust.rules import Rule
from xieka.certificate.trust.signatures import Judgement
from xieka.contract.auth import AssertionClaims
from xieka_service.auth import algorithms, assertion, challenges, claims, path, proofs, strict
from xieka_service.auth.algorithms import Algorithm
from xieka_service.ca.embedded import EmbeddedAuthority
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import RSA

ASSERTION = "auth.assertion"
CHALLENGE = "auth.challenge"
DATES = "auth.certificate_dates"
REVOKED = "auth.certificate_revoked"
UNTRUSTED = "auth.certificate_untrusted"
USAGE = "auth.certificate_usage"

Without = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Attack:
    """`answer` makes the assertion; it may move the clock and use the stage as a client would."""

    answer: Callable[[Stage], str]
    code: str
    without: Without


def off(module: object, *names: str, returns: Any = True) -> Without:
    """Switch checks off that say yes or no, or raise."""

    def without(patch: pytest.MonkeyPatch) -> None:
        for name in names:
            patch.setattr(module, name, lambda *_, **__: returns() if callable(returns) else returns)

    return without


def all_of(*parts: Without) -> Without:
    def without(patch: pytest.MonkeyPatch) -> None:
        for part in parts:
            part(patch)

    return without


def instead(module: object, name: str, value: Any) -> Without:
    return lambda patch: patch.setattr(module, name, value)


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


def lenient_claims(payload: dict[str, Any]) -> AssertionClaims:
    return AssertionClaims.model_construct(None, **payload)


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


# Certificates and paths.


def issued(**changes: Any) -> Callable[[Stage], str]:
    """Answered by a holder of this shape, issued by the trusted authority."""
    return lambda stage: stage.assertion(stage.issuing.issue(pki.holder(**changes)))


def under(shape: Callable[[], pki.Shape], **changes: Any) -> Callable[[Stage], str]:
    """Answered by a good holder under an intermediate authority of this shape, which the trusted root issued."""

    def answer(stage: Stage) -> str:
        between = stage.root.issue(shape())
        return stage.assertion(between.issue(pki.holder(**changes)), between)

    return answer


def stranger(stage: Stage) -> str:
    root = pki.self_signed(pki.authority("陌生根 CA", 3))
    return stage.assertion(root.issue(pki.holder()), root)


def twin(stage: Stage) -> str:
    """An authority that calls itself as the trusted one does, with a key of its own."""
    return stage.assertion(pki.self_signed(pki.authority("示例 CA", 3)).issue(pki.holder()))


def by_holder(stage: Stage) -> str:
    """A holder who plays authority for somebody else."""
    return stage.assertion(stage.holder.issue(pki.holder("冒名公司")), stage.holder)


def below_limit(stage: Stage) -> str:
    """The issuing authority may have no authority below it (pathLenConstraint 0)."""
    more = stage.issuing.issue(pki.authority("下级 CA", 4))
    return stage.assertion(more.issue(pki.holder()), more)


def too_deep(stage: Stage) -> str:
    chain = [stage.root]
    for number in range(10, 14):
        chain.append(chain[-1].issue(pki.authority(f"第 {number} 级 CA", number)))
    return stage.assertion(chain[-1].issue(pki.holder()), *reversed(chain[1:]))


def flipped(stage: Stage) -> str:
    der = bytearray(stage.holder.der)
    der[-1] ^= 1
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(bytes(der)).decode()]
    return jws(stage.holder.key, head, stage.claims())


def sha1(stage: Stage) -> str:
    assert isinstance(stage.issuing.key, rsa.RSAPrivateKey)
    der = pki.resigned(stage.holder.der, stage.issuing.key, algorithm=pki.RSA_SHA1)
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(der).decode()]
    return jws(stage.holder.key, head, stage.claims())


def accepting_sha1(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "_BROKEN", frozenset())
    patch.setattr(signatures, "_RSA_HASHES", {**signatures._RSA_HASHES, pki.RSA_SHA1: hashes.SHA1})
    unremembered(patch)


def accepting_short_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "RSA_BITS", range(8193))
    unremembered(patch)


def unremembered(patch: pytest.MonkeyPatch) -> None:
    """What was judged with the check on must not be remembered."""
    patch.setattr(signatures, "remembered", signatures.judge)


def any_signature(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "remembered", lambda *_: Judgement.GOOD)


def any_name(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(search, "comparable", lambda _name: b"")


def without_rules(*which: Rule) -> Without:
    return instead(path, "COUNTING", path.COUNTING.difference(which))


def anchor_over(stage: Stage) -> str:
    stage.clock.forward(timedelta(days=9 * 365).total_seconds())
    holder = stage.issuing.issue(pki.holder(ends=pki.NOW + 20 * 365 * pki.DAY))
    stage.clock.forward(timedelta(days=2 * 365).total_seconds())
    return stage.assertion(holder)


def second_encoding(stage: Stage) -> str:
    """The same certificate with a longer form of its outer length: another fingerprint for one certificate."""
    der = stage.holder.der
    assert der[1] == 0x82
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(der[:1] + b"\x83\x00" + der[2:]).decode()]
    return jws(stage.holder.key, head, stage.claims())


def revoked(stage: Stage) -> str:
    """Taken back by this service's own authority."""
    take_back(stage)
    return stage.assertion()


def take_back(stage: Stage) -> None:
    """As if the stage's authority were the service's own, and had revoked the holder's certificate."""
    own = stage.parts.config.data / RSA.folder
    own.mkdir()
    (own / "issuing.cer").write_bytes(stage.issuing.der)
    serial = stage.holder.certificate.serial_number
    Revoked(own / EmbeddedAuthority.REVOKED).add(serial, pki.NOW, x509.ReasonFlags.key_compromise)


def _authority(**changes: Any) -> Callable[[], pki.Shape]:
    return lambda: pki.replace(pki.authority("另一 CA", 5), **changes)


UNKNOWN = "1.3.6.1.4.1.99999.1"
NAMES = "2.5.29.30"
PERMITTED = bytes.fromhex("300ea00c300a82086578616d706c652e")

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
    "certificate-in-second-encoding": Attack(second_encoding, ASSERTION, off(parsed, "_one_encoding")),
    "encryption-certificate": Attack(issued(usages=pki.ENCRYPTION), USAGE, off(proofs, "_check_usage")),
    "certificate-without-usage": Attack(issued(usages=None), USAGE, off(proofs, "_check_usage")),
    "nonrepudiation-only": Attack(issued(usages=frozenset({"content_commitment"})), USAGE, off(proofs, "_check_usage")),
    "certificate-expired": Attack(issued(ends=pki.NOW - pki.DAY), DATES, without_rules(Rule.DATES)),
    "certificate-of-tomorrow": Attack(issued(begins=pki.NOW + pki.DAY), DATES, without_rules(Rule.DATES)),
    "authority-expired": Attack(under(_authority(ends=pki.NOW - pki.DAY)), DATES, without_rules(Rule.DATES)),
    "anchor-expired": Attack(anchor_over, DATES, without_rules(Rule.DATES)),
    "certificate-revoked": Attack(revoked, REVOKED, off(proofs, "_check_revocation")),
    "stranger": Attack(stranger, UNTRUSTED, all_of(any_name, any_signature)),
    "twin-of-the-authority": Attack(twin, UNTRUSTED, any_signature),
    "certificate-flipped": Attack(flipped, UNTRUSTED, any_signature),
    "certificate-signed-with-sha1": Attack(sha1, UNTRUSTED, accepting_sha1),
    "other-issuer-name": Attack(issued(issuer_name="没有这个 CA"), UNTRUSTED, any_name),
    "issued-by-a-holder": Attack(by_holder, UNTRUSTED, without_rules(Rule.AUTHORITY, Rule.PATH_LENGTH)),
    "authority-without-ca": Attack(under(_authority(authority=False)), UNTRUSTED, without_rules(Rule.AUTHORITY)),
    "authority-without-constraints": Attack(
        under(_authority(authority=None)), UNTRUSTED, without_rules(Rule.AUTHORITY)
    ),
    "authority-without-cert-sign": Attack(
        under(_authority(usages=pki.SIGNING)), UNTRUSTED, without_rules(Rule.AUTHORITY)
    ),
    "authority-without-usage": Attack(under(_authority(usages=None)), UNTRUSTED, without_rules(Rule.AUTHORITY)),
    "authority-with-rsa-1024": Attack(under(_authority(key=pki.rsa_key(54, 1024))), UNTRUSTED, accepting_short_keys),
    "below-path-length": Attack(below_limit, UNTRUSTED, without_rules(Rule.PATH_LENGTH)),
    "too-deep": Attack(too_deep, UNTRUSTED, instead(path, "MAX_LENGTH", 6)),
    "unknown-critical-extension": Attack(
        issued(extra=((UNKNOWN, b"\5\0", True),)), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "authority-with-unknown-critical-extension": Attack(
        under(_authority(extra=((UNKNOWN, b"\5\0", True),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "name-constraints": Attack(
        under(_authority(extra=((NAMES, PERMITTED, True),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "name-constraints-not-critical": Attack(
        under(_authority(extra=((NAMES, PERMITTED, False),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
}
