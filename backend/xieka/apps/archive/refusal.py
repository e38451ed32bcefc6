"""Why a package is refused: the one place that makes these errors."""

from __future__ import annotations

from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.text import plain

_SHOWN: Final = 60
"""Characters of a hostile name that are shown."""


def shown(name: str | bytes) -> str:
    """A name as it may stand in a sentence: no controls, not endless."""
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    return plain(text[:_SHOWN]) + ("…" if len(text) > _SHOWN else "")


def outside(name: str, detail: str) -> XiekaError:
    """The name leads out of the folder."""
    return XiekaError("E-PKG-10", name=shown(name), detail=detail)


def bad_name(name: str | bytes, detail: str) -> XiekaError:
    """No file can or may have this name on every platform."""
    return XiekaError("E-PKG-11", name=shown(name), detail=detail)


def too_long(name: str) -> XiekaError:
    """A name or path is too long, or too deep."""
    return XiekaError("E-PKG-12", name=shown(name))


def special(name: str | bytes, detail: str) -> XiekaError:
    """A link, device, pipe or another thing that is no file."""
    return XiekaError("E-PKG-13", name=shown(name), detail=detail)


def collision(name: str) -> XiekaError:
    """Two entries would be one file on some platform."""
    return XiekaError("E-PKG-14", name=shown(name))


def encoding(name: bytes) -> XiekaError:
    """The name is not UTF-8, or does not say that it is."""
    return XiekaError("E-PKG-15", name=shown(name))


def encrypted() -> XiekaError:
    """An entry needs a key."""
    return XiekaError("E-PKG-16")


def unsupported(detail: str) -> XiekaError:
    """A way of packing that is not among the allowed ones."""
    return XiekaError("E-PKG-17", detail=detail)


def too_many(limit: int) -> XiekaError:
    """More files than a package may have."""
    return XiekaError("E-PKG-18", n=limit)


def too_big(limit: int) -> XiekaError:
    """More bytes than the publisher signed."""
    return XiekaError("E-PKG-19", x=-(-limit // 1_000_000))


def contradiction(detail: str) -> XiekaError:
    """Two places of the package say different things, or there are bytes that belong to nothing."""
    return XiekaError("E-PKG-20", detail=detail)


def damaged(detail: str) -> XiekaError:
    """Cut off, or the content is not what its check sum says."""
    return XiekaError("E-PKG-21", detail=detail)


def memory() -> XiekaError:
    """Unpacking would need more memory than allowed."""
    return XiekaError("E-PKG-22")


def no_entry(name: str) -> XiekaError:
    """What is to be started is not in the package."""
    return XiekaError("E-PKG-23", name=shown(name))
