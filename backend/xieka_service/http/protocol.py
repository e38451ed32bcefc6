"""uvicorn's HTTP protocol with the deadlines it lacks: a request's head must arrive, an answer must be read."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from xieka_service.http.problems import MALFORMED, response

HEAD_SECONDS = 10.0
"""From the connection's beginning, or a request's first byte, until its head is there."""
READER_SECONDS = 30.0
"""How long a reader may take nothing while an answer waits for it."""


class Protocol(H11Protocol):
    """Ends connections that only hold a place (“slowloris”, slow readers)."""

    _head: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection begins: its first head is awaited."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Bytes came. The deadline stands until a head is complete, however many small pieces it comes in."""
        super().data_received(data)
        self._await_head()

    def on_response_complete(self) -> None:
        """An answer ended: uvicorn's keep-alive time runs until the next head's first byte."""
        super().on_response_complete()
        self._stop_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection ended."""
        self._stop_head()
        self._stop_reader()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The reader does not keep up."""
        super().pause_writing()
        if self._reader is None:
            self._reader = self.loop.call_later(READER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader has caught up."""
        self._stop_reader()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What is not HTTP is answered as everything else is."""
        answer = response(MALFORMED, "", headers={"Connection": "close"})
        head = h11.Response(status_code=answer.status_code, headers=answer.raw_headers, reason=b"Bad Request")
        for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _await_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_head()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self.transport.abort()

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _stop_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None


def settings() -> dict[str, Any]:
    """uvicorn's settings that belong to these limits."""
    return {"http": Protocol, "ws": "none", "h11_max_incomplete_event_size": 16_384, "timeout_keep_alive": 15}
