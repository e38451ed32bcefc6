"""Values of the registration room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

LIMIT = 500
"""Certificates remembered; the oldest are forgotten first."""

Outcome = Literal["submitted", "left", "browser", "deleted"]
"""What became of the question: sent, skipped or closed (D-33: not asked again), gone on in the system's browser (what
happened there is not known here), everything deleted again."""

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the signing certificate."""


class Answer(BaseModel):
    """What became of asking about one certificate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome
    at: AwareDatetime


class AnswersFile(BaseModel):
    """DATA/registration/PROFILE.json: no names, nothing that was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    answers: dict[Fingerprint, Answer] = Field(default_factory=dict, max_length=LIMIT)


class RegistrationState(BaseModel):
    """What the page shows of one Ukey."""

    model_config = ConfigDict(frozen=True)

    available: bool
    """There is a service, and the Ukey has a signing certificate."""
    asked: Outcome | None
    at: AwareDatetime | None
    """When it became so."""
    signed_in: bool
    """What was sent can be seen, corrected and deleted now."""
