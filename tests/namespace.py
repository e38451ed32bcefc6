"""A corner of the kernel for one test: what is done to network or mounts in it is done to nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Literal

import pytest


def namespace(kind: Literal["net", "mount"]) -> list[str]:
    """The beginning of a command that runs in a namespace of its own, where it may mount or make links; skips where
    the kernel gives none.

    Root needs no user namespace, which containers often refuse.
    """
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    enter = ["unshare", *user, f"--{kind}"]
    trial = ["mount", "-t", "tmpfs", "tmpfs", "/mnt"] if kind == "mount" else ["true"]
    if shutil.which("unshare") is None or subprocess.run([*enter, *trial]).returncode:
        pytest.skip(f"no {kind} namespaces on this machine")
    return enter
