"""Import python-pkcs11 without its ASN.1 helpers.

`import pkcs11` pulls `pkcs11.util.*` and through it all of asn1crypto, which doubles the start of a worker (62
instead of 34 ms measured); a worker never converts keys. The helpers stay importable: they load on first use.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_DEFERRED = frozenset(f"pkcs11.util.{name}" for name in ("dh", "dsa", "ec", "rsa", "x509"))


class _Deferring:
    """A meta path finder that makes the named modules load at their first attribute access."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _DEFERRED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def import_pkcs11() -> Any:
    """The package python-pkcs11."""
    finder = _Deferring()
    sys.meta_path.insert(0, finder)
    try:
        import pkcs11
    finally:
        sys.meta_path.remove(finder)
    return pkcs11
