"""How python-tuf fetches: through the client's one fetcher, in memory, with progress and cancel."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from tuf.api.exceptions import DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient.fetcher import FetcherInterface

from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.http_errors import RefusedError

Progress = Callable[[int, int | None], None]
"""Called with (bytes fetched so far, bytes in all or None while that is not known)."""

LARGEST = 5_000_000
_GONE = (403, 404, 410)


class Fetcher(FetcherInterface):
    """One refresh's fetcher."""

    def __init__(self, http: Http, on_progress: Progress | None, cancel: threading.Event | None) -> None:
        self._http = http
        self._on_progress = on_progress
        self._cancel = cancel
        self._fetched = 0
        self._total: int | None = None

    def expect(self, further: int) -> None:
        """From now on progress tells of a total: what is fetched already and `further` bytes."""
        self._total = self._fetched + further

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """In memory, not over the system's folder for temporary files, and never a byte more than `max_length`.

        Raises what ngclient understands (missing, too long); every other failure stays a XiekaError.
        """
        begun = self._fetched

        def tell(done: int, _: int | None) -> None:
            self._fetched = begun + done
            if self._on_progress is not None:
                self._on_progress(self._fetched, self._total)

        try:
            reply = self._http.get(url, limit=max_length, cancel=self._cancel, progress=tell)
        except RefusedError as refused:
            if refused.status in _GONE:
                raise DownloadHTTPError("not there", refused.status) from refused
            raise
        except XiekaError as error:
            if error.code == "E-NET-16":
                raise DownloadLengthMismatchError("too long") from error
            raise
        yield io.BytesIO(reply.body)

    def _fetch(self, url: str) -> Iterator[bytes]:
        """Required by the base class; nothing calls it as `download_file` is our own."""
        with self.download_file(url, LARGEST) as file:
            yield file.read()
