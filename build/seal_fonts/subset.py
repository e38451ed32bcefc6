"""Cuts the two fonts of drawn seals out of Noto CJK, so that a seal looks the same on every computer.

Usage: python build/seal_fonts/subset.py [FOLDER]   (default: backend/xieka/seal/fonts)

Needs `pip install fonttools` (not a dependency of the project: the result is in the repository) and the system's
fonts-noto-cjk. The serif keeps every character of GB 2312, which names of companies and people are mostly written
in; the sans keeps what code and tax numbers are made of. Hints and layout tables go: seals are drawn at some
hundred pixels a character, one character at a time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED_CHINESE = 2
"""Index of that face in the collections."""

NUMBERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()-"
NAMES = NUMBERS + "abcdefghijklmnopqrstuvwxyz.&·（）〇—－"
FONTS = {
    "NotoSerifCJKsc-GB2312.otf": ("NotoSerifCJK-Regular.ttc", NAMES, True),
    "NotoSansCJKsc-Numbers.otf": ("NotoSansCJK-Regular.ttc", NUMBERS, False),
}
UNUSED_TABLES = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")


def gb2312() -> str:
    """The 6763 characters of GB 2312 (rows 16 to 87)."""
    found = []
    for row in range(16, 88):
        for cell in range(1, 95):
            try:
                found.append(bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return "".join(found)


def cut(source: Path, text: str, target: Path) -> None:
    """Write the face with these characters only. Its names stay: Noto reserves none for itself."""
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += UNUSED_TABLES
    font = TTFont(source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.save(target)


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[2] / "backend/xieka/seal/fonts"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    for name, (file, text, hanzi) in FONTS.items():
        cut(SOURCE / file, text + gb2312() if hanzi else text, folder / name)
        sys.stdout.write(f"{name}: {(folder / name).stat().st_size} bytes\n")
