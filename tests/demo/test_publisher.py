from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xieka.contract.apps import Program
from xieka_demo.publisher import NAME, PROGRAMS, practice_source
from xieka_service.content.checking import check
from xieka_service.content.publish import SEED


def test_the_practice_programs_are_signed_once_and_stay_the_same(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for _ in range(2):
        content = check(practice_source(SEED, tmp_path, now), now)
        (release,) = content.releases
        assert release.signed.version == 1, "the same programs make the same packages"
    names = ("upgrade", "report", "fingerprint", "inventory")
    assert content.catalog.programs == tuple(f"{NAME}/{name}" for name in names)
    assert content.catalog.recommended[0] == f"{NAME}/report"
    assert content.catalog.recommended[1:] == check(SEED, now).catalog.recommended[:5]
    programs = {program.id: program for program in release.programs}
    assert all(program.origin.example for program in programs.values())
    install = programs["report"].packages[0].install
    assert install.kind == "archive"
    assert install.entry == "证书巡检报告"
    files = [json.loads(path.read_bytes()) for path in release.files.values() if path.suffix == ".json"]
    assert {Program.model_validate(one).id for one in files} == set(names)
    upgrade = programs["upgrade"].packages[0]
    assert (upgrade.target, upgrade.install.kind) == (None, "builtin")


def test_packed_and_signed_only_when_there_is_something_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def sign(packed: Path, _name: str, _keys: Path, release: Path, _now: datetime) -> None:
        asked.append(sorted(path.name for path in packed.glob("inventory/*")))
        release.mkdir(exist_ok=True)

    monkeypatch.setattr("xieka_service.content.publishers.signing.sign_release", sign)
    programs = tmp_path / "programs"
    shutil.copytree(PROGRAMS, programs, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("xieka_demo.publisher.PROGRAMS", programs)
    now = datetime(2026, 11, 28, tzinfo=UTC)
    folder = tmp_path / "publisher"

    def signed(later: timedelta = timedelta()) -> int:
        asked.clear()
        practice_source(SEED, folder, now + later)
        return len(asked)

    assert signed() == 1
    assert asked == [["inventory.zip", "program.toml"]]
    assert signed(timedelta(days=1)) == 0
    assert signed(timedelta(days=30)) == 1, "before the signature is too old"
    (programs / "report/report.py").write_text("changed")
    assert signed(timedelta(days=30)) == 1
    # What only running them leaves behind is no part of them.
    (programs / "report/__pycache__").mkdir()
    (programs / "report/__pycache__/report.pyc").write_bytes(b"x")
    assert signed(timedelta(days=30)) == 0
    shutil.rmtree(folder / "release")
    assert signed(timedelta(days=30)) == 1
