"""Which components this program carries, from their own package metadata."""

from __future__ import annotations

import re
from importlib import metadata

from xieka.bridge.models import Licence

# What the frontend and the seals' fonts vendor has no Python metadata.
_VENDORED = (
    Licence(name="lit-html", version="3.3.3", licence="BSD-3-Clause"),
    Licence(name="Fluent System Icons", version="1.1.343", licence="MIT"),
    Licence(name="Noto CJK (subset)", version="2.001", licence="OFL-1.1"),
)


def licences() -> list[Licence]:
    """The components that the installed `xieka` declares (and that are installed), plus the vendored ones."""
    names = set()
    for requirement in metadata.requires("xieka") or ():
        if re.search(r"extra\s*==\s*['\"](test|setup)['\"]", requirement):
            continue
        names.add(re.split(r"[\s;<>=!~\[(]", requirement, maxsplit=1)[0])
    found = []
    for name in sorted(names, key=str.lower):
        try:
            found.append(_licence(metadata.metadata(name)))
        except metadata.PackageNotFoundError:
            continue
    return [*found, *_VENDORED]


def _licence(package: metadata.PackageMetadata) -> Licence:
    classifiers = [line for line in package.get_all("Classifier") or () if line.startswith("License ::")]
    said = _field(package, "License-Expression") or (classifiers[-1].rsplit(" :: ", 1)[-1] if classifiers else "")
    # Some packages put the whole licence text into the field; its first line names it.
    said = said or _field(package, "License").strip().split("\n", 1)[0]
    return Licence(name=package["Name"], version=package["Version"], licence=said[:80] or "—")


def _field(package: metadata.PackageMetadata, name: str) -> str:
    return package[name] if name in package else ""  # noqa: SIM401 - the typed interface has no get
