"""The process of the practice service: prepares its folder, then is `xieka-service serve --with-worker`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from xieka.core.files import write_whole

OPERATOR = "协卡助手练习环境（示例）"
OPERATOR_CONTACT = "privacy@example.com（示例）"


def prepare(folder: Path) -> None:
    """Trust the practice authority and publish the practice content; what is current stays as it is."""
    from xieka_demo.publisher import practice_source
    from xieka_service.content.publish import SEED, publish

    trust(folder, folder / "ca")
    now = datetime.now(UTC)
    publish(practice_source(SEED, folder / "publisher", now), folder, now=now)


def trust(folder: Path, authority: Path) -> None:
    """Let the service in `folder`, running or not, believe what an embedded authority issues. Raises OSError."""
    # By its certificates: its keys are nobody's business here.
    name = authority.name.replace("ca", "practice", 1)
    _certificate(folder / "trust" / f"{name}-root.cer", (authority / "root.cer").read_bytes())
    _certificate(folder / "intermediates" / f"{name}-0.cer", (authority / "issuing.cer").read_bytes())


def main(arguments: list[str]) -> int:
    """FOLDER URL [--attached]: serve until told to end or, attached, until standard input closes."""
    from xieka_service.cli import run

    folder, url, *options = arguments
    if "--attached" in options:
        # A killed window cannot say goodbye: its end of the pipe closes all the same.
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    prepare(Path(folder))
    operator = ["--operator", OPERATOR, "--operator-contact", OPERATOR_CONTACT, "--practice"]
    return run(["serve", "--data", folder, "--port", str(urlsplit(url).port), "--with-worker", *operator])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _certificate(path: Path, der: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != der:
        write_whole(der, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
