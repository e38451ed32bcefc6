"""证书文件盘点: what it finds, and its package as a client starts it, with nothing but its own libraries."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from tests.conftest import SAMPLES, SystemBrowser
from xieka_demo.publisher import PROGRAMS, practice_source
from xieka_service.content.publish import SEED

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PEM, DER = s.Encoding.PEM, s.Encoding.DER
TRADITIONAL, PKCS8 = s.PrivateFormat.TraditionalOpenSSL, s.PrivateFormat.PKCS8
PLAIN, SECRET = s.NoEncryption(), s.BestAvailableEncryption(b"secret")
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@pytest.fixture(scope="module")
def inventory() -> Iterator[ModuleType]:
    before = list(sys.path)
    sys.path.insert(0, str(PROGRAMS / "inventory"))
    yield importlib.import_module("inventory")
    sys.path[:] = before
    for name in ("inventory", "files"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def files(inventory: ModuleType) -> ModuleType:
    return sys.modules["files"]


def certificate(holder: str, key: Key, issuer: str | None = None, signer: Key | None = None, days: int = 400) -> bytes:
    def name(value: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, value)])

    builder = (
        x509.CertificateBuilder()
        .subject_name(name(holder))
        .issuer_name(name(issuer or holder))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=500))
        .not_valid_after(NOW + timedelta(days=days))
    )
    return builder.sign(signer or key, hashes.SHA256()).public_bytes(DER)


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(PEM)


ROOT = certificate("根", KEY)
LEAF = certificate("甲公司", EC_KEY, "根", KEY)
FORGED = certificate("乙公司", EC_KEY, "根", rsa.generate_private_key(65537, 2048))
ALONE = certificate("丙公司", EC_KEY, "别处", KEY)
BUNDLE = [x509.load_der_x509_certificate(der) for der in (ROOT, LEAF)]
SM2 = (SAMPLES / "certs/UCA_Root_SM2.der").read_bytes()


def bag(protection: s.KeySerializationEncryption) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"one", KEY, BUNDLE[0], None, protection)


SM2_KEY = b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"

FILES: dict[str, tuple[str, bytes, list[str], list[bool | None]]] = {
    # file name, content: holders of certificates, protection of keys
    "der": ("a.cer", LEAF, ["甲公司"], []),
    "pem": ("a.crt", pem(LEAF), ["甲公司"], []),
    "chain": ("a.pem", b"comment\n" + pem(LEAF) + pem(ROOT), ["甲公司", "根"], []),
    "encodings that strict readers refuse": ("a.der", SM2, ["UCA Root SM2"], []),
    "p7b": ("a.p7b", pkcs7.serialize_certificates(BUNDLE, DER), ["根", "甲公司"], []),
    "p7b in pem": ("a.p7b", pkcs7.serialize_certificates(BUNDLE, PEM), ["根", "甲公司"], []),
    "key beside its certificate": ("a.pem", pem(ROOT) + KEY.private_bytes(PEM, PKCS8, PLAIN), ["根"], [False]),
    "key": ("a.key", KEY.private_bytes(PEM, TRADITIONAL, PLAIN), [], [False]),
    "ec key": ("a.key", EC_KEY.private_bytes(PEM, TRADITIONAL, PLAIN), [], [False]),
    "key in der": ("a.key", KEY.private_bytes(DER, PKCS8, PLAIN), [], [False]),
    "sm2 key": ("a.key", SM2_KEY, [], [False]),
    "protected key": ("a.key", KEY.private_bytes(PEM, PKCS8, SECRET), [], [True]),
    "protected in the old way": ("a.key", KEY.private_bytes(PEM, TRADITIONAL, SECRET), [], [True]),
    "protected in der": ("a.key", KEY.private_bytes(DER, PKCS8, SECRET), [], [True]),
    "pfx": ("a.pfx", bag(SECRET), [], [True]),
    "open pfx": ("a.p12", bag(PLAIN), ["根"], [False]),
    "no pfx": ("a.pfx", b"MZ", [], [None]),
    "cut off": ("a.cer", LEAF[:-9], [], []),
    "more behind it": ("a.cer", LEAF + b"\0", [], []),
    "text": ("a.pem", "证书".encode(), [], []),
    "empty": ("a.key", b"", [], []),
}


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_holds(files: ModuleType, tmp_path: Path, name: str) -> None:
    file, data, holders, protected = FILES[name]
    (tmp_path / file).write_bytes(data)
    found = files.read(tmp_path / file)
    # PKCS #7 has a set, in the order of its bytes.
    assert sorted(one.holder for one in found.certificates) == sorted(holders)
    assert [one.protected for one in found.keys] == protected


def test_every_prefix_and_many_changes_of_a_certificate_are_survived(files: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "a.cer"
    for place in range(0, len(LEAF), 3):
        changed = bytearray(LEAF)
        changed[place] ^= 0xFF
        for data in (LEAF[:place], bytes(changed)):
            path.write_bytes(data)
            files.checked(list(files.read(path).certificates))


def test_signatures_are_checked_among_what_was_found(files: ModuleType, tmp_path: Path) -> None:
    found = []
    for name, der in {"r": ROOT, "l": LEAF, "copy": LEAF, "f": FORGED, "a": ALONE, "sm2": SM2}.items():
        (tmp_path / f"{name}.cer").write_bytes(der)
        found += files.read(tmp_path / f"{name}.cer").certificates
    told = {one.holder: (one.signature, len(one.paths)) for one in files.checked(found)}
    assert told == {
        "根": ("own", 1),
        "甲公司": ("right", 2),
        "乙公司": ("wrong", 1),
        "丙公司": ("issuer", 1),
        "UCA Root SM2": ("kind", 1),
    }


def test_names_are_text(inventory: ModuleType, files: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "<b>.cer"
    path.write_bytes(certificate("<script>", EC_KEY, days=-3))
    text = inventory.page([files.read(path)], [tmp_path], NOW)
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text
    assert "已过期 3 天" in text


def test_only_files_of_the_kind_each_once_and_not_too_deep(
    inventory: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = Path(*"abcdef")
    for name in ("1.CER", "2.txt", ".hidden/3.cer", deep / "4.cer", deep / "g" / "5.cer"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "6.cer").symlink_to(tmp_path / "1.CER")
    found = list(inventory.candidates([tmp_path, tmp_path / "a"]))
    assert [path.name for path in found] == ["1.CER", "4.cer", "5.cer"]
    monkeypatch.setattr(inventory, "MOST", 1)
    assert len(list(inventory.candidates([tmp_path]))) == 1


def test_its_package_runs_alone_and_leaves_nothing_beside_itself(tmp_path: Path, system_browser: SystemBrowser) -> None:
    practice_source(SEED, tmp_path / "publisher", NOW)
    (package,) = (tmp_path / "publisher/release/files").glob("inventory-*.zip")
    assert 3_000_000 < package.stat().st_size < 12_000_000
    program, kept = tmp_path / "我的 程序", tmp_path / "文档"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(program)
    assert len(list(program.glob("lib/*.dist-info/**/LICENSE*"))) >= 3
    kept.mkdir()
    (kept / "甲.cer").write_bytes(LEAF)
    (kept / "甲.key").write_bytes(KEY.private_bytes(PEM, PKCS8, PLAIN))
    # The interpreter behind the virtual environment: no library of the tests' own is in reach.
    python = Path(sys.executable).resolve()
    for name, line in (("xdg-user-dir", f"echo '{kept}'"), ("python3", f'exec {python} "$@"')):
        (system_browser.commands / name).write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        (system_browser.commands / name).chmod(0o755)
    unpacked = set(program.rglob("*"))
    environment = {"PATH": f"{system_browser.commands}:{os.defpath}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    subprocess.run(["sh", program / "证书文件盘点"], env=environment, cwd="/", check=True, timeout=60)
    report = Path(system_browser.opened()[0])
    assert report.parent == kept
    text = report.read_text("utf-8")
    assert "找到 1 张证书、1 个私钥，其中 1 个私钥没有口令保护" in text
    assert "甲公司" in text
    assert set(program.rglob("*")) == unpacked
