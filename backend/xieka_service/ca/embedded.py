"""The embedded certificate authority: a root, an issuing authority and a seal maker in one folder.

The private keys lie unencrypted in files only the owner may read (0600). That is right for practice, where the
keys protect nothing; an authority whose certificates count belongs behind the port, on a hardware module.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from xieka.certificate.models import Role
from xieka.core.files import write_whole
from xieka_service.ca import profiles
from xieka_service.ca.ledger import Ledger
from xieka_service.ca.port import Order

_BACKDATED = timedelta(days=400)
_ROOT_LIFE = timedelta(days=20 * 365)
_ISSUING_LIFE = timedelta(days=10 * 365)
_MAKER_LIFE = timedelta(days=5 * 365)
SEAL_MAKER = "seal-maker"
"""Its key and certificate lie under this name, beside `root` and `issuing`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How an authority calls itself."""

    organisation: str
    root: str
    issuing: str
    seal_maker: str
    policy: str
    """OID of its certificate policy."""
    notice: str
    """What every certificate says of itself (userNotice, RFC 5280, 4.2.1.4: at most 200 characters)."""


PRACTICE = Identity(
    organisation="协卡助手练习环境",
    root="协卡助手练习根 CA",
    issuing="协卡助手练习 CA",
    seal_maker="协卡助手练习制章机构",
    # Under the arc of UUIDs, where anybody may take a number (X.667).
    policy="2.25.200411524529547571787052807683203492696",
    notice="练习证书，仅供在协卡助手的练习环境中使用，没有法律效力。",
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


class EmbeddedAuthority:
    """A CertificateAuthority on RSA-2048 keys and SHA-256 in this process."""

    SERIALS = "serials"
    REVOKED = "revoked"
    """Folders of the authority's: its ledger, and what it has taken back."""

    def __init__(self, folder: Path, identity: Identity, service: str | None = None) -> None:
        """Open the authority `create` made. Raises OSError or ValueError when it is not there whole.

        `service`: where xieka_service.ca.routes answers for it; it stands in what is issued from now on.
        """
        self._identity = identity
        self._service = service
        self._root = load_holder(folder, "root")
        self._issuing = load_holder(folder, "issuing")
        self._maker = load_holder(folder, SEAL_MAKER)
        self._ledger = Ledger(folder / self.SERIALS)

    @classmethod
    def create(cls, folder: Path, identity: Identity, now: datetime, service: str | None = None) -> EmbeddedAuthority:
        """Make keys and certificates in `folder`, once: an authority that is there already is opened.

        Its certificates begin before `now`, so that practice certificates may. Raises OSError.
        """
        if not folder.exists():
            building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
            building.mkdir(mode=0o700, parents=True)
            try:
                _make(building, identity, now, service)
                building.rename(folder)
            except OSError:
                # Another process may have been quicker: then its authority is the one.
                if not folder.exists():
                    raise
            finally:
                shutil.rmtree(building, ignore_errors=True)
        return cls(folder, identity, service)

    @property
    def seal_maker(self) -> bytes:
        """DER of the certificate seals are signed with."""
        return _der(self._maker.certificate)

    def sign_seal(self, content: bytes) -> bytes:
        """The seal maker's signature (PKCS#1 v1.5, SHA-256)."""
        return self._maker.key.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def chain(self) -> tuple[bytes, ...]:
        """The issuing authority's certificate and the root's."""
        return _der(self._issuing.certificate), _der(self._root.certificate)

    def reserve(self) -> int:
        """See CertificateAuthority."""
        return self._ledger.reserve()

    def issue(self, order: Order, serial: int) -> bytes:
        """See CertificateAuthority."""
        key = _accepted(order.public_key)
        issuer = self._issuing.certificate
        begins, ends = issuer.not_valid_before_utc, issuer.not_valid_after_utc
        if not begins <= order.not_before < order.not_after <= ends:
            raise ValueError("validity outside the authority's own")
        builder = (
            x509.CertificateBuilder()
            .serial_number(serial)
            .issuer_name(issuer.subject)
            .subject_name(_name(order.subject.name, order.subject.name))
            .public_key(key)
            .not_valid_before(order.not_before)
            .not_valid_after(order.not_after)
            .add_extension(_authority_key(issuer), critical=False)
        )
        policy = _policy(self._identity)
        for extension, critical in profiles.extensions(order.profile, order.role, order.subject, key, policy):
            builder = builder.add_extension(extension, critical)
        for place in profiles.places(self._service) if self._service else ():
            builder = builder.add_extension(place, critical=False)
        certificate = _der(builder.sign(self._issuing.key, hashes.SHA256()))
        # PKCS#1 v1.5 is deterministic: the same order gives these bytes again, any other order is refused here.
        self._ledger.bind(serial, hashlib.sha256(certificate).digest())
        return certificate


def _accepted(public_key: bytes) -> rsa.RSAPublicKey:
    key = serialization.load_der_public_key(public_key)
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise ValueError("not an RSA key of at least 2048 bits")
    return key


def _make(folder: Path, identity: Identity, now: datetime, service: str | None) -> None:
    begin = now.replace(microsecond=0) - _BACKDATED
    root = _authority(identity, identity.root, begin, begin + _ROOT_LIFE, None)
    issuing = _authority(identity, identity.issuing, begin, begin + _ISSUING_LIFE, root)
    maker = _seal_maker(identity, begin, begin + _MAKER_LIFE, issuing, service)
    for name, holder in (("root", root), ("issuing", issuing), (SEAL_MAKER, maker)):
        encoded = holder.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_whole(encoded, folder / f"{name}.key", 0o600)
        write_whole(_der(holder.certificate), folder / f"{name}.cer", 0o644)
    (folder / EmbeddedAuthority.SERIALS).mkdir(mode=0o700)


def _authority(identity: Identity, name: str, begin: datetime, end: datetime, issuer: Holder | None) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = _begin(identity, name, key, begin, end, issuer)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    # RFC 5280, 4.2.1.9: below the issuing authority there is none.
    limits = x509.BasicConstraints(ca=True, path_length=None if issuer is None else 0)
    builder = builder.add_extension(usage, critical=True).add_extension(limits, critical=True)
    return Holder(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _seal_maker(identity: Identity, begin: datetime, end: datetime, issuer: Holder, service: str | None) -> Holder:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = (
        _begin(identity, identity.seal_maker, key, begin, end, issuer)
        .add_extension(profiles.key_usage(Role.SIGNING), critical=True)
        .add_extension(x509.CertificatePolicies([_policy(identity)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
    )
    for place in profiles.places(service) if service else ():
        builder = builder.add_extension(place, critical=False)
    return Holder(builder.sign(issuer.key, hashes.SHA256()), key)


def _begin(
    identity: Identity,
    name: str,
    key: rsa.RSAPrivateKey,
    begin: datetime,
    end: datetime,
    issuer: Holder | None,
) -> x509.CertificateBuilder:
    subject = _name(identity.organisation, name)
    builder = (
        x509.CertificateBuilder()
        .serial_number(secrets.randbits(126) | 1 << 126)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .subject_name(subject)
        .public_key(key.public_key())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.add_extension(_authority_key(issuer.certificate), critical=False) if issuer else builder


def _name(organisation: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _policy(identity: Identity) -> x509.PolicyInformation:
    notice = x509.UserNotice(notice_reference=None, explicit_text=identity.notice)
    return x509.PolicyInformation(x509.ObjectIdentifier(identity.policy), [notice])


def _authority_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def load_holder(folder: Path, name: str) -> Holder:
    """A key and its certificate. Raises OSError, ValueError."""
    certificate = x509.load_der_x509_certificate((folder / f"{name}.cer").read_bytes())
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")
    return Holder(certificate, key)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
