"""What an answer means: wanted, refused, or not from the service at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from xieka.core.errors import XiekaError
from xieka.core.http_errors import RefusedError, shown_proxy

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")

_PROBLEM_CODE = re.compile(r"[a-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer (status 200 … 299), read whole."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises XiekaError E-NET-03 when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as wrong:
            raise XiekaError("E-NET-03") from wrong

    def parsed(self, model: type[M]) -> M:
        """The body as a value of the contract. Raises XiekaError E-NET-03 when it is none."""
        try:
            return model.model_validate_json(self.body)
        except ValueError as wrong:
            raise XiekaError("E-NET-03") from wrong


def judged(reply: Reply, proxy: str | None) -> Reply:
    """The answer itself if it is a wanted one. The service never answers the client with a page.

    Raises XiekaError E-NET-02 for a login page of the network, E-NET-09 for a proxy that wants a password, and
    RefusedError for other error statuses.
    """
    status = reply.status
    # 511: RFC 6585 §6.
    if status == 511 or (status < 300 and is_page(reply.media_type, reply.body)):
        raise XiekaError("E-NET-02")
    if status == 407:
        raise XiekaError("E-NET-09", proxy=shown_proxy(proxy or ""))
    if status >= 300:
        raise RefusedError(status, _problem_code(reply), _seconds(reply.headers.get("Retry-After", "")))
    return reply


def is_page(media_type: str, beginning: bytes) -> bool:
    """True for a web page, called so or not."""
    return media_type == "text/html" or beginning[:200].lstrip()[:9].lower().startswith((b"<!doctype", b"<html"))


def same_place(url: str, location: str) -> str:
    """Where a redirect leads, if that is the same scheme, host and port.

    Raises XiekaError E-NET-02: elsewhere is where a network's login page sends people.
    """
    target = urljoin(url, location)
    if urlsplit(target)[:2] != urlsplit(url)[:2]:
        raise XiekaError("E-NET-02")
    return target


def _problem_code(reply: Reply) -> str:
    """`code` of RFC 9457 problem details."""
    if reply.media_type != "application/problem+json":
        return ""
    try:
        code = json.loads(reply.body)["code"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) and _PROBLEM_CODE.fullmatch(code) else ""


def _seconds(value: str) -> int | None:
    return min(int(value), 86_400) if value.isdecimal() and len(value) < 9 else None
