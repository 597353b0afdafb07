"""kneetrack as a process of its own: what the script `kneetrack` and `python -m kneetrack` run."""

import gc

_OBJECTS = 50_000


def run() -> None:
    """Run the command line, and look for garbage as seldom as suits a process that soon ends.

    Python looks after every 700 new objects and once more at the very end: a sixth of what a `log` costs.
    """
    gc.set_threshold(_OBJECTS)
    try:
        from kneetrack.cli import main  # noqa: PLC0415 - importing it makes most of the objects

        main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
