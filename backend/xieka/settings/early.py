"""The one setting the window needs before anything else is imported: which background to open with."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, cast, get_args

Theme = Literal["system", "light", "dark"]


def theme(folder: Path) -> Theme:
    """The theme in `settings.toml`, or `system` when it cannot be had; SettingsService judges the file properly."""
    try:
        with (folder / "settings.toml").open("rb") as file:
            value = tomllib.load(file).get("theme")
    except (OSError, ValueError, RecursionError):
        return "system"
    return cast("Theme", value) if value in get_args(Theme) else "system"
