"""Every error of every command: exit code, four parts in Chinese, nothing written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ENGLISH, error, xieka
from tests.conftest import Practice


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        pytest.param("E-TOK-06", ("token", "verify-pin", "--token", "softhsm:none"), id="verify-no-such-ukey"),
        pytest.param("E-TOK-06", ("token", "change-pin", "--token", "softhsm:none"), id="change-no-such-ukey"),
        pytest.param("E-TOK-06", ("certificate", "show", "--token", "none"), id="show-no-such-ukey"),
        pytest.param(
            "E-TOK-06",
            ("certificate", "export", "--token", "none", "--role", "signing", "x"),
            id="export-no-such-ukey",
        ),
        pytest.param("E-TOK-06", ("seal", "list", "--token", "none"), id="seals-no-such-ukey"),
        pytest.param("E-TOK-06", ("seal", "picture", "--token", "none", "--seal", "0", "x"), id="picture-no-such-ukey"),
        pytest.param("E-SEA-02", ("seal", "picture", "--token", "{1}", "--seal", "9", "x"), id="no-such-seal"),
        pytest.param("E-SEA-02", ("seal", "picture", "--token", "{1}", "--seal", "-1", "x"), id="negative-seal"),
        pytest.param("E-SEA-02", ("seal", "picture", "--token", "{2}", "--seal", "0", "x"), id="ukey-without-seal"),
        pytest.param("E-MOD-01", ("token", "list", "--module", "/nowhere/p11.so"), id="no-such-module"),
        pytest.param("E-MOD-01", ("token", "list", "--module", "/etc/hostname"), id="a-file-that-is-no-module"),
        pytest.param("E-MOD-01", ("token", "list", "--module", ""), id="empty-module"),
        pytest.param("E-FIL-01", ("certificate", "show", "/nowhere.cer"), id="no-such-file"),
        pytest.param("E-FIL-01", ("certificate", "show", "/"), id="a-folder-for-a-file"),
        pytest.param("E-CRT-06", ("certificate", "show", "/etc/hostname"), id="a-file-that-is-no-certificate"),
        pytest.param("E-DEM-02", ("demo", "plug", "7"), id="plug-no-such-practice-ukey"),
        pytest.param("E-DEM-02", ("demo", "unplug", "-7"), id="unplug-no-such-practice-ukey"),
        pytest.param("E-DEM-02", ("demo", "pin", "7", "off"), id="pin-no-such-practice-ukey"),
        pytest.param("E-DEM-02", ("demo", "expire", "7", "1"), id="expire-no-such-practice-ukey"),
        pytest.param("E-DEM-05", ("demo", "expire", "1", "9999"), id="too-many-days"),
    ],
)
def test_told_with_exit_code_one(built_practice: Practice, code: str, arguments: tuple[str, ...]) -> None:
    serials = {str(ukey.number): ukey.serial for ukey in built_practice.demo.status()}
    named = [argument.replace("{1}", serials["1"]).replace("{2}", serials["2"]) for argument in arguments]
    assert error(xieka(built_practice, *named, "--json", stdin="123456\nnew-123456\n")) == code


@pytest.mark.parametrize("target", [".", "..", "/", "", "pipe", "link", "missing/x"])
@pytest.mark.parametrize(
    ("code", "command"),
    [
        pytest.param("E-EXP-01", ("certificate", "export", "--role", "signing"), id="certificate"),
        pytest.param("E-EXP-02", ("seal", "picture", "--seal", "0"), id="seal"),
    ],
)
def test_only_a_file_is_written(
    built_practice: Practice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    command: tuple[str, ...],
    target: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("link").symlink_to("kept")
    Path("kept").write_bytes(b"kept")
    before = sorted(tmp_path.iterdir())
    token = built_practice.demo.status()[0].serial
    assert error(xieka(built_practice, *command, "--token", token, "--json", target)) == code
    assert sorted(tmp_path.iterdir()) == before
    assert Path("pipe").is_fifo()
    assert Path("link").is_symlink()
    assert Path("kept").read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("names", "arguments"),
    [
        pytest.param("COMMAND", ("token",), id="half-a-command"),
        pytest.param("nonsense", ("nonsense",), id="unknown-command"),
        pytest.param("nonsense", ("token", "nonsense"), id="unknown-subcommand"),
        pytest.param("--json", ("--json", "token", "list"), id="option-in-the-wrong-place"),
        pytest.param("--token", ("token", "verify-pin"), id="required-option"),
        pytest.param("--token", ("token", "verify-pin", "--token"), id="option-without-value"),
        pytest.param("--role, OUT.cer", ("certificate", "export", "--token", "1"), id="several-missing"),
        pytest.param("bad", ("certificate", "show", "--role", "bad"), id="no-such-choice"),
        pytest.param("bad", ("demo", "pin", "1", "bad"), id="no-such-state"),
        pytest.param("--seal", ("seal", "picture", "--token", "1", "--seal", "x", "o"), id="no-number"),
        pytest.param("N", ("demo", "plug"), id="missing-number"),
        pytest.param("--port", ("serve", "--port", "70000"), id="no-port"),
        pytest.param("--last", ("token", "verify-pin", "--token", "1", "--last"), id="shortened-option"),
        pytest.param("多余的内容", ("demo", "status", "Kanarie-4711"), id="too-many-words"),
        pytest.param("--pin", ("token", "verify-pin", "--token", "1", "--pin=Kanarie-4711"), id="pin-as-argument"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_two(
    built_practice: Practice, names: str, arguments: tuple[str, ...]
) -> None:
    done = xieka(built_practice, *arguments, "--json")
    assert error(done, 2) == "E-CLI-04"
    assert f"“{names}”" in done.stderr
    assert "用法：xieka" in done.stderr
    # What may be a 口令 is not repeated.
    assert "Kanarie" not in done.stderr


@pytest.mark.parametrize("more", [(), ("file.cer", "--token", "1")], ids=["no-source", "two-sources"])
def test_a_certificate_has_one_source(built_practice: Practice, more: tuple[str, ...]) -> None:
    assert error(xieka(built_practice, "certificate", "show", *more, "--json"), 2) == "E-CLI-02"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("serve",),
        ("token",),
        ("token", "change-pin"),
        ("certificate", "show"),
        ("seal", "picture"),
        ("demo", "pin"),
    ],
    ids=" ".join,
)
def test_help_is_chinese(built_practice: Practice, arguments: tuple[str, ...]) -> None:
    done = xieka(built_practice, *arguments, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("用法：xieka")
    assert "\n选项:\n" in done.stdout
    assert "显示这段说明" in done.stdout
    assert not ENGLISH.search(done.stdout)


def test_help_on_a_terminal_of_another_encoding(built_practice: Practice) -> None:
    done = xieka(built_practice, "--help", PYTHONIOENCODING="ascii")
    assert done.stdout.startswith("用法：")


BROKEN = """
import sys
from xieka.cli import run, {module}
def fail(*_): raise KeyError("Kanarie-4711")
{module}.{name} = fail
sys.exit(run({arguments}))
"""


@pytest.mark.parametrize(
    ("module", "name", "arguments"),
    [
        pytest.param("demo", "_show", ["demo", "status", "--json"], id="demo"),
        pytest.param("token", "token_json", ["token", "list", "--json"], id="token"),
        pytest.param("certificate", "_text", ["certificate", "show", "{file}"], id="certificate-file"),
    ],
)
def test_an_unforeseen_error_has_a_number_and_a_place(
    practice: Practice, tmp_path: Path, module: str, name: str, arguments: list[str]
) -> None:
    from tests.certificate.make import certificate

    file = tmp_path / "x.cer"
    file.write_bytes(certificate())
    words = [word.replace("{file}", str(file)) for word in arguments]
    done = subprocess.run(
        [sys.executable, "-c", BROKEN.format(module=module, name=name, arguments=words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "XIEKA_HOME": str(practice.folders.config.parent)},
    )
    assert done.returncode == 1
    assert "（E-INT-01）" in done.stderr
    reference = done.stderr.partition("编号 ")[2][:8]
    log = (practice.folders.log / "xieka-cli.log").read_text(encoding="utf-8")
    line = next(line for line in log.splitlines() if reference in line)
    assert "KeyError at " in line
    assert "<string>:4" in line
    assert "Kanarie" not in log + done.stdout + done.stderr


def test_a_home_that_cannot_be_made(built_practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in (("token", "list"), ("demo", "status"), ("demo",)):
        done = xieka(built_practice, *command, "--json", XIEKA_HOME=str(tmp_path / "file" / "home"))
        assert error(done) == "E-CLI-06"
        assert str(tmp_path / "file") in done.stderr
    # A file can be shown all the same.
    command = ("certificate", "show", "/etc/hostname", "--json")
    assert error(xieka(built_practice, *command, XIEKA_HOME=str(tmp_path / "file" / "home"))) == "E-CRT-06"


@pytest.mark.parametrize("option", [(), ("--json",)], ids=["people", "scripts"])
def test_output_that_cannot_be_written_is_an_error(built_practice: Practice, option: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "xieka", "demo", "status", *option]
    environment = {**os.environ, "XIEKA_HOME": str(built_practice.folders.config.parent)}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment, timeout=60, check=False)
    assert done.returncode != 0
    assert "（E-INT-01）" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
