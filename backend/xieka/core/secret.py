"""A PIN in memory: readable only on purpose, never by printing, formatting, JSON, pickling or logging."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """Holds secret bytes and refuses every accidental way out.

    Python may have copied the text before it arrived here (request body, JSON string); `wipe` overwrites
    the one copy this object owns, which is as far as the language allows.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | bytes) -> None:
        self._value = bytearray(value.encode("utf-8") if isinstance(value, str) else value)

    def reveal(self) -> str:
        """The secret as text (UTF-8). The caller hands it straight on and keeps no reference."""
        return self._value.decode("utf-8")

    def fingerprint(self, key: bytes) -> bytes:
        """HMAC-SHA-256 of the secret under a key that lives only in this process."""
        return hmac.digest(key, self._value, "sha256")

    def wipe(self) -> None:
        """Overwrite the bytes with zeros and forget their length."""
        for i in range(len(self._value)):
            self._value[i] = 0
        self._value = bytearray()

    def __len__(self) -> int:
        return len(self._value.decode("utf-8"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> NoReturn:
        raise TypeError("a Secret cannot become text; use reveal()")

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("a Secret cannot be formatted; use reveal()")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")
