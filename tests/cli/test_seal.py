"""`xieka seal …` on files and on Ukeys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import answer, xieka
from tests.conftest import SAMPLES, Practice
from tests.seal import make
from tests.seal.signers import signer
from xieka.cli import run
from xieka.cli import seal as cli_seal
from xieka.core.errors import XiekaError
from xieka_demo.online import PracticeService

KOAL = SAMPLES / "seals" / "esldemo__Seal.esl"
FORGED = SAMPLES / "seals" / "ofdrw-sign__SESealData.DER"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("签章 文件")
    # By the computer's own clock, which the command goes by.
    today = datetime.now(UTC).replace(microsecond=0)
    begin, end = today - timedelta(days=30), today + timedelta(days=30)
    who, maker = signer("sm2", "signer", begin=begin, end=end), signer("sm2", "maker", begin=begin, end=end)
    dates = {"created": begin, "not_before": begin, "not_after": end}
    seal = make.seal(maker, certificates=(who.certificate,), **dates)
    contents = {
        "seal": seal,
        "certificate": who.certificate,
        "other": signer("sm2", "another").certificate,
        "signature": make.signature(seal, who, at=today - timedelta(days=1)),
        "data": make.DOCUMENT,
        "altered": make.DOCUMENT + b"!",
        "cut": seal[:-1],
        "text": b"hello",
    }
    paths = {name: folder / name for name in contents}
    for name, content in contents.items():
        paths[name].write_bytes(content)
    return paths


Here = Callable[..., tuple[int, str]]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command in this process, for files: (exit code, standard output). Nobody looks at paths."""

    @contextmanager
    def unwritable() -> Iterator[None]:
        raise XiekaError("E-CLI-06", path="/")
        yield

    monkeypatch.setattr(cli_seal, "trust_alone", unwritable)

    def command(*arguments: str | Path) -> tuple[int, str]:
        code = run(["seal", *map(str, arguments)])
        return code, capsys.readouterr().out

    return command


def steps(found: dict[str, Any], state: str, key: str = "steps") -> list[str]:
    return [step["name"] for step in found[key] if step["state"] == state]


def test_show_a_real_seal(built_practice: Practice) -> None:
    found = answer(xieka(built_practice, "seal", "show", str(KOAL), "--json"))
    assert (found["version"], found["es_id"], found["kind"]) == (4, "4BE82F99E883422BA674E442CE584579", 4)
    assert (found["picture_type"], found["width_mm"], found["height_mm"]) == ("PNG", 40, 40)
    assert (found["created"], found["not_after"]) == ("2024-03-28T07:32:26Z", "2026-11-21T15:59:59Z")
    assert [one["kind"] for one in found["certificates"]] == ["certificate"]
    assert (found["maker"]["subject"], found["maker"]["issuer"]) == ("test", "ca2")
    assert [one["oid"][-3:] for one in found["extensions"]] == ["402", "403", "405", "404", "401"]
    assert "signature" in steps(found["verification"], "ok")
    # The practice profile believes nobody but its own authority.
    assert "maker_chain" in steps(found["verification"], "failed")
    assert {"maker_revocation", "binding"} == set(steps(found["verification"], "unchecked"))
    text = xieka(built_practice, "seal", "show", str(KOAL)).stdout
    assert "4BE82F99E883422BA674E442CE584579" in text
    assert "✓ 制作机构的签名" in text
    assert "（E-SEA-31）" in text


def test_show_a_seal_nobody_signed(here: Here) -> None:
    code, text = here("show", FORGED)
    assert code == 0
    assert "✗ 制作机构的签名" in text
    assert "（E-SEA-20）" in text
    assert "签章已核验" not in text


def test_binding_to_a_certificate(here: Here, files: dict[str, Path]) -> None:
    def binding(certificate: str) -> str:
        _, text = here("show", files["seal"], "--certificate", files[certificate], "--json")
        found = json.loads(text)["verification"]
        return next(str(step["state"]) for step in found["steps"] if step["name"] == "binding")

    assert (binding("certificate"), binding("other")) == ("ok", "failed")


def test_the_practice_seal_is_signed_and_bound(built_practice: Practice) -> None:
    listed = answer(xieka(built_practice, "token", "list", "--json"))["tokens"]
    token = next(one["id"] for one in listed if one["seals"])
    found = answer(xieka(built_practice, "seal", "show", "--token", token, "--seal", "0", "--json"))
    assert found["name"] == "上海沪申示例贸易有限公司合同专用章"
    assert found["maker"]["subject"] == "协卡助手练习制章机构"
    assert steps(found["verification"], "failed") == []
    assert {"format", "picture", "signature", "created", "period", "binding", "maker_chain"} <= set(
        steps(found["verification"], "ok")
    )


def test_the_practice_seal_verifies_wholly_when_its_authority_can_be_asked(
    practice: Practice, service: PracticeService
) -> None:
    listed = answer(xieka(practice, "token", "list", "--json"))["tokens"]
    token = next(one["id"] for one in listed if one["seals"])
    found = answer(xieka(practice, "seal", "show", "--token", token, "--seal", "0", "--json"))["verification"]
    assert {step["name"]: step["why"] for step in found["steps"] if step["state"] != "ok"} == {}
    assert found["verdict"] == "ok"
    assert "由认可的制章机构制作" in found["sentence"]


def test_picture_of_a_file(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "章.png"
    _, text = here("picture", FORGED, out, "--json")
    made = json.loads(text)
    assert (made["width"], made["height"]) == (236, 236)
    assert out.read_bytes().startswith(b"\x89PNG")


def test_verify_a_signature(here: Here, files: dict[str, Path]) -> None:
    def verify(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        code, text = here("verify", "--json", *arguments)
        return code, json.loads(text)

    code, found = verify(files["signature"], "--data", files["data"])
    # Nobody has looked at the paths yet: not a success for scripts.
    assert (code, found["verdict"]) == (3, "partial")
    assert steps(found, "failed") + steps(found, "failed", "seal_steps") == []
    assert {"signer_signature", "data"} <= set(steps(found, "ok"))
    assert {"signature", "period", "binding"} <= set(steps(found, "ok", "seal_steps"))
    code, found = verify(files["signature"], "--data", files["altered"])
    assert (code, found["verdict"], steps(found, "failed")) == (1, "failed", ["data"])
    code, found = verify(files["signature"])
    assert (code, "data" in steps(found, "unchecked")) == (3, True)
    code, found = verify(files["seal"], "--certificate", files["other"])
    assert (code, steps(found, "failed")) == (1, ["binding"])


def test_verify_for_people(here: Here, files: dict[str, Path]) -> None:
    code, text = here("verify", files["signature"], "--data", files["altered"])
    assert code == 1
    assert "签名没有通过核验：原文与签名时不同。" in text
    assert "✗ 原文：原文与签名时不同（E-SEA-42）" in text
    assert "✓ 签章人的签名" in text


@pytest.mark.parametrize(
    ("code", "exit_code", "arguments"),
    [
        pytest.param("E-SEA-04", 1, ("show", "{cut}"), id="cut-short"),
        pytest.param("E-SEA-01", 1, ("show", "{text}"), id="text"),
        pytest.param("E-SEA-01", 1, ("picture", "{text}", "x.png"), id="picture-of-text"),
        pytest.param("E-SEA-40", 1, ("verify", "{text}"), id="verify-text"),
        pytest.param("E-FIL-01", 1, ("show", "{text}-none"), id="no-file"),
        pytest.param("E-FIL-01", 1, ("verify", "{text}-none"), id="no-signature"),
        pytest.param("E-FIL-01", 1, ("verify", "{signature}", "--data", "{text}-none"), id="no-document"),
        pytest.param("E-CRT-06", 1, ("show", "{seal}", "--certificate", "{text}"), id="no-certificate"),
        pytest.param("E-CLI-07", 2, ("show",), id="no-source"),
        pytest.param("E-CLI-07", 2, ("show", "--token", "1"), id="token-without-number"),
        pytest.param("E-CLI-07", 2, ("show", "{seal}", "--token", "1", "--seal", "0"), id="both-sources"),
        pytest.param("E-CLI-07", 2, ("picture", "--token", "1", "x.png"), id="picture-without-number"),
        pytest.param("E-CLI-09", 2, ("verify", "{seal}", "--data", "{data}"), id="document-of-a-seal"),
        pytest.param("E-CLI-09", 2, ("verify", "{signature}", "--certificate", "{other}"), id="another-signer"),
        pytest.param(
            "E-CLI-09", 2, ("show", "--token", "1", "--seal", "0", "--certificate", "{other}"), id="another-ukey"
        ),
    ],
)
def test_refused(here: Here, files: dict[str, Path], code: str, exit_code: int, arguments: tuple[str, ...]) -> None:
    given = [argument.format_map({name: str(path) for name, path in files.items()}) for argument in arguments]
    came, text = here(*given, "--json")
    assert (came, json.loads(text)["error"]["code"]) == (exit_code, code)
