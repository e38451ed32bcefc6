"""Seals we make: the bytes are the standard's, the signature covers SES_SealInfo, the reader agrees."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.conftest import SAMPLES
from tests.seal.make import CONTENT, key, seal
from xieka.seal import reader, service
from xieka.seal.structure import Seal


def test_reader_understands_what_was_built() -> None:
    der = seal()
    assert service.is_seal(der)
    read = reader.read(der)
    assert read == reader.Seal(
        version=4,
        vendor=CONTENT.vendor,
        es_id=CONTENT.es_id,
        kind=CONTENT.kind,
        name=CONTENT.name,
        certificates=CONTENT.certificates,
        created=CONTENT.created,
        not_before=CONTENT.not_before,
        not_after=CONTENT.not_after,
        picture_type=CONTENT.picture_type,
        picture=CONTENT.picture,
        width_mm=CONTENT.width_mm,
        height_mm=CONTENT.height_mm,
    )


def test_bytes_round_trip() -> None:
    der = seal()
    assert Seal.load(der, strict=True).untag().dump(force=True) == der


@pytest.mark.parametrize("file", ["ofdrw-gm__UserV4.esl"])
def test_our_structure_is_that_of_real_seals(file: str) -> None:
    der = (SAMPLES / "seals" / file).read_bytes()
    parsed = Seal.load(der, strict=True)
    assert parsed["eSealInfo"]["property"]["name"].native == "OFD R&W 测试用印章"
    assert parsed.dump(force=True) == der


def test_signature_covers_the_content() -> None:
    parsed = Seal.load(seal(), strict=True)
    assert parsed["signAlgID"].dotted == "1.2.840.113549.1.1.11"
    content, signature = parsed["eSealInfo"].dump(), parsed["signedValue"].native
    key().public_key().verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    changed = bytearray(content)
    changed[-1] ^= 1
    with pytest.raises(InvalidSignature):
        key().public_key().verify(signature, bytes(changed), padding.PKCS1v15(), hashes.SHA256())


def test_openssl_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "seal.der"
    file.write_bytes(seal())
    command = ["openssl", "asn1parse", "-inform", "DER", "-in", file]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    tags = [line.split("cons: " if "cons: " in line else "prim: ")[1].split()[0] for line in output.splitlines()]
    assert tags[:6] == ["SEQUENCE", "SEQUENCE", "SEQUENCE", "IA5STRING", "INTEGER", "IA5STRING"]
    assert [tag for tag in tags if tag == "GENERALIZEDTIME"] == ["GENERALIZEDTIME"] * 3
    assert tags[-3:] == ["OCTET", "OBJECT", "BIT"]


@pytest.mark.parametrize("field", ["vendor", "es_id", "picture_type"])
def test_ascii_only(field: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        seal(**{field: "章"})
