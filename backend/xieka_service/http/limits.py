"""What a request may cost before anything looks at it: length, time, and how many at once."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xieka_service.http.problems import BUSY, TOO_LONG, TOO_SLOW, Kind, response

BODY_SECONDS = 10.0
"""By then a body has arrived completely."""
RETRY_SECONDS = 2


class Limits:
    """Reads the whole body before the app is called: a slow or endless one never holds a thread (ASGI)."""

    def __init__(self, app: ASGIApp, *, body: int, concurrency: int) -> None:
        self._app = app
        self._body = body
        self._concurrency = concurrency
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._running >= self._concurrency:
            await self._refuse(BUSY, scope, receive, send, RETRY_SECONDS)
            return
        self._running += 1
        try:
            await self._limited(scope, receive, send)
        finally:
            self._running -= 1

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._read(scope, receive)
        except TimeoutError:
            await self._refuse(TOO_SLOW, scope, receive, send)
            return
        except ConnectionError:
            # The sender has gone: nobody is left to answer.
            return
        if body is None:
            await self._refuse(TOO_LONG, scope, receive, send)
            return
        first: Message | None = {"type": "http.request", "body": body, "more_body": False}

        async def again() -> Message:
            nonlocal first
            if first is None:
                return await receive()
            message, first = first, None
            return message

        await self._app(scope, again, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None when it is, or says it will be, longer than accepted. Raises ConnectionError."""
        for name, value in scope["headers"]:
            if name == b"content-length" and int(value) > self._body:
                return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            body += message.get("body", b"")
            if len(body) > self._body:
                return None
            if not message.get("more_body"):
                return bytes(body)

    async def _refuse(
        self, kind: Kind, scope: Scope, receive: Receive, send: Send, retry_after: int | None = None
    ) -> None:
        # What was not read of the request is not read: the connection ends with the answer.
        answer = response(kind, scope["state"]["request_id"], retry_after=retry_after, headers={"Connection": "close"})
        await answer(scope, receive, send)
