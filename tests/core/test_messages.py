from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from xieka.core import messages
from xieka.core.errors import XiekaError

BACKEND = Path(__file__).parents[2] / "backend"


def raised() -> dict[str, set[str]]:
    """Every code the source raises, with the parameter names given there."""
    found: dict[str, set[str]] = {}
    for file in BACKEND.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "XiekaError" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.setdefault(str(code.value), set()).update(k.arg or "" for k in node.keywords)
    return found


def test_every_raised_code_has_its_three_sentences_and_its_parameters() -> None:
    codes = raised()
    assert len(codes) > 20
    for code, given in codes.items():
        text = messages._table("error")[code]
        needed = {field for sentence in text.values() for _, field, _, _ in string.Formatter().parse(sentence) if field}
        assert needed <= given, (code, needed, given)


def test_texts_are_chinese_and_complete() -> None:
    for code in messages.error_codes():
        entry = messages._table("error")[code]
        assert set(entry) == {"what", "kept", "do"}, code
        for sentence in entry.values():
            assert sentence.strip(), code
            assert re.search(r"[\u4e00-\u9fff]", sentence), code
            assert not re.search(r"UKey|\bPIN\b|密码|操作失败|未知错误", sentence), code


def test_an_error_crosses_with_four_parts_and_its_own_text_holds_no_data() -> None:
    error = XiekaError("E-EXP-01", path="/家/张三/证书.cer")
    assert error.body() == {
        "code": "E-EXP-01",
        "what": "没有导出成功",
        "kept": "“/家/张三/证书.cer”不可写，Ukey 中的证书没有变化。",
        "do": "换个位置或文件名再试。",
    }
    assert str(error) == "E-EXP-01"


def test_an_unknown_code_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        XiekaError("E-XXX-99").body()
