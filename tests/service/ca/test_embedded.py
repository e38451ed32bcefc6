"""The embedded authority; the openssl command is the independent witness for chains and fields."""

from __future__ import annotations

import shutil
import stat
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import load_der_x509_certificate

from xieka.app import seal_makers
from xieka.certificate import service
from xieka.certificate.models import Role
from xieka.certificate.trust import signatures
from xieka.certificate.trust.parsed import parse
from xieka.core.errors import XiekaError
from xieka.gm import private, sm2
from xieka.gm.libcrypto import KEY_INFO
from xieka.seal.makers import listed
from xieka.settings.service import load_profile
from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority
from xieka_service.ca.port import CertificateAuthority, Order, Profile, Subject
from xieka_service.ca.suites import RSA, SM2, SUITES, Suite

NOW = datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
SUBJECT = Subject("上海沪申示例贸易有限公司", "91310115MA1K00007Q", "MA1K00007", "310104000000000")


NAMES = {RSA: "rsa", SM2: "sm2"}
OPENSSL_SM2 = ("-vfyopt", "distid:1234567812345678")


@cache
def public_key(size: int = 2048) -> bytes:
    return encoded(rsa.generate_private_key(public_exponent=65537, key_size=size).public_key())


@cache
def sm2_key() -> bytes:
    return SM2.generate().info


def encoded(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def order(profile: Profile = Profile.YIZHENGTONG, role: Role = Role.SIGNING, suite: Suite = RSA) -> Order:
    begin = NOW.replace(microsecond=0)
    key = public_key() if suite is RSA else sm2_key()
    return Order(profile, role, key, SUBJECT, begin - 160 * DAY, begin + 900 * DAY)


@pytest.fixture(scope="module", params=SUITES, ids=NAMES.__getitem__)
def suite(request: pytest.FixtureRequest) -> Suite:
    found: Suite = request.param
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, suite: Suite) -> Path:
    folder = tmp_path_factory.mktemp("authority") / suite.folder
    EmbeddedAuthority.create(folder, PRACTICE, NOW, suite=suite)
    return folder


@pytest.fixture
def authority(folder: Path, suite: Suite) -> EmbeddedAuthority:
    return EmbeddedAuthority(folder, PRACTICE, suite=suite)


def issue(authority: CertificateAuthority, wanted: Order) -> bytes:
    return authority.issue(wanted, authority.reserve())


def openssl_verify(authority: CertificateAuthority, leaf: bytes, tmp_path: Path, suite: Suite) -> str:
    """OK, or what is wrong."""
    names = []
    for number, der in enumerate((leaf, *authority.chain())):
        path = tmp_path / f"{number}.pem"
        path.write_bytes(load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM))
        names.append(path)
    leaf_file, issuing, root = names
    # OpenSSL 3.0 takes the identity of SM2 for the lowest certificate only: it looks at each link by itself.
    links = [["-CAfile", root, "-untrusted", issuing, leaf_file]]
    if suite is SM2:
        links = [[*OPENSSL_SM2, "-partial_chain", "-CAfile", *pair] for pair in ((issuing, leaf_file), (root, issuing))]
    for link in links:
        command = ["openssl", "verify", "-x509_strict", *link]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return done.stderr
    return done.stdout.strip().rpartition(" ")[2]


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("role", list(Role))
def test_openssl_accepts_the_chain(
    authority: EmbeddedAuthority, tmp_path: Path, profile: Profile, role: Role, suite: Suite
) -> None:
    leaf = issue(authority, order(profile, role, suite))
    assert openssl_verify(authority, leaf, tmp_path, suite) == "OK"
    flipped = bytearray(leaf)
    flipped[-1] ^= 1
    assert "signature" in openssl_verify(authority, bytes(flipped), tmp_path, suite)


def test_openssl_accepts_the_seal_maker(authority: EmbeddedAuthority, tmp_path: Path, suite: Suite) -> None:
    assert openssl_verify(authority, authority.seal_maker, tmp_path, suite) == "OK"
    maker = parse(authority.seal_maker)
    signature = authority.sign_seal(b"content")
    for content, expected in ((b"content", "good"), (b"other", "bad")):
        assert signatures.judge(maker.key_info, authority.seal_algorithm, content, signature) == expected
    assert service.role_of(authority.seal_maker) is Role.SIGNING


def test_only_root_and_issuing_are_authorities(authority: EmbeddedAuthority, suite: Suite) -> None:
    constraints = {
        name: next(e.value for e in service.detail(der, NOW).extensions if e.oid == "2.5.29.19")
        for name, der in (
            ("root", authority.chain()[1]),
            ("issuing", authority.chain()[0]),
            ("maker", authority.seal_maker),
            ("leaf", issue(authority, order(suite=suite))),
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
    authority: EmbeddedAuthority, profile: Profile, kind: str, uscc: str | None, private: set[str], suite: Suite
) -> None:
    for role, usages in (
        (Role.SIGNING, ["数字签名", "不可否认"]),
        (Role.ENCRYPTION, ["密钥加密", "数据加密", *(["密钥协商"] if suite is SM2 else [])]),
    ):
        detail = service.detail(issue(authority, order(profile, role, suite)), NOW)
        assert (detail.role, detail.kind, detail.usages) == (role, kind, usages)
        assert (detail.subject, detail.uscc, detail.org_code) == (SUBJECT.name, uscc, "MA1K0000-7")
        assert detail.extended_usages == ["客户端身份验证", "安全电子邮件"]
        assert {e.oid for e in detail.extensions if e.oid.startswith("1.2.156")} == private
        assert [e.oid for e in detail.extensions if e.critical] == ["2.5.29.15"]
        assert all(e.known for e in detail.extensions)
        assert detail.algorithm == ("SM2" if suite is SM2 else "RSA 2048")
        assert detail.signature_algorithm == ("SM3 with SM2" if suite is SM2 else "SHA-256 with RSA")
        (policy,) = (e.value for e in detail.extensions if e.oid == "2.5.29.32")
        assert "没有法律效力" in policy


def test_every_name_says_practice(authority: EmbeddedAuthority, suite: Suite) -> None:
    for der in (*authority.chain(), authority.seal_maker):
        assert "练习" in service.summarize(der, NOW).subject
    assert "练习" in service.summarize(issue(authority, order(suite=suite)), NOW).issuer


def test_fields_agree_with_openssl(authority: EmbeddedAuthority, tmp_path: Path, suite: Suite) -> None:
    leaf = issue(authority, order(suite=suite))
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


def test_repeated_order_gives_the_same_bytes(folder: Path, authority: EmbeddedAuthority, suite: Suite) -> None:
    serial = authority.reserve()
    first = authority.issue(order(suite=suite), serial)
    # After a restart too, and with SM2, which never signs twice alike.
    assert EmbeddedAuthority(folder, PRACTICE, suite=suite).issue(order(suite=suite), serial) == first


def test_one_order_in_several_hands_is_one_certificate(tmp_path: Path) -> None:
    """SM2 signs at random: whoever is first decides."""
    suite, folder = SM2, tmp_path / "ca"
    serial = EmbeddedAuthority.create(folder, PRACTICE, NOW, suite=suite).reserve()
    hands = [EmbeddedAuthority(folder, PRACTICE, suite=suite) for _ in range(4)]
    together = threading.Barrier(len(hands))
    made: list[bytes] = []

    def work(hand: EmbeddedAuthority) -> None:
        together.wait()
        made.append(hand.issue(order(suite=suite), serial))

    threads = [threading.Thread(target=work, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(hands)
    assert len(set(made)) == 1


BEGIN = order().not_before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"role": Role.ENCRYPTION}, "another certificate", id="serial-used"),
        pytest.param({"not_after": BEGIN}, "validity", id="empty-validity"),
        pytest.param({"not_before": BEGIN - 999 * DAY}, "validity", id="before-the-authority"),
        pytest.param({"not_after": BEGIN + 9999 * DAY}, "validity", id="after-the-authority"),
        pytest.param({"public_key": public_key(1024)}, "key", id="short-key"),
        pytest.param(
            {"public_key": encoded(ec.generate_private_key(ec.SECP256R1()).public_key())}, "key", id="other-algorithm"
        ),
        pytest.param({"public_key": KEY_INFO + b"\4" + bytes(64)}, "key", id="no-point-of-the-curve"),
        pytest.param({"public_key": KEY_INFO + sm2.generate()[1] + b"\0"}, "key", id="a-byte-too-many"),
    ],
)
def test_refused(authority: EmbeddedAuthority, suite: Suite, changes: dict[str, Any], why: str) -> None:
    serial = authority.reserve()
    authority.issue(order(suite=suite), serial)
    with pytest.raises(ValueError, match=why):
        authority.issue(replace(order(suite=suite), **changes), serial)


def test_one_suite_does_not_certify_the_others_keys(authority: EmbeddedAuthority, suite: Suite) -> None:
    with pytest.raises(ValueError, match="key"):
        issue(authority, order(suite=SM2 if suite is RSA else RSA))


def test_serial_not_reserved(authority: EmbeddedAuthority, suite: Suite) -> None:
    with pytest.raises(ValueError, match="not reserved"):
        authority.issue(order(suite=suite), 1 << 126 | 5)


def test_keys_are_for_the_owner_alone(folder: Path) -> None:
    keys = sorted(folder.glob("*.key"))
    assert [key.name for key in keys] == ["issuing.key", "root.key", "seal-maker.key"]
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_proven_libcrypto_there_is_no_sm2_authority(
    folder: Path, suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never the arithmetic that is not constant-time; and RSA works on."""
    monkeypatch.setattr(private, "_found", [None])
    if suite is RSA:
        assert EmbeddedAuthority(folder, PRACTICE, suite=suite).chain()
        return
    for attempt in (
        lambda: EmbeddedAuthority(folder, PRACTICE, suite=suite),
        lambda: EmbeddedAuthority.create(tmp_path / "new", PRACTICE, NOW, suite=suite),
    ):
        with pytest.raises(XiekaError) as error:
            attempt()
        assert error.value.code == "E-SRV-05"
    assert list(tmp_path.iterdir()) == []


def test_a_key_beside_another_ones_certificate_is_not_taken(folder: Path, suite: Suite, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "ca")
    (tmp_path / "ca" / "issuing.key").write_bytes((folder / "root.key").read_bytes())
    with pytest.raises(ValueError, match="another key"):
        EmbeddedAuthority(tmp_path / "ca", PRACTICE, suite=suite)
    other = tmp_path / "other"
    EmbeddedAuthority.create(other, PRACTICE, NOW, suite=SM2)
    (tmp_path / "ca" / "issuing.key").write_bytes(b"no key")
    for wanted in (RSA, SM2):
        with pytest.raises(ValueError, match="key"):
            EmbeddedAuthority(tmp_path / "ca", PRACTICE, suite=wanted)
    with pytest.raises(ValueError, match="key"):
        EmbeddedAuthority(other, PRACTICE, suite=RSA)


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


def test_its_profile_names_its_seal_maker_and_nobody_who_has_a_certificate(
    authority: EmbeddedAuthority, suite: Suite
) -> None:
    rules = seal_makers(load_profile("demo"))
    assert listed(authority.seal_maker, rules) is True
    others = [issue(authority, order(profile, suite=suite)) for profile in Profile]
    assert [listed(der, rules) for der in (*others, *authority.chain())] == [False] * 4
    assert seal_makers(load_profile("sheca")) == [], "nobody has verified who makes them"
