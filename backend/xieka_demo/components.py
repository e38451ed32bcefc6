"""Outside components of the practice environment: SoftHSM's library and the fault shim."""

from __future__ import annotations

import tomllib
from pathlib import Path

from xieka.core import paths
from xieka.core.errors import XiekaError
from xieka.core.system import PLATFORM

_SHIM = Path("dist/tokens/shim.so")


def softhsm() -> Path:
    """SoftHSM's PKCS#11 library, where its driver manifest says. Raises XiekaError E-DEM-03."""
    manifest = tomllib.loads((paths.bundled("drivers") / "softhsm" / "driver.toml").read_text("utf-8"))
    for candidate in manifest["module"].get(PLATFORM, ()):
        if Path(candidate).is_file():
            return Path(candidate)
    raise XiekaError("E-DEM-03", name="SoftHSM", package="softhsm2")


def shim() -> Path | None:
    """The fault shim, where the set-up of a checkout builds it; an installed program has none."""
    path = Path(__file__).resolve().parents[2] / _SHIM
    return path if path.is_file() else None
