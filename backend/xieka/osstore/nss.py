"""The list of PKCS#11 libraries in an NSS database: `pkcs11.txt`, blocks of `key=value` lines between empty lines.

Edited as text, not with modutil: that need not be installed, and it would load the vendor's library into its own
process. NSS itself replaces the file without a lock (lib/util/utilmod.c), programs read it when they start; so a whole
new file under the old name is what they expect.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.osstore.models import Item, mark

_LIMIT: Final = 1 << 20
"""Bytes. A real one has some hundred."""
_SQLITE: Final = b"SQLite format 3\0"
_MARK: Final = re.compile(r"xieka-([a-z0-9-]{1,32})-[0-9a-f]{8}")
_TURNS: Final = 3
"""How often an edit is begun anew because somebody else has written meanwhile."""


@dataclass(frozen=True, slots=True)
class Block:
    """One library's lines, with the empty lines behind them."""

    raw: bytes

    def value(self, key: str) -> str:
        """The value of a line, empty when there is none."""
        for line in self.raw.splitlines():
            name, _, value = line.partition(b"=")
            if name.strip().lower() == key.encode():
                return value.strip().decode("utf-8", "surrogateescape")
        return ""

    @property
    def ours(self) -> bool:
        """Its name is the one that we give to its library, and to no other."""
        found = _MARK.fullmatch(self.value("name"))
        return found is not None and found[0] == mark(found[1], self.value("library"))


def blocks(text: bytes) -> list[Block]:
    """The whole file in its parts; joined they are the file again."""
    parts: list[bytes] = []
    ended = True
    for line in text.splitlines(keepends=True):
        if line.strip() and ended:
            parts.append(b"")
        ended = not line.strip()
        parts[-1:] = [(parts[-1] if parts else b"") + line]
    return [Block(part) for part in parts]


def read(folder: Path) -> list[Block]:
    """The libraries of a sound database. Raises XiekaError E-OSS-02 (broken), E-OSS-03 (cannot be read)."""
    return blocks(_read(folder))


def add(folder: Path, item: Item, backup: Path) -> None:
    """Add the library unless the database knows it; the file as it was is kept at `backup`.

    Raises XiekaError E-OSS-02, E-OSS-03 (cannot be read or written), E-OSS-04 (others keep writing).
    """
    library = str(item.module)
    if not library.isprintable():
        raise XiekaError("E-OSS-05", path=str(item.module))
    entry = f"library={library}\nname={item.mark}\n\n".encode()

    def added(old: bytes) -> bytes:
        if any(same(block.value("library"), item.module) for block in blocks(old)):
            return old
        gap = b"" if old.endswith(b"\n\n") else b"\n" if old.endswith(b"\n") else b"\n\n"
        return old + gap + entry

    _edit(folder, added, backup)


def remove(folder: Path) -> None:
    """Take our libraries out; every other byte stays. Raises XiekaError as `add`."""
    _edit(folder, lambda old: b"".join(block.raw for block in blocks(old) if not block.ours), None)


def same(library: str, module: Path) -> bool:
    """Two names of one file."""
    return bool(library) and Path(library).resolve() == module.resolve()


def _edit(folder: Path, change: Callable[[bytes], bytes], backup: Path | None) -> None:
    # Who keeps the file elsewhere and has a link here gets it written there.
    path = (folder / "pkcs11.txt").resolve()
    for _ in range(_TURNS):
        old = _read(folder)
        new = change(old)
        if new == old:
            return
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if backup is not None:
                backup.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(old, backup, 0o600)
            if path.read_bytes() == old:
                write_whole(new, path, mode)
                return
        except OSError as error:
            raise XiekaError("E-OSS-03", path=str(folder)) from error
    raise XiekaError("E-OSS-04", path=str(folder))


def _read(folder: Path) -> bytes:
    path = folder / "pkcs11.txt"
    try:
        if not path.is_file() or path.stat().st_size > _LIMIT:
            raise XiekaError("E-OSS-02", path=str(folder))
        for name in ("cert9.db", "key4.db"):
            with (folder / name).open("rb") as file:
                if file.read(len(_SQLITE)) != _SQLITE:
                    raise XiekaError("E-OSS-02", path=str(folder))
        text = path.read_bytes()
    except FileNotFoundError as error:
        raise XiekaError("E-OSS-02", path=str(folder)) from error
    except OSError as error:
        raise XiekaError("E-OSS-03", path=str(folder)) from error
    if not any("internal" in block.value("nss") and not block.value("library") for block in blocks(text)):
        # NSS's own module is in every database that NSS has written.
        raise XiekaError("E-OSS-02", path=str(folder))
    return text
