"""How programs of Windows reach a Ukey's keys: the `[windows]` table of its driver's manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Naming = Literal["label", "id-hex", "id-text"]
KeySpec = Literal["signature", "exchange"]
NAMINGS: Final = get_args(Naming)
KEY_SPECS: Final = get_args(KeySpec)
_LONGEST: Final = 260
"""Characters of a container's name (MAX_PATH, the limit of Microsoft's own providers)."""


@dataclass(frozen=True, slots=True)
class KeyLink:
    """Where a certificate's key is (CRYPT_KEY_PROV_INFO, wincrypt.h)."""

    container: str
    provider: str
    """Name of the CSP or KSP."""
    provider_type: int
    """0: it is a KSP."""
    key_spec: int
    """AT_KEYEXCHANGE 1, AT_SIGNATURE 2; 0 for a KSP, whose containers hold one key."""


@dataclass(frozen=True, slots=True)
class WindowsKeys:
    """The vendor's provider, and how it names the key container of a certificate on the token."""

    provider: str
    provider_type: int
    container: Naming
    key: KeySpec

    def link(self, label: str, object_id: str) -> KeyLink | None:
        """For a certificate with this CKA_LABEL and CKA_ID (hex). None: they make no container's name."""
        name = {"label": label, "id-hex": object_id, "id-text": _text(object_id)}[self.container]
        if not name or not name.isprintable() or len(name) > _LONGEST:
            return None
        spec = 0 if self.provider_type == 0 else 2 if self.key == "signature" else 1
        return KeyLink(name, self.provider, self.provider_type, spec)


def _text(object_id: str) -> str:
    try:
        return bytes.fromhex(object_id).decode("ascii")
    except ValueError:
        return ""
