"""What the responder says, or why nobody can be asked."""

from __future__ import annotations

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.trust.stage import Stage
from tests.core.net import free_port


def good(stage: Stage) -> None:
    stage.says()


def good_by_list(stage: Stage) -> None:
    stage.lists()


def revoked(stage: Stage) -> None:
    stage.says(Word("revoked"))


def revoked_by_list(stage: Stage) -> None:
    stage.lists((0x1234567890, Word()))


def held(stage: Stage) -> None:
    stage.says(Word("revoked", reason="certificate_hold"))


def unknown(stage: Stage) -> None:
    stage.says(Word("unknown"))


def stale(stage: Stage) -> None:
    stage.says(Word(this_update=NOW - 9 * DAY, next_update=NOW - DAY))


def future(stage: Stage) -> None:
    stage.says(Word(this_update=NOW + DAY, next_update=NOW + 2 * DAY))


def wrong_signer(stage: Stage) -> None:
    stage.says(signer=pki.Authority(pki.Key(stage.issuer.key.kind, 88), stage.issuer.subject))


def garbage(stage: Stage) -> None:
    stage.server.answers["/ocsp"] = lambda _: b"not an answer"


def demanding(stage: Stage) -> None:
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(
        Word(), stage.der, stage.issuer, nonce=nonce, demands={"single": "1.2.3"}
    )


def unreachable(stage: Stage) -> None:
    place = f"127.0.0.1:{free_port()}"
    stage.local.add(place)
    stage.service = stage.fresh_service()
    stage.der = stage.holder(ocsp=(f"http://{place}/ocsp",), crl=())


def private_place(stage: Stage) -> None:
    """An address of this computer that nobody has named is not asked."""
    stage.local.clear()
    stage.service = stage.fresh_service()
    stage.says()


def no_source(stage: Stage) -> None:
    stage.der = stage.holder(ocsp=(), crl=("ldap://ldap.example.com/cn=1",))
