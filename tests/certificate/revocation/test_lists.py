"""What a list is worth: a table of honest and other ones, for RSA and SM2."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from asn1crypto.core import OctetBitString, OctetString
from asn1crypto.x509 import GeneralNames

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.revocation.scene import (
    AHEAD,
    DELTA,
    DEMAND,
    EXPIRED_SINCE,
    HERE,
    KNOWN,
    OLD,
    SERIAL,
    URL,
    Scene,
    written,
)
from xieka.certificate.revocation import crl, listing
from xieka.certificate.revocation.models import Status
from xieka.certificate.trust.parsed import parse

ELSEWHERE = pki.uri("http://crl.example.com/722.crl")
OTHER = pki.extension("2.5.29.29", GeneralNames([pki.x509.GeneralName("directory_name", pki.name("别家"))]))
MINUS = {size: -(1 << (8 * size - 1)) for size in (1, 2, 3, 16)}
"""Numbers whose one encoding is 80 00 … 00."""
LISTS: dict[str, tuple[Callable[[Scene], bytes], Status]] = {
    "empty": (lambda s: s.list(), Status.GOOD),
    "others": (lambda s: s.list((1, Word()), (SERIAL + 1, Word())), Status.GOOD),
    "pem": (lambda s: pem(s.list()), Status.GOOD),
    "revoked": (lambda s: s.list((1, Word()), (SERIAL, Word())), Status.REVOKED),
    "revoked-and-old": (lambda s: s.list((SERIAL, Word()), **OLD), Status.REVOKED),
    "held": (lambda s: s.list((SERIAL, Word(reason="certificate_hold"))), Status.REVOKED),
    "held-and-old": (lambda s: s.list((SERIAL, Word(reason="certificate_hold")), **OLD), Status.STALE),
    "its-own-part": (lambda s: s.list(extensions=[pki.part([HERE])]), Status.GOOD),
    "one-of-its-names": (lambda s: s.list(extensions=[pki.part([ELSEWHERE, HERE])]), Status.GOOD),
    "another-part": (lambda s: s.list(extensions=[pki.part([ELSEWHERE])]), Status.UNREADABLE),
    "users-only": (lambda s: s.list(extensions=[pki.part([HERE], only_contains_user_certs=True)]), Status.GOOD),
    "authorities-only": (
        lambda s: s.list(extensions=[pki.part([HERE], only_contains_ca_certs=True)]),
        Status.UNREADABLE,
    ),
    "indirect": (lambda s: s.list(extensions=[pki.part([HERE], indirect_crl=True)]), Status.UNREADABLE),
    "delta": (lambda s: s.list(extensions=[DELTA]), Status.UNREADABLE),
    "delta-after-its-part": (lambda s: s.list(extensions=[pki.part([HERE]), DELTA]), Status.UNREADABLE),
    "delta-before-its-part": (lambda s: s.list(extensions=[DELTA, pki.part([HERE])]), Status.UNREADABLE),
    "delta-not-critical": (
        lambda s: s.list(extensions=[pki.extension("2.5.29.27", b"\x02\x01\x01")]),
        Status.UNREADABLE,
    ),
    "taken-off-again": (lambda s: s.list((SERIAL, Word(reason="remove_from_crl"))), Status.GOOD),
    "taken-off-and-revoked": (
        lambda s: s.list((SERIAL, Word(reason="remove_from_crl")), (written(SERIAL, 1), Word())),
        Status.REVOKED,
    ),
    "held-and-revoked": (
        lambda s: s.list((SERIAL, Word(reason="certificate_hold")), (written(SERIAL, 1), Word()), **OLD),
        Status.REVOKED,
    ),
    "written-too-long": (lambda s: s.list((1, Word()), (written(SERIAL, 3), Word())), Status.REVOKED),
    "an-entry-with-a-demand": (lambda s: s.list((SERIAL, Word(extensions=(DEMAND,)))), Status.UNREADABLE),
    "another-entry-with-a-demand": (lambda s: s.list((7, Word(extensions=(DEMAND,)))), Status.UNREADABLE),
    "a-demand-behind-a-known-one": (
        lambda s: s.list((7, Word(extensions=(EXPIRED_SINCE, DEMAND))), (SERIAL, Word())),
        Status.UNREADABLE,
    ),
    "an-entry-with-known-demands": (lambda s: s.list((SERIAL, Word(extensions=(EXPIRED_SINCE,)))), Status.REVOKED),
    "an-entry-with-something-new": (lambda s: s.list((SERIAL, Word(extensions=(KNOWN,)))), Status.REVOKED),
    "of-another-issuer": (lambda s: s.list((SERIAL, Word(extensions=(OTHER,)))), Status.UNREADABLE),
    "behind-another-issuers": (lambda s: s.list((7, Word(extensions=(OTHER,))), (SERIAL, Word())), Status.UNREADABLE),
    "a-reason-of-tomorrow": (
        lambda s: s.list((SERIAL, Word(reason=None, extensions=(pki.extension("2.5.29.21", b"\x0a\x01\x0b"),)))),
        Status.REVOKED,
    ),
    "good-for-years": (lambda s: s.list(this_update=NOW - 9 * DAY, next_update=NOW + 900 * DAY), Status.GOOD),
    "good-for-years-and-old": (
        lambda s: s.list(this_update=NOW - 11 * DAY, next_update=NOW + 900 * DAY),
        Status.STALE,
    ),
    "two-algorithms": (lambda s: of_two_algorithms(s.list()), Status.UNREADABLE),
    "stale": (lambda s: s.list(**OLD), Status.STALE),
    "stale-without-end": (lambda s: s.list(this_update=NOW - 8 * DAY, next_update=None), Status.STALE),
    "of-tomorrow": (lambda s: s.list(**AHEAD), Status.FUTURE),
    "another-issuers-name": (lambda s: s.list(named=pki.name("别家")), Status.WRONG_SIGNER),
    "signed-by-the-root": (
        lambda s: pki.revocation_list({}, s.root, named=s.issuer.subject),
        Status.WRONG_SIGNER,
    ),
    "nothing": (lambda _: b"", Status.UNREADABLE),
    "a-page": (lambda _: b"<html></html>", Status.UNREADABLE),
    "an-answer-instead": (lambda s: s.answer(), Status.UNREADABLE),
}


def of_two_algorithms(der: bytes) -> bytes:
    """The signature's algorithm with other parameters outside than inside."""
    value = pki.List.load(der)
    value["algorithm"] = {"algorithm": value["algorithm"]["algorithm"].dotted, "parameters": OctetString(b"")}
    return bytes(value.dump(force=True))


def pem(der: bytes) -> bytes:
    from asn1crypto import pem as armour

    armoured: bytes = armour.armor("X509 CRL", der)
    return armoured


@pytest.mark.parametrize("name", LISTS)
def test_lists(scene: Scene, name: str) -> None:
    make, expected = LISTS[name]
    assert scene.crl(make(scene)).status is expected


@pytest.mark.parametrize("serial", [1, 127, 128, -1, -2, 0x800000, *MINUS.values()])
def test_numbers_of_every_form(serial: int) -> None:
    """Whatever a certificate is numbered, it is found in a list, in the shortest form and in longer ones."""
    scene = Scene("sm2")
    scene.der = pki.holder(scene.issuer, serial=serial, crl=(URL,))
    others = [(other, Word()) for other in (serial + 1, serial - 1, 257 * serial, 1 << 90)]
    assert scene.crl(scene.list(*others)).status is Status.GOOD
    for more in (0, 1, 4):
        assert scene.crl(scene.list(*others, (written(serial, more), Word()))).status is Status.REVOKED


def test_authorities_may_be_listed_more_rarely() -> None:
    """A root's list of a year is common; of an authority nobody wants to know within days."""
    root = pki.root("sm2")
    one = pki.issuing(root, crl=(URL,))
    for days, status in ((300, Status.GOOD), (400, Status.STALE)):
        data = pki.revocation_list({}, root, this_update=NOW - days * DAY, next_update=NOW + 900 * DAY)
        told = crl.judge(data, URL, one.certificate, root.certificate, NOW)
        assert (told.status, told.until) == (status, NOW - days * DAY + crl.AUTHORITIES_AT_MOST)


def test_an_issuer_that_may_not_sign_lists() -> None:
    scene = Scene("sm2")
    scene.issuer = pki.issuing(scene.root, usages=("key_cert_sign",))
    assert scene.crl(scene.list()).status is Status.WRONG_SIGNER


def test_a_list_for_some_reasons_only_is_not_asked_for() -> None:
    from asn1crypto import x509

    from xieka.certificate.trust import places

    issuer = pki.issuing(pki.root("sm2"))
    some = {"distribution_point": pki.point([HERE]), "reasons": {"key_compromise"}}
    points = pki.extension("2.5.29.31", x509.CRLDistributionPoints([some]))
    assert places.of(parse(pki.holder(issuer, extra=[points]))).crl == ()
    assert places.of(parse(pki.holder(issuer, crl=("ldap://a.example.com/x", URL)))).crl == (URL,)


def of_size(scene: Scene, size: int) -> bytes:
    """A list of so many bytes, the holder revoked in its last entry."""
    few = scene.list(*((number, Word()) for number in range(1 << 127, (1 << 127) + 10)), (SERIAL, Word()))
    outline = listing.outline(few)
    begin, end = outline.entries
    last = outline.signed.rindex(b"\x30", begin, outline.signed.rindex(SERIAL.to_bytes(5)))
    entries = outline.signed[begin:last] * (size // (last - begin)) + outline.signed[last:end]
    parts = outline.signed[outline.signed.index(b"\x02\x01\x01") : begin].removesuffix(head(end - begin))
    tbs = wrapped(parts + wrapped(entries) + outline.signed[end:])
    return wrapped(tbs + outline.algorithm + OctetBitString(scene.issuer.key.sign(tbs)).dump())


def test_a_list_of_many_megabytes() -> None:
    """14 MB within half a second of the processor; memory is asked of a tenth of it, for looking takes its time."""
    scene = Scene("rsa")
    data = of_size(scene, 14_000_000)
    begin = time.thread_time()
    assert scene.crl(data).status is Status.REVOKED
    assert time.thread_time() - begin < 0.5
    data = of_size(scene, 1_400_000)
    tracemalloc.start()
    try:
        assert scene.crl(data).status is Status.REVOKED
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data)
    finally:
        tracemalloc.stop()


def head(length: int) -> bytes:
    return bytes([0x30, length]) if length < 128 else b"\x30\x82" + length.to_bytes(2)


def wrapped(contents: bytes) -> bytes:
    return b"\x30\x84" + len(contents).to_bytes(4) + contents
