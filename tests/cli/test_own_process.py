"""The process of its own: how it ends, and what stands in for streams that are not there."""

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from conftest import Run
from kneetrack import __main__ as process
from kneetrack import cli
from kneetrack.cli import console
from kneetrack.cli import pager as pagers


class Screen(io.StringIO):
    """A terminal that keeps what is printed to it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


@pytest.fixture
def handlers() -> Iterator[None]:
    """Give the handlers of signals back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(("ignored", "after"), [(signal.SIG_DFL, "ours"), (signal.SIG_IGN, signal.SIG_IGN)])
def test_a_polite_kill_ends_it_in_order_unless_it_was_ignored_before(
    monkeypatch: pytest.MonkeyPatch, ignored: signal.Handlers, after: object
) -> None:
    signal.signal(signal.SIGHUP, ignored)
    seen: list[object] = []
    monkeypatch.setattr(cli, "main", lambda: seen.append(signal.getsignal(signal.SIGHUP)))
    process.run()
    assert seen == [process._end if after == "ours" else after]  # noqa: SLF001 - what a signal is to call


@pytest.mark.usefixtures("handlers")
def test_ctrl_c_ends_it_with_the_code_that_shells_give_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupted)
    with pytest.raises(SystemExit) as ended:
        process.run()
    assert ended.value.code == 130


def test_a_signal_ends_it_with_its_own_code() -> None:
    with pytest.raises(SystemExit) as ended:
        process._end(signal.SIGTERM, None)  # noqa: SLF001 - what a signal calls
    assert ended.value.code == 143


def test_closed_streams_are_stood_in_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    console.set_up()
    opened = [sys.stdin, sys.stdout, sys.stderr]
    sys.stdout.write("nobody reads this")
    assert sys.stdin.read() == ""
    for stream in opened:
        stream.close()


def test_only_what_cannot_be_encoded_is_substituted() -> None:
    console.set_up()
    assert "×●…".encode("ascii", "kneetrack") == b"xo..." or "×".encode("ascii", "kneetrack") == b"x"
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "kneetrack")


@pytest.mark.parametrize("screen", [True, False], ids=["a terminal", "a pipe"])
def test_the_bell_rings_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch, *, screen: bool) -> None:
    out = Screen() if screen else io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    console.ring()
    assert out.getvalue() == ("\a" if screen else "")


@pytest.mark.parametrize("taken", [True, False], ids=["the pager takes it", "there is no pager"])
def test_a_screen_that_is_too_long_goes_to_the_pager_or_is_printed(
    run: Run, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    del run
    paged: list[bytes] = []

    def page(words: bytes, _: object) -> bool:
        paged.append(words)
        return taken

    monkeypatch.setattr(pagers, "page", page)
    monkeypatch.setenv("LINES", "2")
    monkeypatch.setattr(sys, "stdout", Screen())
    console._put_long("one\ntwo\nthree\n")  # noqa: SLF001 - what every long screen goes through
    assert paged == [b"one\ntwo\nthree\n"]
    shown = sys.stdout.getvalue() if isinstance(sys.stdout, Screen) else ""
    assert shown == ("" if taken else "one\ntwo\nthree\n")


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(errno.EPIPE, 0, ""), (errno.ENOSPC, 74, "The answer could not be printed (No space left on device).")],
)
def test_an_answer_that_cannot_be_printed_ends_quietly_or_with_a_sentence(
    capfd: pytest.CaptureFixture[str], number: int, code: int, words: str
) -> None:
    kept = os.dup(sys.stdout.fileno())
    try:
        with pytest.raises(SystemExit) as ended:
            console.give_up(OSError(number, os.strerror(number)))
    finally:
        os.dup2(kept, sys.stdout.fileno())
        os.close(kept)
    assert ended.value.code == code
    assert words in capfd.readouterr().err


def test_an_error_of_a_disk_that_no_command_expects_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(cli, "_run", failing)
    with pytest.raises(OSError, match="broken"):
        cli.main()


def test_a_db_without_a_path_is_refused_wherever_it_stands(run: Run) -> None:
    assert run("--db= today").err == run("--db '' today").err == "--db needs the path of a diary.\n"


def test_a_db_before_a_command_goes_behind_it_and_alone_means_today(run: Run) -> None:
    run("log bridge")
    assert run("--db=other.db").code == 66
    assert run("--db other.db stats pain").err == run("stats pain --db other.db").err
    assert run("--db other.db exercises --help").code == 0
