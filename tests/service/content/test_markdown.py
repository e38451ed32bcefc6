"""The part of Markdown that editors may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from xieka_service.content.source import markdown
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.reading import Article, read_article


def article(folder: Path, body: str) -> Article:
    (folder / "a.md").write_text(f"+++\n+++\n{body}", encoding="utf-8")
    read = read_article(folder, "a.md", Report())
    assert read
    return read


@pytest.mark.parametrize(
    ("body", "canonical", "plain"),
    [
        pytest.param("一\n二", "一二", "一二", id="lines-of-chinese-join"),
        pytest.param("use the\nUSB port", "use the USB port", "use the USB port", id="words-keep-their-blank"),
        pytest.param("用 USB\n接口", "用 USB接口", "用 USB接口", id="mixed"),
        pytest.param("一\n\n\n\n二", "一\n\n二", "一\n\n二", id="paragraphs"),
        pytest.param("　　一", "一", "一", id="wide-indent"),
        pytest.param("先**看**这", "先**看**这", "先看这", id="bold"),
        pytest.param("一：\n\n* 甲\n* 乙", "一：\n\n- 甲\n- 乙", "一：\n\n• 甲\n• 乙", id="stars-as-list"),
        pytest.param("1. 甲\n1. 乙", "1. 甲\n1. 乙", "1. 甲\n1. 乙", id="numbers"),
        pytest.param("- 甲\n\n- 乙", "- 甲\n- 乙", "• 甲\n• 乙", id="loose-list"),
        pytest.param("- 甲\n  乙", "- 甲乙", "• 甲乙", id="item-over-two-lines"),
        pytest.param("- 甲\n\n1. 乙", "- 甲\n\n1. 乙", "• 甲\n\n1. 乙", id="two-lists"),
        pytest.param("<b>粗</b>", "<b>粗</b>", "<b>粗</b>", id="html-is-text"),
        pytest.param("<script>alert(1)</script>", *["<script>alert(1)</script>"] * 2, id="script-is-text"),
        pytest.param("a &lt; b &amp; c", "a < b & c", "a < b & c", id="entities"),
        pytest.param("https://example.com/", *["https://example.com/"] * 2, id="address-is-text"),
        pytest.param("2 > 1", "2 > 1", "2 > 1", id="greater-than"),
    ],
)
def test_what_may_be_used(body: str, canonical: str, plain: str, tmp_path: Path) -> None:
    read = article(tmp_path, body)
    found = markdown.blocks(read)
    assert read.sheet.report.mistakes == set()
    assert markdown.canonical(found) == canonical
    assert markdown.plain(found) == plain
    # What is published means the same when it is read again.
    again = article(tmp_path, markdown.canonical(found).replace("<", "&lt;"))
    assert markdown.canonical(markdown.blocks(again)) == canonical


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        pytest.param("一\n\n# 二", 5, "标题", id="heading"),
        pytest.param("一\n===", 3, "标题", id="underlined-heading"),
        pytest.param("看[这里](https://example.com/)", 3, "链接", id="link"),
        pytest.param("看[这里](javascript:alert(1))!", 0, "", id="script-link-is-text"),
        pytest.param("一\n看 <https://example.com/>", 4, "链接", id="autolink"),
        pytest.param("看[这里][a]\n\n[a]: https://example.com/", 3, "链接", id="reference"),
        pytest.param("一\n\n[a]: https://example.com/", 3, "链接", id="reference-alone"),
        pytest.param("一\n\n二\n![图](a.png)", 6, "图片", id="image"),
        pytest.param("`a`", 3, "代码", id="code"),
        pytest.param("一\n\n    二", 5, "代码", id="indented"),
        pytest.param("```\n一\n```", 3, "代码", id="fence"),
        pytest.param("> 一", 3, "引用", id="quote"),
        pytest.param("一\n\n---\n", 5, "分隔线", id="rule"),
        pytest.param("*一*", 3, "斜体", id="emphasis"),
        pytest.param("2 \\* 3", 3, "星号", id="star"),
        pytest.param("- 一\n  - 二", 4, "列表里不能再有列表", id="nested"),
        pytest.param("- 一\n\n  二", 5, "一段文字", id="two-paragraphs-in-an-item"),
    ],
)
def test_what_may_not_is_told_with_its_line(body: str, line: int, word: str, tmp_path: Path) -> None:
    read = article(tmp_path, body)
    markdown.blocks(read)
    found = {(one.line, word in one.message) for one in read.sheet.report.mistakes}
    assert found == ({(line, True)} if line else set())
