"""The publisher's signing keys: Ed25519 in PEM files (PKCS#8), one folder, 0600.

A role's keys are `ROLE.pem`, `ROLE-2.pem`, …; which of them count is said by the root metadata alone, so a file left
over from an interrupted rotation does no harm. The root's files are the ones an operator keeps offline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole

ROLES = ("root", "targets", "snapshot", "timestamp")


@dataclass(frozen=True, slots=True, repr=False)
class KeyFolder:
    """The folder of private keys. Nothing of a key is ever printed."""

    folder: Path

    def has(self, role: str) -> bool:
        """Whether there is any key file of the role."""
        return bool(self._files(role))

    def create(self, role: str) -> CryptoSigner:
        """A new key in a file of its own. Raises OSError."""
        number = max((_number(path, role) or 0 for path in self._files(role)), default=0) + 1
        signer = CryptoSigner.generate_ed25519()
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{role}.pem" if number == 1 else f"{role}-{number}.pem"
        write_whole(signer.private_bytes, self.folder / name, mode=0o600)
        return signer

    def damaged(self, role: str) -> list[str]:
        """Names of the role's files that hold no Ed25519 key."""
        return [path.name for path in self._files(role) if _load(path) is None]

    def all(self, role: str) -> list[CryptoSigner]:
        """Every readable key of the role."""
        return [signer for path in self._files(role) if (signer := _load(path))]

    def signers(self, role: str, root: Root) -> list[CryptoSigner]:
        """The role's keys that `root` trusts, as many as its threshold or more.

        Raises XiekaError E-PUB-02 when no file is there, E-PUB-03 when those that are there are damaged or not trusted.
        """
        found = self.trusted(role, root)
        if len(found) >= root.roles[role].threshold:
            return found
        files = self._files(role)
        if len(files) < root.roles[role].threshold:
            raise XiekaError("E-PUB-02", role=role, folder=str(self.folder))
        raise XiekaError("E-PUB-03", name="、".join(path.name for path in files), folder=str(self.folder))

    def trusted(self, role: str, root: Root) -> list[CryptoSigner]:
        """The role's keys that `root` trusts; may be too few."""
        trusted = root.roles[role].keyids
        return [signer for signer in self.all(role) if signer.public_key.keyid in trusted]

    def forget(self, role: str, root: Root) -> None:
        """Delete the role's readable keys that `root` does not trust. Raises OSError."""
        trusted = root.roles[role].keyids
        for path in self._files(role):
            if (signer := _load(path)) and signer.public_key.keyid not in trusted:
                path.unlink()

    def _files(self, role: str) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _number(path, role))


def _number(path: Path, role: str) -> int | None:
    match = re.fullmatch(rf"{role}(?:-([1-9][0-9]*))?\.pem", path.name)
    return int(match[1] or 1) if match else None


def _load(path: Path) -> CryptoSigner | None:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        # Damaged, encrypted or not ours: the same to a publisher, and nothing of it may stand in a message.
        return None
    return CryptoSigner(key) if isinstance(key, Ed25519PrivateKey) else None
