"""The reminder: what is still open today."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from kneetrack.cli import console, diary
from kneetrack.cli.diary import Diary
from kneetrack.domain.errors import KneetrackError, OlderJournalError
from kneetrack.store.failures import OutdatedError


def remind(
    exit_code: bool = False,
    notify: bool = False,
    as_json: bool = False,
    db: str | None = None,
) -> int:
    """Say what is still open today, and nothing at all when nothing is; install that as a daily reminder."""
    with _told(notify), _reading(db) as book:
        count = _say(book, notify=notify, as_json=as_json)
    return 1 if exit_code and count else 0


def _say(book: Diary, *, notify: bool, as_json: bool) -> int:
    """Say what is open, and return how much that is."""
    from kneetrack.views import reminder as screen

    progress = book.as_of(book.today)
    exercises = screen.still_open(progress)
    if as_json:
        console.put_json(screen.data(progress, exercises))
    elif exercises and not (notify and _notified(screen.notification(len(exercises)))):
        sore = _sore(book)
        console.say(screen.reminder(progress, exercises, sore, progress if sore else book.recent()))
    console.flush()
    if not _by_hand():
        from kneetrack.reminder import stamp

        stamp.write(book.place.path.absolute(), stamp.Run(book.now, len(exercises)))
    return len(exercises)


@contextmanager
def _reading(db: str | None) -> Iterator[Diary]:
    """Open the journal to read and nothing else; one that is nowhere yet has nothing open."""
    try:
        with diary.reading(db, upgrade=False, example=False) as book:
            yield book
    except OutdatedError:
        raise OlderJournalError(diary.place(db).path) from None


@contextmanager
def _told(notify: bool) -> Iterator[None]:
    """Let an error be seen also where nobody reads what is printed."""
    try:
        yield
    except KneetrackError:
        if notify:
            from kneetrack.views.reminder import FAILED

            _notified(FAILED)
        raise


def _notified(words: str) -> bool:
    """Send a desktop notification, and return whether a desktop took it."""
    from kneetrack.reminder import notify

    return notify.send(words)


def _sore(book: Diary) -> tuple[int, date] | None:
    """Return the strongest pain of today and yesterday and its day, where it is strong."""
    sessions = book.door.sessions(book.today - timedelta(1), book.today)
    pains = [(item.pain, item.day) for item in sessions if item.pain is not None and book.is_sore(item.pain)]
    return max(pains, default=None)


def _by_hand() -> bool:
    """Return whether a person runs this: cron and systemd give what they run no terminal."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
