"""A small HTTP load generator for the loopback: many keep-alive connections on one event loop, nothing in between."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Figures:
    """Times of one kind of request, in seconds, and what was not answered as it should be."""

    times: list[float] = field(default_factory=list)
    bad: int = 0

    def __str__(self) -> str:
        if len(self.times) < 2:
            return f"{len(self.times)} answers, {self.bad} bad"
        parts = statistics.quantiles(self.times, n=100)
        return f"p50 {parts[49] * 1000:.0f} ms, p99 {parts[98] * 1000:.0f} ms, {self.bad} bad"


class Connection:
    """One keep-alive connection, one request at a time."""

    def __init__(self, port: int, figures: Mapping[str, Figures]) -> None:
        self._port = port
        self._figures = figures
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, name: str, method: str, path: str, body: Any = None, *, expected: int = 200) -> bytes | None:
        """The answer's body, timed as `name`; None (counted as bad) for another status or a broken connection."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(content)}\r\n\r\n"
        began = time.perf_counter()
        try:
            reader, writer = await self._opened()
            writer.write(head.encode() + content)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            data = await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            self._figures[name].bad += 1
            self.close()
            return None
        self._figures[name].times.append(time.perf_counter() - began)
        if int(answer[9:12]) != expected:
            self._figures[name].bad += 1
            return None
        return data

    def close(self) -> None:
        """Give the connection up; the next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams


def run(
    ports: list[int], clients: int, seconds: float, names: list[str], work: Callable[[Connection, int], Awaitable[None]]
) -> tuple[dict[str, Figures], float]:
    """`clients` do `work` over and over for so long. Returns figures by name, and the seconds it really took."""
    figures = {name: Figures() for name in names}

    async def client(number: int, until: float) -> None:
        connection = Connection(ports[number % len(ports)], figures)
        while time.perf_counter() < until:
            await work(connection, number)
        connection.close()

    async def all_clients() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(client(number, began + seconds) for number in range(clients)))
        return time.perf_counter() - began

    took = asyncio.run(all_clients())
    return figures, took
