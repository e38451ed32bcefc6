"""Who has been asked on this computer, in one file; what cannot be written holds for the run."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from pydantic import ValidationError

from xieka.core.clock import Clock
from xieka.core.files import write_whole
from xieka.registration.models import LIMIT, Answer, AnswersFile, Outcome

log = logging.getLogger(__name__)


class Answers:
    """Answers by certificate (SHA-256, lower-case hex). Thread-safe."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._answers = self._load()

    def get(self, fingerprint: str) -> Answer | None:
        """What became of asking; None when nobody was asked yet."""
        with self._lock:
            return self._answers.get(fingerprint)

    def remember(self, fingerprint: str, outcome: Outcome) -> None:
        """Keep the answer. Where the file cannot be written it holds for this run, and the log says so."""
        with self._lock:
            # Taken out first: a dict keeps the place of the first time, and the oldest are what is forgotten.
            self._answers.pop(fingerprint, None)
            self._answers[fingerprint] = Answer(outcome=outcome, at=self._clock.now())
            self._answers = dict(list(self._answers.items())[-LIMIT:])
            whole = AnswersFile(answers=self._answers).model_dump_json(indent=1).encode()
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(whole, self._path, mode=0o600)
            except OSError as error:
                log.warning("who was asked to register is not kept: %s", type(error).__name__)

    def _load(self) -> dict[str, Answer]:
        try:
            return dict(AnswersFile.model_validate_json(self._path.read_bytes()).answers)
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            # Lost is only who was asked: they are asked once more, and 跳过 is one click.
            log.warning("the file of who was asked to register is broken (%s), begun anew", type(error).__name__)
            return {}
