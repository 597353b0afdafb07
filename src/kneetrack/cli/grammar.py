"""The grammar of the command line: every command with its parameters, in one table.

Typer's commands are built from it (`typer_app`), and so is whatever else reads or describes a line. To add a command:
a row here, and a function of the same parameters in the room of its panel.
"""

from importlib import import_module
from typing import Any, Literal, TypeAlias

from kneetrack.domain import text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.value import Value

Kind: TypeAlias = Literal["word", "number", "rating", "day", "flag", "words"]
"""What a parameter takes: one word, a whole number, a rating, a day of one word or several, nothing, or words."""


class Parameter(Value):
    """A parameter of a command: an option where it has flags, else an argument.

    `name` is that of the function's parameter; `completes` names what the shell completes, in `app.completion`.
    """

    name: str
    kind: Kind
    flags: tuple[str, ...]
    metavar: str | None
    help: str
    required: bool = False
    completes: str | None = None

    @property
    def is_option(self) -> bool:
        """Return whether it is an option; else it is an argument."""
        return bool(self.flags)


class Command(Value):
    """A command: the panel of the help that it is in, its room and function, what it does, and an example."""

    panel: str
    room: str
    function: str
    summary: str
    example: str
    parameters: tuple[Parameter, ...]

    @property
    def takes_db(self) -> bool:
        """Return whether it works on a diary."""
        return any(each.name == "db" for each in self.parameters)


def _option(
    flags: str, metavar: str | None, help_: str, kind: Kind = "word", *, name: str = "", completes: str | None = None
) -> Parameter:
    """Return an option; its function's parameter is named as its first flag unless told otherwise."""
    names = tuple(flags.split("/"))
    first = names[0].lstrip("-").replace("-", "_")
    return Parameter(name or first, kind, names, metavar, help_, completes=completes)


def _flag(flags: str, help_: str, *, name: str = "") -> Parameter:
    return _option(flags, None, help_, "flag", name=name)


def _argument(
    name: str,
    metavar: str,
    help_: str,
    kind: Kind = "word",
    *,
    required: bool = False,
    completes: str | None = None,
) -> Parameter:
    return Parameter(name, kind, (), metavar, help_, required, completes)


DB = _option("--db", "PATH", "The diary to use: a path or postgresql://…; else KNEETRACK_DB, else the data folder.")
JSON = _flag("--json", "Print the answer as JSON.", name="as_json")
LIST_JSON = _flag("--json", "With --list: print the answer as JSON.", name="as_json")


def _day(flags: str, help_: str, *, name: str = "") -> Parameter:
    return _option(flags, "DAY", help_, "day", name=name, completes="days")


_DAY = _day("--day/-d", "The day it counts for: yesterday, mon, last mon, 2 days ago, -2, 20 nov, 2026-11-20.")
_SIDE = _option("--side", "SIDE", "left, right or both (or l, r).", completes="sides")
_FROM = _day("--from", "The first day; today unless given.", name="first")
_REASON = _option("--reason", "TEXT", "Why: pain, travel, ill …")
_AT = _option("--at", "TIME", "A time of day; 18:00 unless given. Repeat --at for more.", "words", name="times")
_ONE = _argument("exercise", "[EXERCISE]", "Only this exercise.", completes="exercises")
_DOSED = _argument(
    "what", "EXERCISE [DOSE]...", "Exercises, each with its dose.", "words", required=True, completes="exercises"
)
_EXERCISE = _argument("exercise", "EXERCISE", "An exercise.", required=True, completes="exercises")
_NAMES = _argument("what", "EXERCISE...", "Exercises.", "words", required=True, completes="exercises")
_ID = _argument(
    "what",
    "ID|last",
    "The first characters of an id, as history shows them, or last: what was logged last, an exercise"
    " with all its sets of that command, or a pain.",
    required=True,
    completes="ids",
)

_RECORD = _ID._replace(completes="records")

DAY, PLAN, PROGRESS, LEARN, DATA = "Every day", "Plan", "Progress", "Learn", "Data"

COMMANDS = {
    "log": Command(
        DAY,
        "daily",
        "log",
        "Log what was done.",
        "kneetrack log bridge 3x15 --pain 2",
        (
            _argument(
                "what",
                "[EXERCISE [DOSE]...]...",
                "What was done: bridge 3x15 clamshell 3x12, or all. Without a dose: what is left of it today."
                " bridge again: as last time; again alone: the last line.",
                "words",
                completes="logged",
            ),
            _option("--sets", "N", "Number of sets; without --reps, of your planned repetitions.", "number"),
            _option("--reps", "N", "Repetitions per set; without --sets, one set.", "number"),
            _option("--hold", "SECONDS", "Seconds of hold; without --sets, one set.", "number"),
            _SIDE,
            _option("--load", "TEXT", "Band or weight used."),
            _option("--pain", "0-10", "The worst pain while doing it: 2 or 2/10.", "rating"),
            _option("--effort", "0-10", "How hard it was: 7 or 7/10.", "rating"),
            _option("--note", "TEXT", "A note; it is shown next time."),
            _DAY,
            _option("--at", "TIME", "The clock time on that day: 07:30, 18 or 6pm."),
            JSON,
            DB,
        ),
    ),
    "start": Command(
        DAY,
        "session",
        "start",
        "Do what is left today along with a timer; each set is saved when it ends.",
        "kneetrack start bridge",
        (
            _argument("what", "[EXERCISE]...", "Only these exercises.", "words", completes="exercises"),
            _flag("--plain", "Lines instead of a screen; also with ACCESSIBLE=1 and in a pipe."),
            _flag("--auto", "Follow the clock alone; read no keys."),
            _flag("--dry-run", "Show what would be done and how long it takes."),
            _option(
                "--sound",
                "KIND",
                "What to hear: tones, voice, bell or off; the setting sound unless given.",
                completes="sounds",
            ),
            DB,
        ),
    ),
    "pain": Command(
        DAY,
        "pain",
        "pain",
        "Note pain apart from exercise, or something about a day; without words show the last two weeks.",
        "kneetrack pain 2 --note 'stairs'",
        (
            _argument("pain", "[0-10]", "How much it hurts: 2 or 2/10; none with --note alone.", "rating"),
            _option(
                "--moment",
                "MOMENT",
                "When: morning (on getting up), after (within an hour of exercise) or day (the worst apart from"
                " exercise). Without it: morning from 04:00 to noon, else day.",
                "words",
                name="moments",
                completes="moments",
            ),
            _option("--side", "SIDE", "Which knee: left, right or both (or l, r).", completes="sides"),
            _option("--note", "TEXT", "What it was like, or anything about the day."),
            _DAY,
            _option("--at", "TIME", "The clock time on that day: 07:30, 18 or 6pm."),
            JSON,
            DB,
        ),
    ),
    "today": Command(DAY, "daily", "today", "Show what is done and what is left today.", "kneetrack", (JSON, DB)),
    "history": Command(
        DAY,
        "daily",
        "history",
        "Show what was done, newest first: the last 14 days unless told otherwise.",
        "kneetrack history bridge --days 30",
        (
            _ONE,
            _option("--days", "N", "The last N days.", "number", name="days"),
            _day("--from", "From this day on.", name="first"),
            _day("--until", "Up to this day.", name="last"),
            _flag("--all", "All days.", name="everything"),
            JSON,
            DB,
        ),
    ),
    "undo": Command(
        DAY,
        "daily",
        "undo",
        "Undo the last change; repeat to go further back.",
        "kneetrack undo --list",
        (_flag("--list", "List what can be undone, newest first.", name="listed"), LIST_JSON, DB),
    ),
    "redo": Command(DAY, "daily", "redo", "Bring back what undo took back.", "kneetrack redo", (DB,)),
    "edit": Command(
        DAY,
        "daily",
        "edit",
        "Correct a session or a pain; undo brings back what it was.",
        "kneetrack edit last 3x12 --note none",
        (
            _ID,
            _argument("dose", "[DOSE]", "The correct dose: 3x15."),
            _option("--sets", "N|none", "Sets."),
            _option("--reps", "N|none", "Repetitions a set."),
            _option("--hold", "SECONDS|none", "Seconds of hold."),
            _SIDE,
            _option("--load", "TEXT|none", "Band or weight used."),
            _option("--pain", "0-10|none", "The worst pain while doing it."),
            _option("--effort", "0-10|none", "How hard it was."),
            _option("--note", "TEXT|none", "A note."),
            _option("--exercise", "NAME", "The exercise it should have been.", completes="exercises"),
            _DAY,
            _option("--at", "TIME|none", "The clock time on that day."),
            DB,
        ),
    ),
    "rm": Command(
        DAY,
        "daily",
        "rm",
        "Remove a session, a pause, a pain or a score; undo brings it back.",
        "kneetrack rm last",
        (_RECORD, DB),
    ),
    "purge": Command(
        DAY,
        "daily",
        "purge",
        "Delete a session, a pause, a pain or a score for good, with all its versions, even if removed or undone.",
        "kneetrack purge last",
        (_RECORD, _flag("--yes", "Do not ask."), DB),
    ),
    "plan": Command(
        PLAN,
        "plan",
        "show_plan",
        "Show your plan.",
        "kneetrack plan set bridge 3x12 clamshell 2x15 --per-week 3",
        (JSON, DB),
    ),
    "plan history": Command(
        PLAN,
        "plan",
        "plan_history",
        "Show how your plan changed, newest first, and what is to come.",
        "kneetrack plan history",
        (JSON, DB),
    ),
    "plan set": Command(
        PLAN,
        "plan",
        "plan_set",
        "Set sets, repetitions and schedule of exercises; what is not named stays as it is.",
        "kneetrack plan set bridge 3x12 clamshell 2x15 --per-week 3",
        (
            _DOSED,
            _flag("--daily", "Every day."),
            _option("--every", "N", "Every N days.", "number"),
            _option("--on", "DAYS", "On these weekdays: mon,wed,fri."),
            _option("--per-week", "N", "N times a week, on any days.", "number"),
            _option("--tempo", "UP-HOLD-DOWN|none", "Seconds of each repetition going up, held and going down: 3-2-3."),
            _option("--rest", "SECONDS|none", "Seconds of rest after a set."),
            _option("--instead-of", "EXERCISE", "The exercise that these replace in your plan.", completes="exercises"),
            _FROM,
            DB,
        ),
    ),
    "plan templates": Command(
        PLAN,
        "plan",
        "plan_templates",
        "Show example plans, with their phases and sources.",
        "kneetrack plan templates",
        (JSON, DB),
    ),
    "plan use": Command(
        PLAN,
        "plan",
        "plan_use",
        "Start an example plan: its first phase replaces your plan; undo takes it back.",
        "kneetrack plan use starter --from mon",
        (_argument("template", "TEMPLATE", "An example plan.", required=True, completes="templates"), _FROM, DB),
    ),
    "plan next": Command(
        PLAN,
        "plan",
        "plan_next",
        "Go on to the next phase of your example plan; what stays in it keeps its sets and reps.",
        "kneetrack plan next",
        (DB,),
    ),
    "plan when": Command(
        PLAN,
        "plan",
        "plan_when",
        "Say when you mean to exercise, and what you do if that fails; without words show it.",
        "kneetrack plan when 'after brushing teeth' --if-not 'one set before bed'",
        (
            _argument("what", "[TEXT|none]...", "When, in your own words; none takes it back.", "words"),
            _option("--if-not", "TEXT|none", "What you do if that fails."),
            JSON,
            DB,
        ),
    ),
    "plan drop": Command(
        PLAN,
        "plan",
        "plan_drop",
        "Take exercises out of your plan; what you did stays.",
        "kneetrack plan drop clamshell",
        (_NAMES, _FROM, DB),
    ),
    "rule": Command(
        PLAN,
        "rule",
        "rule",
        "Show your own rules of when to go on, how they stand and why.",
        "kneetrack rule",
        (JSON, DB),
    ),
    "rule set": Command(
        PLAN,
        "rule",
        "rule_set",
        "Set a rule of your own: what the last sessions of an exercise must be like, and what comes next.",
        "kneetrack rule set clamshell --reps 10-15 --sessions 2 --max-pain 2 --then 'clamshell-band 3x10'",
        (
            _EXERCISE,
            _option("--reps", "N-N", "The range of repetitions: every planned set must reach its top."),
            _option("--hold", "N-N", "The same in seconds, for an exercise that is held."),
            _option("--sessions", "N", "How many of the latest sessions must all meet it.", "number"),
            _option("--max-pain", "0-10", "The most pain allowed while doing it.", "rating"),
            _flag("--morning-not-worse", "The next morning's pain must not be above that morning's."),
            _option("--max-effort", "0-10", "The most effort allowed.", "rating"),
            _option(
                "--then",
                "'EXERCISE DOSE'",
                "What comes next: another exercise, or another dose of the same one.",
                completes="exercises",
            ),
            DB,
        ),
    ),
    "rule drop": Command(
        PLAN, "rule", "rule_drop", "Drop the rule of an exercise.", "kneetrack rule drop clamshell", (_EXERCISE, DB)
    ),
    "rule quiet": Command(
        PLAN,
        "rule",
        "rule_quiet",
        "Silence an exercise's rule up to and including a day.",
        "kneetrack rule quiet clamshell --until sun",
        (_EXERCISE, _day("--until", "The last quiet day."), DB),
    ),
    "skip": Command(
        PLAN,
        "plan",
        "skip",
        "Excuse one day: it neither counts nor ends a streak.",
        "kneetrack skip --reason pain",
        (_ONE, _DAY, _REASON, DB),
    ),
    "pause": Command(
        PLAN,
        "plan",
        "pause",
        "Pause one exercise or all, until a day or until you resume.",
        "kneetrack pause --until sun --reason travel",
        (
            _ONE,
            _FROM,
            _day("--until", "The last day, itself included."),
            _REASON,
            _flag("--list", "List all pauses.", name="listed"),
            LIST_JSON,
            DB,
        ),
    ),
    "resume": Command(
        PLAN,
        "plan",
        "resume",
        "End the pause of an exercise; without a name, the pause of everything.",
        "kneetrack resume",
        (_ONE, DB),
    ),
    "stats": Command(
        PROGRESS,
        "progress",
        "stats",
        "Show streaks, adherence, dose, habit and pain, by exercise and by week; with pain, pain by week as a chart.",
        "kneetrack stats bridge",
        (
            _ONE._replace(
                metavar="[EXERCISE|pain]", help="Only this exercise; or pain, by week.", completes="exercises_or_pain"
            ),
            _flag("--all", "Show exercises that are no longer in the plan too.", name="everything"),
            _option("--weeks", "N", "With pain: the last N weeks, this one included; 12 unless given.", "number"),
            JSON,
            DB,
        ),
    ),
    "score": Command(
        PROGRESS,
        "score",
        "score",
        "Enter a score, or show how the scores changed.",
        "kneetrack score psfs stairs 4 'long drive' 6",
        (
            _argument(
                "what",
                "[MEASURE VALUE]...",
                "Which score, and its value. psfs: how well your own activities go, 0 (not at all) to 10 (as before):"
                " psfs stairs 4. nprs: usual pain of the week, 0 to 10. change: 1 (much worse) to 7 (completely"
                " recovered). akps, koos-pf: the total of a form filled in elsewhere. Without words: all scores.",
                "words",
                completes="measures",
            ),
            _DAY,
            JSON,
            DB,
        ),
    ),
    "calendar": Command(
        PROGRESS,
        "progress",
        "calendar",
        "Show the last months, a mark a day: for the whole plan, or for one exercise.",
        "kneetrack calendar bridge --months 12",
        (_ONE, _option("--months", "N", "The last N months, this one included; 3 unless given.", "number"), JSON, DB),
    ),
    "explain": Command(
        PROGRESS,
        "progress",
        "explain",
        "Explain a number: its rule, applied to your own last days.",
        "kneetrack explain streak",
        (
            _argument(
                "topic", "streak|adherence|habit|pain|rule", "What to explain.", required=True, completes="topics"
            ),
            _ONE,
            JSON,
            DB,
        ),
    ),
    "dash": Command(
        PROGRESS,
        "dash",
        "dash",
        "Keep today, the weeks and the year on the screen, and log from there.",
        "kneetrack dash",
        (DB,),
    ),
    "report": Command(
        PROGRESS,
        "report",
        "report",
        "Write a page for a clinician: what was planned and done, pain, scores and notes.",
        "kneetrack report page.html --name 'Anna B.' --question 'May I run again?'",
        (
            _argument(
                "to",
                "[FILE]",
                "A file whose name ends in .html, .pdf (needs the extra pdf), .txt or .fhir.json (FHIR R4);"
                " else the page as text.",
            ),
            _option("--weeks", "N", "This week and those before it, N in all; 6 unless given.", "number"),
            _day("--from", "From this day on, in place of --weeks.", name="first"),
            _day("--until", "Up to this day; today if not given.", name="last"),
            _option("--name", "TEXT", "A name to put on the page; none unless given."),
            _option(
                "--question",
                "TEXT",
                "A question of yours to the clinician. Repeat --question for more.",
                "words",
                name="questions",
            ),
            _flag("--force", "Overwrite FILE if it exists."),
            DB,
        ),
    ),
    "exercises": Command(
        LEARN,
        "learn",
        "exercises",
        "List the exercises that can be logged.",
        "kneetrack exercises --muscle glute --knee-load none,non-weight-bearing",
        (
            _argument("word", "[WORD]", "Only those with this in a name, a muscle or a family."),
            _option("--muscle", "WORD", "Only those that train this muscle: glute, quads."),
            _option("--equipment", "WORD", "Only those that use this: band, mat, or none."),
            _option("--level", "N|N-M", "Only this level, or a range: 1-3."),
            _option(
                "--knee-load",
                "LOAD,…",
                "Only those with this load on the knee: none, non-weight-bearing, low, kneeling, weight-bearing.",
            ),
            _flag("--long", "Also show the muscles and the starting dose."),
            JSON,
            DB,
        ),
    ),
    "show": Command(
        LEARN,
        "learn",
        "show",
        "Show how an exercise is done, for whom its dose was published, and your last time.",
        "kneetrack show bridge",
        (
            _EXERCISE,
            _flag("--sources", "Also show the full sources.", name="with_sources"),
            JSON,
            DB,
        ),
    ),
    "add": Command(
        LEARN,
        "learn",
        "add",
        "Add an exercise of your own.",
        "kneetrack add wall-push --per-side",
        (
            _argument("name", "NAME", "Its name.", required=True),
            _flag("--per-side", "Done on each side separately."),
            _flag("--hold", "Held for seconds, not counted."),
            DB,
        ),
    ),
    "why": Command(
        LEARN,
        "learn",
        "why",
        "Say why these exercises, what trials found and did not find, and how long it takes.",
        "kneetrack why",
        (JSON,),
    ),
    "safety": Command(
        LEARN, "learn", "safety", "Say when to stop, and which signs need a clinician.", "kneetrack safety", (JSON, DB)
    ),
    "remind": Command(
        DATA,
        "reminding",
        "remind",
        "Print what you have not begun today, or nothing at all; remind install runs it daily.",
        "kneetrack remind install --at 18:00",
        (
            _flag("--exit-code", "Exit with 1 when something is not begun."),
            _flag("--notify", "Send a desktop notification; print where there is no desktop."),
            JSON,
            DB,
        ),
    ),
    "remind install": Command(
        DATA,
        "reminding",
        "install",
        "Set up a daily reminder; it stays silent when everything is begun.",
        "kneetrack remind install --at 09:00 --at 18:00",
        (
            _AT,
            _option(
                "--via", "cron|systemd|print", "What runs it; cron unless given, print shows what to install by hand."
            ),
            _flag("--notify", "Send desktop notifications; systemd always does."),
            _flag("--dry-run", "Show what would be installed, and change nothing."),
            DB,
        ),
    ),
    "remind uninstall": Command(
        DATA,
        "reminding",
        "uninstall",
        "Take the reminder out of the crontab and of systemd.",
        "kneetrack remind uninstall",
        (),
    ),
    "remind status": Command(
        DATA,
        "reminding",
        "status",
        "Say what is installed, whether it runs, and when it last did. Exit code: 0 fine, 1 not installed, 3 broken.",
        "kneetrack remind status",
        (JSON,),
    ),
    "remind calendar": Command(
        DATA,
        "reminding",
        "calendar",
        "Write your plan as a calendar file with alarms, to import on a phone.",
        "kneetrack remind calendar exercises.ics --at 07:30",
        (_argument("path", "FILE.ics", "The file to write.", required=True), _AT, DB),
    ),
    "export": Command(
        DATA,
        "data",
        "export",
        "Write everything as JSON, or the sessions, the pain or the scores as CSV.",
        "kneetrack export diary.json",
        (
            _argument("to", "[FILE]", "A file; else standard output."),
            _option(
                "--format",
                "FORMAT",
                "json: everything. csv: one kind of record. Else as FILE ends; without FILE json.",
                name="form",
            ),
            _option("--of", "KIND", "With CSV: sessions, pain or scores; sessions unless given.", completes="kinds"),
            _flag("--force", "Overwrite FILE if it exists."),
            DB,
        ),
    ),
    "import": Command(
        DATA,
        "data",
        "import_",
        "Add what an export has and your diary lacks; one undo takes it back.\n\n"
        "The later version of a record wins. A JSON or CSV file with an invalid row is refused.\n"
        "Invalid days of a Loop Habit Tracker export are listed and left out.\n"
        "Records purged in the other diary are purged here too if you agree; that cannot be undone.",
        "kneetrack import diary.json --dry-run",
        (
            _argument(
                "path", "FILE|-", "An export: JSON, CSV, or the zip or folder of Loop Habit Tracker.", required=True
            ),
            _flag("--dry-run", "Show what would be imported; write nothing."),
            _option(
                "--map", "NAME=EXERCISE", "What a name in a CSV or Loop file is: Hips=clamshell.", "words", name="maps"
            ),
            _flag("--yes", "Purge here what was purged elsewhere, without asking."),
            DB,
        ),
    ),
    "sync": Command(
        DATA,
        "sync",
        "sync",
        "Bring your devices together through a folder that Syncthing, Dropbox, git or a stick carries.\n\n"
        "Name the folder once on each device; then kneetrack sync reads what the others gave and gives what is new.",
        "kneetrack sync ~/Sync/kneetrack",
        (
            _argument("folder", "[FOLDER]", "The folder that your devices share; only the first time."),
            _flag("--auto", "From now on also after each change and before today is shown."),
            _flag("--yes", "Do not ask before more than ten records are purged that another device purged."),
            JSON,
            DB,
        ),
    ),
    "sync status": Command(
        DATA,
        "sync",
        "status",
        "Say what each device last gave and what waits. Exit code: 0 fine, 1 not set up, 3 something is stuck.",
        "kneetrack sync status",
        (JSON, DB),
    ),
    "sync off": Command(
        DATA,
        "sync",
        "off",
        "Stop syncing on this device; the folder stays as it is.",
        "kneetrack sync off",
        (DB,),
    ),
    "backup": Command(
        DATA,
        "data",
        "backup",
        "Back up now (also done automatically once a day).",
        "kneetrack backup",
        (DB,),
    ),
    "restore": Command(
        DATA,
        "data",
        "restore",
        "Go back to a backup; what is there now becomes a backup first.",
        "kneetrack restore 20261122T0641",
        (
            _argument(
                "name",
                "[NAME]",
                "A backup's name, or its beginning from the day on: 20261122; without one, list them.",
                completes="backups",
            ),
            JSON,
            DB,
        ),
    ),
    "doctor": Command(
        DATA,
        "data",
        "doctor",
        "Look for what is wrong with the diary and around it, and say what to do.",
        "kneetrack doctor",
        (JSON, DB),
    ),
    "settings": Command(
        DATA,
        "data",
        "settings",
        "Show where the diary is, and show or change settings.",
        "kneetrack settings day_start 04:00",
        (
            _argument(
                "key",
                "[KEY]",
                "day_start: the hour your day begins. pain_limit: pain above this shows a warning."
                " pain_rule: the rule for pain, mykneecap, light or your own ideal."
                " sound: what you hear of a guided session.",
                completes="settings",
            ),
            _argument("value", "[VALUE]", "Its new value.", completes="values"),
            JSON,
            DB,
        ),
    ),
}
"""Every command by what is typed, in the order of the help."""


def subcommands(name: str) -> list[str]:
    """Return the commands that are typed after the name of another one: `plan set` of `plan`."""
    return [other for other in COMMANDS if other.startswith(f"{name} ")]


def call(command: Command, typed: dict[str, Any]) -> int | None:
    """Run a command with the values of its parameters as they were typed, and return its exit code.

    Raises WrongUseError for what is no number where one belongs, and what the command raises.
    """
    room = import_module(f"kneetrack.cli.{command.room}")
    code: int | None = getattr(room, command.function)(**values(command, typed))
    return code


def values(command: Command, typed: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a command's parameters with their numbers read. Raises WrongUseError."""
    numbers = [each for each in command.parameters if each.kind in {"number", "rating"}]
    return typed | {each.name: _number(each, typed[each.name]) for each in numbers}


def _number(parameter: Parameter, word: str | None) -> int | None:
    """Return the whole number that a word writes, of a rating also as 7/10. Raises WrongUseError."""
    if word is None:
        return None
    rating = parameter.kind == "rating"
    digits = (word.removesuffix("/10") if rating else word).removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        takes = "a whole number from 0 to 10, such as 7 or 7/10" if rating else "a whole number"
        name = parameter.flags[0] if parameter.flags else parameter.name.capitalize()
        raise WrongUseError(f"{name} takes {takes}, not “{text.echo(word)}”.")
    return -text.whole(digits) if word.startswith("-") else text.whole(digits)
