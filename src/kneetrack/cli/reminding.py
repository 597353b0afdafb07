"""The reminder: what is still open today."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kneetrack.cli import console, diary, options
from kneetrack.cli.diary import Diary
from kneetrack.domain.errors import KneetrackError, OlderJournalError
from kneetrack.store.failures import OutdatedError


class Installing(TyperGroup):
    """The commands that install the reminder, built when one of them is named: the reminder itself runs every day."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's signature
        """Return the names of the commands."""
        return self._commands().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Return a command."""
        return self._commands().get_command(ctx, cmd_name)

    def _commands(self) -> TyperGroup:
        """Return all of them."""
        from typer.main import get_group

        from kneetrack.cli.installing import installing

        return get_group(installing)


remind = typer.Typer(
    cls=Installing,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Example: kneetrack remind install --at 18:00",
)


@remind.callback(invoke_without_command=True)
def say_open(
    ctx: typer.Context,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 when something is open.")] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send a desktop notification; print where there is no desktop.")
    ] = False,
    as_json: options.AsJson = False,
    db: options.Db = None,
) -> None:
    """Say what is still open today, and nothing at all when nothing is; install that as a daily reminder."""
    ctx.obj = db
    if ctx.invoked_subcommand:
        return
    with _told(notify), _reading(db) as book:
        count = _say(book, notify=notify, as_json=as_json)
    if exit_code and count:
        raise typer.Exit(1)


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
def _reading(db: Path | None) -> Iterator[Diary]:
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
