"""The bytes of one xz stream, never more in memory than a block and the dictionary."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from typing import BinaryIO, Final

from xieka.apps.archive import refusal
from xieka.apps.archive.writing import BLOCK

MEMORY: Final = 256 << 20
"""Bytes for unpacking: four times what `xz -9` asks for."""

_READ: Final = 1 << 16


class XzStream:
    """Reads forwards. Raises XiekaError E-PKG-21 (damaged), E-PKG-22 (too much memory), E-PKG-20 (bytes behind)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._xz = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)
        self._block = memoryview(b"")

    def exactly(self, size: int) -> bytes:
        """The next bytes; `size` is small."""
        return b"".join(self.blocks(size))

    def blocks(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes, in blocks."""
        while size:
            piece = self.some(size)
            if not piece:
                raise refusal.damaged("end-of-file")
            size -= len(piece)
            yield piece

    def some(self, most: int) -> bytes:
        """Up to `most` of the next bytes; empty at the end of the stream, behind which nothing may be."""
        if not self._block:
            self._block = memoryview(self._next())
        piece, self._block = self._block[:most], self._block[most:]
        return bytes(piece)

    def _next(self) -> bytes:
        while not self._xz.eof:
            data = self._file.read(_READ) if self._xz.needs_input else b""
            if self._xz.needs_input and not data:
                raise refusal.damaged("end-of-file")
            try:
                block = self._xz.decompress(data, BLOCK)
            except lzma.LZMAError as error:
                # The module tells the two apart in words only.
                raise refusal.memory() if "emory" in str(error) else refusal.damaged("xz") from error
            if block:
                return block
        if self._xz.unused_data or self._file.read(1):
            raise refusal.contradiction("bytes-behind-data")
        return b""
