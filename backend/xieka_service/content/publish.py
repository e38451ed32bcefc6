"""What an operator, an editor and the worker call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xieka_service.content.checking import check
from xieka_service.content.keys import KeyFolder
from xieka_service.content.lock import exclusive
from xieka_service.content.policy import Policy
from xieka_service.content.repository import Repository

__all__ = ["DEFAULT_POLICY", "SEED", "Published", "check", "publish", "renew_root", "resign", "rotate"]

SEED = Path(__file__).parent / "seed"
"""The editor's folder of the demo profile."""
DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Published:
    """What is served after a publish."""

    changed: bool
    """False: the same content was already there, and nothing had to be signed anew."""
    version: int
    """Version of the targets' metadata."""
    targets: int
    """How many files are served."""
    targets_expire: datetime
    """Publish again before this, also when nothing changes: clients call the content out of date afterwards."""
    root_expires: datetime
    """Call `renew_root` before this, or no client takes anything any more."""


def publish(
    source: Path, data: Path, *, now: datetime, keys: Path | None = None, policy: Policy = DEFAULT_POLICY
) -> Published:
    """Check the editor's folder and serve it from DATA/content; the first time with new keys and a new root.

    `keys`: folder of the private keys (DATA/keys/content). The root's are needed only the first time. Raises
    SourceErrors when the folder has mistakes, XiekaError E-PUB-02 … E-PUB-07; nothing is changed then.
    """
    content = check(source, now)
    with _opened(data, keys, policy) as repository:
        changed = True
        if repository.exists:
            changed = repository.update(repository.state(), content, now)
        else:
            repository.create(content, now)
        state = repository.state()
    return Published(
        changed, state.targets.version, len(state.targets.targets), state.targets.expires, state.root.expires
    )


def resign(data: Path, now: datetime, *, keys: Path | None = None, policy: Policy = DEFAULT_POLICY) -> bool:
    """Sign timestamp and snapshot anew when less than half of their life is left; True when something was signed.

    For the worker, any number of times and from any number of processes. False too when nothing was published yet.
    Raises XiekaError E-PUB-02 … E-PUB-07.
    """
    if not (data / "content" / "metadata").is_dir():
        return False
    with _opened(data, keys, policy) as repository:
        return repository.resign(repository.state(), now)


def rotate(data: Path, role: str, now: datetime, *, keys: Path | None = None, policy: Policy = DEFAULT_POLICY) -> None:
    """Replace the key(s) of root, targets, snapshot or timestamp. Needs the root's keys. See Repository.rotate."""
    with _opened(data, keys, policy) as repository:
        repository.rotate(repository.state(), role, now)


def renew_root(data: Path, now: datetime, *, keys: Path | None = None, policy: Policy = DEFAULT_POLICY) -> datetime:
    """Sign the root for another term, with its keys back at hand; returns its new end."""
    with _opened(data, keys, policy) as repository:
        repository.renew_root(repository.state(), now)
        return repository.state().root.expires


@contextmanager
def _opened(data: Path, keys: Path | None, policy: Policy) -> Iterator[Repository]:
    with exclusive(data / "content.lock"):
        yield Repository(data / "content", KeyFolder(keys or data / "keys" / "content"), policy)
