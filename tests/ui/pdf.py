"""As much of a PDF as a test needs: its pages, and the characters that can be searched and copied in it."""

from __future__ import annotations

import re
import unicodedata
import zlib


class Pdf:
    """A document as Chromium's printer (Skia) writes it: objects in the open, contents deflated."""

    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"%PDF-")
        assert data.rstrip().endswith(b"%%EOF")
        self.pages = len(re.findall(rb"/Type\s*/Page\b", data))
        self.characters: set[str] = set()
        """What the fonts' ToUnicode tables (ISO 32000-1, 9.10.3) name: text that was drawn as a picture has none."""
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            try:
                content = zlib.decompress(stream)
            except zlib.error:
                continue
            if b"begincmap" in content:
                self._read(content.decode("ascii"))
        # Where a font draws a character and its radical (U+2E80…2FDF) alike, the table may name that.
        radicals = {one for one in self.characters if "\u2e80" <= one <= "\u2fdf"}
        self.characters |= {unicodedata.normalize("NFKC", one) for one in radicals}

    def _read(self, table: str) -> None:
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for _, code in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                self.characters.update(bytes.fromhex(code).decode("utf-16-be"))
        for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, code in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                begin = int(code, 16)
                self.characters.update(chr(begin + n) for n in range(int(last, 16) - int(first, 16) + 1))
