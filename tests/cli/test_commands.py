"""The command line as people and scripts use it: real processes, real practice Ukeys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Practice

CANARY = "Kanarie-4711"


def xieka(practice: Practice, *arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xieka", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "XIEKA_HOME": str(practice.folders.config.parent), **env},
    )


def answer(run: subprocess.CompletedProcess[str]) -> Any:
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def error(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 1
    body = json.loads(run.stdout)["error"]
    assert set(body) == {"code", "what", "kept", "do"}
    assert "Traceback" not in run.stderr
    assert body["what"] in run.stderr
    return str(body["code"])


@pytest.fixture(scope="module")
def tokens(built_practice: Practice) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = answer(xieka(built_practice, "token", "list", "--json"))["tokens"]
    return listed


def one(tokens: list[dict[str, Any]]) -> str:
    return str(next(token["id"] for token in tokens if token["holder"] == "上海沪申示例贸易有限公司"))


def test_token_list_has_the_agreed_shape(built_practice: Practice, tokens: list[dict[str, Any]]) -> None:
    listed = answer(xieka(built_practice, "token", "list", "--json"))
    assert listed["problems"] == []
    for token in listed["tokens"]:
        assert {"id", "label", "serial", "manufacturer", "model", "driver", "pin", "certificates", "seals"} <= set(
            token
        )
        assert set(token["pin"]) == {"state", "remaining"}
        for certificate in token["certificates"]:
            assert certificate["role"] in ("signing", "encryption")
            assert {"subject", "serial", "not_after"} <= set(certificate)
    people = xieka(built_practice, "token", "list").stdout
    assert "上海沪申示例贸易有限公司" in people
    assert "签名证书" in people


def test_verify_and_change(practice: Practice, tokens: list[dict[str, Any]]) -> None:
    token = ("--token", one(tokens), "--json")
    assert answer(xieka(practice, "token", "verify-pin", *token, stdin="123456\n"))["ok"] is True
    assert error(xieka(practice, "token", "verify-pin", *token, stdin=f"{CANARY}\n")) in ("E-PIN-01", "E-PIN-01b")
    assert answer(xieka(practice, "token", "change-pin", *token, stdin=f"123456\n{CANARY}\n"))["ok"] is True
    assert error(xieka(practice, "token", "verify-pin", *token, stdin="123456\n")).startswith("E-PIN-01")
    assert answer(xieka(practice, "token", "verify-pin", *token, stdin=f"{CANARY}\n"))["ok"] is True
    for file in practice.folders.config.parent.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("code", "stdin"),
    [
        pytest.param("V-PIN-01", "123456\n1234567\n", id="7 characters"),
        pytest.param("V-PIN-02", "123456\n12345678901234567\n", id="17 characters"),
        pytest.param("V-PIN-04", "12345678\n12345678\n", id="same as current"),
        pytest.param("V-PIN-05", "123456\n新口令12345678\n", id="Chinese"),
        pytest.param("E-CLI-01", "123456\n", id="one line only"),
        pytest.param("E-CLI-01", "", id="nothing"),
    ],
)
def test_refused_before_the_ukey_is_touched(
    built_practice: Practice, tokens: list[dict[str, Any]], code: str, stdin: str
) -> None:
    run = xieka(built_practice, "token", "change-pin", "--token", one(tokens), "--json", stdin=stdin)
    assert error(run) == code
    for line in filter(None, stdin.split("\n")):
        assert line not in run.stdout + run.stderr


def test_bytes_that_are_not_utf8_are_not_quoted(built_practice: Practice, tokens: list[dict[str, Any]]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "xieka", "token", "verify-pin", "--token", one(tokens), "--json"],
        input=b"\xff\xfe" + CANARY.encode() + b"\n",
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "XIEKA_HOME": str(built_practice.folders.config.parent)},
    )
    assert json.loads(run.stdout)["error"]["code"] == "E-CLI-01"
    assert CANARY.encode() not in run.stdout + run.stderr


def test_certificates_from_ukey_and_file_agree(
    built_practice: Practice, tokens: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "证 书.cer"
    token = ("--token", one(tokens))
    answer(xieka(built_practice, "certificate", "export", *token, "--role", "signing", "--json", str(out)))
    from_ukey = answer(xieka(built_practice, "certificate", "show", *token, "--role", "signing", "--json"))
    from_file = answer(xieka(built_practice, "certificate", "show", str(out), "--json"))
    assert from_ukey["sha256"] == from_file["sha256"]
    assert from_file["role"] == "signing"
    text = xieka(built_practice, "certificate", "show", str(out)).stdout
    assert "上海沪申示例贸易有限公司" in text
    assert from_file["sha256"] in text


def test_seals(built_practice: Practice, tokens: list[dict[str, Any]], tmp_path: Path) -> None:
    token = ("--token", one(tokens), "--json")
    seals = answer(xieka(built_practice, "seal", "list", *token))["seals"]
    assert [seal["name"] for seal in seals] == ["上海沪申示例贸易有限公司合同专用章"]
    out = tmp_path / "章.png"
    picture = answer(xieka(built_practice, "seal", "picture", *token, "--seal", "0", str(out)))
    assert out.read_bytes().startswith(b"\x89PNG")
    assert picture["width"] > 300
    assert error(xieka(built_practice, "seal", "picture", *token, "--seal", "9", str(out))) == "E-SEA-02"
    assert (
        error(xieka(built_practice, "seal", "picture", *token, "--seal", "0", str(tmp_path / "no" / "x.png")))
        == "E-EXP-02"
    )


def test_any_pkcs11_module_by_path(built_practice: Practice, tokens: list[dict[str, Any]]) -> None:
    configuration = next(built_practice.folders.data.rglob("softhsm2.conf"))
    by_path = answer(
        xieka(
            built_practice,
            "token",
            "list",
            "--json",
            "--module",
            "/usr/lib/softhsm/libsofthsm2.so",
            SOFTHSM2_CONF=str(configuration),
        )
    )
    assert {token["serial"] for token in by_path["tokens"]} == {token["serial"] for token in tokens}


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        pytest.param("E-TOK-06", ("token", "verify-pin", "--token", "softhsm:none"), id="no such Ukey"),
        pytest.param("E-MOD-01", ("token", "list", "--module", "/nowhere/p11.so"), id="no such module"),
        pytest.param("E-MOD-01", ("token", "list", "--module", "/etc/hostname"), id="a file that is no module"),
        pytest.param("E-FIL-01", ("certificate", "show", "/nowhere.cer"), id="no such file"),
        pytest.param("E-CRT-06", ("certificate", "show", "/etc/hostname"), id="a file that is no certificate"),
        pytest.param("E-DEM-02", ("demo", "plug", "7"), id="no such practice Ukey"),
    ],
)
def test_errors_have_four_parts(built_practice: Practice, code: str, arguments: tuple[str, ...]) -> None:
    assert error(xieka(built_practice, *arguments, "--json", stdin="123456\n")) == code


def test_wrong_usage_is_code_two(built_practice: Practice) -> None:
    assert xieka(built_practice, "token").returncode == 2
    assert xieka(built_practice, "token", "verify-pin").returncode == 2
    assert xieka(built_practice, "certificate", "show").returncode == 2
    assert xieka(built_practice, "nonsense").returncode == 2


def test_practice_commands(practice: Practice) -> None:
    def plugged(run: subprocess.CompletedProcess[str]) -> list[bool]:
        return [row["plugged"] for row in answer(run)["tokens"]]

    assert plugged(xieka(practice, "demo", "unplug", "1", "--json")) == [False, True]
    assert len(answer(xieka(practice, "token", "list", "--json"))["tokens"]) == 1
    assert plugged(xieka(practice, "demo", "plug", "1", "--json")) == [True, True]
    assert plugged(xieka(practice, "demo", "--json")) == [True, True]
    answer(xieka(practice, "demo", "expire", "1", "20", "--json"))
    days = {
        c["days_left"] for t in answer(xieka(practice, "token", "list", "--json"))["tokens"] for c in t["certificates"]
    }
    assert 20 in days
    assert answer(xieka(practice, "demo", "remove", "--json")) == {"removed": True}
    assert error(xieka(practice, "demo", "status", "--json")) == "E-DEM-01"
    assert answer(xieka(practice, "token", "list", "--json"))["tokens"] == []


def test_no_token_text_and_broken_pipe(practice: Practice) -> None:
    practice.demo.unplug(1)
    practice.demo.unplug(2)
    assert xieka(practice, "token", "list").stdout.strip() == "没有插入 Ukey"
    shell = f"{sys.executable} -m xieka --help | head -1"
    run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=20, check=False)
    assert "Traceback" not in run.stderr
