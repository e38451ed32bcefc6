"""The practice environment on the real SoftHSM, looked at from other processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import xieka_demo
from tests.conftest import Practice, folders_under
from xieka.certificate import service as certificates
from xieka.certificate.models import Role, ValidityState
from xieka.core.errors import XiekaError
from xieka.core.paths import Folders
from xieka.seal import reader
from xieka.seal import service as seals
from xieka_demo import components, ensure, existing
from xieka_demo.faults import MAX_TRIES
from xieka_demo.people import PIN
from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority

LOOK = Path(__file__).with_name("look.py")
FIRST, SECOND = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def manifest(practice: Practice) -> dict[str, Any]:
    return tomllib.loads((practice.demo.drivers / "softhsm" / "driver.toml").read_text("utf-8"))


def look(practice: Practice, pin: str | None = None) -> dict[str, Any]:
    """What a program started now finds through the driver manifest."""
    driver = manifest(practice)
    command = [sys.executable, LOOK, driver["module"]["linux"][0], *([pin] if pin else [])]
    done = subprocess.run(command, env=os.environ | driver["env"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def serial(practice: Practice, number: int) -> str:
    return practice.demo.status()[number - 1].serial


def certificate(report: dict[str, Any], object_id: str) -> bytes:
    return bytes.fromhex(report["certificates"][object_id])


def now() -> datetime:
    return datetime.now(UTC)


def test_two_ukeys_as_promised(built_practice: Practice) -> None:
    status = built_practice.demo.status()
    assert [(u.number, u.holder, u.plugged, u.pin) for u in status] == [
        (1, FIRST, True, "off"),
        (2, SECOND, True, "off"),
    ]
    report = look(built_practice, PIN)
    # SoftHSM lists the first one first.
    assert list(report) == [u.serial for u in status]
    for ukey, kind, seal_count in ((status[0], "legacy", 3), (status[1], "yizhengtong", 0)):
        seen = report[ukey.serial]
        assert seen["label"] == f"练习 Ukey {ukey.number}"
        assert sorted(seen["labels"]) == ["加密证书", "签名证书"]
        # Both keys do their work under the initial 口令.
        assert seen["pin"] == "works"
        for object_id, role in (("01", Role.SIGNING), ("02", Role.ENCRYPTION)):
            summary = certificates.summarize(certificate(seen, object_id), now())
            assert (summary.role, summary.subject, summary.kind) == (role, ukey.holder, kind)
            assert summary.state is ValidityState.VALID
            assert summary.issuer == PRACTICE.issuing
        assert len(seen["data"]) == seal_count


def test_identities(built_practice: Practice) -> None:
    report = look(built_practice)
    first, second = (
        certificates.summarize(certificate(report[serial(built_practice, n)], "01"), now()) for n in (1, 2)
    )
    assert (first.uscc, first.org_code) == (None, "MA1K0000-7")
    assert (second.uscc, second.org_code) == ("91310104MA1FR0042N", "MA1FR004-2")
    assert (first.not_after - first.not_before).days == 3 * 365
    assert (now() - first.not_before).days in (160, 161)
    # 00:00:00 and 23:59:59 in Beijing.
    assert (first.not_before.hour, first.not_after.hour, first.not_after.second) == (16, 15, 59)


def test_seal_is_bound_to_the_signing_certificate(built_practice: Practice) -> None:
    seen = look(built_practice)[serial(built_practice, 1)]
    application, label, value = min(seen["data"], key=lambda item: item[1])
    assert len(seen["data"]) == 3
    der = bytes.fromhex(value)
    assert (application, label) == ("SESeal", f"{FIRST}合同专用章")
    assert seals.is_seal(der)
    assert seals.summarize(der).name == label
    assert reader.read(der).content.certificates == (certificate(seen, "01"),)
    assert seals.picture(der).width == 472


def test_chain_ends_at_the_practice_root(built_practice: Practice, tmp_path: Path) -> None:
    authority = EmbeddedAuthority(built_practice.demo.authority, PRACTICE)
    issuing, root = authority.chain()
    leaf = certificate(look(built_practice)[serial(built_practice, 2)], "02")
    for name, der in (("leaf", leaf), ("issuing", issuing), ("root", root)):
        (tmp_path / f"{name}.der").write_bytes(der)
        command = ["openssl", "x509", "-inform", "DER", "-in", f"{name}.der", "-out", f"{name}.pem"]
        subprocess.run(command, cwd=tmp_path, check=True)
    command = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.endswith("OK\n")


def test_export_equals_the_token(built_practice: Practice, tmp_path: Path) -> None:
    der = certificate(look(built_practice)[serial(built_practice, 1)], "01")
    summary = certificates.summarize(der, now())
    path = tmp_path / certificates.export_name(summary)
    certificates.write_export(der, path)
    assert path.name == f"{FIRST}_签名_{summary.serial[-4:]}.cer"
    assert path.read_bytes() == der
    assert certificates.read_file(path) == der


def test_manifest_says_practice(built_practice: Practice) -> None:
    driver = manifest(built_practice)
    assert (driver["id"], driver["practice"], driver["relist"]) == ("softhsm", True, "reinitialize")
    assert driver["name"] == "练习 Ukey（SoftHSM）"
    assert Path(driver["watch"]).is_dir()
    # SoftHSM never locks: its silence is no statement.
    assert driver["pin_flags"] is False


def test_second_time_is_quick_and_light(built_practice: Practice) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from xieka.core.paths import Folders\n"
        "import xieka_demo\n"
        "folders = Folders(*(pathlib.Path(p) for p in sys.argv[1:]))\n"
        "begin = time.perf_counter()\n"
        "xieka_demo.ensure(folders)\n"
        "print(time.perf_counter() - begin)\n"
        "heavy = {'pydantic', 'asn1crypto', 'cryptography', 'PIL', 'pkcs11', 'subprocess', 'ctypes'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    folders = built_practice.folders
    arguments = (folders.config, folders.data, folders.cache, folders.log, folders.run)
    times = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        seconds, heavy = done.stdout.split("\n")[:2]
        assert heavy == ""
        times.append(float(seconds))
    assert min(times) < 0.05


def test_unplug_and_plug(practice: Practice) -> None:
    demo = practice.demo
    demo.unplug(1)
    demo.unplug(1)
    assert [u.plugged for u in demo.status()] == [False, True]
    assert set(look(practice)) == {serial(practice, 2)}
    demo.plug(1)
    demo.plug(1)
    assert set(look(practice)) == {u.serial for u in demo.status()}


@pytest.mark.parametrize("call", ["plug", "unplug", "reset"])
def test_unknown_number(practice: Practice, call: str) -> None:
    with pytest.raises(XiekaError) as caught:
        getattr(practice.demo, call)(7)
    assert caught.value.code == "E-DEM-02"
    assert "1、2" in caught.value.body()["do"]


def change_pin(practice: Practice, number: int, old: str, new: str) -> None:
    code = (
        "import sys, pkcs11\n"
        "module, serial, old, new = sys.argv[1:]\n"
        "token = next(t for t in pkcs11.lib(module).get_tokens() if t.serial.decode().strip() == serial)\n"
        "with token.open(rw=True, user_pin=old) as session:\n"
        "    session.set_pin(old, new)\n"
    )
    driver = manifest(practice)
    arguments = (driver["module"]["linux"][0], serial(practice, number), old, new)
    subprocess.run([sys.executable, "-c", code, *arguments], env=os.environ | driver["env"], check=True)


def test_reset_brings_the_initial_pin_back(practice: Practice) -> None:
    before = look(practice)
    practice.demo.unplug(2)
    change_pin(practice, 1, PIN, "abcd1234")
    assert look(practice, PIN)[serial(practice, 1)]["pin"] == "incorrect"
    practice.demo.reset(1)
    after = look(practice, PIN)[serial(practice, 1)]
    assert after["pin"] == "works"
    assert after["certificates"] == before[serial(practice, 1)]["certificates"]
    practice.demo.reset()
    assert [u.plugged for u in practice.demo.status()] == [True, False]
    assert not list(practice.demo.drivers.parent.glob(".work.*"))


@pytest.mark.parametrize(
    ("days", "state"),
    [
        pytest.param(45, ValidityState.EXPIRING, id="expiring"),
        pytest.param(0, ValidityState.EXPIRING, id="last-day"),
        pytest.param(-3, ValidityState.EXPIRED, id="expired"),
        pytest.param(400, ValidityState.VALID, id="valid"),
    ],
)
def test_set_validity(practice: Practice, days: int, state: ValidityState) -> None:
    key_before = certificates.detail(certificate(look(practice)[serial(practice, 1)], "01"), now()).public_key
    # The user's own 口令 is not needed and stays.
    change_pin(practice, 1, PIN, "abcd1234")
    practice.demo.set_validity(1, days)
    seen = look(practice, "abcd1234")[serial(practice, 1)]
    assert seen["pin"] == "works"
    assert len(seen["certificates"]) == 2
    detail = certificates.detail(certificate(seen, "01"), now())
    assert (detail.days_left, detail.state, detail.public_key) == (days, state, key_before)
    assert len(seen["data"]) == 3
    for _, _, seal in seen["data"]:
        assert reader.read(bytes.fromhex(seal)).content.certificates == (certificate(seen, "01"),)
    practice.demo.reset(1)
    assert look(practice)[serial(practice, 1)]["certificates"]["01"] != seen["certificates"]["01"]


@pytest.mark.parametrize("days", [-301, 1501])
def test_validity_out_of_bounds(practice: Practice, days: int) -> None:
    with pytest.raises(XiekaError) as caught:
        practice.demo.set_validity(1, days)
    assert caught.value.code == "E-DEM-05"


@pytest.fixture
def shim() -> Path:
    root = Path(__file__).parents[2]
    subprocess.run([root / "tests/tokens/build.sh"], check=True)
    found = components.shim()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "flag", "outcome"),
    [
        pytest.param("normal", None, "works", id="normal"),
        pytest.param("low", "USER_PIN_COUNT_LOW", "works", id="low"),
        pytest.param("final", "USER_PIN_FINAL_TRY", "works", id="final"),
        pytest.param("locked", "USER_PIN_LOCKED", "locked", id="locked"),
    ],
)
def test_pin_state(practice: Practice, shim: Path, state: xieka_demo.PinState, flag: str | None, outcome: str) -> None:
    practice.demo.plug(2)
    assert practice.demo.pin_state(1, state) is True
    assert practice.demo.status()[0].pin == state
    assert practice.demo.status()[1].pin == "off"
    driver = manifest(practice)
    assert driver["module"]["linux"] == [str(shim)]
    assert driver["pin_flags"] is True
    flags = [name for name in look(practice)[serial(practice, 1)]["flags"] if "INITIALIZED" not in name]
    assert flags == ([flag] if flag else [])
    report = look(practice, PIN)
    assert report[serial(practice, 1)]["pin"] == outcome
    # The other Ukey is left alone.
    assert report[serial(practice, 2)]["pin"] == "works"


def test_tries_count_down_and_reset_ends_the_play(practice: Practice, shim: Path) -> None:
    demo = practice.demo
    assert demo.pin_state(1, "final") is True
    assert demo.pin_state(2, "normal") is False
    assert look(practice, "wrong-one")[serial(practice, 1)]["pin"] == "locked"
    assert demo.status()[0].pin == "locked"
    assert demo.status()[1].pin == "low"
    demo.reset(1)
    assert [u.pin for u in demo.status()] == ["off", "low"]
    demo.reset()
    assert [u.pin for u in demo.status()] == ["off", "off"]
    assert manifest(practice)["module"]["linux"] != [str(shim)]
    assert look(practice, PIN)[serial(practice, 1)]["pin"] == "works"
    assert MAX_TRIES == 6


def test_without_the_shim(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "_SHIM", Path("dist/tokens/none.so"))
    with pytest.raises(XiekaError) as caught:
        practice.demo.pin_state(1, "locked")
    assert caught.value.code == "E-DEM-03"
    assert practice.demo.status()[0].pin == "off"


def test_moved_folder_works_on(practice: Practice, tmp_path: Path) -> None:
    practice.folders.data.rename(tmp_path / "moved")
    folders = Folders(
        practice.folders.config,
        tmp_path / "moved",
        practice.folders.cache,
        practice.folders.log,
        practice.folders.run,
    )
    moved = Practice(folders, ensure(folders))
    assert len(look(moved, PIN)) == 2


def test_ukey_lost_in_a_crash_comes_back(practice: Practice) -> None:
    (folder,) = (
        entry
        for entry in (practice.demo.drivers.parent / "tokens").iterdir()
        if entry.name.replace("-", "").endswith(serial(practice, 1))
    )
    folder.rename(folder.parent.parent / ".work.crashed")
    assert practice.demo.status()[0].plugged is False
    practice.demo.plug(1)
    assert look(practice, PIN)[serial(practice, 1)]["pin"] == "works"


def test_not_built(tmp_path: Path) -> None:
    with pytest.raises(XiekaError) as caught:
        existing(folders_under(tmp_path))
    assert caught.value.code == "E-DEM-01"


def test_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = folders_under(tmp_path)
    broken = tmp_path / "broken.so"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr(components, "softhsm", lambda: broken)
    with pytest.raises(XiekaError) as caught:
        ensure(folders)
    assert caught.value.code == "E-DEM-04"
    assert list(folders.data.iterdir()) == []


def test_folder_softhsm_cannot_name(tmp_path: Path) -> None:
    with pytest.raises(XiekaError) as caught:
        ensure(folders_under(tmp_path / "C# projects"))
    assert caught.value.code == "E-DEM-06"


def test_missing_component_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drivers = tmp_path / "drivers" / "softhsm"
    drivers.mkdir(parents=True)
    (drivers / "driver.toml").write_text('[module]\nlinux = ["/nowhere/libsofthsm2.so"]\n', "utf-8")
    monkeypatch.setattr("xieka.core.paths.bundled", lambda name: tmp_path / name)
    with pytest.raises(XiekaError) as caught:
        ensure(folders_under(tmp_path / "home"))
    assert caught.value.code == "E-DEM-03"
    assert "softhsm2" in caught.value.body()["do"]


def test_built_once_by_two_at_a_time_and_old_version_replaced(tmp_path: Path) -> None:
    folders = folders_under(tmp_path)
    old = folders.practice
    old.mkdir()
    (old / "demo.json").write_text('{"version": 0}', "utf-8")
    seen: list[tuple[str, ...]] = []

    def run() -> None:
        seen.append(tuple(u.serial for u in ensure(folders).status()))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2
    assert [entry.name for entry in folders.data.iterdir()] == ["demo"]
    final = Practice(folders, ensure(folders))
    assert len(look(final, PIN)) == 2
    assert stat.S_IMODE((folders.practice).stat().st_mode) == 0o700


def test_initial_pin_is_in_no_command_line_and_no_file(built_practice: Practice) -> None:
    for file in built_practice.folders.data.rglob("*"):
        if file.is_file():
            assert PIN.encode("ascii") not in file.read_bytes(), file


def test_remove_leaves_nothing_behind(practice: Practice) -> None:
    practice.demo.remove()
    assert not any(practice.folders.data.iterdir())
