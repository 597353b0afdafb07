"""What is said of rules, session by session, and of a sync."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kneetrack.app.results.changes import RewrittenBackups
from kneetrack.app.results.rules import Rules
from kneetrack.app.results.sync import Synced, SyncStatus
from kneetrack.domain.catalogue import Catalogue
from kneetrack.domain.dose import Dose
from kneetrack.domain.pain import Missing
from kneetrack.domain.progression import Judged, Outlook
from kneetrack.domain.records import Rule
from kneetrack.views import rules, sync
from kneetrack.views.lines import Line

DAY, TODAY = date(2026, 11, 24), date(2026, 11, 25)
JUDGED = Judged(DAY, 3, 15, {None: 3}, 2, 5, Missing(), frozenset(), frozenset())
RULE = Rule("bridge", 10, 15, 2, 2, morning_not_worse=True, max_effort=7, then="bridge_band", dose=Dose(3, 10, None))


def said(lines: list[Line]) -> str:
    """Return lines as text."""
    return "\n".join("".join(span.text for span in line) for line in lines)


@pytest.mark.parametrize(
    ("judged", "words"),
    [
        (JUDGED._replace(short=frozenset({"morning"})), "next morning worse"),
        (JUDGED._replace(pain=6, short=frozenset({"pain"})), "pain 6"),
        (JUDGED._replace(pain=None, unknown=frozenset({"pain"})), "pain not noted"),
        (JUDGED._replace(effort=9, short=frozenset({"effort"})), "effort 9"),
        (JUDGED._replace(effort=None, unknown=frozenset({"effort"})), "effort not noted"),
        (JUDGED._replace(unknown=frozenset({"sets"})), "not noted how much was done"),
        (JUDGED._replace(reached={None: 2}, short=frozenset({"sets"})), "2 of 3 sets at 15"),
        (JUDGED._replace(reached={"left": 3, "right": 1}, short=frozenset({"sets"})), "right side 1 of 3 sets at 15"),
    ],
)
def test_what_a_session_lacks_is_said_by_its_day(judged: Judged, words: str) -> None:
    its = Outlook(RULE, "waiting", (judged, JUDGED), "")
    assert rules.why(its, Catalogue(), TODAY) == f"Tue 24 Nov {words}"


def test_a_rule_that_is_quiet_says_until_when() -> None:
    quiet = Outlook(RULE._replace(quiet_until=TODAY), "waiting", (JUDGED,), "")
    assert "Quiet until Wed 25 Nov." in said(rules.explained(Rules((quiet,), Catalogue(), TODAY), 80))


def test_without_a_rule_it_is_said_how_to_set_one() -> None:
    assert "You have no rules.\n" in said(rules.explained(Rules((), Catalogue(), TODAY), 80))


def test_a_sync_says_what_was_purged_what_waits_and_which_backups_may_still_hold_it() -> None:
    done = Synced(
        Path("/shared"),
        auto=True,
        other_devices=1,
        counts={},
        sent=0,
        purged=frozenset({"a", "b"}),
        waiting=11,
        backups=RewrittenBackups(1, "20261122T064100.000000Z cannot be read"),
    )
    assert said(sync.synced(done)).splitlines() == [
        "Synced: nothing new to receive · nothing new to send",
        "  /shared · 1 other device · automatic",
        "  Purged here too: 2 records that another device purged",
        "  Not all backups could be rewritten: 20261122T064100.000000Z cannot be read.",
        "  11 records purged on another device, still here until you agree: kneetrack sync --yes",
    ]


def test_a_folder_that_is_away_is_said_once_in_the_status() -> None:
    away = "/shared is not there, so nothing was synced."
    found = SyncStatus(Path("/shared"), auto=True, at=None, problem=away, away=away, devices=(), not_logged=())
    assert said(sync.status(found, datetime(2026, 11, 25, tzinfo=UTC))).count(away) == 1
