"""How long signatures live and how many keys the root has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """An operator's choice. A role is signed anew when less than half of its life is left."""

    root_keys: int = 1
    root_threshold: int = 1
    """How many of the root's keys must sign."""
    root_life: timedelta = timedelta(days=365)
    targets_life: timedelta = timedelta(days=90)
    snapshot_life: timedelta = timedelta(days=7)
    timestamp_life: timedelta = timedelta(days=1)
    keep: int = 5
    """Versions whose files stay for clients that are in the middle of a refresh."""

    def __post_init__(self) -> None:
        if not 1 <= self.root_threshold <= self.root_keys or self.keep < 1:
            raise ValueError("a threshold from 1 to the number of keys, and one version at least")

    def life(self, role: str) -> timedelta:
        """How long a signature of the role counts."""
        lives = {
            "root": self.root_life,
            "targets": self.targets_life,
            "snapshot": self.snapshot_life,
            "timestamp": self.timestamp_life,
        }
        return lives[role]

    def expires(self, role: str, now: datetime) -> datetime:
        """When a signature made `now` ends; whole seconds, UTC."""
        return now.astimezone(UTC).replace(microsecond=0) + self.life(role)

    def is_due(self, role: str, expires: datetime, now: datetime) -> bool:
        """Whether less than half of its life is left."""
        return expires - now < self.life(role) / 2
