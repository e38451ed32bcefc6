"""Authorities of RSA and SM2 with everything they sign: certificates, lists, answers; honest ones and others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from asn1crypto import algos, crl, ocsp, x509
from asn1crypto.core import Integer, Null, OctetBitString, OctetString, PrintableString, Sequence, SequenceOf
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from xieka.certificate import structure
from xieka.certificate.revocation import listing
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.gm import sm2

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SIGNING = ("digital_signature", "non_repudiation")
AUTHORITY = ("key_cert_sign", "crl_sign")
KINDS = ("rsa", "sm2")

_RSA = "1.2.840.113549.1.1.1"
_RSA_SHA256 = "1.2.840.113549.1.1.11"
_EC = "1.2.840.10045.2.1"


@dataclass(frozen=True)
class Key:
    """A key of either kind; the hash is always the right one."""

    kind: str
    number: int

    @property
    def info(self) -> bytes:
        if self.kind == "rsa":
            public = _rsa(self.number).public_key()
            return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        parameters = structure.ObjectIdentifier(sm2.CURVE_OID)
        fields = {"algorithm": {"algorithm": _EC, "parameters": parameters}, "public_key": _sm2(self.number)[1]}
        return bytes(structure.PublicKeyInfo(fields).dump())

    @property
    def bits(self) -> bytes:
        return bytes(structure.PublicKeyInfo.load(self.info)["public_key"].native)

    @property
    def algorithm(self) -> dict[str, Any]:
        if self.kind == "rsa":
            return {"algorithm": _RSA_SHA256, "parameters": Null()}
        return {"algorithm": sm2.SIGNATURE_OID}

    def sign(self, data: bytes) -> bytes:
        if self.kind == "rsa":
            return _rsa(self.number).sign(data, padding.PKCS1v15(), hashes.SHA256())
        return sm2.sign(_sm2(self.number)[0], data)


@cache
def _rsa(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _sm2(number: int) -> tuple[int, bytes]:
    return sm2.generate()


def name(common_name: str, organisation: str = "测试机构", *, printable: bool = False) -> x509.Name:
    if printable:
        return x509.Name.build({"country_name": "CN", "common_name": common_name}, use_printable=True)
    return x509.Name.build({"country_name": "CN", "organization_name": organisation, "common_name": common_name})


def extension(oid: str, value: Any, *, critical: bool = False) -> structure.Extension:
    der = value if isinstance(value, bytes) else value.dump()
    return structure.Extension({"oid": oid, "critical": critical, "value": der})


@dataclass(frozen=True)
class Authority:
    """A key with a name and the certificate that says so."""

    key: Key
    subject: x509.Name
    der: bytes = b""

    @property
    def certificate(self) -> Certificate:
        return parse(self.der)


@dataclass
class Shape:
    """Everything that decides a certificate but who signs it."""

    subject: x509.Name
    key: Key
    serial: int = 0x1234567890
    begins: datetime = NOW - 30 * DAY
    ends: datetime = NOW + 300 * DAY
    authority: bool = False
    path_length: int | None = None
    usages: tuple[str, ...] = SIGNING
    purposes: tuple[str, ...] = ()
    ocsp: tuple[str, ...] = ()
    crl: tuple[str, ...] = ()
    extra: list[structure.Extension] = field(default_factory=list)

    def extensions(self, issuer: Key) -> list[structure.Extension]:
        basic: dict[str, Any] = {"ca": self.authority}
        if self.path_length is not None:
            basic["path_len_constraint"] = self.path_length
        found = [
            extension("2.5.29.14", OctetString(key_id(self.key))),
            extension("2.5.29.35", x509.AuthorityKeyIdentifier({"key_identifier": key_id(issuer)})),
            extension("2.5.29.15", x509.KeyUsage(set(self.usages)), critical=True),
            extension("2.5.29.19", x509.BasicConstraints(basic), critical=True),
        ]
        if self.purposes:
            found.append(extension("2.5.29.37", x509.ExtKeyUsageSyntax(list(self.purposes))))
        if self.ocsp:
            access = [{"access_method": "ocsp", "access_location": uri(url)} for url in self.ocsp]
            found.append(extension("1.3.6.1.5.5.7.1.1", x509.AuthorityInfoAccessSyntax(access)))
        if self.crl:
            points = [{"distribution_point": point([uri(url)])} for url in self.crl]
            found.append(extension("2.5.29.31", x509.CRLDistributionPoints(points)))
        return found + self.extra


def uri(url: str) -> x509.GeneralName:
    return x509.GeneralName("uniform_resource_identifier", url)


def point(names: list[x509.GeneralName]) -> x509.DistributionPointName:
    return x509.DistributionPointName("full_name", x509.GeneralNames(names))


def key_id(key: Key) -> bytes:
    return hashlib.sha1(key.bits, usedforsecurity=False).digest()


def issue(shape: Shape, issuer: Authority) -> bytes:
    """DER of what `issuer` signs, whether it may or not."""
    tbs = structure.TbsCertificate(
        {
            "version": 2,
            "serial_number": shape.serial,
            "signature": issuer.key.algorithm,
            "issuer": structure.Name.load(issuer.subject.dump()),
            "validity": {"not_before": _time(shape.begins), "not_after": _time(shape.ends)},
            "subject": structure.Name.load(shape.subject.dump()),
            "subject_public_key_info": structure.PublicKeyInfo.load(shape.key.info),
            "extensions": shape.extensions(issuer.key),
        }
    )
    signature = issuer.key.sign(tbs.dump())
    fields = {"tbs_certificate": tbs, "signature_algorithm": issuer.key.algorithm, "signature_value": signature}
    return bytes(structure.Certificate(fields).dump())


def _time(moment: datetime) -> structure.Time:
    kind = "utc" if moment.year < 2050 else "general"
    return structure.Time(kind, structure.UTCTime(moment) if kind == "utc" else structure.GeneralizedTime(moment))


def root(kind: str, number: int = 1, common_name: str = "测试根 CA", **changes: Any) -> Authority:
    return authority(Authority(Key(kind, number), name(common_name)), None, **changes)


def authority(own: Authority, above: Authority | None, **changes: Any) -> Authority:
    """`own` with a certificate by `above`, or by itself."""
    settings = {"authority": True, "usages": AUTHORITY, "begins": NOW - 3000 * DAY, "ends": NOW + 3000 * DAY, **changes}
    der = issue(Shape(own.subject, own.key, **settings), above or own)
    return Authority(own.key, own.subject, der)


def issuing(above: Authority, number: int = 2, common_name: str = "测试 CA", **changes: Any) -> Authority:
    return authority(Authority(Key(above.key.kind, number), name(common_name)), above, **changes)


def holder(issuer: Authority, number: int = 3, **changes: Any) -> bytes:
    return issue(Shape(name("上海沪申示例贸易有限公司"), Key(issuer.key.kind, number), **changes), issuer)


NO_CHECK = extension("1.3.6.1.5.5.7.48.1.5", Null())


def delegate(issuer: Authority, number: int = 9, **changes: Any) -> Authority:
    """A responder appointed by `issuer`."""
    key, subject = Key(issuer.key.kind, number), name("测试 OCSP")
    settings = {"purposes": ("ocsp_signing",), "usages": ("digital_signature",), "extra": [NO_CHECK], **changes}
    return Authority(key, subject, issue(Shape(subject, key, **settings), issuer))


def private(oid: str, text: str) -> structure.Extension:
    return extension(oid, PrintableString(text))


@dataclass(frozen=True)
class Word:
    """What an authority says of one serial number."""

    status: str = "good"
    this_update: datetime = NOW - DAY / 24
    next_update: datetime | None = NOW + DAY
    revoked_at: datetime = NOW - 10 * DAY
    reason: str | None = "key_compromise"
    extensions: tuple[structure.Extension, ...] = ()
    """Of the entry in a list."""


def answer(
    word: Word,
    der: bytes,
    issuer: Authority,
    signer: Authority | None = None,
    *,
    nonce: bytes | None = None,
    certificates: Iterable[bytes] = (),
    digest: str = "sha1",
    produced_at: datetime | None = None,
    demands: Mapping[str, str] | None = None,
) -> bytes:
    """An OCSP answer about one certificate. `demands`: `response` or `single` → OID of a critical extension of it."""
    asked, signer = parse(der), signer or issuer
    hashed = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}[digest]
    identity = {
        "hash_algorithm": {"algorithm": digest, "parameters": Null()},
        "issuer_name_hash": hashed(asked.issuer).digest(),
        "issuer_key_hash": hashed(issuer.key.bits).digest(),
        "serial_number": asked.serial,
    }
    status: Any = ocsp.CertStatus(word.status) if word.status != "revoked" else None
    if status is None:
        told: dict[str, Any] = {"revocation_time": word.revoked_at}
        if word.reason is not None:
            told["revocation_reason"] = word.reason
        status = ocsp.CertStatus("revoked", told)
    single: dict[str, Any] = {"cert_id": identity, "cert_status": status, "this_update": word.this_update}
    if word.next_update is not None:
        single["next_update"] = word.next_update
    body: dict[str, Any] = {
        "responder_id": ocsp.ResponderId("by_key", key_id(signer.key)),
        "produced_at": produced_at or word.this_update,
        "responses": [single],
    }
    wanted = {place: [_demand(oid)] for place, oid in (demands or {}).items()}
    if "single" in wanted:
        single["single_extensions"] = wanted["single"]
    own = [{"extn_id": "nonce", "critical": False, "extn_value": OctetString(nonce)}] if nonce is not None else []
    if own or "response" in wanted:
        body["response_extensions"] = own + wanted.get("response", [])
    said = ocsp.ResponseData(body)
    algorithm = algos.SignedDigestAlgorithm(signer.key.algorithm)
    basic: dict[str, Any] = {
        "tbs_response_data": said,
        "signature_algorithm": algorithm,
        "signature": signer.key.sign(said.dump()),
    }
    wrapped = [x509.Certificate.load(one) for one in certificates]
    if wrapped:
        basic["certs"] = wrapped
    fields = {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(basic)}
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": fields}).dump())


def _demand(oid: str) -> dict[str, Any]:
    return {"extn_id": oid, "critical": True, "extn_value": b"\x05\x00"}


class _Entries(SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = listing.Entry


class _Tbs(Sequence):  # type: ignore[misc]
    # TBSCertList, RFC 5280, 5.1
    _fields: ClassVar[structure.Fields] = [
        ("version", Integer, {"optional": True}),
        ("signature", structure.AlgorithmIdentifier),
        ("issuer", structure.Name),
        ("this_update", structure.Time),
        ("next_update", structure.Time, {"optional": True}),
        ("revoked", _Entries, {"optional": True}),
        ("extensions", structure.Extensions, {"explicit": 0, "optional": True}),
    ]


class List(Sequence):  # type: ignore[misc]
    _fields: ClassVar[structure.Fields] = [
        ("tbs", _Tbs),
        ("algorithm", structure.AlgorithmIdentifier),
        ("signature", OctetBitString),
    ]


def revocation_list(
    words: Mapping[int | bytes, Word],
    issuer: Authority,
    *,
    this_update: datetime = NOW - DAY / 24,
    next_update: datetime | None = NOW + DAY,
    extensions: Iterable[structure.Extension] = (),
    named: x509.Name | None = None,
) -> bytes:
    """A CRL. Serial numbers as bytes are the contents of their INTEGER."""
    revoked = []
    for serial, word in words.items():
        written = Integer(contents=serial) if isinstance(serial, bytes) else Integer(serial)
        entry: dict[str, Any] = {"serial": written, "at": _time(word.revoked_at)}
        reason = [extension("2.5.29.21", crl.CRLReason(word.reason))] if word.reason is not None else []
        if reason or word.extensions:
            entry["extensions"] = [*reason, *word.extensions]
        revoked.append(entry)
    fields: dict[str, Any] = {
        "version": 1,
        "signature": issuer.key.algorithm,
        "issuer": structure.Name.load((named or issuer.subject).dump()),
        "this_update": _time(this_update),
        "extensions": [extension("2.5.29.20", structure.Integer(7)), *extensions],
    }
    if next_update is not None:
        fields["next_update"] = _time(next_update)
    if revoked:
        fields["revoked"] = revoked
    tbs = _Tbs(fields)
    signed = {"tbs": tbs, "algorithm": issuer.key.algorithm, "signature": issuer.key.sign(tbs.dump())}
    return bytes(List(signed).dump())


def part(names: list[x509.GeneralName], **marks: bool) -> structure.Extension:
    """The issuing distribution point of a partitioned list."""
    fields: dict[str, Any] = {"distribution_point": point(names), **marks} if names else dict(marks)
    return extension("2.5.29.28", crl.IssuingDistributionPoint(fields), critical=True)
