"""口令 from standard input: what is none is refused before the Ukey sees anything, what is one arrives to the byte."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys

import pytest

from tests.cli.command import answer, error, xieka
from tests.conftest import Practice
from tests.tokens.shim import Shim

RIGHT = b"123456"
CANARY = b"Kanarie-4711"


def run(practice: Practice, shim: Shim, command: str, stdin: bytes) -> subprocess.CompletedProcess[str]:
    driver = shim.driver()
    where = ("--module", str(driver.module), "--token", shim.hsm.serials["1"])
    return xieka(practice, "token", command, *where, "--json", stdin=stdin, **driver.env)


@pytest.mark.parametrize(
    ("command", "code", "stdin"),
    [
        pytest.param("verify-pin", "E-CLI-01", b"", id="nothing"),
        pytest.param("verify-pin", "E-CLI-01", b"\n" + CANARY, id="empty-line"),
        pytest.param("verify-pin", "E-CLI-01", b"\r\n", id="empty-line-crlf"),
        pytest.param("verify-pin", "E-CLI-01", b"\xef\xbb\xbf\n", id="byte-order-mark-alone"),
        pytest.param("verify-pin", "E-CLI-03", b"Kana\0rie\n", id="nul"),
        pytest.param("verify-pin", "E-CLI-03", CANARY + b"\t\n", id="tabulator"),
        pytest.param("verify-pin", "E-CLI-03", CANARY + b"\x1b[A\n", id="arrow-key"),
        pytest.param("verify-pin", "E-CLI-03", CANARY + b"\r\r\n", id="two-carriage-returns"),
        pytest.param("verify-pin", "E-CLI-03", CANARY + b"\r", id="carriage-return-alone"),
        pytest.param("verify-pin", "E-CLI-03", CANARY + b"\xe2\x80\x8b\n", id="zero-width-space"),
        pytest.param("verify-pin", "E-CLI-03", b"\xef\xbb\xbf" * 2 + CANARY, id="two-byte-order-marks"),
        pytest.param("verify-pin", "E-CLI-03", CANARY.decode().encode("utf-16"), id="utf-16"),
        pytest.param("verify-pin", "E-CLI-03", CANARY.decode().encode("utf-16-le"), id="utf-16-without-mark"),
        pytest.param("verify-pin", "E-CLI-03", "口令".encode("gb18030"), id="gb18030"),
        pytest.param("verify-pin", "E-CLI-05", b"K" * 257 + b"\n", id="257-bytes"),
        pytest.param("verify-pin", "E-CLI-05", b"K" * 100_000, id="endless"),
        pytest.param("change-pin", "E-CLI-01", RIGHT + b"\n", id="one-line-for-two"),
        pytest.param("change-pin", "E-CLI-01", RIGHT + b"\n\n", id="empty-second-line"),
        pytest.param("change-pin", "E-CLI-03", RIGHT + b"\n\xef\xbb\xbf" + CANARY, id="mark-before-the-second"),
        pytest.param("change-pin", "E-CLI-03", RIGHT + b"\nKana\0rie1\n", id="nul-in-the-second"),
        pytest.param("change-pin", "V-PIN-01", RIGHT + b"\n1234567\n", id="7-characters"),
        pytest.param("change-pin", "V-PIN-02", RIGHT + b"\n12345678901234567\n", id="17-characters"),
        pytest.param("change-pin", "V-PIN-04", b"12345678\n12345678\n", id="same-as-current"),
        pytest.param("change-pin", "V-PIN-05", RIGHT + "\n新口令12345678\n".encode(), id="chinese"),
    ],
)
def test_refused_before_the_ukey_is_touched(
    built_practice: Practice, shim: Shim, command: str, code: str, stdin: bytes
) -> None:
    done = run(built_practice, shim, command, stdin)
    assert error(done) == code
    assert (shim.calls("C_Login"), shim.calls("C_SetPIN"), shim.tries("1")) == ([], [], None)
    for line in stdin.split():
        assert line.decode("utf-8", "replace") not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "stdin",
    [
        pytest.param(RIGHT, id="no-line-end"),
        pytest.param(RIGHT + b"\n", id="lf"),
        pytest.param(RIGHT + b"\r\n", id="crlf"),
        pytest.param(b"\xef\xbb\xbf" + RIGHT + b"\r\n", id="byte-order-mark"),
        pytest.param(RIGHT + b"\nwhat follows is not read\0\xff\n", id="more-lines"),
    ],
)
def test_the_right_one_in_every_form(built_practice: Practice, shim: Shim, stdin: bytes) -> None:
    assert answer(run(built_practice, shim, "verify-pin", stdin))["ok"] is True
    assert len(shim.calls("C_Login")) == 1


@pytest.mark.parametrize("stdin", [b" 123456\n", b"123456 \n", b"K" * 256 + b"\r\n"], ids=["before", "after", "256"])
def test_blanks_count_and_256_bytes_are_presented(built_practice: Practice, shim: Shim, stdin: bytes) -> None:
    assert error(run(built_practice, shim, "verify-pin", stdin)).startswith("E-PIN-01")
    assert shim.tries("1") == 5


def test_change_takes_the_two_lines(built_practice: Practice, shim: Shim) -> None:
    assert answer(run(built_practice, shim, "change-pin", b"\xef\xbb\xbf123456\r\nneu 4711 neu\r\n"))["ok"] is True
    assert answer(run(built_practice, shim, "verify-pin", b"neu 4711 neu"))["ok"] is True
    assert shim.tries("1") in (6, None)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param([RIGHT, b"Neu-2026-a", b"Neu-2026-b"], "V-PIN-03", id="a-slip"),
        pytest.param([RIGHT, b"Neu-2026-a", b"Neu-2026-a"], None, id="twice-the-same"),
    ],
)
def test_at_a_terminal_a_new_one_is_typed_twice_and_never_shown(
    built_practice: Practice, shim: Shim, typed: list[bytes], code: str | None
) -> None:
    driver = shim.driver()
    master, slave = os.openpty()
    command = [sys.executable, "-m", "xieka", "token", "change-pin", "--module", str(driver.module)]
    process = subprocess.Popen(
        [*command, "--token", shim.hsm.serials["1"], "--json"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "XIEKA_HOME": str(built_practice.folders.config.parent), **driver.env},
        start_new_session=True,
    )
    os.close(slave)
    shown = b""
    for line, prompt in zip(typed, ("当前口令：", "新口令：", "再输入一次新口令："), strict=True):
        # Not earlier: what is typed before the question is thrown away.
        while not shown.endswith(prompt.encode()):
            shown += os.read(master, 1000)
        os.write(master, line + b"\n")
    said, _ = process.communicate(timeout=30)
    with contextlib.suppress(OSError):
        shown += os.read(master, 4000)
    os.close(master)
    answered = json.loads(said)
    assert answered.get("error", {}).get("code") == code
    assert len(shim.calls("C_SetPIN")) == (0 if code else 1)
    for line in typed:
        assert line not in shown + said
