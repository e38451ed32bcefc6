"""The embedded authority; the openssl command is the independent witness for chains and fields."""

from __future__ import annotations

import stat
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from xieka.app import seal_makers
from xieka.certificate import service
from xieka.certificate.models import Role
from xieka.seal.makers import listed
from xieka.settings.service import load_profile
from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority
from xieka_service.ca.port import CertificateAuthority, Order, Profile, Subject

NOW = datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
SUBJECT = Subject("上海沪申示例贸易有限公司", "91310115MA1K00007Q", "MA1K00007", "310104000000000")


@cache
def public_key(size: int = 2048) -> bytes:
    return encoded(rsa.generate_private_key(public_exponent=65537, key_size=size).public_key())


def encoded(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def order(profile: Profile = Profile.YIZHENGTONG, role: Role = Role.SIGNING) -> Order:
    begin = NOW.replace(microsecond=0)
    return Order(profile, role, public_key(), SUBJECT, begin - 160 * DAY, begin + 900 * DAY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority") / "ca"
    EmbeddedAuthority.create(folder, PRACTICE, NOW)
    return folder


@pytest.fixture
def authority(folder: Path) -> EmbeddedAuthority:
    return EmbeddedAuthority(folder, PRACTICE)


def issue(authority: CertificateAuthority, wanted: Order) -> bytes:
    return authority.issue(wanted, authority.reserve())


def openssl_verify(authority: CertificateAuthority, leaf: bytes, tmp_path: Path, *options: str) -> str:
    names = []
    for number, der in enumerate((leaf, *authority.chain())):
        path = tmp_path / f"{number}.pem"
        path.write_bytes(load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM))
        names.append(path)
    command = ["openssl", "verify", "-x509_strict", *options, "-CAfile", names[2], "-untrusted", names[1], names[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip().rpartition(" ")[2] if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("role", list(Role))
def test_openssl_accepts_the_chain(authority: EmbeddedAuthority, tmp_path: Path, profile: Profile, role: Role) -> None:
    leaf = issue(authority, order(profile, role))
    assert openssl_verify(authority, leaf, tmp_path) == "OK"
    flipped = bytearray(leaf)
    flipped[-1] ^= 1
    assert "signature" in openssl_verify(authority, bytes(flipped), tmp_path)


def test_openssl_accepts_the_seal_maker(authority: EmbeddedAuthority, tmp_path: Path) -> None:
    assert openssl_verify(authority, authority.seal_maker, tmp_path) == "OK"
    maker = load_der_x509_certificate(authority.seal_maker).public_key()
    assert isinstance(maker, rsa.RSAPublicKey)
    maker.verify(authority.sign_seal(b"content"), b"content", padding.PKCS1v15(), hashes.SHA256())
    assert service.role_of(authority.seal_maker) is Role.SIGNING


def test_only_root_and_issuing_are_authorities(authority: EmbeddedAuthority) -> None:
    constraints = {
        name: next(e.value for e in service.detail(der, NOW).extensions if e.oid == "2.5.29.19")
        for name, der in (
            ("root", authority.chain()[1]),
            ("issuing", authority.chain()[0]),
            ("maker", authority.seal_maker),
            ("leaf", issue(authority, order())),
        )
    }
    assert constraints == {
        "root": "证书颁发机构；下级层数不限",
        "issuing": "证书颁发机构；下级层数上限 0",
        "maker": "最终用户",
        "leaf": "最终用户",
    }


@pytest.mark.parametrize(
    ("profile", "kind", "uscc", "private"),
    [
        pytest.param(Profile.LEGACY, "legacy", None, {"1.2.156.1.8888"}, id="legacy"),
        pytest.param(
            Profile.YIZHENGTONG,
            "yizhengtong",
            SUBJECT.uscc,
            {
                "1.2.156.112570.11.205",
                "1.2.156.112570.11.210",
                "1.2.156.10260.4.1.4",
                "1.2.156.10260.4.1.3",
            },
            id="yizhengtong",
        ),
    ],
)
def test_profile(
    authority: EmbeddedAuthority, profile: Profile, kind: str, uscc: str | None, private: set[str]
) -> None:
    for role, usages in (
        (Role.SIGNING, ["数字签名", "不可否认"]),
        (Role.ENCRYPTION, ["密钥加密", "数据加密"]),
    ):
        detail = service.detail(issue(authority, order(profile, role)), NOW)
        assert (detail.role, detail.kind, detail.usages) == (role, kind, usages)
        assert (detail.subject, detail.uscc, detail.org_code) == (SUBJECT.name, uscc, "MA1K0000-7")
        assert detail.extended_usages == ["客户端身份验证", "安全电子邮件"]
        assert {e.oid for e in detail.extensions if e.oid.startswith("1.2.156")} == private
        assert [e.oid for e in detail.extensions if e.critical] == ["2.5.29.15"]
        assert all(e.known for e in detail.extensions)
        assert detail.algorithm == "RSA 2048"
        assert detail.signature_algorithm == "SHA-256 with RSA"
        (policy,) = (e.value for e in detail.extensions if e.oid == "2.5.29.32")
        assert "没有法律效力" in policy


def test_every_name_says_practice(authority: EmbeddedAuthority) -> None:
    for der in (*authority.chain(), authority.seal_maker):
        assert "练习" in service.summarize(der, NOW).subject
    assert "练习" in service.summarize(issue(authority, order()), NOW).issuer


def test_fields_agree_with_openssl(authority: EmbeddedAuthority, tmp_path: Path) -> None:
    leaf = issue(authority, order())
    summary = service.summarize(leaf, NOW)
    file = tmp_path / "leaf.cer"
    file.write_bytes(leaf)
    command = ["openssl", "x509", "-inform", "DER", "-in", file, "-noout", "-serial", "-subject", "-dates"]
    output = subprocess.run(
        [*command, "-nameopt", "utf8,sep_multiline"], capture_output=True, text=True, check=True
    ).stdout
    assert f"serial={summary.serial}" in output
    assert f"CN={SUBJECT.name}" in output
    assert summary.not_before.strftime("notBefore=%b %d %H:%M:%S %Y GMT") in output.replace("  ", " 0")
    assert len(summary.serial) == 32


def test_repeated_order_gives_the_same_bytes(folder: Path, authority: EmbeddedAuthority) -> None:
    serial = authority.reserve()
    first = authority.issue(order(), serial)
    # After a restart too.
    assert EmbeddedAuthority(folder, PRACTICE).issue(order(), serial) == first


BEGIN = order().not_before


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        pytest.param(replace(order(), role=Role.ENCRYPTION), "another certificate", id="serial-used"),
        pytest.param(replace(order(), not_after=BEGIN), "validity", id="empty-validity"),
        pytest.param(replace(order(), not_before=BEGIN - 999 * DAY), "validity", id="before-the-authority"),
        pytest.param(replace(order(), not_after=BEGIN + 9999 * DAY), "validity", id="after-the-authority"),
        pytest.param(replace(order(), public_key=public_key(1024)), "2048", id="short-key"),
        pytest.param(
            replace(order(), public_key=encoded(ec.generate_private_key(ec.SECP256R1()).public_key())),
            "2048",
            id="other-algorithm",
        ),
    ],
)
def test_refused(authority: EmbeddedAuthority, wanted: Order, why: str) -> None:
    serial = authority.reserve()
    authority.issue(order(), serial)
    with pytest.raises(ValueError, match=why):
        authority.issue(wanted, serial)


def test_serial_not_reserved(authority: EmbeddedAuthority) -> None:
    with pytest.raises(ValueError, match="not reserved"):
        authority.issue(order(), 1 << 126 | 5)


def test_keys_are_for_the_owner_alone(folder: Path) -> None:
    keys = sorted(folder.glob("*.key"))
    assert [key.name for key in keys] == ["issuing.key", "root.key", "seal-maker.key"]
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_created_once_even_by_several_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "ca"
    roots: list[bytes] = []

    def create() -> None:
        roots.append(EmbeddedAuthority.create(folder, PRACTICE, NOW).chain()[-1])

    threads = [threading.Thread(target=create) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(roots) == 3
    assert len(set(roots)) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["ca"]


def test_its_profile_names_its_seal_maker_and_nobody_who_has_a_certificate(authority: EmbeddedAuthority) -> None:
    rules = seal_makers(load_profile("demo"))
    assert listed(authority.seal_maker, rules) is True
    others = [issue(authority, order(profile)) for profile in Profile]
    assert [listed(der, rules) for der in (*others, *authority.chain())] == [False] * 4
    assert seal_makers(load_profile("sheca")) == [], "nobody has verified who makes them"
