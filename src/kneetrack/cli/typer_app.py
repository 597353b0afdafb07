"""Typer's side of the grammar: commands built from its table, and their help.

A line makes Typer build the one command that it names, because building all of them would cost more than running it.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from kneetrack.cli import grammar
from kneetrack.cli.grammar import COMMANDS, Command, Parameter

_SETTINGS = {"help_option_names": ["--help", "-h"]}
_TYPES: dict[str, Any] = {"flag": bool, "words": list[str] | None}
"""The types of the values that are not one word."""


UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for a line that it refuses; it names no other of the kind."""


def run(words: list[str]) -> int | None:
    """Run a line, and return its exit code. Raises UsageError for one that is not as the table says."""
    name = words[0]
    alone = name in COMMANDS and " " not in name
    app = only(name) if alone else several(COMMANDS)
    title = f"kneetrack {name}" if alone else "kneetrack"
    code: int | None = app(words[alone:], prog_name=title, standalone_mode=False)
    return code


def _usage(command: Any, ctx: Any, *more: str) -> str:  # noqa: ANN401 - Typer has no public types for them
    """Return a usage line: the words of the command, and its arguments as the table shows them."""
    words: list[str] = []
    above = ctx
    while above is not None:
        words.insert(0, above.info_name)
        above = above.parent
    arguments = (each.metavar for each in command.params if each.param_type_name == "argument")
    return " ".join(("Usage:", *words, "[OPTIONS]", *arguments, *more))


def _without_type(option: Any) -> Any:  # noqa: ANN401 - an option of Typer's, or None
    """Return the option of help, for which nobody types a value, without the name of a type."""
    if option is not None:
        option.metavar = _NO_VALUE
    return option


_NO_VALUE = " "
"""What help shows where the value of an option would be named; for nothing at all Typer shows the type."""


class Plain(TyperCommand):
    """A command whose help shows its arguments and flags as the table does."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's signature
        """Return the usage line."""
        return _usage(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's signature
        """Return the option --help."""
        return _without_type(super().get_help_option(ctx))


class InOrder(TyperGroup):
    """A group that lists its commands, and whose help shows its arguments and flags, as the table does."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's signature
        """Return the usage line."""
        return _usage(self, ctx, "[COMMAND]")

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's signature
        """Return the option --help."""
        return _without_type(super().get_help_option(ctx))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - Typer's signature
        """Return the names of the commands."""
        return list(self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's signature
        """Read a line; the name of a subcommand that comes first is no argument of the group itself."""
        if args[:1] and args[0] in self.commands:
            params = self.params
            self.params = [each for each in params if each.param_type_name != "argument"]
            try:
                return super().parse_args(ctx, args)
            finally:
                self.params = params
        return super().parse_args(ctx, args)


def several(names: Iterable[str]) -> typer.Typer:
    """Return the app with some or all commands: for help, and for words that are no command."""
    app = typer.Typer(
        cls=InOrder,
        help="A home exercise diary: log what you did, see what is left, keep at it.",
        epilog="kneetrack alone shows today. Every command takes --db PATH, and --help.",
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings=_SETTINGS,
    )

    @app.callback()
    def about(
        _version: bool = typer.Option(
            False, "--version", metavar=_NO_VALUE, help="Show the version.", callback=_version, is_eager=True
        ),
        db: Annotated[str | None, _option(grammar.DB)] = None,
    ) -> None:
        """Show --db in the help; `main` takes it out of a line that is run."""

    for name in names:
        if " " not in name:
            _add(app, name)
    return app


def only(name: str) -> typer.Typer:
    """Return an app that is one command with its subcommands."""
    if grammar.subcommands(name):
        return _group(name)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    _add(app, name)
    return app


def _add(app: typer.Typer, name: str) -> None:
    command = COMMANDS[name]
    epilog = f"Example: {command.example}"
    if grammar.subcommands(name):
        app.add_typer(_group(name), name=name, rich_help_panel=command.panel, epilog=epilog)
        return
    app.command(
        name.rpartition(" ")[2],
        cls=Plain,
        rich_help_panel=command.panel if " " not in name else None,
        help=command.summary,
        epilog=epilog,
        context_settings=_SETTINGS,
    )(_callback(command))


def _group(name: str) -> typer.Typer:
    """Return a command that has subcommands; alone it runs too."""
    command = COMMANDS[name]
    app = typer.Typer(
        cls=InOrder,
        add_completion=False,
        pretty_exceptions_enable=False,
        epilog=f"Example: {command.example}",
        context_settings=_SETTINGS,
    )
    app.callback(invoke_without_command=True, help=command.summary)(_callback(command, group=True))
    for other in grammar.subcommands(name):
        _add(app, other)
    return app


def _callback(command: Command, *, group: bool = False) -> Callable[..., None]:
    """Return the function that Typer calls for a command, with the signature that Typer reads its parameters from."""

    def run(ctx: typer.Context, **typed: Any) -> None:  # noqa: ANN401 - as Typer read them
        if typed.get("db", "") is None:
            typed["db"] = ctx.obj
        if group:
            ctx.obj = typed.get("db")
            if ctx.invoked_subcommand:
                return
        code = grammar.call(command, typed)
        if code:
            raise typer.Exit(code)

    signature = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    signature += [_parameter(each) for each in command.parameters]
    run.__dict__["__signature__"] = inspect.Signature(signature)
    run.__annotations__ = {each.name: each.annotation for each in signature}
    return run


def _parameter(each: Parameter) -> inspect.Parameter:
    info = _option(each) if each.is_option else _argument(each)
    default: Any = False if each.kind == "flag" else inspect.Parameter.empty if each.required else None
    annotation = (list[str] if each.kind == "words" else str) if each.required else _TYPES.get(each.kind, str | None)
    return inspect.Parameter(
        each.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[annotation, info]
    )


def _option(each: Parameter) -> Any:  # noqa: ANN401 - Typer's own annotation
    return typer.Option(*each.flags, metavar=_NO_VALUE if each.kind == "flag" else each.metavar, help=each.help)


def _argument(each: Parameter) -> Any:  # noqa: ANN401 - as above
    return typer.Argument(metavar=each.metavar, help=each.help, show_default=False)


def _version(wanted: bool) -> None:
    """Print the version."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kneetrack {version('kneetrack')}")
        raise typer.Exit
