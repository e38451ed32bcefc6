from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.build.checkout import ROOT, files, text

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CATALOGUE = [Path("frontend/app/i18n") / f"zh-CN{part}.js" for part in ("", "-online", "-settings")]
FRONTEND = [
    file
    for file in files()
    if file.parts[0] == "frontend" and file.suffix == ".js" and not {"vendor", "i18n"} & set(file.parts)
]
BACKEND = [file for file in files() if file.parts[:2] == ("backend", "xieka") and file.suffix == ".py"]


def frontend_texts() -> dict[str, str]:
    """Key → text of the frontend's catalogue."""
    whole = "\n".join(text(file) or "" for file in CATALOGUE)
    pairs = re.findall(r'^\s*"([\w.]+)":\s*\n?\s*"((?:[^"\\]|\\.)*)",?$', whole, re.MULTILINE)
    return dict(pairs)


def without_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)


def test_every_key_the_pages_name_is_in_the_catalogue() -> None:
    known = frontend_texts()
    assert len(known) > 100
    used = {
        (str(file), key)
        for file in FRONTEND
        for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']""", without_comments(text(file) or ""))
    }
    assert len(used) > 50
    assert {(file, key) for file, key in used if key not in known} == set()


def test_every_text_of_the_catalogue_is_used() -> None:
    """A key is used when it is written out, or when a template begins like it (`health.${state}`)."""
    source = "\n".join(without_comments(text(file) or "") for file in FRONTEND)
    prefixes = tuple(set(re.findall(r"`([a-zA-Z]+\.[\w.]*)\$\{", source)))
    written = set(re.findall(r"""["'`]([\w.]+)["'`]""", source))
    unused = {key for key in frontend_texts() if key not in written and not (prefixes and key.startswith(prefixes))}
    assert unused == set()


def test_pages_hold_no_chinese_of_their_own() -> None:
    assert FRONTEND
    for file in FRONTEND:
        for line in without_comments(text(file) or "").splitlines():
            assert not CHINESE.search(line), (file, line.strip())


def test_the_programs_source_holds_no_chinese_of_its_own() -> None:
    """Docstrings may explain Chinese terms; sentences for users come from the catalogue."""
    found = []
    for file in BACKEND:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        # A bare string is documentation: of a module, class or function, or of the attribute above it.
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            f"{file}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documented
            and CHINESE.search(node.value)
        ]
    assert found == []
