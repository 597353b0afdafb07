"""kneetrack as a process of its own: what the script `kneetrack` and `python -m kneetrack` run."""

import gc
import signal

_OBJECTS = 50_000
_INTERRUPTED = 130


def run() -> None:
    """Run the command line, and look for garbage as seldom as suits a process that soon ends.

    Python looks after every 700 new objects and once more at the very end: a sixth of what a `log` costs.
    A window that is closed, or a polite kill, ends it in order, so that no half-written file stays anywhere.
    """
    gc.set_threshold(_OBJECTS)
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
        from kneetrack.cli import main  # noqa: PLC0415 - importing it makes most of the objects

        main()
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    finally:
        gc.freeze()


def _end(number: int, _: object) -> None:
    """End because of a signal, with the exit code that shells give it."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    run()
