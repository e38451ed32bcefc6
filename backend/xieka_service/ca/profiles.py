"""The extensions of end-entity certificates: GM/T 0015 and SHECA's profile as seen in real certificates."""

from __future__ import annotations

from collections.abc import Iterator

from asn1crypto.core import PrintableString
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from xieka.certificate import describe
from xieka.certificate.models import Role
from xieka_service.ca.port import Profile, Subject

REGISTRATION = "1.2.156.10260.4.1.3"


def key_usage(role: Role) -> x509.KeyUsage:
    """digitalSignature and nonRepudiation, or keyEncipherment and dataEncipherment (GB/T 20518, RSA)."""
    signs = role is Role.SIGNING
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs,
        data_encipherment=not signs,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def extensions(
    profile: Profile, role: Role, subject: Subject, key: RSAPublicKey, policy: x509.PolicyInformation
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """(extension, critical) in the order they are written; the authority adds its key identifier before them."""
    yield x509.SubjectKeyIdentifier.from_public_key(key), False
    yield key_usage(role), True
    yield (
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
        False,
    )
    yield x509.CertificatePolicies([policy]), False
    yield x509.BasicConstraints(ca=False, path_length=None), False
    for oid, value in _identities(profile, subject):
        yield x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False


def places(service: str) -> Iterator[x509.ExtensionType]:
    """Where xieka_service.ca.routes answers for the authority, `service` being its address."""
    access = [
        (AuthorityInformationAccessOID.OCSP, "/ca/ocsp"),
        (AuthorityInformationAccessOID.CA_ISSUERS, "/ca/issuing.cer"),
    ]
    yield x509.AuthorityInformationAccess(
        [x509.AccessDescription(method, x509.UniformResourceIdentifier(service + path)) for method, path in access]
    )
    point = x509.UniformResourceIdentifier(f"{service}/ca/issuing.crl")
    yield x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)])


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
