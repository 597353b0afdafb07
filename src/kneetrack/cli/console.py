"""Printing: plain lines without Rich for the daily answers, Rich for tables, JSON for programs."""

import codecs
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO, TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, NoReturn

from kneetrack.domain import text
from kneetrack.domain.errors import WrongUseError
from kneetrack.views.answer import of_new
from kneetrack.views.lines import STYLES, Line, Span, fold

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kneetrack.app.results import NewDiary
    from kneetrack.app.transfer import Progressed

_PLAIN = str.maketrans({
    "●": "#", "◐": "+", "○": "o", "×": "x", "–": "-", "▫": "~", "·": ".", "“": '"', "”": '"', "’": "'", "…": "...",
    "▁": "1", "▂": "2", "▃": "3", "▄": "4", "▅": "5", "▆": "6", "▇": "7", "█": "8", "─": "-", "÷": "/", "→": ">",
})  # fmt: skip
"""What stands for our marks where the terminal's encoding has none of them."""


_SGR = {"bold": "1", "dim": "2"}
"""The numbers of the escape sequence that selects a style."""

_PIECE = 1 << 16

WIDEST = 1000
"""The most characters that a line has, whatever the environment says: Rich fills lines with spaces."""

USUAL_WIDTH = 80

PIPE = "-"
"""The name of a file that means standard input or output."""

SHORT_S = 1.0
"""What takes no longer than this shows no progress."""


def set_up() -> None:
    """Make both streams print something for every character, and stand in for streams that are closed.

    What the environment says of the size of the terminal is made a number that a screen can have.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - it stays open

    def substitute(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        piece = error.object[error.start : error.end].translate(_PLAIN)
        return piece.encode("ascii", "replace").decode("ascii"), error.end

    codecs.register_error("kneetrack", substitute)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="kneetrack")
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        _set_size(name)


def _set_size(name: str) -> None:
    """Keep a size that the environment names within the widest screen; what is no size is as if it were not there."""
    said = os.environ.pop(name, "")
    if said.isascii() and said.isdigit() and text.whole(said):
        os.environ[name] = str(min(text.whole(said), WIDEST))


def width() -> int:
    """Return how many characters a line of the terminal has; 80 where there is no terminal."""
    return _size("COLUMNS", 0) or USUAL_WIDTH


def _size(name: str, at: int) -> int:
    """Return a size of the terminal that the environment may name, 0 where there is none: columns, then lines."""
    if said := int(os.environ.get(name, "0")):
        return said
    with suppress(ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno())[at] if sys.__stdout__ else 0
    return 0


def coloured() -> bool:
    """Return whether standard output shows colours, and the person wants them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") in {"dumb", "unknown"}:
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def say(lines: Iterable[Line]) -> None:
    """Print lines."""
    colour = coloured()
    columns = width() if sys.stdout.isatty() or "COLUMNS" in os.environ else None
    for line in lines:
        for row in fold(line, columns):
            put(_row(row, colour=colour))


def say_all(lines: Iterable[Line]) -> None:
    """Print lines that are no wider than the terminal, through the pager where they are too many for it."""
    colour = coloured()
    _put_long("".join(_row(line, colour=colour) for line in lines))


def _row(row: Line, *, colour: bool) -> str:
    return "".join(_paint(*span) if colour else span.text for span in row).rstrip() + "\n"


def _put_long(words: str) -> None:
    """Print a screen, through the pager where it is longer than the terminal."""
    if sys.stdout.isatty() and words.count("\n") >= _size("LINES", 1):
        from kneetrack.cli import pager

        flush()
        if pager.page(words.encode(sys.stdout.encoding, "kneetrack"), os.environ):
            return
    put(words)


def answer(new: "NewDiary | None", lines: Iterable[Line], as_json: dict[str, Any] | None = None) -> None:
    """Print the answer of a command that wrote; with JSON, what is told of a new diary goes to standard error."""
    if as_json is None:
        say([*of_new(new), *lines])
        return
    say_beside(of_new(new))
    put_json(as_json)


def say_beside(lines: Iterable[Line]) -> None:
    """Print lines on standard error, beside the JSON that standard output has."""
    for line in lines:
        complain("".join(span.text for span in line))


def say_unread(so: str, *, as_json: bool) -> None:
    """Say that the diary could not be read, and what that means for what is shown."""
    from kneetrack.views.unread import unread

    (say_beside if as_json else say)(unread(so, width()))


def _paint(words: str, style: str) -> str:
    """Return words with the escape sequences of a style."""
    look = STYLES[style]
    if not look:
        return words
    number = look.removeprefix("color(").removesuffix(")")
    return f"\x1b[{_SGR.get(look) or f'38;5;{number}'}m{words}\x1b[0m"


def show(renderable: "RenderableType") -> None:
    """Print a Rich renderable, through the pager where it is longer than the terminal: data, never markup.

    Without colours no line ends in spaces.
    """
    from rich.console import Console

    screen, colour = StringIO(), coloured()
    Console(
        file=screen,
        width=width(),
        force_terminal=colour,
        color_system="auto" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
    ).print(renderable, crop=False)
    shown = screen.getvalue()
    _put_long(shown if colour else "".join(f"{line.rstrip()}\n" for line in shown.splitlines()))


def wants_lines(asked: bool) -> bool:
    """Return whether to print lines rather than to draw a screen: when asked to, for a screen reader, and in a pipe."""
    dumb = os.environ.get("TERM") in {None, "", "dumb", "unknown"}
    return asked or dumb or bool(os.environ.get("ACCESSIBLE")) or not sys.stdout.isatty()


def forget_typed() -> None:
    """Throw away what was typed and not read yet, so that no key for a screen answers the question after it."""
    with suppress(OSError, ValueError):
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def ring() -> None:
    """Ring the terminal's bell."""
    if sys.stdout.isatty():
        put("\a")
        flush()


def can_ask() -> bool:
    """Return whether there is somebody to answer a question."""
    return sys.stdin.isatty()


def confirm(question: str) -> bool:
    """Ask a question on the terminal, and return whether the answer is yes; no answer is no."""
    put(f"{text.clean(question)} [y/N]: ")
    flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def put(words: str) -> None:
    """Print text as it is."""
    try:
        sys.stdout.write(words)
    except OSError as error:
        give_up(error)


def say_page(lines: Iterable[str]) -> None:
    """Print lines of plain text."""
    say([Span(line)] for line in lines)


@contextmanager
def progress(words: str) -> "Iterator[Progressed]":
    """Show on a terminal how far something is that takes more than a second."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True, no_color=not coloured()), transient=True)
    task = bar.add_task(words, total=None)
    later = Timer(SHORT_S, bar.start)
    later.start()

    def _shown(more: int, total: int | None = None) -> None:
        bar.update(task, advance=more, total=total)

    try:
        yield _shown
    finally:
        later.cancel()
        later.join()
        bar.stop()


def _unseen(more: int, total: int | None = None) -> None:
    """Show nothing."""


def piped() -> IO[bytes]:
    """Return standard input as it is. Raises WrongUseError when that is a terminal."""
    if sys.stdin.isatty():
        raise WrongUseError("Standard input is a terminal; pipe an export in, or name a file.")
    return sys.stdin.buffer


def put_file(kept: IO[str]) -> None:
    """Print a file as it is, in UTF-8 whatever the terminal's encoding.

    Raises WrongUseError where standard output is closed: nothing would be left of the file.
    """
    if getattr(sys.stdout, "name", None) == os.devnull:
        raise WrongUseError("Standard output is closed; name a file.")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    while piece := kept.read(_PIECE):
        put(piece)


def put_json(value: dict[str, Any]) -> None:
    """Print a value as JSON, in ASCII."""
    import json

    put(json.dumps(value, indent=2) + "\n")


def complain(sentence: str) -> None:
    """Print a sentence on standard error; it may hold what was typed."""
    columns = width() if sys.stderr.isatty() else None
    with suppress(OSError):
        for row in fold([Span(text.clean(sentence))], columns):
            sys.stderr.write("".join(span.text for span in row).rstrip() + "\n")
        sys.stderr.flush()


def complain_of(sentences: Iterable[str]) -> None:
    """Print sentences on standard error, a line each."""
    for sentence in sentences:
        complain(sentence)


def is_by_hand() -> bool:
    """Return whether a person runs this: cron and systemd give what they run no terminal."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def flush() -> None:
    """Send out what was printed, so that a full disk shows here and not at the very end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        give_up(error)


def give_up(error: OSError) -> NoReturn:
    """End because standard output cannot be written: quietly for a closed pipe, else with a sentence."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    if error.errno != errno.EPIPE:
        complain(f"The answer could not be printed ({error.strerror}). Whatever the command changed is saved.")
    sys.exit(0 if error.errno == errno.EPIPE else 74)
