from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.build.checkout import ROOT

INSTALLERS = ("apt-get", "sudo", "npm", "pip")


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A checkout that an unprivileged user may write to, its name with a blank and Chinese characters."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "协卡 助手"
        shutil.copytree(ROOT / "build", folder / "build", ignore=shutil.ignore_patterns("node_modules"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        folder.chmod(0o777)
        yield folder


def commands(folder: Path, **scripts: str) -> Path:
    """A folder of commands to put before all others; each notes that it was called in `calls`."""
    place = folder / "commands"
    place.mkdir()
    for name, body in scripts.items():
        file = place / name.replace("_", "-")
        file.write_text(f'#!/bin/sh\necho "{file.name} $*" >>{shlex.quote(str(place / "calls"))}\n{body}\n')
        file.chmod(0o755)
    (place / "calls").touch()
    (place / "calls").chmod(0o666)
    return place


def set_up(folder: Path, path: str, *before: str, mode: str = "run") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}
    command = [*before, str(folder / "build" / "setup"), mode]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.skipif(not (ROOT / ".venv/.ready-test").exists(), reason="this environment was not made by build/setup")
def test_the_second_time_nothing_is_called_and_it_is_quick(tmp_path: Path) -> None:
    place = commands(tmp_path, **dict.fromkeys(INSTALLERS, "exit 1"))
    begun = time.monotonic()
    done = set_up(ROOT, f"{place}:{os.environ['PATH']}", mode="test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (place / "calls").read_text() == ""
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize(
    "name",
    ["plain", "协卡 助手", "a[b]+c (2)", "x.y$z"],
)
def test_an_environment_is_found_again_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / "build", folder / "build", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    venv = folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv --clear {venv}\n")
    stamped = ("build/requirements-setup.lock", "build/requirements.lock", "pyproject.toml")
    content = b"".join((folder / file).read_bytes() for file in stamped)
    (venv / ".ready-run").write_text(hashlib.sha256(content).hexdigest()[:32] + "\n")
    installed = 'shift 3; for name; do printf "|ii %s|" "$name"; done'
    # It may be asked whether it will do; making an environment takes half a minute.
    python = "[ $1 = -c ]"
    place = commands(folder, dpkg_query=installed, python3=python, **dict.fromkeys(INSTALLERS, "exit 1"))
    done = set_up(folder, f"{place}:{os.environ['PATH']}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "venv" not in (place / "calls").read_text()
    # Of another folder it is not: a virtual environment cannot be moved.
    (venv / "pyvenv.cfg").write_text(f"command = /usr/bin/python3 -m venv --clear /elsewhere{venv}\n")
    assert set_up(folder, f"{place}:{os.environ['PATH']}").returncode == 1
    assert f"python3 -m venv --clear {venv}\n" in (place / "calls").read_text()


def test_without_root_and_sudo_it_names_the_line_to_run(checkout: Path) -> None:
    place = commands(checkout, dpkg_query="exit 1", apt_get="exit 1", apt_cache="echo libegl1; echo libasound2")
    # Only these, so that no sudo is found.
    for name in ("bash", "env", "dirname", "readlink", "mkdir", "flock", "tr", "grep"):
        (place / name).symlink_to(str(shutil.which(name)))
    setpriv = str(shutil.which("setpriv"))
    nobody = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    done = set_up(checkout, str(place), *nobody)
    assert done.returncode == 1
    line = done.stderr.strip().splitlines()[-1]
    assert line.startswith("✗ apt-get update; apt-get install -y --no-install-recommends libegl1 ")
    # The name this system knows, not the newer one.
    assert " libasound2 " in line
    assert "libasound2t64" not in line
    assert line.endswith(" python3 python3-venv")
    assert "apt-get" not in (place / "calls").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the same steps go through sudo")
def test_a_failing_package_list_is_no_failure_but_a_failing_install_is(checkout: Path) -> None:
    refuse = 'echo "E: no room for $1"; exit 100'
    place = commands(checkout, dpkg_query="exit 1", apt_get=refuse, apt_cache="echo libegl1")
    done = set_up(checkout, f"{place}:{os.environ['PATH']}")
    assert done.returncode == 1
    called = [line for line in (place / "calls").read_text().splitlines() if line.startswith("apt-get ")]
    assert [line.split()[1] for line in called] == ["update", "install"]
    assert "E: no room for install" in done.stderr
    assert "系统软件包没有装好：libegl1" in done.stderr


@pytest.mark.parametrize("script", ["build/setup run", "build/test"], ids=["set-up", "test"])
def test_a_folder_that_cannot_be_written_is_said(checkout: Path, script: str) -> None:
    (checkout / "dist").write_text("a file where the folder belongs")
    name, *arguments = script.split()
    done = subprocess.run(
        [str(checkout / name), *arguments], capture_output=True, text=True, timeout=100, check=False, env=os.environ
    )
    assert done.returncode == 1
    assert "这个文件夹不可写" in done.stderr


def test_the_interpreter_of_the_tests_is_the_environments() -> None:
    assert Path(sys.prefix) == ROOT / ".venv"
