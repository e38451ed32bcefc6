"""Values of the settings room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from xieka.core.errors import XiekaError
from xieka.core.proxy import MAX_EXCEPTIONS, Mode, ProxySettings, normal_exception, normal_url
from xieka.settings.early import Theme

Size = Literal["normal", "large"]
RemindDays = Annotated[list[Annotated[int, Field(ge=0, le=365)]], Field(max_length=10)]
"""Days before a certificate's end at which a reminder comes."""


def _proxy_url(value: str) -> str:
    try:
        return normal_url(value)
    except XiekaError as wrong:
        raise ValueError(wrong.code) from wrong


def _proxy_exception(value: str) -> str:
    try:
        return normal_exception(value)
    except XiekaError as wrong:
        raise ValueError(wrong.code) from wrong


class Settings(BaseModel):
    """What the user chose; every field has the default of a fresh installation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    theme: Theme = "system"
    size: Size = "normal"
    preferred_token: str | None = Field(default=None, max_length=300)
    """Id of the Ukey to manage first when several are present (D-12)."""
    popup_on_insert: bool = True
    """Show the window when a Ukey is inserted (REQ-052, D-09)."""
    hide_on_removal: bool = True
    """Hide to the tray when the last Ukey leaves (REQ-053, D-10)."""
    ask_registration: bool = True
    """Open the page 用户注册 when a certificate is used on this computer for the first time (REQ-024)."""
    remind_expiry: bool = True
    """Remind of certificates that end soon or have ended."""
    remind_days: RemindDays = Field(default_factory=lambda: [90, 30, 7])
    """Each comes once per certificate."""
    import_signing_certificate: bool = True
    """Register a Ukey's signing certificate with the operating system when it is inserted (REQ-122)."""
    proxy_mode: Mode = "system"
    proxy_url: Annotated[str, AfterValidator(_proxy_url)] | None = None
    """`http://host:port`, never with a password; kept while another mode is chosen."""
    proxy_exceptions: list[Annotated[str, AfterValidator(_proxy_exception)]] = Field(
        default_factory=list, max_length=MAX_EXCEPTIONS
    )
    """Domains, addresses and networks reached directly."""

    @property
    def proxy(self) -> ProxySettings:
        """The three fields above as the fetcher takes them."""
        return ProxySettings(self.proxy_mode, self.proxy_url, tuple(self.proxy_exceptions))


Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 over a certificate's DER."""


class KnownCertificate(BaseModel):
    """A certificate that comes with a profile, in the folder of its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,60}\.cer$")]
    sha256: Fingerprint


class KindRule(BaseModel):
    """What marks certificates of one kind; every condition that is given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["yizhengtong", "legacy", "business"]
    extensions: list[str] = []
    """OIDs, one of which it has."""
    issuers: list[str] = []
    """Names (CN), one of which its issuer has."""
    policies: list[str] = []
    """OIDs of certificate policies, one of which it has."""


class MakerRule(BaseModel):
    """What marks the certificates of who may make seals; every condition that is given must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    issuers: list[str] = []
    """Names (CN), one of which its issuer has."""
    policies: list[str] = []
    """OIDs of certificate policies, one of which it has."""
    extensions: list[str] = []
    """OIDs, one of which it has."""
    organisations: list[str] = []
    """Names (O), none but which its subject has."""
    sha256: list[Fingerprint] = []
    """The certificates themselves."""

    @model_validator(mode="after")
    def _says_something(self) -> MakerRule:
        if not any((self.issuers, self.policies, self.extensions, self.organisations, self.sha256)):
            raise ValueError("a rule that everybody fits")
        return self


class Profile(BaseModel):
    """Whose product this installation serves."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    name: str
    practice: bool
    copyright: str
    note: str
    service: Annotated[str, Field(pattern=r"^https://")] | None = None
    """Address of the online service; the practice service's is found where the practice environment is."""
    anchors: list[KnownCertificate] = []
    """Roots that are trusted. In practice it is the practice authority's."""
    issuers: list[KnownCertificate] = []
    """Authorities that are known, for holders who bring no chain; trusted for nothing."""
    kinds: list[KindRule] = []
    """The first that fits decides."""
    seal_makers: list[MakerRule] = []
    """Who may make seals, beside having a certificate that is trusted. Empty: nobody has said."""
