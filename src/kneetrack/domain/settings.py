"""The settings of a diary: their keys, defaults and limits."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from kneetrack.domain import text
from kneetrack.domain.errors import SettingError, WrongUseError
from kneetrack.domain.records import MAX_RATING, Session
from kneetrack.domain.value import Value

DEFAULTS = {"day_start": "00:00", "pain_limit": "5", "pain_rule": "mykneecap", "sound": "tones"}
"""Every setting, as it is where the person has not changed it."""

PAIN_RULES = ("mykneecap", "light")
"""The rules for pain that can be named; a number is the person's own ideal."""

SOUNDS = ("tones", "voice", "bell", "off")
"""What can be heard of a guided session."""

MAX_WHEN = 120
"""The most characters of a text that says when to exercise."""

_LATEST_DAY_START = 12
_NIGHT_ENDS = 4
_LONGEST = 40
_ONCE_IN = timedelta(7)


class PainAboveLimit(Value):
    """A pain that was noted, 0 to 10, and the person's limit that it is above."""

    pain: int
    limit: int


class WhenThen(Value):
    """When the person means to exercise, in their own words, and what they do if that fails; None for nothing."""

    when: str
    if_not: str | None

    @property
    def shown(self) -> str:
        """Return it as a screen shows it: after brushing teeth; if not: one set before bed."""
        return text.clean(self.when) + (f"; if not: {text.clean(self.if_not)}" if self.if_not else "")


class Settings(Value):
    """What the settings say: when a day begins, the pain above which answers warn, 0 to 10, what is heard, the rule.

    `pain_rule` is the name of a published rule, or the most that pain should ideally be as a number; `when` is when
    the person means to exercise, None where they did not say.
    """

    day_start: time
    pain_limit: int
    sound: str = "tones"
    pain_rule: str = "mykneecap"
    when: WhenThen | None = None

    def is_sore(self, pain: int | None) -> bool:
        """Return whether a pain is above the limit: answers and reminders say so, and do not cheer at it."""
        return pain is not None and pain > self.pain_limit

    def above_limit(self, pain: int | None) -> PainAboveLimit | None:
        """Return a pain that is above the limit with the limit, None for any other."""
        return PainAboveLimit(pain, self.pain_limit) if pain is not None and self.is_sore(pain) else None

    def may_suggest_day_start(self, now: datetime) -> bool:
        """Return whether it is just past midnight and days begin then, so that a later beginning may suit."""
        return now.hour < _NIGHT_ENDS and not (self.day_start.hour or self.day_start.minute)


def read(changed: Mapping[str, str]) -> Settings:
    """Return the settings of a diary, of which some were changed. Raises SettingError for a value out of its limits."""
    return Settings(
        day_start(changed),
        int(_valid(changed, "pain_limit")),
        _valid(changed, "sound"),
        _valid(changed, "pain_rule"),
        WhenThen(changed["when"], changed.get("if_not")) if changed.get("when") else None,
    )


def day_start(changed: Mapping[str, str]) -> time:
    """Return the clock time at which a day begins. Raises SettingError as `read` does, whatever the others are."""
    return time.fromisoformat(_valid(changed, "day_start"))


def every(changed: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every setting of a diary, of which some were changed, as it is."""
    return {name: changed.get(name, value) for name, value in DEFAULTS.items()}


def _valid(changed: Mapping[str, str], name: str) -> str:
    """Return the value of a setting. Raises SettingError."""
    if name not in changed:
        return DEFAULTS[name]
    value = changed[name]
    try:
        return checked(name, value)
    except WrongUseError:
        raise SettingError(name, text.clean(value[:_LONGEST]), DEFAULTS[name]) from None


def examples(name: str) -> list[str]:
    """Return some or all of the values of a setting, as completion offers them; none of no setting."""
    if name == "day_start":
        return [f"{hour:02}:00" for hour in range(_NIGHT_ENDS + 2)]
    if name == "pain_limit":
        return [str(limit) for limit in range(MAX_RATING + 1)]
    if name == "pain_rule":
        return list(PAIN_RULES)
    return list(SOUNDS) if name == "sound" else []


def key(word: str) -> str:
    """Return the key that a word names. Raises WrongUseError."""
    name = word.lower().replace("-", "_")
    if name not in DEFAULTS:
        raise WrongUseError(f"There is no setting “{text.clean(word)}”; there are {', '.join(DEFAULTS)}.")
    return name


def checked(name: str, value: str) -> str:
    """Return a value of a setting as it is kept. Raises WrongUseError for a value out of its limits, or no setting."""
    if name in WhenThen._fields:
        # What was taken back is kept as a removed version with nothing in it.
        return when_text(value) if value else value
    if key(name) == "day_start":
        clock = text.read_clock(value)
        if clock.hour >= _LATEST_DAY_START:
            raise WrongUseError("A day begins between 00:00 and 11:59.")
        return f"{clock:%H:%M}"
    if key(name) == "sound":
        return sound(value)
    if key(name) == "pain_rule" and value.lower() in PAIN_RULES:
        return value.lower()
    if not (value.isascii() and value.isdigit() and text.whole(value) <= MAX_RATING):
        named = f"takes {' or '.join(PAIN_RULES)}, or your own ideal from" if name == "pain_rule" else "goes from"
        raise WrongUseError(f"{name} {named} 0 to {MAX_RATING}, not “{text.clean(value)}”.")
    return str(text.whole(value))


def when_text(words: str) -> str:
    """Return when to exercise, or what to do if that fails, as it is kept. Raises WrongUseError."""
    kept = " ".join(text.storable(words).split())
    if not kept:
        raise WrongUseError("Say when you mean to exercise: kneetrack plan when 'after brushing teeth'")
    if len(kept) > MAX_WHEN:
        raise WrongUseError(f"Say it in at most {MAX_WHEN} characters; this has {len(kept)}.")
    return kept


def sound(word: str) -> str:
    """Return what a word says is to be heard of a session. Raises WrongUseError."""
    if word.lower() not in SOUNDS:
        raise WrongUseError(f"“{text.clean(word)}” is not a sound; choose {', '.join(SOUNDS[:-1])} or {SOUNDS[-1]}.")
    return word.lower()


def suggests_day_start(now: datetime, earlier: Iterable[Session]) -> bool:
    """Return whether a log just past midnight is the first such one of a week, by the sessions before it."""
    return not any(
        session.created_at.astimezone().hour < _NIGHT_ENDS and now - session.created_at < _ONCE_IN
        for session in earlier
    )
