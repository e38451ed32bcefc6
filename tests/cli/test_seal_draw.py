"""`xieka seal draw` as people and scripts use it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from xieka.core import messages


def draw(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xieka", "seal", "draw", *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


CONTRACT = ("--kind", "contract", "--name", "上海沪申示例贸易有限公司", "--code", "3101150123456")


def test_writes_the_picture(tmp_path: Path) -> None:
    out = tmp_path / "合同 章.png"
    done = draw(*CONTRACT, "--size-mm", "42", "--center", "合同专用章(2)", "--json", out)
    assert done.returncode == 0, done.stderr
    assert '"width_mm": 42.0' in done.stdout
    with Image.open(out) as image:
        assert image.size == (496, 496)


def test_existing_file_is_replaced_only_when_agreed(tmp_path: Path) -> None:
    out = tmp_path / "章.png"
    out.write_bytes(b"mine")
    refused = draw(*CONTRACT, out)
    assert (refused.returncode, "E-DRW-05" in refused.stderr) == (1, True)
    assert out.read_bytes() == b"mine"
    assert draw(*CONTRACT, "--yes", out).returncode == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize(("typed", "replaced"), [("否", False), ("", False), ("是", True)])
def test_at_a_terminal_it_asks(tmp_path: Path, typed: str, replaced: bool) -> None:
    out = tmp_path / "章.png"
    out.write_bytes(b"mine")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode() + b"\n")
        command = [sys.executable, "-m", "xieka", "seal", "draw", *CONTRACT, str(out)]
        done = subprocess.run(command, stdin=theirs, capture_output=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)
    assert messages.text("cli_seal_ask", path=str(out)) in done.stderr.decode()
    assert (done.returncode == 0) is replaced
    assert (out.read_bytes() != b"mine") is replaced


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        pytest.param(("--kind", "round", "--name", "公司"), "E-CLI-04", 2, id="unknown-kind"),
        pytest.param(("--kind", "company", "--name", "公司", "--size-mm", "big"), "E-CLI-04", 2, id="no-number"),
        pytest.param(("--kind", "company", "--name", "公司", "--size-mm", "60"), "E-DRW-03", 1, id="size"),
        pytest.param(("--kind", "company", "--name", "公司\ue000"), "E-DRW-01", 1, id="no-glyph"),
    ],
)
def test_nothing_is_written_after_an_error(
    tmp_path: Path, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = draw(*arguments, tmp_path / "章.png")
    assert (done.returncode, code in done.stderr) == (exit_code, True), done.stderr
    assert list(tmp_path.iterdir()) == []
