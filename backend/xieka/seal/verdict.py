"""Steps of a verification and what they come to. Only a step that was taken and went well is "ok"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xieka.core import messages
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.seal.models import Step, StepName, Verdict


def ok(name: StepName, why: str = "") -> Step:
    """The step went well; `why` is worth knowing nevertheless."""
    return Step(name=name, title=_title(name), state="ok", why=why, error=None)


def failed(name: StepName, error: XiekaError) -> Step:
    """The step speaks against the seal, with a named reason."""
    view = ErrorView(**error.body())
    return Step(name=name, title=_title(name), state="failed", why=view.what, error=view)


def unchecked(name: StepName, why: str) -> Step:
    """The step was not or could not be taken, and why."""
    return Step(name=name, title=_title(name), state="unchecked", why=why, error=None)


def doubtful(name: StepName, why: str) -> Step:
    """The step was taken, and what came of it is no fault of the seal but leaves a doubt."""
    return Step(name=name, title=_title(name), state="doubtful", why=why, error=None)


def verdict(steps: Sequence[Step]) -> Verdict:
    """failed as soon as one step is, then doubtful; ok only when every step is."""
    states = {step.state for step in steps}
    if "failed" in states:
        return "failed"
    if "doubtful" in states:
        return "doubtful"
    return "partial" if "unchecked" in states else "ok"


def sentence(kind: str, steps: Sequence[Step]) -> str:
    """One sentence for people. `kind`: what was verified, `seal` or `signature`."""
    outcome = verdict(steps)
    if outcome in ("failed", "doubtful"):
        first = next(step for step in steps if step.state == outcome)
        return messages.text(f"{kind}_verdict_{outcome}", why=first.why)
    if outcome == "ok" and any(step.name == "maker_listed" for step in steps):
        return messages.text(f"{kind}_verdict_listed")
    missing = "、".join(step.title for step in steps if step.state == "unchecked")
    return messages.text(f"{kind}_verdict_{outcome}", missing=missing)


def day(instant: datetime) -> str:
    """An instant as people on this computer read it, to the minute."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M}"


def _title(name: StepName) -> str:
    return messages.text(f"seal_step_{name}")
