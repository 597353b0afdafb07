"""The page for a clinician as FHIR R4, not profiled: a bundle of what was planned and done, of pain and of scores.

Each resource has an id that follows from the diary's own, so that a second report updates what a first one brought.
What the diary does not know is left out. The patient is a pseudonym, with a name only where the person gave one.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from kneetrack.domain import scores, text
from kneetrack.domain.catalogue import Exercise
from kneetrack.domain.dose import show
from kneetrack.domain.plan import Pause, Prescription, Schedule
from kneetrack.domain.progress import Adherence
from kneetrack.domain.records import Pain, Score, Session, Side
from kneetrack.domain.report import Report
from kneetrack.domain.scores import TENTHS, Course

Resource: TypeAlias = dict[str, Any]

LOCAL = "urn:kneetrack:"
"""What the systems of our own codes begin with: no published one has clamshells, or PSFS."""

_PAIN = {
    "system": "http://loinc.org",
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}
_SURVEY = [
    {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]},
]
_WHEN = {
    "morning": "Pain in the morning",
    "after": "Pain within the hour after exercise",
    "day": "Worst pain apart from exercise",
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def bundle(report: Report) -> bytes:
    """Return a report of a diary that was written to as a bundle of the type collection, in JSON."""
    maker = _Maker(report, UUID(report.diary))
    entries = [{"fullUrl": _urn(resource["id"]), "resource": resource} for resource in maker.resources()]
    whole = {
        "resourceType": "Bundle",
        "id": maker.id("Bundle"),
        "type": "collection",
        "timestamp": _instant(report.written),
        "entry": entries,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Maker:
    """Makes the resources of one report."""

    def __init__(self, report: Report, of: UUID) -> None:
        self._report = report
        self._of = of
        self._subject = {"reference": _urn(self.id("Patient"))}

    def id(self, *of: str) -> str:
        """Return the id of what the diary has no id for."""
        return str(uuid5(self._of, "/".join(of)))

    def resources(self) -> Iterator[Resource]:
        """Yield every resource, the patient first."""
        name = self._report.words.name
        named = {"name": [{"text": text.clean(name)}]} if name else {}
        yield {"resourceType": "Patient", "id": self.id("Patient"), **named}
        if self._report.plan:
            yield self._plan()
        yield from self._procedures()
        yield from self._pains_of_sessions()
        yield from map(self._pain, self._report.pains)
        yield from self._scores()
        yield from self._figures()

    def _plan(self) -> Resource:
        report = self._report
        return {
            "resourceType": "CarePlan",
            "id": self.id("CarePlan"),
            "status": "active" if report.last == report.today else "unknown",
            "intent": "plan",
            "title": "Exercises at home",
            "subject": self._subject,
            "period": {"start": str(min(item.first_day for _, item in report.plan))},
            "activity": [{"detail": self._activity(exercise, item)} for exercise, item in report.plan],
        }

    def _activity(self, exercise: Exercise, item: Prescription) -> Resource:
        """Return what is to be done of an exercise; on hold while it is paused."""
        last = self._report.last
        pauses = [pause for _, pause in self._report.pauses if _covers(pause, exercise.id, last)]
        reasons = [text.clean(pause.reason) for pause in pauses if pause.reason]
        said = [_dose(exercise, item)]
        said += [f"tempo {item.tempo.typed}"] if item.tempo else []
        said += [f"rest {item.rest_s} s"] if item.rest_s is not None else []
        running = "in-progress" if last == self._report.today else "unknown"
        return {
            "code": _exercise(exercise),
            "status": "on-hold" if pauses else running,
            **({"statusReason": {"text": reasons[0]}} if reasons else {}),
            **({"scheduledTiming": {"repeat": _timing(item.schedule, item.first_day)}} if item.schedule else {}),
            "description": ", ".join(said),
        }

    def _procedures(self) -> Iterator[Resource]:
        for exercise, session in self._report.sessions:
            notes = [show(session.dose, exercise.mode)]
            notes += [f"load: {text.clean(session.load)}"] if session.load else []
            notes += [f"effort {session.effort} of 10"] if session.effort is not None else []
            notes += [text.clean(session.note)] if session.note else []
            yield {
                "resourceType": "Procedure",
                "id": _id(session.uid, "Procedure"),
                "status": "completed",
                "code": _exercise(exercise),
                "subject": self._subject,
                "performedDateTime": _when(session),
                **_at("bodySite", session.side, "side", several=True),
                "note": [{"text": note} for note in notes],
            }

    def _pains_of_sessions(self) -> Iterator[Resource]:
        """Yield the pain of each exercise that a command logged: uneven sets note theirs once, as the weeks count."""
        noted = {
            (session.created_at, session.exercise, session.day): session
            for _, session in self._report.sessions
            if session.pain is not None
        }
        for session in noted.values():
            of = {"partOf": [{"reference": _urn(_id(session.uid, "Procedure"))}]}
            code = {"coding": [_PAIN], "text": "Pain while exercising"}
            value = _score(session.pain or 0)
            yield self._observation(_id(session.uid, "pain"), code, _on(_when(session)), value | of)

    def _pain(self, its: Pain) -> Resource:
        """Return a pain that was noted apart from sessions, or the note of a day."""
        note = text.clean(its.note) if its.note else None
        if its.level is None or its.moment is None:
            return self._observation(_id(its.uid), {"text": "Note of the day"}, _on(_when(its)), {"valueString": note})
        code = {"coding": [_PAIN], "text": _WHEN[its.moment]}
        more = {
            **_score(its.level),
            **_at("bodySite", its.side, "knee"),
            **({"note": [{"text": note}]} if note else {}),
        }
        return self._observation(_id(its.uid), code, _on(_when(its)), more)

    def _scores(self) -> Iterator[Resource]:
        for course in self._report.courses:
            for point in course.points:
                its = _id(point.uid) if point.uid else self.id("mean", course.measure, str(point.day))
                yield self._observation(its, _measure(course), _on(str(point.day)), _value(point))

    def _figures(self) -> Iterator[Resource]:
        """Yield the numbers of the page: done of planned in all, by exercise, by week; days; pain above the limit."""
        report = self._report
        first = report.begun or report.first
        yield from self._kept("Done of planned", "together", report.together, first, report.last)
        for done in report.done:
            of = f"Done of planned: {text.clean(done.exercise.name)}"
            yield from self._kept(of, done.exercise.id, done.adherence, first, report.last)
        for week in report.weeks:
            yield from self._kept("Done of planned in a week", "week", week.adherence, week.first, week.last)
        if report.length > 0:
            days = ("days-with-exercise", "Days with exercise", report.days_done, report.length)
            yield self._ratio(*days, first, report.last)
        if report.noted_pains:
            above = f"Pain while exercising above the own limit of {report.pain_limit}"
            pains = ("pain-above-limit", above, report.above_limit, len(report.noted_pains))
            yield self._ratio(*pains, first, report.last)
        if known := report.verdicts.total() - report.verdicts["unknown"]:
            judged = ("days-above-rule", "Days above the own rule for pain, of those known")
            yield self._ratio(*judged, report.verdicts["above"], known, first, report.last)

    def _kept(self, said: str, of: str, kept: Adherence, first: date, last: date) -> Iterator[Resource]:
        if kept.due:
            yield self._ratio("adherence", said, kept.done, kept.due, first, last, of)

    def _ratio(  # noqa: PLR0913, PLR0917 - what a figure is made of
        self, code: str, said: str, part: int, whole: int, first: date, last: date, of: str = ""
    ) -> Resource:
        its = self.id(code, of, str(first), str(last))
        value = {"valueRatio": {"numerator": {"value": part}, "denominator": {"value": whole}}}
        during = {"effectivePeriod": {"start": str(first), "end": str(last)}}
        return self._observation(its, _coded("figure", code, said), during, value)

    def _observation(self, its: str, code: Resource, when: Resource, more: Resource) -> Resource:
        return {
            "resourceType": "Observation",
            "id": its,
            "status": "final",
            "category": _SURVEY,
            "code": code,
            "subject": self._subject,
            **when,
            **more,
        }


def _urn(its: str) -> str:
    return f"urn:uuid:{its}"


def _id(uid: str, of: str = "Observation") -> str:
    """Return the id of what follows from one record of the diary."""
    return str(uuid5(UUID(uid), of))


def _instant(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _when(its: Session | Pain) -> str:
    """Return the instant of a record, or its day where the time is not known."""
    return _instant(its.at) if its.at else str(its.day)


def _on(when: str) -> Resource:
    return {"effectiveDateTime": when}


def _coded(system: str, code: str, said: str) -> Resource:
    return {"coding": [{"system": f"{LOCAL}{system}", "code": code}], "text": said}


def _exercise(exercise: Exercise) -> Resource:
    return _coded("exercise", exercise.typed, text.clean(exercise.name))


def _at(key: str, side: Side | None, of: str, *, several: bool = False) -> Resource:
    """Return where something is; nothing where no side was said."""
    if side is None:
        return {}
    place = {"text": f"both {of}s" if side == "both" else f"{side} {of}"}
    return {key: [place] if several else place}


def _dose(exercise: Exercise, item: Prescription) -> str:
    dose = show(item.dose, exercise.mode) if item.dose else ""
    return f"{dose}, each side" if exercise.per_side else dose


def _timing(schedule: Schedule, first: date) -> Resource:
    """Return how often something is due, from its first day on."""
    since = {"boundsPeriod": {"start": str(first)}}
    if schedule.weekdays:
        return {**since, "dayOfWeek": [_WEEKDAYS[weekday] for weekday in schedule.weekdays]}
    if schedule.per_week:
        return {**since, "frequency": schedule.per_week, "period": 1, "periodUnit": "wk"}
    return {**since, "frequency": 1, "period": schedule.every or 1, "periodUnit": "d"}


def _covers(pause: Pause, exercise: str, day: date) -> bool:
    return pause.exercise in {None, exercise} and pause.first <= day <= (pause.last or day + timedelta(1))


def _score(value: float) -> Resource:
    unit = {"unit": "score", "system": "http://unitsofmeasure.org", "code": "{score}"}
    return {"valueQuantity": {"value": value, **unit}}


def _measure(course: Course) -> Resource:
    name = course.scale.name
    of = ", mean of the activities" if course.is_mean else f", {text.clean(course.activity)}" if course.activity else ""
    return _coded("score", course.scale.typed, f"{name}{of}")


def _value(point: Score) -> Resource:
    """Return the value of a score: a number, or the words of the rating of change."""
    if point.measure == "change":
        return {"valueString": scores.CHANGES[point.tenths // TENTHS - 1]}
    whole, tenths = divmod(point.tenths, TENTHS)
    return _score(point.tenths / TENTHS if tenths else whole)
