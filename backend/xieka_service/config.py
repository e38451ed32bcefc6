"""What an operator decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, and one more each `every`."""

    burst: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Rates:
    """Limits that hold across all processes on one database. An office's computers share one address."""

    address: Rate = Rate(120, timedelta(seconds=1))
    """Requests that change something or cost work, per network address."""
    certificate: Rate = Rate(10, timedelta(seconds=30))
    """Sessions per certificate."""


@dataclass(frozen=True, slots=True)
class Config:
    """How one service process runs."""

    data: Path
    """Folder of everything that is not in the database: trust/, intermediates/, keys/, content/."""
    database: str = ""
    """sqlite:///FILE or postgresql://…; empty: DATA/service.sqlite3."""
    host: str = "127.0.0.1"
    port: int = 0
    """0: any free one."""
    public_url: str = ""
    """How clients reach the service, and so the audience of what they sign; empty: http://HOST:PORT."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For is believed."""
    open_metrics: bool = False
    """Whether /metrics answers others than this computer."""
    body_limit: int = 65_536
    """Longest request body, in bytes."""
    concurrency: int = 1_000
    """Requests in work at once; one more is told to come again."""
    rates: Rates = field(default_factory=Rates)

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{self.data.absolute() / 'service.sqlite3'}"

    @property
    def audience(self) -> str:
        """The address without a slash at its end."""
        return (self.public_url or self.local_url).rstrip("/")

    @property
    def local_url(self) -> str:
        """Where the process itself listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def trust(self) -> Path:
        """Trust anchors: one certificate a file, PEM or DER."""
        return self.data / "trust"

    @property
    def intermediates(self) -> Path:
        """Certificates of authorities between anchors and holders; not trusted by themselves."""
        return self.data / "intermediates"

    @property
    def keys(self) -> Path:
        """Secret keys, readable by the service alone (0600)."""
        return self.data / "keys"
