from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from xieka.contract.apps import Program
from xieka_demo.publisher import NAME, practice_source
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
