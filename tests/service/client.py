"""The in-process client of the service's tests."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Starlette wants httpx's successor; the tests need nothing it adds.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["TestClient"]
