"""Enter scores, and look at their courses."""

from collections.abc import Sequence

from kneetrack.app import session_input
from kneetrack.app.results.scores import Entered, Scores
from kneetrack.app.session_input import Options
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import scores, text
from kneetrack.domain.errors import WrongUseError
from kneetrack.domain.records import Measure, Score
from kneetrack.domain.scores import SCALES, TENTHS, Scale

MAX_ACTIVITY = 60
_MEASURES: dict[str, Measure] = {
    "psfs": "psfs", "nprs": "nprs", "change": "change", "akps": "akps", "koos-pf": "koos_pf", "koos_pf": "koos_pf",
}  # fmt: skip
_EXAMPLES: dict[Measure, str] = {
    "psfs": "psfs stairs 4 'long drive' 6", "nprs": "nprs 3", "change": "change 5", "akps": "akps 78",
    "koos_pf": "koos-pf 60",
}  # fmt: skip


def enter(workspace: Workspace, words: Sequence[str], day: str | None = None) -> Entered:
    """Write the scores that words name: a measure and its value, or activities of one's own, each with its value.

    A score takes the place of what the diary said of that measure and activity on that day. Raises WrongUseError and
    its kinds, and what opening a diary raises.
    """
    measure = _measure(words[0], words[1:])
    values = _values(measure, words[1:])
    return workspace.write(lambda diary: _enter(diary, measure, values, day))


def show(workspace: Workspace) -> Scores:
    """Return the course of every score. Raises what opening a diary raises."""

    def work(diary: Diary) -> Scores:
        found = scores.courses(diary.store.scores(), diary.today)
        entered = [point.uid for course in found if not course.is_mean for point in course.points]
        return Scores(tuple(found), diary.store.shorten(entered), diary.today)

    return workspace.read(work)


def _enter(diary: Diary, measure: Measure, values: dict[str | None, int], day: str | None) -> Entered:
    on = session_input.when(Options(day=day), diary.now, diary.settings.day_start).day
    known = [score for score in diary.store.scores() if score.measure == measure]
    spelled = {_key(score.activity): score.activity for score in known}
    there = {_key(score.activity): score for score in known if score.day == on}
    said: list[Score] = []
    for activity, tenths in values.items():
        old = there.get(_key(activity))
        new = Score("", diary.now, on, measure, spelled.get(_key(activity), activity), tenths)
        said.append(old._replace(tenths=tenths) if old else new)
    wrote = [score for score in said if score not in known]
    if wrote:
        beside = "" if on == diary.today else f" {on}"
        written = iter(diary.store.put_scores(f"score {SCALES[measure].typed}{beside}", diary.now, wrote))
        said = [next(written) if score in wrote else score for score in said]
    before = {score.uid: score for score in there.values() if score.uid in {its.uid for its in wrote}}
    its = [course for course in scores.courses(diary.store.scores(), on) if course.measure == measure]
    shorts = diary.store.shorten(score.uid for score in said)
    return Entered(tuple(said), before, shorts, tuple(its), diary.today, diary.new, bool(wrote))


def _key(activity: str | None) -> str | None:
    """Return an activity as it is compared with others."""
    return activity and activity.casefold()


def _measure(word: str, rest: Sequence[str]) -> Measure:
    """Return the measure that a word names. Raises WrongUseError."""
    measure = _MEASURES.get(word.lower())
    if measure is None:
        if len(rest) == 1 and rest[0][:1].isdigit():
            name = word if word.isalnum() else repr(text.echo(word))
            raise WrongUseError(f"To score an activity of your own: kneetrack score psfs {name} {text.echo(rest[0])}")
        *others, last = (scale.typed for scale in SCALES.values())
        raise WrongUseError(f"“{text.echo(word)}” is not a score; choose {', '.join(others)} or {last}.")
    return measure


def _values(measure: Measure, words: Sequence[str]) -> dict[str | None, int]:
    """Return the values in tenths by activity, None where the measure has none. Raises WrongUseError."""
    example = f"For example: kneetrack score {_EXAMPLES[measure]}"
    if measure != "psfs":
        if len(words) != 1:
            raise WrongUseError(f"{SCALES[measure].name} takes one value. {example}")
        return {None: _tenths(measure, words[0])}
    if not words or len(words) % 2:
        raise WrongUseError(f"Name each activity with its value. {example}")
    found: dict[str | None, int] = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        activity = _activity(name)
        if any(_key(other) == _key(activity) for other in found):
            raise WrongUseError(f"“{text.echo(name)}” is given twice; give each activity once.")
        found[activity] = _tenths(measure, value)
    return found


def _activity(word: str) -> str:
    """Return an activity as it is kept. Raises WrongUseError."""
    activity = text.storable(word).strip()
    if not activity or activity[0].isdigit():
        raise WrongUseError(
            f"“{text.echo(word)}” is not an activity; name it in words, such as stairs or 'long drive'."
        )
    if len(activity) > MAX_ACTIVITY:
        raise WrongUseError(f"An activity has at most {MAX_ACTIVITY} characters, and this one {len(activity)}.")
    return activity


def _tenths(measure: Measure, word: str) -> int:
    """Return the value that a word writes, in tenths. Raises WrongUseError."""
    scale = SCALES[measure]
    most = scale.most // TENTHS
    whole, _, decimal = word.removesuffix(f"/{most}").replace(",", ".").partition(".")
    digits = whole + (decimal or "0")
    is_number = digits.isascii() and digits.isdigit() and bool(whole)
    if not is_number or len(decimal) > int(scale.decimals) or (word.count(".") + word.count(",")) > len(decimal):
        raise WrongUseError(_limits(scale, word))
    tenths = text.whole(digits)
    if not scale.least <= tenths <= scale.most:
        raise WrongUseError(_limits(scale, word))
    return tenths


def _limits(scale: Scale, word: str) -> str:
    """Return the sentence for a value that a measure does not have."""
    numbers = "a number" if scale.decimals else "a whole number"
    ends = f"{scale.least // TENTHS} to {scale.most // TENTHS}"
    places = ", with at most one decimal place" if scale.decimals else ""
    return f"{scale.name} takes {numbers} from {ends}{places}, not “{text.echo(word)}”."
