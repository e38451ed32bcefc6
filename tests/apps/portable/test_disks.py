"""Real disks that are full or read-only, in a mount namespace of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.namespace import namespace

SCRIPT = """
import json, os, subprocess, sys
from pathlib import Path
from tests.apps.portable.world import ID, V1, V2, World, leaves, packed, program, recipe
from xieka.apps import places
from xieka.core.errors import XiekaError

case, root = sys.argv[1], Path(sys.argv[2])
world = World(root)
def mount(*words):
    subprocess.run(["mount", *words], check=True)
def told(act):
    try:
        act()
    except XiekaError as error:
        return error.body()
mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(world.programs))
places.SPARE = -(1 << 40)
world.install()
world.use()
before = world.state()
if case == "full":
    (world.root / "包 2.0.zip").write_bytes(packed({**V2, "大": os.urandom(2 << 20)}))
    package = world.root / "包 2.0.zip"
    answer = told(lambda: world.installer().install(program("2.0"), recipe(3 << 20), package, world.target))
elif case == "read-only":
    mount("-o", "remount,ro", str(world.programs))
    answer = told(lambda: world.install(V2, "2.0"))
    answer = [answer, told(lambda: world.installer().uninstall(ID, keep_user_data=False))]
elif case == "books-full":
    mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", str(world.books))
    package = world.root / "包 1.0.zip"
    answer = told(lambda: world.installer().install(program(id_="other"), recipe(), package, world.programs / "o"))
elif case == "books-read-only":
    mount("-t", "tmpfs", "-o", "ro", "tmpfs", str(world.books))
    answer = told(lambda: world.install(V2, "2.0"))
elif case == "mounted-inside":
    (world.target / "资料" / "盘").mkdir()
    mount("-t", "tmpfs", "tmpfs", str(world.target / "资料" / "盘"))
    (world.target / "资料" / "盘" / "照片").write_bytes(b"on another disk")
    answer = told(lambda: world.installer().uninstall(ID, keep_user_data=False))
    print(json.dumps([answer, leaves(world.target) == {"资料/盘/照片"}]))
    raise SystemExit
print(json.dumps([answer, world.state() == before]))
"""


def on_a_disk(case: str, root: Path) -> list[object]:
    here = Path(__file__).parents[3]
    paths = [str(here), *(path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path)]
    done = subprocess.run(
        [*namespace("mount"), sys.executable, "-c", SCRIPT, case, str(root)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_a_full_disk(tmp_path: Path) -> None:
    error, same = on_a_disk("full", tmp_path)
    assert isinstance(error, dict)
    assert error["code"] == "E-DSK-01"
    assert "剩余 1 MB" in error["kept"] or "剩余 0 MB" in error["kept"]
    assert same


def test_a_read_only_disk(tmp_path: Path) -> None:
    errors, same = on_a_disk("read-only", tmp_path)
    assert isinstance(errors, list)
    assert [error["code"] for error in errors] == ["E-INS-12", "E-INS-12"]
    assert same


def test_no_room_for_the_books(tmp_path: Path) -> None:
    error, _ = on_a_disk("books-full", tmp_path)
    assert isinstance(error, dict)
    assert error["code"] == "E-DSK-01"


def test_books_that_cannot_be_written(tmp_path: Path) -> None:
    error, _ = on_a_disk("books-read-only", tmp_path)
    assert isinstance(error, dict)
    assert error["code"] == "E-INS-12"


def test_another_disk_mounted_in_the_folder_stays_whole(tmp_path: Path) -> None:
    error, whole = on_a_disk("mounted-inside", tmp_path)
    assert isinstance(error, dict)
    assert error["code"] == "E-INS-22"
    assert whole
