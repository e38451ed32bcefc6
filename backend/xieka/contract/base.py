"""What all values of the contract share: frozen, strict about unknown names, bounded strings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from xieka.core import text


class Value(BaseModel):
    """A request's value: an unknown name is a mistake of the sender and refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reply(BaseModel):
    """A value an older client may read from a newer service: unknown names are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _plain(value: str) -> str:
    if text.plain(value) != value:
        raise ValueError("control or direction characters")
    return value


def plain_lines(value: str) -> str:
    """The text itself. Raises ValueError for controls (but line feed and tab) and direction-changing characters."""
    _plain(value.replace("\n", " ").replace("\t", " "))
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_plain)]
"""One line people read: no control and no direction-changing characters."""
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(plain_lines)]
"""Longer text; where it is shown, it is shown as text. Line feeds and tabs are its only controls."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name that never changes: what the client keeps to remember a thing by."""
Random256 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""256 random bits as base64url without padding: nonces, codes, bearer tokens."""
When = AwareDatetime
"""A moment with its time zone."""
