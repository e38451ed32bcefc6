from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.parametrize(
    "command", [pytest.param(["-m", "xieka", "serve"], id="module"), pytest.param([], id="installed command")]
)
def test_no_core_file_is_written_of_a_program_that_sees_a_pin(command: list[str], tmp_path: Path) -> None:
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this machine allows no core files to begin with")
    command = command or [str(Path(sys.executable).with_name("xieka")), "serve"]
    with subprocess.Popen(
        [sys.executable, "-c", START, *command],
        env={**os.environ, "XIEKA_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            assert program.stdout
            # Its address: it is up.
            assert program.stdout.readline().startswith("http://127.0.0.1:")
            limits = Path(f"/proc/{program.pid}/limits").read_text(encoding="ascii")
            (line,) = [one for one in limits.splitlines() if one.startswith("Max core file size")]
            assert line.split()[4] == "0"
        finally:
            program.terminate()
