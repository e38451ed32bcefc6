"""Certificate files: reading, naming, writing."""

from __future__ import annotations

import base64
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.certificate.make import certificate, usage
from xieka.certificate import service
from xieka.certificate.models import CertificateSummary
from xieka.core.errors import XiekaError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DER = certificate(usage(0, 1))
BODY = base64.encodebytes(DER).decode("ascii")
PEM = f"-----BEGIN CERTIFICATE-----\n{BODY}-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(DER, id="der"),
        pytest.param(PEM.encode("ascii"), id="pem"),
        pytest.param(PEM.replace("\n", "\r\n").encode("ascii"), id="pem-with-windows-line-ends"),
        pytest.param(b"\xef\xbb\xbf" + PEM.encode("ascii"), id="pem-with-byte-order-mark"),
        pytest.param(b"Bag Attributes\n" + PEM.encode("ascii") * 2, id="pem-with-remarks-first-of-two"),
        pytest.param(PEM.replace("CERTIFICATE", "X509 CERTIFICATE").encode("ascii"), id="pem-old-label"),
    ],
)
def test_read_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "证书.cer"
    file.write_bytes(content)
    assert service.read_file(file) == DER


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="text"),
        pytest.param(DER[:-1], id="cut-off"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----", id="broken-base64"),
        pytest.param(b"\x30" + bytes(200_000), id="too-big"),
    ],
)
def test_not_a_certificate(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.cer"
    file.write_bytes(content)
    with pytest.raises(XiekaError) as caught:
        service.read_file(file)
    assert caught.value.code == "E-CRT-06"
    assert str(file) in caught.value.body()["kept"]


def test_unreadable(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path / "missing.cer", tmp_path, pipe):
        with pytest.raises(XiekaError) as caught:
            service.read_file(path)
        assert caught.value.code == "E-FIL-01"


def named(subject: str, role_bits: tuple[int, ...] = (0,), serial: int = 0xABCD1234) -> CertificateSummary:
    summary = service.summarize(certificate(usage(*role_bits), serial=serial), NOW)
    return summary.model_copy(update={"subject": subject})


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        pytest.param(named("上海沪申示例贸易有限公司"), "上海沪申示例贸易有限公司_签名_1234.cer", id="signing"),
        pytest.param(named("甲公司", (2, 3)), "甲公司_加密_1234.cer", id="encryption"),
        pytest.param(named("甲公司", (5,)), "甲公司_1234.cer", id="no-role"),
        pytest.param(named("甲公司", serial=0x81), "甲公司_签名_81.cer", id="short-serial"),
        pytest.param(named(""), "证书_签名_1234.cer", id="no-name"),
        pytest.param(named("..."), "证书_签名_1234.cer", id="dots-only"),
        pytest.param(named("../../etc/甲"), "_.._etc_甲_签名_1234.cer", id="path"),
        pytest.param(named('a<b>c:d"e/f\\g|h?i*j'), "a_b_c_d_e_f_g_h_i_j_签名_1234.cer", id="forbidden"),
        pytest.param(named("CON.公司"), "_CON.公司_签名_1234.cer", id="device-name"),
        pytest.param(named("公司\u202ecer.exe\ufffd"), "公司cer.exe_签名_1234.cer", id="bidi"),
        pytest.param(named("长" * 300), "长" * 40 + "_签名_1234.cer", id="long"),
        pytest.param(named("a" * 119 + "长"), "a" * 119 + "_签名_1234.cer", id="cut-between-characters"),
    ],
)
def test_export_name(summary: CertificateSummary, name: str) -> None:
    assert service.export_name(summary) == name
    assert len(name.encode("utf-8")) < 200


def test_write_export_is_byte_identical_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "甲 公司.cer"
    target.write_bytes(b"old")
    service.write_export(DER, target)
    assert target.read_bytes() == DER
    assert [entry.name for entry in tmp_path.iterdir()] == [target.name]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask


def test_failed_export_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.cer"
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(XiekaError) as caught:
        service.write_export(DER, target)
    assert caught.value.code == "E-EXP-01"
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.cer"]


def test_export_into_no_folder(tmp_path: Path) -> None:
    with pytest.raises(XiekaError) as caught:
        service.write_export(DER, tmp_path / "missing" / "x.cer")
    assert caught.value.code == "E-EXP-01"
