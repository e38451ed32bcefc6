"""Errors of the service: RFC 9457 problem details with a stable code."""

from __future__ import annotations

from xieka.contract.base import Reply

MEDIA_TYPE = "application/problem+json"


class Problem(Reply):
    """`code` is what programs go by (`auth.expired`, `request.too_long`, …); `title` is for people who read logs.

    Never holds what the sender sent.
    """

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    retry_after: int | None = None
    """Seconds; also in the header Retry-After."""
    request_id: str = ""
