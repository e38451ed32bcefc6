"""The part of Markdown that editors may use: paragraphs, lists and bold. HTML is text like any other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from xieka_service.content.source.reading import Article

_PARSER = MarkdownIt("commonmark", {"html": False})
_BLOCKS = {
    "heading_open": "markdown_heading", "fence": "markdown_code", "code_block": "markdown_code",
    "blockquote_open": "markdown_quote", "hr": "markdown_rule",
}  # fmt: skip
_INLINE = {
    "image": "markdown_image", "link_open": "markdown_link", "em_open": "markdown_emphasis",
    "code_inline": "markdown_code",
}  # fmt: skip
_ASCII_WORD = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or one item of a list: its mark ("", "- ", "1. ") and its text, bold between two pairs of stars."""

    mark: str
    text: str


def blocks(article: Article) -> list[Block]:
    """What the body says; every other kind of Markdown is reported."""
    environment: dict[str, object] = {}
    found: list[Block] = []
    marks: list[str] = []
    for token in _PARSER.parse(article.body, environment):
        line = token.map[0] if token.map else 0
        if token.type in _BLOCKS:
            article.mistake(line, _BLOCKS[token.type])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            if marks:
                article.mistake(line, "markdown_nested")
            marks.append("")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
        elif token.type == "list_item_open":
            marks[-1] = f"{token.info}. " if token.info else "- "
        elif token.type == "inline":
            if marks and not marks[-1]:
                article.mistake(line, "markdown_item")
            found.append(Block(marks[-1] if marks else "", _text(article, token, line)))
            if marks:
                marks[-1] = ""
    if environment.get("references"):
        article.mistake(0, "markdown_link")
    return found


def canonical(found: list[Block]) -> str:
    """The contract's plain subset (`contract.content.Question.answer`)."""
    return _join(found)


def plain(found: list[Block]) -> str:
    """Text without any mark-up but the lists' own marks."""
    bare = [Block(block.mark.replace("- ", "• "), block.text.replace("**", "")) for block in found]
    return _join(bare)


def _join(found: list[Block]) -> str:
    text = ""
    for before, block in zip([None, *found], found, strict=False):
        if before:
            same_list = before.mark and block.mark and before.mark[0].isdigit() == block.mark[0].isdigit()
            text += "\n" if same_list else "\n\n"
        text += block.mark + block.text
    return text


def _text(article: Article, inline: Token, line: int) -> str:
    text = ""
    for token in inline.children or ():
        if token.type == "text":
            if "*" in token.content:
                article.mistake(line, "markdown_stars")
            text += token.content
        elif token.type in ("softbreak", "hardbreak"):
            line += 1
            text = text.rstrip() + "\n"
        elif token.type in ("strong_open", "strong_close"):
            text += "**"
        elif token.type in _INLINE:
            article.mistake(line, _INLINE[token.type])
    # A line break in the source is none in the text: nothing between Chinese characters, a blank beside other words.
    parts = [part.strip() for part in text.split("\n")]
    joined = parts[0]
    for part in parts[1:]:
        both = _ASCII_WORD.match(joined[-1:]) and _ASCII_WORD.match(part[:1])
        joined += f" {part}" if both else part
    return joined
