"""The command line as people and scripts use it: real processes, real practice Ukeys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import answer, error, xieka_alone
from tests.conftest import Practice

CANARY = "Kanarie-4711"


@pytest.fixture(scope="module")
def tokens(built_practice: Practice) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = answer(xieka_alone(built_practice, "token", "list", "--json"))["tokens"]
    return listed


def one(tokens: list[dict[str, Any]]) -> str:
    return str(next(token["id"] for token in tokens if token["holder"] == "上海沪申示例贸易有限公司"))


def test_token_list_has_the_agreed_shape(built_practice: Practice, tokens: list[dict[str, Any]]) -> None:
    listed = answer(xieka_alone(built_practice, "token", "list", "--json"))
    assert listed["problems"] == []
    for token in listed["tokens"]:
        assert {"id", "label", "serial", "manufacturer", "model", "driver", "pin", "certificates", "seals"} <= set(
            token
        )
        assert set(token["pin"]) == {"state", "remaining"}
        for certificate in token["certificates"]:
            assert certificate["role"] in ("signing", "encryption")
            assert {"subject", "serial", "not_after"} <= set(certificate)
    people = xieka_alone(built_practice, "token", "list").stdout
    assert "上海沪申示例贸易有限公司" in people
    assert "签名证书" in people


def test_verify_and_change(practice: Practice, tokens: list[dict[str, Any]]) -> None:
    token = ("--token", one(tokens), "--json")
    assert answer(xieka_alone(practice, "token", "verify-pin", *token, stdin="123456\n"))["ok"] is True
    assert error(xieka_alone(practice, "token", "verify-pin", *token, stdin=f"{CANARY}\n")) in ("E-PIN-01", "E-PIN-01b")
    assert answer(xieka_alone(practice, "token", "change-pin", *token, stdin=f"123456\n{CANARY}\n"))["ok"] is True
    assert error(xieka_alone(practice, "token", "verify-pin", *token, stdin="123456\n")).startswith("E-PIN-01")
    assert answer(xieka_alone(practice, "token", "verify-pin", *token, stdin=f"{CANARY}\n"))["ok"] is True
    for file in practice.folders.config.parent.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file


def test_certificates_from_ukey_and_file_agree(
    built_practice: Practice, tokens: list[dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "证 书.cer"
    token = ("--token", one(tokens))
    answer(xieka_alone(built_practice, "certificate", "export", *token, "--role", "signing", "--json", str(out)))
    from_ukey = answer(xieka_alone(built_practice, "certificate", "show", *token, "--role", "signing", "--json"))
    from_file = answer(xieka_alone(built_practice, "certificate", "show", str(out), "--json"))
    assert from_ukey["sha256"] == from_file["sha256"]
    assert from_file["role"] == "signing"
    text = xieka_alone(built_practice, "certificate", "show", str(out)).stdout
    assert "上海沪申示例贸易有限公司" in text
    assert from_file["sha256"] in text


def test_seals(built_practice: Practice, tokens: list[dict[str, Any]], tmp_path: Path) -> None:
    token = ("--token", one(tokens), "--json")
    seals = answer(xieka_alone(built_practice, "seal", "list", *token))["seals"]
    kinds = ["合同专用章", "法定代表人章", "财务专用章"]
    assert [seal["name"].removeprefix("上海沪申示例贸易有限公司") for seal in seals] == kinds
    out = tmp_path / "章.png"
    picture = answer(xieka_alone(built_practice, "seal", "picture", *token, "--seal", "0", str(out)))
    assert out.read_bytes().startswith(b"\x89PNG")
    assert picture["width"] > 300


def test_practice_commands(practice: Practice) -> None:
    def plugged(run: subprocess.CompletedProcess[str]) -> list[bool]:
        return [row["plugged"] for row in answer(run)["tokens"]]

    assert plugged(xieka_alone(practice, "demo", "unplug", "1", "--json")) == [False, True]
    assert len(answer(xieka_alone(practice, "token", "list", "--json"))["tokens"]) == 1
    assert plugged(xieka_alone(practice, "demo", "plug", "1", "--json")) == [True, True]
    assert plugged(xieka_alone(practice, "demo", "--json")) == [True, True]
    answer(xieka_alone(practice, "demo", "expire", "1", "20", "--json"))
    days = {
        c["days_left"]
        for t in answer(xieka_alone(practice, "token", "list", "--json"))["tokens"]
        for c in t["certificates"]
    }
    assert 20 in days
    assert answer(xieka_alone(practice, "demo", "remove", "--json")) == {"removed": True}
    assert error(xieka_alone(practice, "demo", "status", "--json")) == "E-DEM-01"
    assert answer(xieka_alone(practice, "token", "list", "--json"))["tokens"] == []


def test_no_token_text_and_broken_pipe(practice: Practice) -> None:
    practice.demo.unplug(1)
    practice.demo.unplug(2)
    assert xieka_alone(practice, "token", "list").stdout.strip() == "没有插入 Ukey"
    shell = f"{sys.executable} -m xieka --help | head -1"
    run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=20, check=False)
    assert "Traceback" not in run.stderr
