"""文件指纹 as its package starts it: the page itself, from a file, in Chromium."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.ui.served import CHROMIUM
from xieka_demo.publisher import PROGRAMS

ABC_SM3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
"""GB/T 32905-2016, A.1: of the three letters “abc”."""


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((PROGRAMS / "fingerprint/文件指纹.html").as_uri())
    yield page
    assert complaints == []
    browser.close()


def test_both_fingerprints_and_the_comparison(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "合同 一.txt"
    file.write_bytes(b"abc")
    page.locator("#file").set_input_files(file)
    expect(page.locator("#sha256")).to_have_text(hashlib.sha256(b"abc").hexdigest())
    expect(page.locator("#sm3")).to_have_text(ABC_SM3)
    expect(page.locator("#name")).to_contain_text("合同 一.txt")
    verdict = page.locator("#verdict")
    for typed, words in (
        (ABC_SM3.upper(), "与 SM3 指纹一致"),
        (" ".join(ABC_SM3[i : i + 8] for i in range(0, 64, 8)), "与 SM3 指纹一致"),
        (hashlib.sha256(b"abc").hexdigest(), "与 SHA-256 指纹一致"),
        ("0" * 64, "指纹不一致"),
        ("abc", "64 位十六进制"),
        ("", ""),
    ):
        page.locator("#expected").fill(typed)
        expect(verdict).to_have_text(re.compile(f"^.*{words}.*$") if words else "")


def test_a_file_of_several_pieces(page: Page, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    file = tmp_path / "large.bin"
    file.write_bytes(data)
    page.locator("#file").set_input_files(file)
    expect(page.locator("#sha256")).to_have_text(hashlib.sha256(data).hexdigest(), timeout=20_000)
    expect(page.get_by_text("计算完成")).to_be_visible()
