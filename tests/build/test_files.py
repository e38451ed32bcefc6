from __future__ import annotations

import os
import re
import statistics
from pathlib import Path

from tests.build.checkout import ROOT, files, text

SOURCE = {".py", ".js", ".mjs", ".css", ".c", ".html", ".sh", ""}
TOP_LEVEL = {"pyproject.toml", "README.md", "backend", "frontend", "drivers", "tests", "build"}
# Written in pieces, so that this file does not hold what it looks for.
MACHINE = re.compile(r"(?<![\w./])/(?:wor" + r"k|roo" + r"t|home/[a-z])(?:/|\b)")
REGISTRIES = re.compile(
    "|".join(("registry[.]npm", "pypi[.]o" + "rg", "pythonhosted[.]", "npm[m]irror", "/simple/?[\"' ]"))
)


def own_source() -> dict[Path, int]:
    """Lines of every source file of ours; what others wrote or tools draw is left out."""
    return {
        file: len((text(file) or "").splitlines())
        for file in files()
        if file.suffix in SOURCE and "vendor" not in file.parts and file.name not in {"LICENSE", ".gitignore", ".npmrc"}
    }


def test_no_file_is_above_400_lines_and_half_are_within_120() -> None:
    lines = own_source()
    assert len(lines) > 50
    assert {str(file): count for file, count in lines.items() if count > 400} == {}
    assert statistics.median(count for file, count in lines.items() if file.suffix == ".py" and count) <= 120


def test_the_top_level_is_the_agreed_one() -> None:
    top = {file.parts[0] for file in files()}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def test_no_file_names_a_place_of_one_machine_or_a_package_registry() -> None:
    found = [
        f"{file}:{number}: {line.strip()[:100]}"
        for file in files()
        if "vendor" not in file.parts
        for number, line in enumerate((text(file) or "").splitlines(), 1)
        if MACHINE.search(line) or REGISTRIES.search(line)
    ]
    # build/minimal prepares the throw-away system's own root user.
    assert [line for line in found if not line.startswith("build/minimal:")] == []


def test_scripts_are_executable_and_everything_else_is_not() -> None:
    for file in files():
        content = text(file)
        if file.suffix in {".py", ".js", ".mjs"} or content is None:
            continue
        assert os.access(ROOT / file, os.X_OK) == content.startswith("#!"), file


def test_every_link_in_a_document_leads_somewhere() -> None:
    documents = [file for file in files() if file.suffix == ".md"]
    assert len(documents) >= 5
    for document in documents:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text(document) or ""):
            if "://" not in target:
                assert (ROOT / document.parent / target).exists(), (document, target)
