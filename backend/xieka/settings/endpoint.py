"""Where the service of a profile is, and the root of trust in what it signs."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from xieka.settings.models import Profile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` None: the profile has no service, the program works with what it was shipped with."""

    url: str | None
    root: bytes | None
    """The signed content's root metadata; None where there is none to trust."""


def endpoint(profile: Profile, practice: Path) -> Endpoint:
    """The profile's own service, or the practice service of this computer."""
    if not profile.practice:
        return Endpoint(profile.service, None)
    try:
        url = json.loads((practice / "endpoint.json").read_bytes())["service"]
        root = (practice / "service" / "content" / "metadata" / "1.root.json").read_bytes()
        return Endpoint(str(url), root)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("no practice service: %s", type(error).__name__)
        return Endpoint(None, None)
