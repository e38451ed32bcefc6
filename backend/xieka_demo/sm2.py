"""SM2 certificates for practice, in files: no software Ukey here can hold SM2 keys yet.

Their authority is made when it is first asked for, so that nobody's start pays for it. The practice service answers for
it from then on, running or not at that moment, and signs its holders in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import ReasonFlags

from xieka.certificate import service as certificates
from xieka.certificate.models import Role
from xieka.certificate.trust.parsed import parse
from xieka.core.clock import Clock, SystemClock
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.seal.drawing import Kind
from xieka_demo import sealing, serving
from xieka_demo.address import service_url
from xieka_demo.layout import Layout
from xieka_demo.people import PEOPLE, Person
from xieka_demo.personalise import validity
from xieka_service.ca.embedded import PRACTICE_SM2, EmbeddedAuthority
from xieka_service.ca.ledger import Ledger
from xieka_service.ca.port import Order
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import SM2, pem

SEAL = "seal.esl"
_PERSON = PEOPLE[-1]


@dataclass(frozen=True, slots=True)
class Issued:
    """What `issue` has written."""

    signing: Path
    encryption: Path
    seal: Path


def issue(root: Path, folder: Path, clock: Clock | None = None) -> Issued:
    """Certificates for two new keys of the second practice person, with a seal, in a new or empty folder.

    `root`: the practice environment. The keys lie beside their certificates, in PEM for their owner alone. Raises
    XiekaError E-DEM-09 (the folder is in use), E-EXP-02 (nothing can be written there), E-DEM-04, and E-SRV-05 where
    this computer has nothing for SM2 keys.
    """
    now = (clock or SystemClock()).now()
    begin, end = validity(now, _PERSON.issued_days_ago, _PERSON.valid_days)
    try:
        authority = _authority(Layout(root), now)
    except OSError as error:
        raise XiekaError("E-DEM-04", detail=f"OS-{error.errno}") from error
    try:
        _claim(folder)
        issued = Issued(folder / "signing.cer", folder / "encryption.cer", folder / SEAL)
        signing = _certify(authority, Role.SIGNING, issued.signing, begin, end)
        _certify(authority, Role.ENCRYPTION, issued.encryption, begin, end)
        write_whole(sealing.seal(authority, _PERSON, Kind.CONTRACT, signing, begin, end), issued.seal)
    except OSError as error:
        raise XiekaError("E-EXP-02", path=str(folder)) from error
    return issued


def revoke(root: Path, folder: Path, clock: Clock | None = None) -> None:
    """Take back what `issue` has written into `folder`; `Demo.reset` of all undoes it.

    Raises XiekaError E-DEM-10 for certificates that are not from here, E-CRT-06 for none, E-DEM-04.
    """
    authority = Layout(root).authority_sm2
    try:
        ledger, revoked = Ledger(authority / EmbeddedAuthority.SERIALS), Revoked(authority / EmbeddedAuthority.REVOKED)
        serials = [parse(certificates.read_file(folder / name)).serial for name in ("signing.cer", "encryption.cer")]
        if not all(map(ledger.is_bound, serials)):
            raise XiekaError("E-DEM-10", path=str(folder))
        for serial in serials:
            revoked.add(serial, (clock or SystemClock()).now(), ReasonFlags.key_compromise)
    except ValueError as strange:
        raise XiekaError("E-DEM-10", path=str(folder)) from strange
    except OSError as error:
        raise XiekaError("E-DEM-04", detail=f"OS-{error.errno}") from error


def _authority(layout: Layout, now: datetime) -> EmbeddedAuthority:
    authority = EmbeddedAuthority.create(layout.authority_sm2, PRACTICE_SM2, now, service_url(layout.root), SM2)
    serving.trust(layout.authority_sm2.parent, layout.authority_sm2)
    return authority


def _claim(folder: Path) -> None:
    if folder.is_dir() is not folder.exists() or (folder.is_dir() and any(folder.iterdir())):
        raise XiekaError("E-DEM-09", path=str(folder))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _certify(authority: EmbeddedAuthority, role: Role, file: Path, begin: datetime, end: datetime) -> bytes:
    person: Person = _PERSON
    key = SM2.generate()
    order = Order(person.profile, role, key.info, person.subject, begin, end)
    certificate = authority.issue(order, authority.reserve())
    write_whole(pem(key), file.with_suffix(".key"), 0o600)
    write_whole(certificate, file)
    return certificate
