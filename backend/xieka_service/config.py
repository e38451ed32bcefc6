"""What an operator decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit


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
    """Sessions per certificate, and, counted by themselves, openings of the registration page."""


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
    operator: str = ""
    """Who answers for personal data, as the registration page names them; empty: nobody is asked to register."""
    operator_contact: str = ""
    """How people reach the operator about their data; as necessary as the name."""
    practice: bool = False
    """The registration page says that it is practice."""

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{self.data.absolute() / 'service.sqlite3'}"

    @property
    def audience(self) -> str:
        """The address without a slash at its end."""
        return (self.public_url or self.local_url).rstrip("/")

    @property
    def origin(self) -> str:
        """The audience as a browser names where a page comes from (RFC 6454, section 6.1)."""
        parts = urlsplit(self.audience)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{parts.scheme}://{host}" + ("" if parts.port in (None, usual) else f":{parts.port}")

    @property
    def https(self) -> bool:
        """Clients come by TLS."""
        return self.audience.startswith("https:")

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
