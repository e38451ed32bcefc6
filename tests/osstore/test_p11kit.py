"""p11-kit's own program sees our module where it is meant to, and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.osstore import computer
from xieka.osstore import p11kit
from xieka.osstore.models import Item

pytestmark = pytest.mark.skipif(shutil.which("p11-kit") is None, reason="p11-kit is not installed")


@pytest.fixture
def root() -> Iterator[Path]:
    """A home that another user can read: p11-kit does not look at root's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def listed(root: Path, program: str) -> bool:
    """Whether p11-kit, running under this name, has our module."""
    named = root / program
    if not named.exists():
        named.symlink_to(shutil.which("p11-kit") or "")
    conf = root / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {root}\n", "utf-8")
    environment = {"HOME": str(root), "SOFTHSM2_CONF": str(conf), "PATH": os.environ["PATH"]}
    if os.geteuid() == 0:
        # What root has made belongs to the one who looks now.
        for path in root.rglob("*"):
            os.chown(path, 65534, 65534, follow_symlinks=False)
    user = {"user": 65534, "group": 65534, "extra_groups": ()} if os.geteuid() == 0 else {}
    run = subprocess.run(
        [str(named), "list-modules"], env=environment, capture_output=True, text=True, timeout=20, check=True, **user
    )
    return "xieka-firm-" in run.stdout


def test_only_the_named_programs_get_it_and_only_while_it_is_registered(root: Path) -> None:
    library = computer.library(root)
    folder = root / ".config" / "pkcs11" / "modules"
    assert not listed(root, "epiphany")
    p11kit.add(folder, Item("firm", library, b""))
    assert listed(root, "epiphany")
    assert not listed(root, "some-other-program")
    p11kit.remove(folder)
    assert not listed(root, "epiphany")
    assert not folder.parent.exists()


def test_what_others_registered_stays(root: Path) -> None:
    library = computer.library(root)
    folder = root / ".config" / "pkcs11" / "modules"
    folder.mkdir(parents=True)
    theirs = {
        "mine.module": f"module: {library}\n",
        # Our name, but it is not the name for this library: somebody has copied ours and changed it.
        "xieka-firm-00000000.module": "module: /opt/other.so\n",
    }
    for name, text in theirs.items():
        (folder / name).write_text(text, "utf-8")
    p11kit.add(folder, Item("firm", library, b""))
    p11kit.remove(folder)
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == theirs
