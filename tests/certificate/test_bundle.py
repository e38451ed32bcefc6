"""Files with several certificates, as openssl writes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms

from tests.certificate.make import certificate, usage
from tests.conftest import SAMPLES
from xieka.certificate import bundle, service
from xieka.certificate.models import Role
from xieka.core.errors import XiekaError

NAMES = ("SHECA_SM2_by_UCA_Root_SM2", "UCA_Root_SM2")
DERS = [(SAMPLES / "certs" / f"{name}.der").read_bytes() for name in NAMES]


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    file = tmp_path / "链.pem"
    for name in NAMES:
        text = subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-in", SAMPLES / "certs" / f"{name}.der", "-subject"],
            capture_output=True,
            check=True,
        ).stdout
        file.write_bytes((file.read_bytes() if file.exists() else b"") + text)
    return file


@pytest.mark.parametrize("form", ["DER", "PEM"])
def test_p7b(pem: Path, form: str) -> None:
    out = pem.with_suffix(".p7b")
    command = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", form, "-out", out]
    subprocess.run(command, check=True, capture_output=True)
    assert sorted(service.read_bundle(out)) == sorted(DERS)


def test_chinese_p7b(pem: Path) -> None:
    """GM/T 0010: the same structure under its own name."""
    out = pem.with_suffix(".p7b")
    command = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", "DER", "-out", out]
    subprocess.run(command, check=True, capture_output=True)
    inner = cms.ContentInfo.load(out.read_bytes())["content"].untag().dump()
    own = b"\x06\x0a\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x02" + b"\xa0\x82" + len(inner).to_bytes(2, "big") + inner
    out.write_bytes(b"\x30\x82" + len(own).to_bytes(2, "big") + own)
    assert sorted(service.read_bundle(out)) == sorted(DERS)


def test_pem_and_one_alone(pem: Path) -> None:
    assert service.read_bundle(pem) == DERS
    single = pem.with_suffix(".cer")
    single.write_bytes(DERS[0])
    assert service.read_bundle(single) == [DERS[0]]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="text"),
        pytest.param(b"-----BEGIN PKCS7-----\n!!!!\n-----END PKCS7-----", id="not-base64"),
        pytest.param(b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x00", id="empty-p7b"),
        pytest.param(DERS[0] + b"\x00", id="a-byte-too-many"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff", id="lying-length"),
    ],
)
def test_neither(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.p7b"
    file.write_bytes(data)
    with pytest.raises(XiekaError, match="E-CRT-06"):
        service.read_bundle(file)


def test_the_holders_own_of_a_pair_is_the_one_of_the_same_use() -> None:
    signing, encryption = certificate(usage(0)), certificate(usage(2))
    pair = [DERS[0], encryption, signing]
    assert service.holders_own(pair) == service.holders_own(pair, Role.ENCRYPTION) == encryption
    assert service.holders_own(pair, Role.SIGNING) == signing
    assert service.holders_own(pair[:2], Role.SIGNING) == encryption
    assert service.holders_own(DERS, Role.SIGNING) == DERS[0]


def test_too_long_to_be_read(tmp_path: Path) -> None:
    file = tmp_path / "x.p7b"
    file.write_bytes(b"\x30" + bytes(bundle.MAX_BYTES))
    with pytest.raises(XiekaError, match="E-CRT-07"):
        service.read_bundle(file)
    with pytest.raises(XiekaError, match="E-CRT-07"):
        service.bundle_of(b"\x30" + bytes(bundle.MAX_BYTES), "x.p7b")
