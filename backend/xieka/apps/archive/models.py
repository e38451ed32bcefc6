"""What comes out of a package."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from xieka.apps.archive.names import PATH_BYTES, judged
from xieka.core.errors import XiekaError

Progress = Callable[[int, int], None]
"""Called with (bytes unpacked so far, bytes announced), at most ten times a second and once at the end."""
Cancel = threading.Event


def _below(path: str) -> str:
    try:
        judged(path)
    except XiekaError as error:
        raise ValueError(error.code) from error
    return path


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that was written. A dataclass: a package may have 100,000, and they are kept for the ledger."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=PATH_BYTES), AfterValidator(_below)]
    """Below the folder, with `/`."""
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    executable: bool
