"""Signed messages of GM/T 0010-2012 (GB/T 35275-2017): PKCS#7 1.5 under Chinese names, signed with SM2 and SM3.

Whether the signer's certificate can be relied on is another question (certificate.trust).
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import Any, Integer, ObjectIdentifier, OctetString, Sequence, SetOf

from xieka.certificate.soundness import sound
from xieka.certificate.structure import AlgorithmIdentifier, Certificate, Fields, Name, PublicKeyInfo
from xieka.certificate.trust import parsed
from xieka.certificate.trust.names import comparable
from xieka.gm import encoding, sm2, sm3
from xieka.gm.encoding import wrap

DATA = "1.2.156.10197.6.1.4.2.1"
SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
MAX_BYTES = 4 * 1024 * 1024
MAX_SIGNERS = 10

_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNATURE = "1.2.156.10197.1.301.1"
_SIGNATURES = frozenset({_SIGNATURE, sm2.SIGNATURE_OID})
"""The standard's own, and the one of certificates, which is met as often."""


class _Anything(SetOf):
    _child_spec = Any


class _Attribute(Sequence):
    _fields: ClassVar[Fields] = [("type", ObjectIdentifier), ("values", _Anything)]


class _Attributes(SetOf):
    _child_spec = _Attribute


class _Certificates(SetOf):
    _child_spec = Certificate


class _IssuerAndSerial(Sequence):
    _fields: ClassVar[Fields] = [("issuer", Name), ("serial", Integer)]


class _SignerInfo(Sequence):
    _fields: ClassVar[Fields] = [
        ("version", Integer),
        ("signer", _IssuerAndSerial),
        ("digest", AlgorithmIdentifier),
        ("signed", _Attributes, {"implicit": 0, "optional": True}),
        ("algorithm", AlgorithmIdentifier),
        ("signature", OctetString),
        ("unsigned", _Attributes, {"implicit": 1, "optional": True}),
    ]


class _SignerInfos(SetOf):
    _child_spec = _SignerInfo


class _Content(Sequence):
    _fields: ClassVar[Fields] = [
        ("type", ObjectIdentifier),
        ("content", OctetString, {"explicit": 0, "optional": True}),
    ]


class SignedData(Sequence):
    """GM/T 0010-2012, clause 8."""

    _fields: ClassVar[Fields] = [
        ("version", Integer),
        ("digests", _Anything),
        ("content", _Content),
        ("certificates", _Certificates, {"implicit": 0, "optional": True}),
        ("lists", _Anything, {"implicit": 1, "optional": True}),
        ("signers", _SignerInfos),
    ]


class ContentInfo(Sequence):
    """GM/T 0010-2012, clause 7."""

    _fields: ClassVar[Fields] = [("type", ObjectIdentifier), ("content", SignedData, {"explicit": 0})]


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature of a message."""

    certificate: bytes | None
    """DER of the signer's certificate as the message brings it; None when it does not."""
    good: bool
    """That certificate's key signed this content. False without a certificate."""


@dataclass(frozen=True, slots=True)
class Message:
    """A signed message; nothing is signed unless `signers` has a good one."""

    content: bytes
    signers: tuple[Signer, ...]
    certificates: tuple[bytes, ...]
    plain: bool
    """Byte for byte what `build` writes: one signer with its certificate, and nothing that nobody has signed."""


def to_sign(content: bytes) -> bytes:
    """What the signer of `build` signs (SM2 with SM3, default identity): DER of the attributes that bind `content`."""
    # Signed as the SET OF it is, not under the tag it is sent with.
    return wrap(_SET, _attributes(content))


def build(content: bytes, certificate: bytes, signature: bytes, others: Iterable[bytes] = ()) -> bytes:
    """A message with one signer. `signature`: by the certificate's key over `to_sign(content)`, DER or r‖s.

    `others`: further certificates of its path. Raises ValueError for a certificate or a signature that is none; whether
    they fit each other is not asked.
    """
    holder = parsed.parse(certificate)
    signer = _sequence(
        _VERSION,
        _sequence(holder.issuer, Integer(holder.serial).dump()),
        _SM3,
        wrap(_TAG_0, _attributes(content)),
        _SM2,
        wrap(_OCTETS, encoding.signature_der(*encoding.signature(signature))),
    )
    signed = _sequence(
        _VERSION,
        wrap(_SET, _SM3),
        _sequence(_oid(DATA), wrap(_TAG_0, wrap(_OCTETS, content))),
        wrap(_TAG_0, b"".join(sorted((certificate, *others)))),
        wrap(_SET, signer),
    )
    return _sequence(_oid(SIGNED_DATA), wrap(_TAG_0, signed))


def _attributes(content: bytes) -> bytes:
    return _attribute(_CONTENT_TYPE, _oid(DATA)) + _attribute(_MESSAGE_DIGEST, wrap(_OCTETS, sm3.digest(content)))


def _attribute(name: str, value: bytes) -> bytes:
    return _sequence(_oid(name), wrap(_SET, value))


def _sequence(*parts: bytes) -> bytes:
    return wrap(_SEQUENCE, b"".join(parts))


@cache
def _oid(dotted: str) -> bytes:
    der: bytes = ObjectIdentifier(dotted).dump()
    return der


_SEQUENCE, _SET, _OCTETS, _TAG_0 = 0x30, 0x31, 0x04, 0xA0
_VERSION = Integer(1).dump()
_SM3 = _sequence(_oid(sm3.OID))
_SM2 = _sequence(_oid(_SIGNATURE))


def verify(der: bytes, content: bytes | None = None) -> Message:
    """Read a message and look at every signature. `content`: for one that does not carry its own.

    Raises ValueError when it is none, carries other content than the given, or none at all.
    """
    try:
        return _verify(der, content)
    except ValueError:
        raise
    except Exception as error:
        # asn1crypto lets errors of many types through.
        raise ValueError("not a signed message") from error


def _verify(der: bytes, given: bytes | None) -> Message:
    if len(der) > MAX_BYTES or not sound(der):
        raise ValueError("not a signed message")
    info = ContentInfo.load(der, strict=True)
    if info["type"].dotted != SIGNED_DATA or info["content"]["content"]["type"].dotted != DATA:
        raise ValueError("not signed data")
    signed = info["content"]
    carried = signed["content"]["content"].native
    content = carried if carried is not None else given
    if content is None or (given is not None and content != given):
        raise ValueError("no content, or another")
    certificates = tuple(one.dump() for one in signed["certificates"] or ())
    signers = list(signed["signers"])
    if not 0 < len(signers) <= MAX_SIGNERS:
        raise ValueError("signers")
    found = tuple(_signer(one, content, certificates) for one in signers)
    plain = _is_plain(der, content, found[0].certificate, signers[0]["signature"].native, certificates)
    return Message(content, found, certificates, plain)


def _is_plain(
    der: bytes, content: bytes, signer: bytes | None, signature: bytes, certificates: tuple[bytes, ...]
) -> bool:
    if signer is None:
        return False
    try:
        return build(content, signer, signature, (one for one in certificates if one != signer)) == der
    except ValueError:
        return False


def _signer(info: Untyped, content: bytes, certificates: tuple[bytes, ...]) -> Signer:
    certificate = _named(info["signer"], certificates)
    if certificate is None:
        return Signer(None, False)
    algorithms = info["digest"]["algorithm"].dotted == sm3.OID and info["algorithm"]["algorithm"].dotted in _SIGNATURES
    key = PublicKeyInfo.load(certificate.key_info, strict=True)
    if not algorithms or key["algorithm"]["parameters"].native != sm2.CURVE_OID:
        return Signer(certificate.der, False)
    body = content
    if info["signed"]:
        if not _attributes_fit(info["signed"], content):
            return Signer(certificate.der, False)
        # Signed as the SET OF it is, not under the tag it is sent with.
        body = b"\x31" + info["signed"].dump()[1:]
    return Signer(certificate.der, sm2.verify(key["public_key"].native, body, info["signature"].native))


def _named(wanted: Untyped, certificates: tuple[bytes, ...]) -> parsed.Certificate | None:
    for der in certificates:
        try:
            one = parsed.parse(der)
        except ValueError:
            continue
        if one.serial == wanted["serial"].native and comparable(one.issuer) == comparable(wanted["issuer"].dump()):
            return one
    return None


def _attributes_fit(attributes: Untyped, content: bytes) -> bool:
    values: dict[str, list[Untyped]] = {}
    for attribute in attributes:
        if attribute["type"].dotted in values:
            return False
        values[attribute["type"].dotted] = list(attribute["values"])
    digest, kind = values.get(_MESSAGE_DIGEST, []), values.get(_CONTENT_TYPE, [])
    if len(digest) != 1 or len(kind) != 1:
        return False
    said = OctetString.load(digest[0].dump(), strict=True).native
    type_ = ObjectIdentifier.load(kind[0].dump(), strict=True).dotted
    return type_ == DATA and hmac.compare_digest(said, sm3.digest(content))
