"""What `--json` gives: stable keys, all of them always there, null where there is nothing."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from kneetrack.domain import text
from kneetrack.domain.catalogue import Catalogue, Exercise
from kneetrack.domain.findings import Finding
from kneetrack.domain.plan import Pause, Period, Prescription, Schedule
from kneetrack.domain.progress import HABIT_KEPT, WINDOWS, Progress
from kneetrack.domain.records import Pain, Score, Session
from kneetrack.views import phrases

if TYPE_CHECKING:
    from kneetrack.app.results import Logged, Today
    from kneetrack.app.results.changes import ChangeList
    from kneetrack.app.results.exercises import Known, Mine
    from kneetrack.app.results.maintenance import AllSettings, Backups
    from kneetrack.app.results.overview import Calendar, Explained, History, Stats
    from kneetrack.app.results.pain import Noted, PainDays, PainWeeks
    from kneetrack.app.results.reminders import InstalledReminders, Reminder
    from kneetrack.app.results.rules import Rules
    from kneetrack.app.results.scores import Entered, Scores
    from kneetrack.app.results.sync import Synced, SyncStatus
    from kneetrack.domain.explanations import Count, PresentStreak, Topic
    from kneetrack.domain.pain import Missing
    from kneetrack.domain.progress import HabitDay
    from kneetrack.domain.progression import Outlook
    from kneetrack.domain.scores import Course
    from kneetrack.domain.settings import WhenThen
    from kneetrack.domain.templates import Position, Template

Json: TypeAlias = dict[str, Any]

SCHEMA = {"schema": 1}
_DAYS_SHOWN = 28


def streak(progress: Progress, exercise: str | None = None) -> Json:
    """Return a streak: {current, best}."""
    its = progress.streak(exercise)
    return {"current": its.current, "best": its.best}


def adherence(progress: Progress, exercise: str | None = None) -> Json:
    """Return adherence by window: {7d, 28d, all}, each {done, due, share}."""
    kept = {name: progress.adherence(length, exercise) for name, length in WINDOWS.items()}
    return {name: {"done": its.done, "due": its.due, "share": its.share} for name, its in kept.items()}


def dose_adherence(progress: Progress, exercise: str | None = None) -> Json:
    """Return dose adherence by window: {7d, 28d, all}, each a share."""
    return {name: progress.dose_adherence(length, exercise) for name, length in WINDOWS.items()}


def today(result: "Today") -> Json:
    """Return today: the plan in the order in which it was set, then what was logged outside it."""
    progress = result.progress
    everything = next((pause for pause in progress.pauses_today() if pause.exercise is None), None)
    return {
        **SCHEMA,
        "day": str(progress.today),
        "week": progress.week,
        "streak": streak(progress),
        "adherence": adherence(progress),
        "dose_adherence": dose_adherence(progress),
        "paused": pause(everything) if everything else None,
        "pain": _pain_today(result),
        "when": _when(result.when),
        "items": [
            {
                **_item(progress, exercise, result.last_notes.get(exercise)),
                "rule": _rule_of(result.rules, exercise, progress.catalogue, progress.today),
            }
            for exercise in (*progress.plan, *result.others)
        ],
    }


def _item(progress: Progress, exercise: str, note: str | None) -> Json:
    """Return one exercise of today."""
    known, item = progress.catalogue.get(exercise), progress.plan.get(exercise)
    left = progress.left(exercise, progress.today)
    quota = progress.standing(exercise).quota
    return {
        "exercise": exercise,
        "name": known.name,
        "state": progress.state(exercise, progress.today),
        "share": progress.share(exercise, progress.today),
        "prescribed": _prescribed(item, known) if item else None,
        "left": left._asdict() if left is not None else None,
        "schedule": schedule(item.schedule) if item and item.schedule else None,
        "quota": {"need": quota.need, "done": quota.done, "left": quota.left, "spare": quota.spare} if quota else None,
        "last_note": note,
    }


def _rule_of(outlooks: "Iterable[Outlook]", exercise: str, catalogue: Catalogue, today: date) -> Json | None:
    """Return how the rule of an exercise stands: {state, met, why, command, quiet_until}; None without one."""
    its = next((its for its in outlooks if its.rule.exercise == exercise), None)
    if its is None:
        return None
    from kneetrack.views import rules as words  # noqa: PLC0415 - for who has one

    quiet = its.rule.quiet_until
    return {
        "state": its.state,
        "met": its.state == "met",
        "why": words.why(its, catalogue, today) or None,
        "command": its.command,
        "quiet_until": str(quiet) if quiet else None,
    }


def rules(result: "Rules") -> Json:
    """Return the person's own rules, how they stand, and the days that this is read from."""
    return {**SCHEMA, "day": str(result.today), "rules": [_rule(its, result) for its in result.outlooks]}


def _rule(its: "Outlook", result: "Rules") -> Json:
    """Return a rule, how it stands, and each of its days."""
    rule = its.rule
    return {
        "exercise": rule.exercise,
        "name": result.catalogue.get(rule.exercise).name,
        "range": [rule.least, rule.most] if rule.most else None,
        "sessions": rule.sessions,
        "max_pain": rule.max_pain,
        "morning_not_worse": rule.morning_not_worse,
        "max_effort": rule.max_effort,
        "then": {"exercise": rule.then, **rule.dose._asdict()},
        **(_rule_of([its], rule.exercise, result.catalogue, result.today) or {}),
        "days": [
            {
                "day": str(day.day),
                "planned": day.planned,
                "goal": day.goal,
                "reached": {side or "sets": day.reached.get(side) for side in (None, "left", "right")},
                "pain": day.pain,
                "effort": day.effort,
                "short": sorted(day.short),
                "unknown": sorted(day.unknown),
            }
            for day in its.days
        ],
    }


def rules_explained(result: "Rules", exercise: str | None) -> Json:
    """Return how a rule is read, and the rules of `rules`, with the keys of every `explain`."""
    from kneetrack.views.rules import EXPLAINED  # noqa: PLC0415 - no other command needs it

    its = [_rule(its, result) for its in result.outlooks]
    only = its[0]["exercise"] if exercise and its else None
    head = {"day": str(result.today), "topic": "rule", "exercise": only, "rule": list(EXPLAINED)}
    return {**SCHEMA, **head, "streak": None, "adherence": None, "habit": None, "pain": None, "rules": its}


def _when(its: "WhenThen | None") -> Json | None:
    """Return when the person means to exercise: {when, if_not}; None where they did not say."""
    return its and its._asdict()


def plan_when(its: "WhenThen | None") -> Json:
    """Return when the person means to exercise, null where they did not say."""
    return {**SCHEMA, "when": _when(its)}


def _prescribed(item: Prescription, known: Exercise) -> Json | None:
    """Return what a prescription asks of an exercise, a tempo as it is typed; None for a drop."""
    if item.dose is None:
        return None
    tempo = item.tempo.typed if item.tempo else None
    return {**item.dose._asdict(), "tempo": tempo, "rest_s": item.rest_s, "per_side": known.per_side}


def pause(item: Pause) -> Json:
    """Return a pause."""
    return {
        "id": item.uid,
        "exercise": item.exercise,
        "from": str(item.first),
        "until": str(item.last) if item.last else None,
        "reason": item.reason,
    }


def schedule(item: Schedule) -> Json:
    """Return a schedule: {kind, every, weekdays, per_week}, weekdays as mon … sun."""
    weekdays = [text.WEEKDAYS[weekday][:3] for weekday in item.weekdays] or None
    return {"kind": item.kind, "every": item.every, "weekdays": weekdays, "per_week": item.per_week}


def session(item: Session) -> Json:
    """Return a session; `id` is the whole id, of which the screens show the beginning."""
    return {
        "id": item.uid,
        "exercise": item.exercise,
        "day": str(item.day),
        "at": item.at.isoformat() if item.at else None,
        "side": item.side,
        **item.dose._asdict(),
        "load": item.load,
        "pain": item.pain,
        "effort": item.effort,
        "note": item.note,
    }


def pain(item: Pain) -> Json:
    """Return a pain that was noted apart from sessions, or the note of a day, whose moment and pain are None."""
    return {
        "id": item.uid,
        "day": str(item.day),
        "moment": item.moment,
        "at": item.at.isoformat() if item.at else None,
        "side": item.side,
        "pain": item.level,
        "note": item.note,
    }


def _pain_today(result: "Today") -> Json:
    """Return the worst pain of each moment of today, and whether this morning's is asked for."""
    its = result.pain
    return {
        "morning": its.morning if its else None,
        "during": its.during if its else None,
        "after": its.after if its else None,
        "day": its.rest if its else None,
        "asked": result.asks_morning,
    }


def noted_pain(result: "Noted") -> Json:
    """Return what was noted, and what the diary said before of the same moment and side."""
    return {**SCHEMA, "noted": pain(result.pain), "before": pain(result.before) if result.before else None}


def pain_days(result: "PainDays") -> Json:
    """Return the pain of a range of days by the person's rule; what is missing for a verdict is named."""
    swing = result.swing
    return {
        **SCHEMA,
        "from": str(result.first),
        "until": str(result.last),
        "rule": result.rule._asdict(),
        "days": [
            {
                "day": str(day),
                "morning": its.morning,
                "during": its.during,
                "after": its.after,
                "day_worst": its.rest,
                "verdict": result.verdicts[day].kind if day in result.verdicts else None,
                "missing": _missing(result.verdicts[day].missing) if day in result.verdicts else [],
            }
            for day, its in sorted(result.days.items())
            if day <= result.last
        ],
        "mean_10d": None if swing is None else swing.mean,
        "swing_10d": None if swing is None else swing.most - swing.least,
    }


def pain_explained(result: "PainDays") -> Json:
    """Return the rule for pain, and the last days worked through by it, with the keys of every `explain`."""
    from kneetrack.views.pain_days import rule_explained  # noqa: PLC0415 - no other command needs it

    its = {key: value for key, value in pain_days(result).items() if key not in SCHEMA}
    head = {"day": str(result.today), "topic": "pain", "exercise": None, "rule": rule_explained(result.rule)}
    return {**SCHEMA, **head, "streak": None, "adherence": None, "habit": None, "pain": its, "rules": None}


def _missing(its: "Missing") -> list[str]:
    """Return what a verdict lacks: exercises, and `morning`, `after`, `next_morning` or `sides`."""
    flags = ("morning", "after", "next_morning", "sides")
    return [*its.silent, *(flag for flag in flags if getattr(its, flag))]


def pain_weeks(result: "PainWeeks") -> Json:
    """Return the pain and the sets of weeks, earliest first."""
    return {
        **SCHEMA,
        "day": str(result.today),
        "rule": result.rule._asdict(),
        "weeks": [
            {
                "from": str(week.first),
                "until": str(week.last),
                "during": week.during,
                "morning": week.morning,
                "other": week.other,
                "sets": week.sets,
            }
            for week in result.weeks
        ],
    }


def scores(result: "Scores") -> Json:
    """Return the course of every score; `value` is a number, `change` and what matters are in the same unit."""
    return {**SCHEMA, "day": str(result.today), "courses": [_course(course) for course in result.courses]}


def entered(result: "Entered") -> Json:
    """Return the scores that were entered, and the courses that they are a part of."""
    return {
        **SCHEMA,
        "entered": [score(item) for item in result.scores],
        "courses": [_course(course) for course in result.courses],
    }


def score(item: Score) -> Json:
    """Return a score; one of a mean that was worked out has no id."""
    return {
        "id": item.uid or None,
        "day": str(item.day),
        "measure": item.measure,
        "activity": item.activity,
        "value": item.tenths / 10,
    }


def _course(course: "Course") -> Json:
    """Return one course."""
    return {
        "measure": course.measure,
        "activity": course.activity,
        "mean": course.is_mean,
        "scores": [score(point) for point in course.points],
        "change": None if course.change is None else course.change / 10,
        "matters": None if course.matters is None else course.matters / 10,
        "beyond": course.beyond,
    }


def history(result: "History") -> Json:
    """Return sessions of a range of days, as they come."""
    return {
        **SCHEMA,
        "from": str(result.first) if result.first else None,
        "until": str(result.last) if result.last else None,
        "sessions": [session(item) for item in result.sessions],
        "pains": [pain(item) for item in result.pains],
    }


def stats(result: "Stats") -> Json:
    """Return how things stand, by exercise."""
    progress = result.progress
    return {
        **SCHEMA,
        "day": str(progress.today),
        "streak": streak(progress),
        "adherence": adherence(progress),
        "dose_adherence": dose_adherence(progress),
        "exercises": [
            {
                **_exercise_stats(progress, exercise, result.counts[exercise]),
                "rule": _rule_of(result.rules, exercise, progress.catalogue, progress.today),
            }
            for exercise in result.listed
        ],
    }


def _exercise_stats(progress: Progress, exercise: str, sessions: int) -> Json:
    """Return how one exercise stands."""
    first, last = progress.first_and_last(exercise)
    return {
        "exercise": exercise,
        "name": progress.catalogue.get(exercise).name,
        "streak": streak(progress, exercise),
        "adherence": adherence(progress, exercise),
        "dose_adherence": dose_adherence(progress, exercise),
        "habit": progress.habit(exercise),
        "sessions": sessions,
        "volume": progress.volume(exercise),
        "first_day": str(first) if first else None,
        "last_day": str(last) if last else None,
        "days": _days(progress, exercise, progress.today - timedelta(_DAYS_SHOWN - 1)),
    }


def calendar(result: "Calendar") -> Json:
    """Return the days from the first to today, of an exercise or of the whole plan."""
    progress, exercise, first = result[:3]
    kept = progress.adherence_between(first, progress.today, exercise)
    return {
        **SCHEMA,
        "day": str(progress.today),
        "exercise": exercise,
        "from": str(first),
        "adherence": {"done": kept.done, "due": kept.due, "share": kept.share},
        "days": _days(progress, exercise, first),
    }


def explain(result: "Explained") -> Json:
    """Return the rule of a topic and what it is worked out from, null where no diary was read, and for other topics."""
    from kneetrack.domain.explanations import RULES  # noqa: PLC0415 - no other command needs it

    topic, progress, exercise, day = result
    head = {"day": str(day), "topic": topic, "exercise": exercise, "rule": list(RULES[topic])}
    its = _worked_through(topic, progress, exercise) if progress else None
    every = dict.fromkeys(("streak", "adherence", "habit", "pain", "rules"))
    return {**SCHEMA, **head, **every, topic: its}


def _worked_through(topic: "Topic", progress: Progress, exercise: str | None) -> Json:
    """Return what a number is worked out from."""
    from kneetrack.domain import explanations as worked  # noqa: PLC0415 - as above

    match topic:
        case "streak":
            return _streak_explained(progress, exercise, worked.present_streak(progress, exercise))
        case "adherence":
            return _adherence_explained(progress, exercise, worked.counted(progress, exercise))
        case "habit":
            return _habit_explained(progress, worked.habits(progress, exercise))


def _streak_explained(progress: Progress, exercise: str | None, its: "PresentStreak") -> Json:
    """Return the present streak: each of its days, those before them as a number, and what ended the one before."""
    its_days = [{"day": str(day), "effect": step} for day, step in its.steps.items()]
    return {
        **streak(progress, exercise),
        "since": str(its.streak.since) if its.streak.since else None,
        "ended": str(its.streak.ended) if its.streak.ended else None,
        "missed": list(its.missed),
        "earlier": its.earlier,
        "from": its_days[0]["day"],
        "until": its_days[-1]["day"],
        "days": its_days,
    }


def _adherence_explained(
    progress: Progress, exercise: str | None, counted: "Mapping[str, Mapping[date, Count]]"
) -> Json:
    """Return what each day of the last four weeks counts for, by exercise, and what that adds up to."""
    exercises = [
        {
            "exercise": name,
            "name": progress.catalogue.get(name).name,
            "adherence": _with_missed(progress, name),
            "days": [{"day": str(day), "effect": count} for day, count in its.items()],
        }
        for name, its in counted.items()
    ]
    window = {"from": str(progress.today - timedelta(_DAYS_SHOWN - 1)), "until": str(progress.today)}
    return {**window, **_with_missed(progress, exercise), "exercises": exercises}


def _habit_explained(progress: Progress, courses: "Mapping[str, Iterable[HabitDay]]") -> Json:
    """Return what the last days that were due made of the habit, by exercise; `kept` is what a day leaves of it."""
    exercises = [
        {
            "exercise": name,
            "name": progress.catalogue.get(name).name,
            "habit": progress.habit(name),
            "days": [{**step._asdict(), "day": str(step.day)} for step in course],
        }
        for name, course in courses.items()
    ]
    return {"kept": HABIT_KEPT, "exercises": exercises}


def _with_missed(progress: Progress, exercise: str | None) -> Json:
    """Return adherence by window, with the days missed."""
    return {name: {**its, "missed": its["due"] - its["done"]} for name, its in adherence(progress, exercise).items()}


def _days(progress: Progress, exercise: str | None, first: date) -> list[Json]:
    """Return state and share of each day from the first to today."""
    shown = [first + timedelta(ahead) for ahead in range((progress.today - first).days + 1)]
    return [
        {"day": str(day), "state": progress.state(exercise, day), "share": progress.share(exercise, day)}
        for day in shown
    ]


def log(result: "Logged") -> Json:
    """Return what was logged, and today."""
    return {
        **SCHEMA,
        "logged": [session(item) for item in result.sessions],
        "today": today(result.today) if result.today else None,
    }


def plan(held: dict[str, Prescription], progress: Progress) -> Json:
    """Return the plan in force."""
    return {**SCHEMA, "day": str(progress.today), "plan": _exercises_of(held, progress)}


def plan_history(periods: Iterable[Period], progress: Progress) -> Json:
    """Return what was and will be in force when, as the periods come; `until` is null where nothing ends one."""
    return {
        **SCHEMA,
        "day": str(progress.today),
        "periods": [
            {
                "from": str(item.first),
                "until": str(item.last) if item.last else None,
                "plan": _exercises_of(item.plan, progress),
            }
            for item in periods
        ],
    }


def pauses(items: Iterable[Pause]) -> Json:
    """Return pauses, as they come."""
    return {**SCHEMA, "pauses": [pause(item) for item in items]}


def _exercises_of(held: dict[str, Prescription], progress: Progress) -> list[Json]:
    """Return the exercises of a plan."""
    items = []
    for exercise, item in held.items():
        known = progress.catalogue.get(exercise)
        if (asked := _prescribed(item, known)) and item.schedule:
            when = {"schedule": schedule(item.schedule), "since": str(item.first_day)}
            items.append({"exercise": exercise, "name": known.name, **asked, **when})
    return items


def doctor(diary: str, findings: Iterable[Finding]) -> Json:
    """Return what was found in and around a diary; `state` is fine, notice or damage."""
    return {**SCHEMA, "diary": diary, "findings": [finding._asdict() for finding in findings]}


def backups(found: "Backups") -> Json:
    """Return the backups of a diary, newest first; `created_at` is in UTC, `size` in bytes."""
    listed = [
        {
            "name": copy.name,
            "created_at": copy.made.isoformat(),
            "sessions": copy.sessions,
            "size": copy.size,
            "path": str(copy.path),
        }
        for copy in found.copies
    ]
    return {**SCHEMA, "diary": str(found.path), "backups": listed}


def changes(result: "ChangeList") -> Json:
    """Return what can be undone, newest first, and what was undone."""
    listed = [
        {"id": item.uid, "at": item.at.isoformat(), "command": item.command, "undone": item.undone}
        for item in result.changes
    ]
    return {**SCHEMA, "changes": listed}


def settings(found: "AllSettings") -> Json:
    """Return where the diary is, and every setting."""
    return {**SCHEMA, "diary": str(found.path), "settings": found.values}


def reminder(found: "Reminder") -> Json:
    """Return what is open today, and about how many minutes it takes."""
    progress = found.progress
    listed = [
        {
            key: its
            for key, its in _item(progress, exercise, None).items()
            if key in {"exercise", "name", "prescribed", "left"}
        }
        for exercise in found.exercises
    ]
    its = {"minutes": found.minutes, "open": listed, "when": _when(found.when)}
    return {**SCHEMA, "day": str(progress.today), **its}


def installed_reminders(found: "InstalledReminders") -> Json:
    """Return how reminders stand; one that never ran has a null last_run."""
    listed = [
        {
            "via": report.way,
            "at": [f"{clock:%H:%M}" for clock in report.job.times] if report.job else [],
            "since": report.since.isoformat() if report.since else None,
            "program": str(report.job.program) if report.job else None,
            "diary": report.job.named if report.job else None,
            "notify": report.job.notifies if report.job else None,
            "last_run": report.last.at.isoformat() if report.last else None,
            "last_open": report.last.open if report.last else None,
            "ok": not report.problems,
            "problems": list(report.problems),
        }
        for report in found.reports
    ]
    return {**SCHEMA, "installed": listed}


def exercises(result: "Known") -> Json:
    """Return exercises with the keys of the catalogue, which one of the person's own has empty, and their sources."""
    items = [_exercise(item, result.mine.get(item.id)) for item in result.exercises]
    parts = [part for item in items for part in (item["dose_sources"], *(each["sources"] for each in item["activity"]))]
    keys = dict.fromkeys(key for part in parts for key in part)
    return {**SCHEMA, "exercises": items, "references": _references(keys)}


def _exercise(item: Exercise, its: "Mine | None") -> Json:
    """Return an exercise with the keys of data/exercises.json, and what the person did of it last."""
    known = {"id": item.id, "name": item.name, "per_side": item.per_side, "mode": item.mode}
    activity = [
        {**entry, "band": None if entry["mark"] == "M" else phrases.band(entry["low"], entry["high"])}
        for entry in item.facts.get("activity", ())
    ]
    mine = {"last": [session(each) for each in its.last] if its else [], "last_note": its.note if its else None}
    return {**EMPTY_EXERCISE, **known, **item.facts, "activity": activity, **mine}


def templates(listed: "Iterable[Template]", position: "Position | None") -> Json:
    """Return example plans with the keys of data/templates.json, and the phase that the plan in force is."""
    items = [{**template._asdict(), "phases": [phase._asdict() for phase in template.phases]} for template in listed]
    now = position and {"template": position.template.id, "phase": position.at + 1, "since": str(position.since)}
    return {**SCHEMA, "templates": items, "now": now}


def why() -> Json:
    """Return the statements of why under their titles, each with the keys of its sources."""
    from kneetrack.views.why import KEYS, WHY  # noqa: PLC0415 - no other command needs it

    parts = [
        {
            "title": title,
            "statements": [{"text": item.text, "sources": _named(str(item), KEYS)} for item in statements],
        }
        for title, *statements in WHY
    ]
    return {**SCHEMA, "parts": parts, "references": _references(KEYS)}


def safety(pain_limit: int) -> Json:
    """Return the signs under what to do about them, with the keys of their sources, and the words below them."""
    from kneetrack.views.safety import INTENDED_USE, KEYS, NOT_REVIEWED, signs  # noqa: PLC0415 - as above

    parts = [
        {"title": title, "signs": list(its), "sources": _named(" ".join((title, *its)), KEYS)}
        for title, its in signs(pain_limit)
    ]
    below = {"review": NOT_REVIEWED, "intended_use": INTENDED_USE}
    return {**SCHEMA, "pain_limit": pain_limit, "parts": parts, **below, "references": _references(KEYS)}


def _named(statement: str, keys: Iterable[str]) -> list[str]:
    """Return the keys that a statement names."""
    return [key for key in keys if key in statement]


def _references(keys: Iterable[str]) -> Json:
    """Return sources by their keys."""
    from kneetrack.domain import references  # noqa: PLC0415 - as above

    return {key: references.get(key)._asdict() for key in keys}


EMPTY_EXERCISE: Json = {
    "id": None,
    "name": None,
    "aliases": [],
    "category": None,
    "primary": [],
    "secondary": [],
    "per_side": None,
    "mode": None,
    "level": None,
    "regress_to": None,
    "progress_to": None,
    "knee_load": None,
    "equipment": [],
    "sets": None,
    "reps": None,
    "hold_s": None,
    "rest_s": None,
    "days_per_week": None,
    "dose_sources": [],
    "dose_status": None,
    "dose_for": None,
    "own_defaults": [],
    "activity": [],
    "cues": [],
}


def synced(done: "Synced") -> Json:
    """Return what a sync brought and gave."""
    return {
        **SCHEMA,
        "folder": str(done.folder),
        "auto": done.auto,
        "other_devices": done.other_devices,
        "received": [{"kind": kind, "new": its.new, "changed": its.changed} for kind, its in done.counts.items()],
        "sent": done.sent,
        "purged": len(done.purged),
        "waiting": done.waiting,
        "logged": [session(its) for its in done.logged],
        "noted": [pain(its) for its in done.noted],
        "not_logged": list(done.not_logged),
        "unread": [its._asdict() for its in done.unread],
    }


def sync_status(found: "SyncStatus | None") -> Json:
    """Return how a diary is synced; without a folder where it is not."""
    if found is None:
        return {
            **SCHEMA,
            "folder": None,
            "auto": False,
            "at": None,
            "problem": None,
            "devices": [],
            "not_logged": [],
            "copies": [],
        }
    devices = [
        {
            "device": its.device,
            "this_device": its.this_device,
            "last_change": its.last_change.isoformat() if its.last_change else None,
            "last_read": its.last_read.isoformat() if its.last_read else None,
            "unread": [{"name": each.name, "why": each.why} for each in its.unread],
        }
        for its in found.devices
    ]
    return {
        **SCHEMA,
        "folder": str(found.folder),
        "auto": found.auto,
        "at": found.at.isoformat() if found.at else None,
        "problem": found.away or found.problem,
        "devices": devices,
        "not_logged": list(found.not_logged),
        "copies": list(found.copies),
    }
