"""An issuer, a holder, and what is said of the holder."""

from __future__ import annotations

from asn1crypto.core import GeneralizedTime

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from xieka.certificate.revocation import crl, ocsp
from xieka.certificate.revocation.models import Answer
from xieka.certificate.trust.parsed import parse

URL = "http://crl.example.com/721.crl"
NONCE = b"n" * 16
SERIAL = 0x1234567890


class Scene:
    """An issuer and a holder of one kind."""

    def __init__(self, kind: str) -> None:
        self.root = pki.root(kind)
        self.issuer = pki.issuing(self.root)
        self.der = pki.holder(self.issuer, crl=(URL,))

    def ocsp(self, data: bytes, nonce: bytes | None = NONCE) -> Answer:
        return ocsp.judge(data, parse(self.der), self.issuer.certificate, NOW, nonce)

    def crl(self, data: bytes) -> Answer:
        return crl.judge(data, URL, parse(self.der), self.issuer.certificate, NOW)

    def answer(self, word: Word | None = None, signer: pki.Authority | None = None, **how: object) -> bytes:
        return pki.answer(word or Word(), self.der, self.issuer, signer, **how)  # type: ignore[arg-type]

    def delegated(self, **changes: object) -> bytes:
        signer = pki.delegate(self.issuer, **changes)
        return self.answer(signer=signer, certificates=[signer.der])

    def by_stranger(self) -> bytes:
        """A responder with everything right but who appointed it."""
        signer = pki.delegate(pki.Authority(pki.Key(self.issuer.key.kind, 77), self.issuer.subject))
        return self.answer(signer=signer, certificates=[signer.der])

    def list(self, *words: tuple[int, Word], **how: object) -> bytes:
        return pki.revocation_list(dict(words), self.issuer, **how)  # type: ignore[arg-type]


OLD = {"this_update": NOW - 9 * DAY, "next_update": NOW - 2 * DAY}
AHEAD = {"this_update": NOW + DAY, "next_update": NOW + 2 * DAY}
DEMAND = pki.extension("1.2.3", b"\x05\x00", critical=True)
HERE = pki.uri(URL)
DELTA = pki.extension("2.5.29.27", b"\x02\x01\x01", critical=True)
EXPIRED_SINCE = pki.extension("2.5.29.24", GeneralizedTime(NOW), critical=True)
KNOWN = pki.extension("1.2.3", b"\x05\x00")


def written(serial: int, more: int) -> bytes:
    """Contents of an INTEGER, so many octets longer than DER wants."""
    size = (serial if serial >= 0 else ~serial).bit_length() // 8 + 1
    return serial.to_bytes(size + more, "big", signed=True)
