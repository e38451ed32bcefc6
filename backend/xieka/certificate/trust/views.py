"""Evidence in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from xieka.certificate import describe, structure, text
from xieka.certificate.revocation.models import Answer, Standing, Status
from xieka.certificate.trust.models import PathEntry, Result, RevocationView, TrustCheck, TrustView
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.rules import Finding
from xieka.certificate.trust.verdict import LEVELS, Evidence, Verdict, clock_is_wrong, decide
from xieka.core import messages

_RESULTS: dict[Status, Result] = {
    Status.GOOD: "passed",
    Status.REVOKED: "failed",
    Status.NO_SOURCE: "skipped",
}
"""Everything else is open."""
_OF_DATES = (Verdict.EXPIRED, Verdict.NOT_YET, Verdict.ISSUER_EXPIRED)


def view(seen: Evidence, now: datetime, *, checking: bool) -> TrustView:
    """The whole value. `checking`: an answer about revocation is under way."""
    verdict = decide(seen)
    if checking and LEVELS.get(verdict) == "warn" and verdict is not Verdict.CLOCK:
        verdict = Verdict.CHECKING
    entries = [_entry(one, seen, index) for index, one in enumerate(seen.path)]
    holder = seen.standings.get(0) or Standing(Answer(Status.UNASKED))
    words = messages.verdict(verdict, _parameters(seen, entries, holder, verdict))
    words["why"] += "".join(_hints(seen, entries, verdict))
    return TrustView(
        sha256=entries[0].sha256,
        subject=entries[0].subject,
        verdict=verdict,
        level=LEVELS.get(verdict, "bad"),
        what=words["what"],
        why=words["why"],
        do=words["do"],
        checking=checking,
        path=entries,
        checks=list(_checks(seen, entries, now, checking=checking)),
        revocation=_revocation(holder),
        checked_at=now,
        clock_ahead_seconds=None if seen.ahead is None else round(seen.ahead.total_seconds()),
    )


def _hints(seen: Evidence, entries: list[PathEntry], verdict: Verdict) -> Iterator[str]:
    """What belongs to the reason, but does not change the verdict."""
    if verdict in _OF_DATES and seen.ahead is not None and clock_is_wrong(seen.ahead):
        yield messages.text("trust_clock_hint", minutes=_minutes(seen.ahead))
    if verdict is Verdict.GOOD:
        for index in seen.unasked_issuers():
            yield messages.text("trust_issuer_unasked", name=entries[index].subject)


def _entry(certificate: Certificate, seen: Evidence, index: int) -> PathEntry:
    tbs = structure.load(certificate.der)["tbs_certificate"]
    return PathEntry(
        subject=text.holder(tbs["subject"]),
        issuer=text.holder(tbs["issuer"]),
        serial=text.integer(certificate.serial),
        sha256=certificate.fingerprint.hex().upper(),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        algorithm=describe.public_key(tbs["subject_public_key_info"])[0],
        anchor=seen.anchored and index == len(seen.path) - 1,
    )


def _parameters(seen: Evidence, entries: list[PathEntry], holder: Standing, verdict: Verdict) -> dict[str, str | int]:
    at = holder.answer.revoked_at
    doubted = next((seen.standings[index].answer for index, _ in seen.doubts()), holder.answer)
    return {
        "holder": entries[0].subject,
        "issuer": entries[-1].issuer,
        "named": entries[_named(seen, verdict)].subject,
        "begin": _day(entries[0].not_before),
        "end": _day(entries[0].not_after),
        "revoked": _day(at) if at else "",
        "reason": _reason(holder.answer) or messages.text("trust_no_reason"),
        "unknown": next((one.detail for one in seen.findings if not one.good and one.detail), ""),
        "this": _moment(doubted.this_update),
        "until": _moment(doubted.until),
        "minutes": _minutes(seen.ahead) if seen.ahead is not None else 0,
    }


def _named(seen: Evidence, verdict: Verdict) -> int:
    """The place in the path of whom the words are about."""
    if verdict is Verdict.ISSUER_REVOKED:
        return next(index for index, one in seen.standings.items() if index and one.status is Status.REVOKED)
    if verdict is Verdict.ISSUER_NO_SOURCE:
        return seen.doubts()[0][0]
    return next((one.index for one in seen.findings if not one.good), 0)


def _checks(seen: Evidence, entries: list[PathEntry], now: datetime, *, checking: bool) -> Iterator[TrustCheck]:
    local = partial(_check, at=now, source=None)
    for index, entry in enumerate(entries[:-1]):
        said = messages.text("trust_signed", name=entry.subject, issuer=entries[index + 1].subject)
        yield local("signature", index, "passed", said)
    for certificate, _, judgement in () if seen.anchored else seen.refused:
        if certificate is seen.path[-1]:
            said = messages.names("trust_signature")[judgement].format(issuer=entries[-1].issuer)
            yield local("signature", len(entries) - 1, "failed", said)
    said = messages.text("trust_anchor" if seen.anchored else "trust_no_anchor", name=entries[-1].subject)
    yield local("anchor", len(entries) - 1, "passed" if seen.anchored else "failed", said)
    for finding in seen.findings:
        said = _finding(finding, entries[finding.index])
        yield local(finding.rule, finding.index, "passed" if finding.good else "failed", said)
    for index, standing in sorted(seen.standings.items()):
        if standing.status is Status.UNASKED and not seen.may_ask:
            continue
        yield _standing(index, standing, entries[index], now, seen, checking=checking)
    top = len(entries) - 1
    if seen.anchored and top not in seen.standings:
        yield local("revocation", top, "skipped", messages.text("trust_anchor_unasked", name=entries[top].subject))
    if seen.ahead is not None:
        wrong = clock_is_wrong(seen.ahead)
        seconds = round(seen.ahead.total_seconds())
        said = messages.text("trust_clock_slow" if seconds >= 0 else "trust_clock_fast", seconds=abs(seconds))
        yield local("clock", None, "failed" if wrong else "passed", said)


def _check(
    name: str, certificate: int | None, result: Result, said: str, at: datetime, source: str | None
) -> TrustCheck:
    title = messages.names("trust_check")[name]
    return TrustCheck(name=name, title=title, certificate=certificate, result=result, text=said, at=at, source=source)


def _finding(finding: Finding, entry: PathEntry) -> str:
    table = messages.names("trust_passed" if finding.good else "trust_failed")
    return table[finding.rule].format(
        name=entry.subject, begin=_day(entry.not_before), end=_day(entry.not_after), detail=finding.detail
    )


def _standing(
    index: int, standing: Standing, entry: PathEntry, now: datetime, seen: Evidence, *, checking: bool
) -> TrustCheck:
    answer = standing.answer
    key: str = standing.status
    if checking and standing.status not in _RESULTS:
        key = "unasked"
    elif standing.status is Status.UNREADABLE and answer.demands:
        key = "demands"
    elif standing.status is Status.WRONG_SIGNER and answer.delegate is not None:
        key = "delegate"
    said = messages.names("revocation")[key].format(
        name=entry.subject,
        this=_moment(answer.this_update),
        until=_moment(answer.until),
        at=_moment(answer.revoked_at),
        reason=_reason(answer) or messages.text("trust_no_reason"),
        detail=answer.demands or answer.detail,
    )
    result = _RESULTS.get(standing.status, "open")
    if result == "skipped" and index and index in dict(seen.doubts()):
        result = "open"
    return _check("revocation", index, result, said, standing.received or now, standing.source or None)


def _revocation(standing: Standing) -> RevocationView:
    answer = standing.answer
    return RevocationView.model_validate(
        {
            "status": standing.status,
            "method": standing.method,
            "source": standing.source,
            "received": standing.received,
            "cached": standing.cached,
            "this_update": answer.this_update,
            "next_update": answer.next_update,
            "revoked_at": answer.revoked_at,
            "reason": _reason(answer),
        }
    )


def _reason(answer: Answer) -> str:
    return messages.names("revocation_reason").get(answer.reason, "") if answer.reason else ""


def _minutes(ahead: timedelta) -> int:
    return round(abs(ahead.total_seconds()) / 60)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment is not None else ""
