"""The settings, and what changing one answers."""

from kneetrack.app.results.maintenance import AllSettings, SettingChanged
from kneetrack.domain import text
from kneetrack.views import answer
from kneetrack.views.lines import Line, Span

MEANING = {
    "day_start": "the hour your day begins, 00:00 to 11:59",
    "pain_limit": "pain above this shows a warning, 0 to 10",
    "pain_rule": "what pain is judged by: mykneecap, light, or your own ideal, 0 to 10",
    "sound": "what a guided session lets you hear: tones, voice, bell or off",
}

_BROAD = max(map(len, MEANING))


def settings(found: AllSettings, only: str | None = None) -> list[Line]:
    """Return every setting with its value and its meaning, and where the diary is; or one setting alone."""
    lines: list[Line] = [
        [Span(f"{key:{_BROAD}}  "), Span(f"{found.values[key]:9}", "name"), Span(f"  {MEANING[key]}", "quiet")]
        for key in ([only] if only else MEANING)
    ]
    there = "" if found.exists else " (not there yet)"
    return lines if only else [*lines, [Span(f"{'diary':{_BROAD}}  {text.clean(str(found.path))}{there}")]]


def changed(done: SettingChanged) -> list[Line]:
    """Return the answer to a change of a setting."""
    lines = answer.wrote(f"{done.key} is now {done.value}", done.progress, undo=False)
    if done.seen_from:
        since = text.show_day(done.seen_from, done.progress.today)
        counted = f"{text.count(done.ahead, 'session')} will be shown from {since} on"
        move = "To move the last one to today: kneetrack edit last -d today"
        lines.append([Span(f"  {counted}. {move}", "quiet")])
    return lines
