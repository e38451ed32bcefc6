"""Inside a namespace with its own polkitd: installs a package as a user without rights. Prints `ok …` or the error.

Arguments: the package, its SHA-256. Begins as root, as the checkout may be closed to others, and puts that down before
anything is asked.
"""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

from tests.apps.native.programs import native
from xieka.apps.native.deb import Debian
from xieka.core.errors import XiekaError


def main() -> None:
    recipe = native().install
    assert recipe.kind == "native"
    user = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    told: list[int] = []
    system = Debian()
    assert system.supports("deb")
    try:
        system.install(recipe, Path(sys.argv[1]), sys.argv[2], told.append)
        standing = system.standing(recipe)
        print("ok", told[0], told[-1] > 50, standing and standing.version)  # noqa: T201
    except XiekaError as error:
        print(error.code, told, system.standing(recipe))  # noqa: T201


if __name__ == "__main__":
    main()
