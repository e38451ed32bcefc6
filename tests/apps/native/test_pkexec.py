"""The system's own question, by the real pkexec and polkitd, with a user who has no rights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apps.native.computer import FRESH, package, sha256
from tests.namespace import namespace

ROOT = Path(__file__).parents[3]
ANSWERS = {"yes": "YES", "no": "NO", "nobody is there to answer": "AUTH_ADMIN"}
# pkexec serves no process whose parent is the first of its namespace, hence the second shell.
INSIDE = """set -e
mount -t tmpfs tmpfs /run; mkdir /run/dbus
mount -t tmpfs tmpfs /etc/polkit-1/rules.d
mount --bind "$ROOT" /mnt
printf '%s\\n' 'polkit.addRule(function (action, subject) {
  return action.id === "org.freedesktop.policykit.exec" && subject.user === "nobody" ? polkit.Result.'"$ANSWER"' : null;
});' >/etc/polkit-1/rules.d/50-test.rules
dbus-daemon --system --nofork --nopidfile 2>/dev/null & sleep 0.3
/usr/lib/polkit-1/polkitd --no-debug & sleep 0.7
cd /mnt
sh -c '"$@"; true' sh env PYTHONPATH=/mnt/backend SECRET=1 "$@"
env PYTHONPATH=/mnt/backend cat /opt/environment 2>/dev/null || true
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="a polkitd of one's own takes root")
@pytest.mark.parametrize(
    ("answer", "told"),
    [("yes", "ok 0 True 1.0"), ("no", "E-INS-40 [] None"), ("nobody is there to answer", "E-INS-40 [] None")],
)
def test_the_system_is_asked_and_its_answer_holds(answer: str, told: str, tmp_path: Path) -> None:
    deb = package(tmp_path, scripts={"postinst": "env >/opt/environment"})
    # The user's own file, in a folder of the user's own.
    deb.chmod(0o644)
    for path in deb.parents:
        if not path.stat().st_mode & 0o001:
            path.chmod(0o755)
    script = FRESH.replace('exec "$@"\n', "") + INSIDE
    done = subprocess.run(
        [*namespace("mount"), "--pid", "--fork", "--mount-proc", "sh", "-c", "sh -c \"$0\" sh \"$@\"; true", script,
         sys.executable, "-m", "tests.apps.native.asking", str(deb), sha256(deb)],
        env={**os.environ, "ROOT": str(ROOT), "ANSWER": ANSWERS[answer]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[:1] == [told], done.stderr
    if answer == "yes":
        # Root's programs got nothing of the user's environment.
        assert "SECRET" not in done.stdout
        assert "PKEXEC_UID" in done.stdout
