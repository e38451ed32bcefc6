"""Seals we make: the bytes are the standard's, the signature covers SES_SealInfo, the reader agrees."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.conftest import SAMPLES
from tests.seal.make import CONTENT, seal
from tests.seal.signers import signer
from xieka.seal import build, reader, service
from xieka.seal.content import Digest, Extension
from xieka.seal.structure import Seal

KEY = load_der_public_key(signer("rsa").key.info())
EXTENSIONS = (Extension("1.2.3.4", False, b"value"), Extension("1.2.3.5", True, b""))


@pytest.mark.parametrize("version", [1, 4, 5])
def test_reader_understands_what_was_built(version: int) -> None:
    content = replace(CONTENT, version=version, extensions=EXTENSIONS)
    der = seal(version=version, extensions=EXTENSIONS)
    assert service.is_seal(der)
    read = reader.read(der)
    assert read.content == content
    assert (read.maker, read.algorithm) == (signer("rsa").certificate, build.RSA_SHA256)
    assert read.form == (1 if version == 1 else 4)
    KEY.verify(read.signature, read.signed, padding.PKCS1v15(), hashes.SHA256())
    assert read.time_stamp is None


@pytest.mark.parametrize("version", [4, 5])
def test_digests_in_place_of_certificates(version: int) -> None:
    digests = (Digest("1.2.156.10197.1.401", bytes(32)), Digest("SM3", b"x" * 32))
    read = reader.read(seal(version=version, certificates=(), digests=digests))
    assert (read.content.digests, read.content.certificates, read.content.bound) == (digests, (), 2)


def test_a_time_stamp_is_kept() -> None:
    parsed = Seal.load(seal(version=5), strict=True)
    parsed["timeStamp"] = b"token"
    der = parsed.dump(force=True)
    assert reader.read(der).time_stamp == b"token"
    assert reader.parse(der).dump(force=True) == der


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 1},
        {"version": 4},
        {"version": 5},
        {"version": 4, "extensions": ()},
        {"version": 5, "certificates": (), "digests": (Digest("SM3", bytes(32)),)},
    ],
    ids=str,
)
def test_bytes_round_trip(changes: dict[str, object]) -> None:
    der = seal(**{"extensions": EXTENSIONS} | changes)
    assert reader.parse(der).dump(force=True) == der


@pytest.mark.parametrize("file", sorted((SAMPLES / "seals").iterdir()), ids=lambda file: file.stem)
def test_real_seals_round_trip(file: Path) -> None:
    der = file.read_bytes()
    assert reader.parse(der).dump(force=True) == der
    read = reader.read(der)
    assert rebuilt(read) == der


def rebuilt(read: reader.Seal) -> bytes:
    """The seal made anew from its plain values alone."""
    return build.build(read.content, read.maker, read.algorithm, lambda _: read.signature)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": 3}, id="version"),
        pytest.param({"certificates": ()}, id="nobody"),
        pytest.param({"digests": (Digest("SM3", b"x"),)}, id="both"),
        pytest.param({"version": 1, "certificates": (), "digests": (Digest("SM3", b"x"),)}, id="digests-in-v1"),
    ],
)
def test_no_such_seal(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        seal(**changes)


def test_signature_covers_the_content() -> None:
    parsed = Seal.load(seal(), strict=True)
    assert parsed["signAlgID"].dotted == "1.2.840.113549.1.1.11"
    content, signature = parsed["eSealInfo"].dump(), parsed["signedValue"].native
    KEY.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    changed = bytearray(content)
    changed[-1] ^= 1
    with pytest.raises(InvalidSignature):
        KEY.verify(signature, bytes(changed), padding.PKCS1v15(), hashes.SHA256())


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
