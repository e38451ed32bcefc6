"""The face of the seal room. Every function takes a seal as the bytes it was found as (DER of SESeal).

The parser behind it is loaded with the first seal: a Ukey without one does without it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xieka.core.errors import XiekaError
from xieka.seal.chain import Chain
from xieka.seal.models import SealDetail, SealSummary, SignatureVerification, Verification
from xieka.seal.picture import Picture

__all__ = ["Chain", "Picture", "check", "detail", "is_seal", "picture", "read_file", "summarize", "verify_signature"]

_SEQUENCE = 0x30
_ES = b"\x16\x02ES"
_MAX_FILE = 8 * 1024 * 1024
"""More than the readers take, so that they can say so."""


def is_seal(value: bytes) -> bool:
    """True when the bytes begin as SESeal does: SESeal{SES_SealInfo{SES_Header{"ES". Cheap, never raises."""
    position = 0
    for _ in range(3):
        if value[position : position + 1] != bytes([_SEQUENCE]):
            return False
        first = value[position + 1 : position + 2]
        if not first:
            return False
        # DER length: one octet, or 0x80 + number of length octets.
        position += 2 + (first[0] & 0x7F if first[0] & 0x80 else 0)
    return value[position : position + 4] == _ES


def summarize(der: bytes) -> SealSummary:
    """What the seal says about itself, unverified. Raises XiekaError as reader.read: E-SEA-01, E-SEA-04 to 06."""
    from xieka.seal import describe, reader

    return describe.summary(reader.read(der).content)


def check(der: bytes, now: datetime, certificate: bytes | None = None, chain: Chain | None = None) -> Verification:
    """Verify the seal for use with this certificate (DER), step by step. Raises as `summarize`.

    Without a certificate the binding, without a chain the maker's path and revocation are left open.
    """
    from xieka.seal import verify

    return verify.verify(der, verify.Circumstances(now, certificate, chain))


def detail(der: bytes, now: datetime, certificate: bytes | None = None, chain: Chain | None = None) -> SealDetail:
    """Everything the seal says, and `check`. Raises as `summarize`."""
    from xieka.seal import describe, verify

    return describe.detail(der, verify.Circumstances(now, certificate, chain))


def picture(der: bytes) -> Picture:
    """The seal's picture as PNG. Raises XiekaError as `summarize` and picture.to_png."""
    from xieka.seal import picture as pictures
    from xieka.seal import reader

    content = reader.read(der).content
    return pictures.to_png(content.picture, content.picture_type)


def verify_signature(
    der: bytes, now: datetime, document: Path | None = None, chain: Chain | None = None
) -> SignatureVerification:
    """Verify a document's signature made with a seal (DER of SES_Signature), step by step.

    Without the document its hash is left open. Raises XiekaError as signature_reader.read, E-FIL-01 when the document
    cannot be read.
    """
    from xieka.seal import hashing, signature_verify, verify

    digests = None
    if document is not None:
        try:
            if not document.is_file():
                # Opening a pipe or a device could wait for ever.
                raise FileNotFoundError(document)
            with document.open("rb") as file:
                digests = hashing.document(file)
        except OSError as error:
            raise XiekaError("E-FIL-01", path=str(document)) from error
    return signature_verify.verify_signature(der, verify.Circumstances(now, chain=chain), digests)


def read_file(path: Path) -> bytes:
    """The bytes of a seal's or a signature's file. Raises XiekaError E-FIL-01 when it cannot be read."""
    try:
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            return file.read(_MAX_FILE)
    except OSError as error:
        raise XiekaError("E-FIL-01", path=str(path)) from error
