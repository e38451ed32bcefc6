"""Real certificates of authorities, SM2 ones among them; the openssl command is the independent witness."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from xieka.certificate import service

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FILES = sorted((SAMPLES / "certs").iterdir())


def openssl(file: Path, *options: str) -> dict[str, str]:
    command = ["openssl", "x509", "-inform", "DER", "-in", file, "-noout", *options]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return dict(line.split("=", 1) for line in output.splitlines() if "=" in line)


def seconds(text: str) -> datetime:
    return datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_agrees_with_openssl(file: Path) -> None:
    detail = service.detail(file.read_bytes(), NOW)
    names = openssl(file, "-subject", "-issuer", "-serial", "-dates", "-nameopt", "RFC2253,-dn_rev,utf8,-esc_msb")
    assert [value for _, value in detail.subject_fields] == [part.split("=")[1] for part in names["subject"].split(",")]
    assert [value for _, value in detail.issuer_fields] == [part.split("=")[1] for part in names["issuer"].split(",")]
    assert detail.serial == names["serial"]
    assert detail.not_before == seconds(names["notBefore"])
    assert detail.not_after == seconds(names["notAfter"])
    fingerprints = openssl(file, "-fingerprint", "-sha256")
    assert detail.sha256 == next(iter(fingerprints.values())).replace(":", "")


@pytest.mark.parametrize(
    ("name", "algorithm", "signature", "subject", "serial"),
    [
        pytest.param("UCA_Root_G2", "RSA 2048", "SHA-256 with RSA", "UCA Root G2", None, id="rsa-root"),
        pytest.param("SHECA_G2", "RSA 2048", "SHA-256 with RSA", "SHECA G2", None, id="rsa-issuing"),
        pytest.param("UCA_Root_SM2", "SM2", "SM3 with SM2", "UCA Root SM2", "81", id="sm2-root"),
        pytest.param("NRCAC_ROOTCA_SM2", "SM2", "SM3 with SM2", "ROOTCA", "69E2FEC0170AC67B", id="sm2-national-root"),
    ],
)
def test_algorithms(name: str, algorithm: str, signature: str, subject: str, serial: str | None) -> None:
    detail = service.detail((SAMPLES / "certs" / f"{name}.der").read_bytes(), NOW)
    assert (detail.algorithm, detail.signature_algorithm, detail.subject) == (algorithm, signature, subject)
    assert serial in (None, detail.serial)
    # An authority's certificate on a Ukey is nobody's signing certificate, whatever its usages.
    assert detail.role is None
    assert detail.kind == "unknown"


def test_one_key_two_certificates() -> None:
    under_sheca, under_nation = (
        service.detail((SAMPLES / "certs" / f"SHECA_SM2_by_{root}.der").read_bytes(), NOW)
        for root in ("UCA_Root_SM2", "NRCAC_ROOTCA")
    )
    assert under_sheca.public_key == under_nation.public_key
    assert under_sheca.public_key.startswith("04")
    assert under_sheca.serial != under_nation.serial


def test_extensions_read_for_people() -> None:
    detail = service.detail((SAMPLES / "certs" / "SHECA_G2.der").read_bytes(), NOW)
    assert {extension.name: extension.value for extension in detail.extensions} == {
        "证书策略": "任意策略；策略声明 http://www.sheca.com/policy/",
        "颁发机构信息访问": "在线状态查询 http://ocsp3.sheca.com/ocsp/root/root.ocsp；"
        "颁发机构证书 http://ldap2.sheca.com/root/ucag2root.der",
        "使用者密钥标识符": "5688DEE3184382B772A426EB44A962D087C4AC26",
        "颁发机构密钥标识符": "密钥标识符 E4BB2C9FB2B51C8831AF7FCBDCF4052BE085F701",
        "吊销列表发布点": "http://ldap2.sheca.com/root/ucag2.crl",
        "密钥用途": "数字签名、签发证书、签发吊销列表",
        "基本约束": "证书颁发机构；下级层数上限 0",
    }
    assert {extension.oid for extension in detail.extensions if extension.critical} == {"2.5.29.15", "2.5.29.19"}


def test_distribution_points_with_directory_names() -> None:
    detail = service.detail((SAMPLES / "certs" / "SHECA_SM2_by_NRCAC_ROOTCA.der").read_bytes(), NOW)
    (points,) = (e.value for e in detail.extensions if e.oid == "2.5.29.31")
    assert points.split("；") == [
        "目录 国家 (C)=CN, 单位 (O)=NRCAC, 部门 (OU)=ARL, 名称 (CN)=arl",
        "http://www.rootca.gov.cn/arl/arl.crl",
        "ldap://ldap.rootca.gov.cn:389/CN=arl,OU=ARL,O=NRCAC,C=CN",
    ]
