"""证书巡检报告, as its package starts it: with the real command over the real practice Ukeys."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import Practice, SystemBrowser
from xieka_demo.publisher import PROGRAMS

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="module")
def report() -> ModuleType:
    spec = importlib.util.spec_from_file_location("report", PROGRAMS / "report/report.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["report"] = module
    spec.loader.exec_module(module)
    return module


def test_every_practice_ukey_is_in_it(built_practice: Practice, tmp_path: Path, system_browser: SystemBrowser) -> None:
    for name, line in (("xieka", f'exec "{sys.executable}" -m xieka "$@"'), ("xdg-user-dir", f'echo "{tmp_path}"')):
        command = system_browser.commands / name
        command.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": system_browser.path(),
        "XIEKA_CLI": str(system_browser.commands / "xieka"),
        "XIEKA_HOME": str(built_practice.folders.config.parent),
    }
    subprocess.run([PROGRAMS / "report/证书巡检报告"], env=environment, check=True, timeout=60)
    path = Path(system_browser.opened()[0])
    assert path.parent == tmp_path
    text = path.read_text("utf-8")
    assert "共 2 个 Ukey、4 张证书" in text
    for holder in ("上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"):
        assert text.count(f"<td>{holder}</td>") == 2


def token(holder: str, days: int) -> dict[str, object]:
    ends = (NOW + timedelta(days=days)).isoformat()
    one = {"role": "signing", "serial": "0102", "not_after": ends, "days_left": days}
    return {"holder": holder, "certificates": [one]}


def test_urgent_ones_first_and_in_the_calendar(report: ModuleType) -> None:
    text = report.page([token("甲", 400), token("乙", 40), token("丙", -3)], [], NOW)
    assert text.index("<td>丙</td>") < text.index("<td>乙</td>") < text.index("<td>甲</td>")
    assert "已过期 3 天" in text
    assert "2 张需要留意" in text
    assert text.count('class="month due"') == 2, "乙 in January, 丙 earlier this month"


def test_nothing_of_a_certificate_becomes_html(report: ModuleType) -> None:
    text = report.page([token("<script>alert(1)</script>", 10)], [{"driver_name": "<b>", "what": "<i>"}], NOW)
    assert "<script>" not in text
    assert "<b><" not in text
    assert "&lt;i&gt;" in text


def test_what_cannot_be_read_is_said(report: ModuleType) -> None:
    text = report.page([{"holder": "甲", "certificates": [{"error": {}}]}], [], NOW)
    assert "1 张证书读不懂" in text
    assert "没有读到证书" in text
