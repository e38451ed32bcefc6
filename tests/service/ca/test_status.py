"""The authority's OCSP answers and its list: the openssl command and our own client are the witnesses."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp

from tests.service.ca.test_embedded import NAMES, order
from tests.service.client import TestClient
from xieka.certificate.models import Role
from xieka.certificate.revocation import crl as lists
from xieka.certificate.revocation import ocsp as answers
from xieka.certificate.revocation.models import Answer, Status
from xieka.certificate.trust import places
from xieka.certificate.trust.parsed import parse
from xieka.core.clock import SystemClock
from xieka.gm import private
from xieka_service.app import build
from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import RSA, SM2, SUITES, Suite, key_bits
from xieka_service.config import Config, Rate, Rates
from xieka_service.context import Context

NOW = datetime.now(UTC).replace(microsecond=0)
SERVICE = "http://127.0.0.1:24680"
NONCE = b"0123456789abcdef"
ONE_IS_ENOUGH = pytest.mark.parametrize("desk", [SM2], ids=NAMES.__getitem__, indirect=True)
"""Where the kind of keys plays no part."""


class Desk:
    """An authority, what it has issued, and the service that answers for it."""

    def __init__(self, folder: Path, database: str, suite: Suite, template: Path) -> None:
        self.folder = folder
        self.suite = suite
        shutil.copytree(template, folder / suite.folder)
        self.authority = EmbeddedAuthority(folder / suite.folder, PRACTICE, SERVICE, suite)
        begin = NOW - timedelta(days=1)
        wanted = replace(order(suite=suite), not_before=begin, not_after=begin + timedelta(days=300))
        self.der = self.authority.issue(wanted, self.authority.reserve())
        self.config = Config(data=folder, database=database)
        self.client = TestClient(build(self.config, Context.open(self.config, SystemClock())), base_url=SERVICE)
        self.issuer = parse(self.authority.chain()[0])

    def revoke(self, reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise) -> None:
        Revoked(self.folder / self.suite.folder / "revoked").add(parse(self.der).serial, NOW, reason)

    def ask(self, der: bytes | None = None, by_address: bool = False) -> Answer:
        asked = parse(der or self.der)
        question = answers.request(asked, self.issuer, NONCE)
        if by_address:
            reply = self.client.get(f"{self.suite.path}/ocsp/" + base64.b64encode(question).decode())
        else:
            reply = self.client.post(
                f"{self.suite.path}/ocsp", content=question, headers={"Content-Type": answers.REQUEST_TYPE}
            )
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/ocsp-response")
        return answers.judge(reply.content, asked, self.issuer, datetime.now(UTC), NONCE)

    def listed(self) -> Answer:
        path = f"{self.suite.path}/issuing.crl"
        reply = self.client.get(path)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/pkix-crl")
        return lists.judge(reply.content, SERVICE + path, parse(self.der), self.issuer, datetime.now(UTC))


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[Suite, Path]:
    """Authorities, made once and copied."""
    made = {suite: tmp_path_factory.mktemp("template") / suite.folder for suite in SUITES}
    for suite, folder in made.items():
        EmbeddedAuthority.create(folder, PRACTICE, NOW, SERVICE, suite)
    return made


@pytest.fixture(params=SUITES, ids=NAMES.__getitem__)
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, templates: dict[Suite, Path]
) -> Iterator[Desk]:
    made = Desk(tmp_path / "服务", sqlite_url, request.param, templates[request.param])
    with made.client:
        yield made


def test_the_places_stand_in_what_is_issued(desk: Desk) -> None:
    where, path = places.of(parse(desk.der)), desk.suite.path
    assert (where.ocsp, where.crl) == ((f"{SERVICE}{path}/ocsp",), (f"{SERVICE}{path}/issuing.crl",))
    # For others; this program asks nobody for an issuer.
    assert f"{SERVICE}{path}/issuing.cer".encode() in desk.der
    assert desk.client.get(f"{desk.suite.path}/issuing.cer").content == desk.issuer.der


@pytest.mark.parametrize("by_address", [False, True])
def test_good_then_revoked(desk: Desk, by_address: bool) -> None:
    assert desk.ask(by_address=by_address).status is Status.GOOD
    assert desk.listed().status is Status.GOOD
    desk.revoke()
    for told in (desk.ask(by_address=by_address), desk.listed()):
        assert (told.status, told.revoked_at, told.reason) == (Status.REVOKED, NOW, "key_compromise")
    desk.revoke(x509.ReasonFlags.superseded)
    assert desk.ask().reason == "key_compromise", "the first word stands"


def test_without_a_reason(desk: Desk) -> None:
    desk.revoke(x509.ReasonFlags.unspecified)
    assert desk.ask().status is Status.REVOKED
    assert desk.listed().reason == ""


def test_reserved_is_not_issued(desk: Desk) -> None:
    """A serial number that was set aside and a made-up one are nobody's."""
    stranger = EmbeddedAuthority.create(desk.folder / "other", PRACTICE, NOW, SERVICE, SM2)
    wanted = replace(order(role=Role.ENCRYPTION, suite=SM2), not_before=NOW, not_after=NOW + timedelta(days=3))
    # The last is longer than a file's name may be, in the folder that a first revocation makes.
    desk.revoke()
    for serial in (desk.authority.reserve(), 4711, 1 << 1100):
        asked = replace(parse(desk.der), serial=serial)
        question = answers.request(asked, desk.issuer, NONCE)
        reply = desk.client.post(f"{desk.suite.path}/ocsp", content=question)
        assert answers.judge(reply.content, asked, desk.issuer, datetime.now(UTC), NONCE).status is Status.UNKNOWN
    other = stranger.issue(wanted, stranger.reserve())
    question = answers.request(parse(other), parse(stranger.chain()[0]), NONCE)
    refused = ocsp.load_der_ocsp_response(desk.client.post(f"{desk.suite.path}/ocsp", content=question).content)
    assert refused.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_the_seal_maker_is_known(desk: Desk) -> None:
    assert desk.ask(desk.authority.seal_maker).status is Status.GOOD


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x30\x00", id="short"),
        pytest.param(b"\x30" * 5000, id="long"),
        pytest.param(b"hello", id="text"),
    ],
)
@ONE_IS_ENOUGH
def test_malformed(desk: Desk, question: bytes) -> None:
    for reply in (
        desk.client.post(f"{desk.suite.path}/ocsp", content=question),
        desk.client.get(f"{desk.suite.path}/ocsp/" + base64.b64encode(question).decode()),
        desk.client.get(f"{desk.suite.path}/ocsp/!!!"),
    ):
        assert reply.status_code == 200
        status = ocsp.load_der_ocsp_response(reply.content).response_status
        assert status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


@ONE_IS_ENOUGH
def test_one_extension_twice_is_malformed(desk: Desk) -> None:
    """cryptography raises no ValueError for it."""
    number = {"hash_algorithm": {"algorithm": "sha1"}, "issuer_name_hash": bytes(20), "issuer_key_hash": bytes(20)}
    nonce = {"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(bytes(16))}
    asked = asn1_ocsp.TBSRequest(
        {"request_list": [{"req_cert": {**number, "serial_number": 1}}], "request_extensions": [nonce, nonce]}
    )
    question = asn1_ocsp.OCSPRequest({"tbs_request": asked}).dump()
    reply = desk.client.post(f"{desk.suite.path}/ocsp", content=question)
    assert reply.status_code == 200
    status = ocsp.load_der_ocsp_response(reply.content).response_status
    assert status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def openssl(folder: Path, *command: str) -> str:
    done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def signature_holds(folder: Path, body: bytes, signature: bytes) -> bool:
    """OpenSSL 3.0 has no way to tell `crl` and `ocsp` the identity of SM2: it looks at the signature itself."""
    (folder / "body").write_bytes(body)
    (folder / "signature").write_bytes(signature)
    openssl(folder, "x509", "-in", "issuing.pem", "-noout", "-pubkey", "-out", "public.pem")
    how = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    told = openssl(
        folder, "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-in", "body", "-sigfile", "signature", *how
    )
    return "Signature Verified Successfully" in told


def test_openssl_agrees(desk: Desk, tmp_path: Path) -> None:
    rsa = desk.suite is RSA
    issuing, root = (
        x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM) for der in desk.authority.chain()
    )
    leaf = x509.load_der_x509_certificate(desk.der).public_bytes(serialization.Encoding.PEM)
    for name, pem in (("issuing", issuing), ("root", root), ("leaf", leaf)):
        (tmp_path / f"{name}.pem").write_bytes(pem)
    whose = ["-issuer", "issuing.pem", "-cert", "leaf.pem"]
    openssl(tmp_path, "ocsp", *whose, "-reqout", "question")
    for word in ("good", "revoked"):
        answer = desk.client.post(f"{desk.suite.path}/ocsp", content=(tmp_path / "question").read_bytes()).content
        crl = desk.client.get(f"{desk.suite.path}/issuing.crl").content
        (tmp_path / "answer").write_bytes(answer)
        (tmp_path / "list").write_bytes(crl)
        trusting = ["-CAfile", "root.pem", "-verify_other", "issuing.pem"] if rsa else ["-noverify"]
        told = openssl(tmp_path, "ocsp", *whose, "-respin", "answer", "-no_nonce", *trusting)
        assert f"leaf.pem: {word}" in told
        text = openssl(
            tmp_path, "crl", "-in", "list", "-inform", "DER", "-text", "-noout",
            *(["-CAfile", "issuing.pem"] if rsa else []),
        )  # fmt: skip
        assert ("Key Compromise" in text) is (word == "revoked")
        if rsa:
            assert "Response verify OK" in told
            assert "verify OK" in text
        else:
            read = ocsp.load_der_ocsp_response(answer)
            assert signature_holds(tmp_path, read.tbs_response_bytes, read.signature)
            listed = x509.load_der_x509_crl(crl)
            assert signature_holds(tmp_path, listed.tbs_certlist_bytes, listed.signature)
        desk.revoke()


@pytest.mark.parametrize("digest", ["sha1", "sha256", "1.2.156.10197.1.401"])
@ONE_IS_ENOUGH
def test_the_issuer_may_be_named_by(desk: Desk, digest: str) -> None:
    asked = parse(desk.der)
    hashed = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}.get(digest, lambda data: hashlib.new("sm3", data))
    info = key_bits(desk.issuer.key_info)
    number = {
        "hash_algorithm": {"algorithm": digest},
        "issuer_name_hash": hashed(asked.issuer).digest(),
        "issuer_key_hash": hashed(info).digest(),
        "serial_number": asked.serial,
    }
    question = asn1_ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": number}]}}).dump()
    reply = desk.client.post(f"{desk.suite.path}/ocsp", content=question)
    assert answers.judge(reply.content, asked, desk.issuer, datetime.now(UTC)).status is Status.GOOD


def test_nothing_is_found_without_an_authority(tmp_path: Path, sqlite_url: str) -> None:
    config = Config(data=tmp_path / "empty", database=sqlite_url)
    with TestClient(build(config, Context.open(config, SystemClock()))) as client:
        for path in (suite.path for suite in SUITES):
            assert client.post(f"{path}/ocsp", content=b"x").status_code == 404
            for name in ("issuing.crl", "issuing.cer"):
                assert client.get(f"{path}/{name}").status_code == 404


@ONE_IS_ENOUGH
def test_answers_are_rationed(desk: Desk) -> None:
    config = replace(desk.config, rates=Rates(address=Rate(2, timedelta(hours=1))))
    with TestClient(build(config, Context.open(config, SystemClock())), base_url=SERVICE) as client:
        assert [client.get(f"{desk.suite.path}/issuing.crl").status_code for _ in range(3)] == [200, 200, 429]


@ONE_IS_ENOUGH
def test_a_damaged_record_is_never_taken_for_none(desk: Desk) -> None:
    desk.revoke()
    (file,) = (desk.folder / desk.suite.folder / "revoked").iterdir()
    file.write_bytes(b"{")
    assert desk.client.get(f"{desk.suite.path}/issuing.crl").status_code == 500
    assert (
        desk.client.post(
            f"{desk.suite.path}/ocsp", content=answers.request(parse(desk.der), desk.issuer, NONCE)
        ).status_code
        == 500
    )


@ONE_IS_ENOUGH
def test_a_computer_that_cannot_use_the_keys_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "_found", [None])
    reply = desk.client.get(f"{desk.suite.path}/issuing.crl")
    assert (reply.status_code, reply.json()["code"]) == (503, "ca.keys")
