"""Write what is made from something else: `python docs/generate.py`.

The reference of the commands and the man pages come from the table of the grammar, and the table of exercises that
daily answers need comes from the data file, because reading JSON would cost them a twentieth of their time.

A test holds what is committed equal to what this writes.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kneetrack.cli.grammar import COMMANDS, Command, Parameter

TOP = Path(__file__).parents[1]
MAN = Path("man/share/man/man1")
SHIPPED = Path("src/kneetrack/domain/shipped.py")

SHIPPED_HEAD = '''\
"""The exercises of data/exercises.json as far as every command needs them; written by docs/generate.py.

Each has its id, its name, whether it is done on each side, how it is counted, its aliases, and the sets, repetitions
and seconds of its starting dose.
"""

from kneetrack.domain.dose import Mode

Row = tuple[str, str, bool, Mode, tuple[str, ...], tuple[int, int | None, int | None]]

# fmt: off
SHIPPED: tuple[Row, ...] = (
'''

EXIT_CODES = {
    0: "fine",
    1: "only where a command says so",
    2: "wrong usage",
    65: "not a diary, or damaged; a file that cannot be imported",
    66: "no such file",
    69: "a program or an extra that is needed is missing",
    74: "the disk is full or failed",
    75: "another program holds the diary",
    77: "no permission",
    78: "made by a newer kneetrack",
}

ENVIRONMENT = {
    "KNEETRACK_DB": "the diary to use where --db names none",
    "NO_COLOR": "plain text where it is set to anything",
    "COLUMNS": "how wide a screen is in a pipe",
    "PAGER": "what shows a screen that is longer than the terminal; less unless set, nothing where it is empty",
}


def pages() -> dict[Path, str]:
    """Return what is generated, by its path from the top of the repository."""
    found = {Path("docs/commands.md"): markdown(), MAN / "kneetrack.1": overview(), SHIPPED: shipped()}
    return found | {MAN / f"kneetrack-{name.replace(' ', '-')}.1": man(name) for name in COMMANDS}


def usage(name: str) -> str:
    """Return how a command is typed: kneetrack rm ID|last [options]."""
    command = COMMANDS[name]
    words = [each.metavar or each.name.upper() for each in command.parameters if not each.is_option]
    return " ".join([f"kneetrack {name}", *words, *(["[options]"] if any(_options(command)) else [])])


def _options(command: Command) -> list[Parameter]:
    return [each for each in command.parameters if each.is_option]


def _typed(option: Parameter) -> str:
    return ", ".join(f"{flag} {option.metavar}" if option.metavar else flag for flag in option.flags)


def _sentences(command: Command) -> str:
    return " ".join(command.summary.split())


# Markdown


def shipped() -> str:
    """Return the table of exercises: what the data file says of their names, how they are counted, and their doses."""
    entries = json.loads((TOP / "src/kneetrack/data/exercises.json").read_text("utf-8"))["exercises"]
    rows = [
        (
            *(entry[key] for key in ("id", "name", "per_side", "mode")),
            tuple(entry["aliases"]),
            tuple(entry[key] for key in ("sets", "reps", "hold_s")),
        )
        for entry in entries
    ]
    return "".join((SHIPPED_HEAD, *(f"    {_literal(row)},\n" for row in rows), ")\n"))


def _literal(value: object) -> str:
    """Return a value as Python writes it, with the quotes of the code."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))}{',' * (len(value) == 1)})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def markdown() -> str:
    """Return every command on one page, by the panels of the help."""
    lines = [
        "# Every command",
        "",
        (
            "Written from the help by `docs/generate.py`. `kneetrack COMMAND --help` says the same on the terminal, and"
            " `man kneetrack-log` where the package's man pages are on the path."
        ),
    ]
    for panel, names in groupby(COMMANDS, key=lambda name: COMMANDS[name].panel):
        lines += ["", f"## {panel}"]
        for name in names:
            lines += ["", *_section(name)]
    lines += ["", "## Exit codes", "", "| code | meaning |", "| --- | --- |"]
    lines += [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return "\n".join([*lines, ""])


def _section(name: str) -> Iterator[str]:
    command = COMMANDS[name]
    yield f"### {name}"
    yield ""
    yield _sentences(command)
    yield ""
    yield "```"
    yield usage(name)
    yield "```"
    yield ""
    if command.parameters:
        yield "| | |"
        yield "| --- | --- |"
        for each in command.parameters:
            typed = _typed(each) if each.is_option else each.metavar or each.name.upper()
            yield f"| `{typed.replace('|', chr(92) + '|')}` | {each.help.replace('|', chr(92) + '|')} |"
        yield ""
    yield f"Example: `{command.example}`"


# Man pages


def man(name: str) -> str:
    """Return the man page of one command."""
    command = COMMANDS[name]
    title = f"kneetrack-{name.replace(' ', '-')}"
    lines = [
        f'.TH "{title.upper()}" "1" "" "kneetrack" "kneetrack"',
        ".SH NAME",
        _roff(f"{title} - {_sentences(command).rstrip('.')}"),
        ".SH SYNOPSIS",
        ".B " + _roff(usage(name)),
        ".SH DESCRIPTION",
        _roff(_sentences(command)),
    ]
    for heading, its in (
        ("ARGUMENTS", [each for each in command.parameters if not each.is_option]),
        ("OPTIONS", _options(command)),
    ):
        lines += [f".SH {heading}"] * bool(its)
        for each in its:
            typed = _typed(each) if each.is_option else each.metavar or each.name.upper()
            lines += [".TP", ".B " + _roff(typed), _roff(each.help)]
    lines += [".SH EXAMPLE", ".nf", _roff(command.example), ".fi", ".SH SEE ALSO", ".BR kneetrack (1)"]
    return "\n".join([*lines, ""])


def overview() -> str:
    """Return the man page of kneetrack itself: its commands, the environment and the exit codes."""
    lines = [
        '.TH "KNEETRACK" "1" "" "kneetrack" "kneetrack"',
        ".SH NAME",
        _roff("kneetrack - a home exercise diary for the command line"),
        ".SH SYNOPSIS",
        ".B kneetrack",
        "[command] [options]",
        ".SH DESCRIPTION",
        _roff("Log what you did, see what is left, keep at it. Without a command it shows today."),
    ]
    for panel, names in groupby(COMMANDS, key=lambda name: COMMANDS[name].panel):
        lines.append(f".SH {panel.upper()}")
        for name in names:
            lines += [".TP", ".B " + _roff(name), _roff(_sentences(COMMANDS[name]))]
    meanings = {"ENVIRONMENT": ENVIRONMENT, "EXIT STATUS": {str(code): its for code, its in EXIT_CODES.items()}}
    for heading, listed in meanings.items():
        lines.append(f".SH {heading}")
        for name, meaning in listed.items():
            lines += [".TP", f".B {name}", _roff(f"{meaning}.")]
    return "\n".join([*lines, ""])


def _roff(words: str) -> str:
    """Return a text as a line of a man page, in which nothing is a command or an escape."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{words}" if words[:1] in {".", "'"} else words


def main() -> None:
    """Write the pages, and remove man pages of commands that are no more."""
    (TOP / MAN).mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in (TOP / MAN).glob("*.1"):
        if old.relative_to(TOP) not in wanted:
            old.unlink()
    for path, content in wanted.items():
        (TOP / path).write_text(content, "utf-8")


if __name__ == "__main__":
    main()
