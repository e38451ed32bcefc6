"""The embedded certificate authority: a root, an issuing authority and a seal maker in one folder, RSA or SM2.

The private keys lie unencrypted in files only the owner may read (0600). That is right for practice, where the
keys protect nothing; an authority whose certificates count belongs behind the port, on a hardware module.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from xieka.certificate.models import Role
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.core.files import write_whole
from xieka_service.ca import profiles, signed
from xieka_service.ca.ledger import Ledger
from xieka_service.ca.port import Order
from xieka_service.ca.signed import Blank, Extensions
from xieka_service.ca.suites import RSA, Key, Suite, from_pem, pem

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

PRACTICE_SM2 = replace(
    PRACTICE, root="协卡助手练习根 CA SM2", issuing="协卡助手练习 CA SM2", seal_maker="协卡助手练习制章机构 SM2"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key."""

    certificate: Certificate
    key: Key


class EmbeddedAuthority:
    """A CertificateAuthority in this process, on keys of one suite."""

    SERIALS = "serials"
    REVOKED = "revoked"
    """Folders of the authority's: its ledger, and what it has taken back."""

    def __init__(self, folder: Path, identity: Identity, service: str | None = None, suite: Suite = RSA) -> None:
        """Open the authority `create` made. Raises OSError or ValueError when it is not there whole.

        `service`: where xieka_service.ca.routes answers for it; it stands in what is issued from now on. Raises
        XiekaError E-SRV-05 for an SM2 authority on a computer that has nothing to use its keys with.
        """
        self._identity = identity
        self._service = service
        self._suite = suite
        self._root = load_holder(folder, "root", suite)
        self._issuing = load_holder(folder, "issuing", suite)
        self._maker = load_holder(folder, SEAL_MAKER, suite)
        self._ledger = Ledger(folder / self.SERIALS)

    @classmethod
    def create(
        cls, folder: Path, identity: Identity, now: datetime, service: str | None = None, suite: Suite = RSA
    ) -> EmbeddedAuthority:
        """Make keys and certificates in `folder`, once: an authority that is there already is opened.

        Its certificates begin before `now`, so that practice certificates may. Raises OSError, and as the constructor.
        """
        if not folder.exists():
            building = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
            building.mkdir(mode=0o700, parents=True)
            try:
                _make(building, identity, now, service, suite)
                building.rename(folder)
            except OSError:
                # Another process may have been quicker: then its authority is the one.
                if not folder.exists():
                    raise
            finally:
                shutil.rmtree(building, ignore_errors=True)
        return cls(folder, identity, service, suite)

    @property
    def seal_maker(self) -> bytes:
        """DER of the certificate seals are signed with."""
        return self._maker.certificate.der

    @property
    def seal_algorithm(self) -> str:
        """OID of the signatures of `sign_seal`."""
        return self._suite.algorithm

    def sign_seal(self, content: bytes) -> bytes:
        """The seal maker's signature."""
        return self._maker.key.sign(content)

    def chain(self) -> tuple[bytes, ...]:
        """The issuing authority's certificate and the root's."""
        return self._issuing.certificate.der, self._root.certificate.der

    def reserve(self) -> int:
        """See CertificateAuthority."""
        return self._ledger.reserve()

    def issue(self, order: Order, serial: int) -> bytes:
        """See CertificateAuthority."""
        key_info = self._suite.accepted(order.public_key)
        issuer = self._issuing.certificate
        if not issuer.not_before <= order.not_before < order.not_after <= issuer.not_after:
            raise ValueError("validity outside the authority's own")
        identities = profiles.extensions(
            order.profile, order.role, order.subject, key_info, _policy(self._identity), self._suite
        )
        blank = Blank(
            serial=serial,
            subject=_name(order.subject.name, order.subject.name),
            key_info=key_info,
            begins=order.not_before,
            ends=order.not_after,
            extensions=(
                (signed.authority_key(issuer.key_info), False),
                *identities,
                *(profiles.places(self._service, self._suite) if self._service else ()),
            ),
        )
        body = signed.certificate_body(blank, issuer.subject, self._suite)
        return self._ledger.bind(serial, body, lambda body: signed.sign(body, self._issuing.key, self._suite))


def _make(folder: Path, identity: Identity, now: datetime, service: str | None, suite: Suite) -> None:
    begin = now.replace(microsecond=0) - _BACKDATED
    maker = _Maker(identity, begin, suite)
    root = maker.authority(identity.root, _ROOT_LIFE, None)
    issuing = maker.authority(identity.issuing, _ISSUING_LIFE, root)
    seal_maker = maker.seal_maker(issuing, service)
    for name, holder in (("root", root), ("issuing", issuing), (SEAL_MAKER, seal_maker)):
        write_whole(pem(holder.key), folder / f"{name}.key", 0o600)
        write_whole(holder.certificate.der, folder / f"{name}.cer", 0o644)
    (folder / EmbeddedAuthority.SERIALS).mkdir(mode=0o700)


@dataclass(frozen=True, slots=True)
class _Maker:
    identity: Identity
    begin: datetime
    suite: Suite

    def authority(self, name: str, life: timedelta, issuer: Holder | None) -> Holder:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        # RFC 5280, 4.2.1.9: below the issuing authority there is none.
        limits = x509.BasicConstraints(ca=True, path_length=None if issuer is None else 0)
        return self._certified(name, life, issuer, [(usage, True), (limits, True)])

    def seal_maker(self, issuer: Holder, service: str | None) -> Holder:
        extensions = [
            (profiles.key_usage(Role.SIGNING, self.suite), True),
            (x509.CertificatePolicies([_policy(self.identity)]), False),
            (x509.BasicConstraints(ca=False, path_length=None), False),
            *(profiles.places(service, self.suite) if service else ()),
        ]
        return self._certified(self.identity.seal_maker, _MAKER_LIFE, issuer, extensions)

    def _certified(self, name: str, life: timedelta, issuer: Holder | None, extensions: Extensions) -> Holder:
        key = self.suite.generate()
        subject = _name(self.identity.organisation, name)
        above = [(signed.authority_key(issuer.key.info), False)] if issuer else []
        blank = Blank(
            serial=secrets.randbits(126) | 1 << 126,
            subject=subject,
            key_info=key.info,
            begins=self.begin,
            ends=self.begin + life,
            extensions=((signed.subject_key(key.info), False), *above, *extensions),
        )
        issuing_name = issuer.certificate.subject if issuer else subject.public_bytes()
        body = signed.certificate_body(blank, issuing_name, self.suite)
        return Holder(parse(signed.sign(body, issuer.key if issuer else key, self.suite)), key)


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


def load_holder(folder: Path, name: str, suite: Suite) -> Holder:
    """A key and its certificate. Raises OSError, ValueError, XiekaError E-SRV-05."""
    key = from_pem(suite, (folder / f"{name}.key").read_bytes())
    certificate = parse((folder / f"{name}.cer").read_bytes())
    if certificate.key_info != key.info:
        raise ValueError("the certificate is of another key")
    return Holder(certificate, key)
