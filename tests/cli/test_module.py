"""`--module PATH` and `--last-try`: every command on a PKCS#11 module nobody has described, counting its tries."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import answer, error, xieka
from tests.conftest import Practice
from tests.tokens.shim import Shim


def run(practice: Practice, shim: Shim, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command on the shim; of the practice Ukeys beside it nothing must be seen."""
    driver = shim.driver()
    return xieka(practice, *arguments, "--module", str(driver.module), "--json", stdin=stdin, **driver.env)


def test_list(built_practice: Practice, shim: Shim) -> None:
    listed = answer(run(built_practice, shim, "token", "list"))
    assert {token["id"] for token in listed["tokens"]} == {f"module:{serial}" for serial in shim.hsm.serials.values()}
    assert listed["problems"] == []


def test_every_command_finds_the_modules_token(built_practice: Practice, shim: Shim, tmp_path: Path) -> None:
    shim.hsm.unplug("2")
    token = ("--token", f"module:{shim.hsm.serials['1']}")
    out, picture = tmp_path / "x.cer", tmp_path / "x.png"
    assert answer(run(built_practice, shim, "token", "verify-pin", *token, stdin="123456\n"))["ok"] is True
    change = run(built_practice, shim, "token", "change-pin", *token, stdin="123456\nKanarie-4711\n")
    assert answer(change)["ok"] is True
    assert answer(run(built_practice, shim, "token", "verify-pin", *token, stdin="Kanarie-4711\n"))["ok"] is True
    shown = answer(run(built_practice, shim, "certificate", "show", *token, "--role", "encryption"))
    assert shown["role"] == "encryption"
    export = ("certificate", "export", *token, "--role", "encryption", str(out))
    assert answer(run(built_practice, shim, *export)) == {"path": str(out)}
    assert answer(xieka(built_practice, "certificate", "show", str(out), "--json"))["sha256"] == shown["sha256"]
    seal, *_ = answer(run(built_practice, shim, "seal", "list", *token))["seals"]
    assert seal["name"] == "上海沪申示例贸易有限公司合同专用章"
    saved = answer(run(built_practice, shim, "seal", "picture", *token, "--seal", str(seal["number"]), str(picture)))
    assert (saved["path"], picture.read_bytes()[:4]) == (str(picture), b"\x89PNG")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("token", "list"), id="list"),
        pytest.param(("token", "verify-pin", "--token", "x"), id="verify"),
        pytest.param(("token", "change-pin", "--token", "x"), id="change"),
        pytest.param(("certificate", "show", "--token", "x"), id="show"),
        pytest.param(("certificate", "export", "--token", "x", "--role", "signing", "x"), id="export"),
        pytest.param(("seal", "list", "--token", "x"), id="seals"),
        pytest.param(("seal", "picture", "--token", "x", "--seal", "0", "x"), id="picture"),
    ],
)
def test_a_module_that_is_not_there(built_practice: Practice, arguments: tuple[str, ...]) -> None:
    done = xieka(built_practice, *arguments, "--module", "/nowhere/p11.so", "--json", stdin="1\n12345678\n")
    assert error(done) == "E-MOD-01"


@pytest.mark.parametrize(
    ("command", "right", "wrong"),
    [
        pytest.param("verify-pin", "123456\n", "wrong\n", id="verify"),
        pytest.param("change-pin", "123456\nKanarie-4711\n", "wrong\nKanarie-4711\n", id="change"),
    ],
)
def test_the_last_try_is_spent_only_when_asked_for(
    built_practice: Practice, shim: Shim, command: str, right: str, wrong: str
) -> None:
    where = ("token", command, "--token", shim.hsm.serials["1"])
    shim.set_tries("1", 1)
    for stdin in (right, wrong):
        assert error(run(built_practice, shim, *where, stdin=stdin)) == "E-PIN-03"
    assert (shim.calls("C_Login"), shim.calls("C_SetPIN"), shim.tries("1")) == ([], [], 1)
    done = answer(run(built_practice, shim, *where, "--last-try", stdin=right))
    # Nobody has said that this module's silence means all is well.
    assert done == {"ok": True, "pin": {"state": "unknown", "remaining": None}}
    shim.set_tries("1", 1)
    assert error(run(built_practice, shim, *where, "--last-try", stdin=wrong)) == "E-PIN-02"
    assert shim.tries("1") == 0
    # Locked: nothing is presented any more, confirmed or not.
    shim.forget_calls()
    assert error(run(built_practice, shim, *where, "--last-try", stdin=right)) == "E-PIN-02"
    assert (shim.calls("C_Login"), shim.calls("C_SetPIN")) == ([], [])
