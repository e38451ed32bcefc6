"""`xieka certificate compare|check --html` on files, in this process."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.certificate import make
from tests.conftest import folders_under
from xieka.cli import run


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders_under(tmp_path / "home")
    monkeypatch.setenv("XIEKA_HOME", str(tmp_path / "home"))
    # This process's log is the test's.
    monkeypatch.setattr("xieka.core.log.configure", lambda *_: None)


def test_compare_and_a_sheet_of_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, html = tmp_path / "旧.cer", tmp_path / "新 证书.cer", tmp_path / "摘要.html"
    old.write_bytes(make.certificate(make.usage(0), serial=1))
    new.write_bytes(make.certificate(make.usage(0), serial=2, begin=make.END, end=make.END + timedelta(days=365)))
    assert run(["certificate", "compare", str(new), str(old), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["left"], found["right"], found["first"]) == (
        "renewed", "旧.cer", "新 证书.cer", "right",
    )  # fmt: skip
    assert run(["certificate", "compare", str(old), str(new)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("名称相同的单位的新证书：有效期延长至 ")
    assert "  到期时间\n    - 2027-01-01" in text
    assert "没有核对两张证书的真伪和吊销状态" in text
    # No authority is asked: nobody trusted has issued it.
    assert run(["certificate", "check", str(old), "--html", str(html)]) == 3
    assert "示例公司" in html.read_text("utf-8")


def test_what_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, text, long = tmp_path / "good.cer", tmp_path / "text.cer", tmp_path / "long.p7b"
    good.write_bytes(make.certificate())
    text.write_bytes(b"hello")
    long.write_bytes(b"\x30" * (1024 * 1024 + 1))
    for other, code in ((text, "E-CRT-06"), (long, "E-CRT-07"), (tmp_path / "none", "E-FIL-01")):
        assert run(["certificate", "compare", str(good), str(other), "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == code
