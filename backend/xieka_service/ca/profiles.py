"""The extensions of end-entity certificates: GM/T 0015 and SHECA's profile as seen in real certificates."""

from __future__ import annotations

from collections.abc import Iterator

from asn1crypto.core import PrintableString
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from xieka.certificate import describe
from xieka.certificate.models import Role
from xieka_service.ca.port import Profile, Subject
from xieka_service.ca.signed import subject_key
from xieka_service.ca.suites import Suite

REGISTRATION = "1.2.156.10260.4.1.3"


def key_usage(role: Role, suite: Suite) -> x509.KeyUsage:
    """digitalSignature and nonRepudiation, or keyEncipherment, dataEncipherment, with SM2 keyAgreement (GB/T 20518)."""
    signs = role is Role.SIGNING
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs,
        data_encipherment=not signs,
        key_agreement=not signs and suite.agrees,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def extensions(
    profile: Profile, role: Role, subject: Subject, key_info: bytes, policy: x509.PolicyInformation, suite: Suite
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """(extension, critical) in the order they are written; the authority adds its key identifier before them."""
    yield subject_key(key_info), False
    yield key_usage(role, suite), True
    yield (
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
        False,
    )
    yield x509.CertificatePolicies([policy]), False
    yield x509.BasicConstraints(ca=False, path_length=None), False
    for oid, value in _identities(profile, subject):
        yield x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False


def places(service: str, suite: Suite) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """Where xieka_service.ca.routes answers for the authority, `service` being its address."""
    where = service + suite.path
    access = [
        (AuthorityInformationAccessOID.OCSP, "/ocsp"),
        (AuthorityInformationAccessOID.CA_ISSUERS, "/issuing.cer"),
    ]
    described = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(where + path)) for method, path in access
    ]
    yield x509.AuthorityInformationAccess(described), False
    point = x509.UniformResourceIdentifier(f"{where}/issuing.crl")
    yield x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)]), False


def _identities(profile: Profile, subject: Subject) -> Iterator[tuple[str, bytes]]:
    if profile is Profile.LEGACY:
        item = {"oid": describe.LEGACY_UNIQUE_ID, "value": subject.org_code.encode("ascii")}
        yield describe.LEGACY_CONTAINER, describe.LegacyItems([item]).dump()
        return
    yield describe.UNIQUE_ID, _printable(f"1@XY{subject.uscc}")
    yield describe.USCC, _printable(subject.uscc)
    yield describe.ORG_CODE, _printable(subject.org_code)
    if subject.registration is not None:
        yield REGISTRATION, _printable(subject.registration)


def _printable(value: str) -> bytes:
    # Real certificates write the unique id as PrintableString in spite of its "@".
    der: bytes = PrintableString(value).dump()
    return der
