"""SM2 in practice: certificates, a seal and signing in, by the practice service over HTTP and the command line."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import answer, xieka
from tests.conftest import Practice
from xieka.certificate import service as certificates
from xieka.certificate.models import Role
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.gm import private
from xieka.ukey.sign_in import SignIn
from xieka_demo import sm2
from xieka_demo.online import PracticeService
from xieka_service.ca.suites import SM2, from_pem


def told(practice: Practice, *command: str) -> tuple[int, Any]:
    done = xieka(practice, *command, "--json")
    return done.returncode, json.loads(done.stdout)


def test_issued_good_signed_in_sealed_and_revoked(practice: Practice, service: PracticeService, tmp_path: Path) -> None:
    folder = tmp_path / "国密 证书"
    assert not (practice.folders.practice / "service" / "ca-sm2").exists(), "nobody's start pays for it"
    signing, encryption, seal = answer(xieka(practice, "demo", "sm2", "issue", str(folder), "--json"))["files"]

    code, found = told(practice, "certificate", "check", signing)
    assert (code, found["verdict"], [one["algorithm"] for one in found["path"]]) == (0, "good", ["SM2"] * 3)
    assert found["revocation"]["source"] == f"{service.url}/ca/sm2/ocsp"
    assert certificates.role_of(certificates.read_file(Path(encryption))) is Role.ENCRYPTION
    for file in (signing, encryption):
        assert stat.S_IMODE(Path(file).with_suffix(".key").stat().st_mode) == 0o600

    code, found = told(practice, "seal", "verify", seal, "--certificate", signing)
    assert (code, found["verdict"]) == (0, "ok")
    assert {step["name"] for step in found["steps"] if step["state"] != "ok"} <= {"time_stamp"}

    der = certificates.read_file(Path(signing))
    key = from_pem(SM2, Path(signing).with_suffix(".key").read_bytes())
    http = Http(allow_loopback_http=True)
    door = SignIn(http, service.url)
    door.close(door.open(der, key.sign))

    assert answer(xieka(practice, "demo", "sm2", "revoke", str(folder), "--json")) == {"revoked": True}
    code, found = told(practice, "certificate", "check", signing, "--fresh")
    assert (code, found["verdict"], found["revocation"]["reason"]) == (3, "revoked", "密钥泄露")
    with pytest.raises(XiekaError) as refused:
        door.open(der, key.sign)
    assert (refused.value.code, refused.value.params["detail"]) == ("E-AUT-02", "auth.certificate_revoked")

    practice.demo.reset()
    # A later word counts, and the answers of a responder count seconds.
    time.sleep(1)
    assert told(practice, "certificate", "check", signing, "--fresh")[1]["verdict"] == "good"


def test_only_what_was_issued_here_is_revoked(practice: Practice, tmp_path: Path) -> None:
    for name in ("signing.cer", "encryption.cer"):
        certificates.write_export((practice.demo.authority / "issuing.cer").read_bytes(), tmp_path / name)
    with pytest.raises(XiekaError) as refused:
        sm2.revoke(practice.folders.practice, tmp_path)
    assert refused.value.code == "E-DEM-10"


def test_nothing_is_written_over_what_is_there(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine", "utf-8")
    for place, code in (("file", "E-DEM-09"), ("full", "E-DEM-09"), ("file/below", "E-EXP-02")):
        with pytest.raises(XiekaError) as refused:
            sm2.issue(practice.folders.practice, tmp_path / place)
        assert refused.value.code == code
    assert sorted(path.name for path in tmp_path.rglob("file*")) == ["file", "file"]


def test_without_sm2_here_nothing_is_left_behind(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "_found", [None])
    with pytest.raises(XiekaError) as refused:
        sm2.issue(practice.folders.practice, tmp_path / "new")
    assert refused.value.code == "E-SRV-05"
    assert not (tmp_path / "new").exists()
    assert not (practice.folders.practice / "service" / "ca-sm2").exists()
