"""What a person can put right: each error owns its sentence and its exit code."""

from collections.abc import Sequence
from datetime import date

from kneetrack.domain.folders import StrPath

_FIRST_LOG = "the first log, for example kneetrack log bridge, creates it"


class KneetrackError(Exception):
    """An expected failure, shown as one sentence on standard error.

    `str(error)` is the sentence; `exit_code` follows the numbers of sysexits.h. `details` are shown before the
    sentence, a line each.
    """

    exit_code = 1
    details: tuple[str, ...] = ()


class WrongUseError(KneetrackError):
    """The command line says something that cannot be done."""

    exit_code = 2


class UnknownExerciseError(WrongUseError):
    """No exercise has this name."""

    def __init__(self, word: str, near: list[str]) -> None:
        """Take the word typed and the names that look like it."""
        hint = (
            f" Did you mean {_either(near)}?"
            if near
            else " To see all: kneetrack exercises. To add your own: kneetrack add NAME"
        )
        super().__init__(f"There is no exercise “{word}”.{hint}")


class AmbiguousExerciseError(WrongUseError):
    """Several exercises have names that match."""

    def __init__(self, word: str, names: list[str]) -> None:
        """Take the word typed and the names that it matches."""
        super().__init__(f"“{word}” matches {len(names)} exercises: {', '.join(names)}. Type more of the name.")


class DoseError(WrongUseError):
    """A dose that cannot be read or does not fit the exercise."""


class DayError(WrongUseError):
    """A day or a time that cannot be read, or that a command cannot take."""


class NoSuchRecordError(WrongUseError):
    """An id that nothing, or more than one thing, has."""


class NothingToDoError(WrongUseError):
    """What was asked for has nothing to work on."""


class NotADiaryError(KneetrackError):
    """The file is not a diary, or is damaged."""

    exit_code = 65

    def __init__(self, path: object, what: str) -> None:
        """Take the path and what is wrong with it, as the end of a sentence."""
        super().__init__(f"{path} {what}; it was left as it is. What to do: kneetrack doctor.")
        self.what = what


class ForeignObjectError(NotADiaryError):
    """The diary has what another program put there: its records may be whole all the same."""

    def __init__(self, path: object, kind: str, name: str, of: str | None = None) -> None:
        """Take the path, what it is (trigger, view, table, index or column) and its name, made harmless to a terminal.

        Of a column also the table that it was put into.
        """
        article = "an" if kind == "index" else "a"
        super().__init__(path, f"has {article} {kind} that kneetrack did not make ({f'{of}.' if of else ''}{name})")
        self.name = name
        self.removal = f"ALTER TABLE {of} DROP COLUMN {name}" if of else f"DROP {kind.upper()} {name}"


class ForeignSchemaError(NotADiaryError):
    """The schema that was named for a diary on a server holds something else."""

    def __init__(self, server: object) -> None:
        """Take the server."""
        super().__init__(server, "holds tables of another program, not a diary")


class SettingError(KneetrackError):
    """The diary holds a value of a setting that no command of ours writes; writing it anew mends that."""

    exit_code = 65

    def __init__(self, key: str, value: str, default: str) -> None:
        """Take the key, its value made harmless to a terminal, and the one that it has where nobody changed it."""
        self.what = f"{key} has an invalid value, “{value}”"
        self.remedy = f"kneetrack settings {key} {default}"
        super().__init__(f"{self.what}. To set it again: {self.remedy}.")


class ClockError(KneetrackError):
    """The clock of this computer says a time that it cannot be."""

    exit_code = 2

    def __init__(self, day: date) -> None:
        """Take the day that it says it is."""
        super().__init__(f"This computer’s clock says {day}; set it right, then try again. Nothing was changed.")


class NoDiaryError(KneetrackError):
    """A diary was named and is not there."""

    exit_code = 66

    def __init__(self, path: object, backups: int = 0) -> None:
        """Take the path that was named, and how many backups of a diary that was there are beside it."""
        there = "1 backup of it is" if backups == 1 else f"{backups} backups of it are"
        what = f"{there} there: kneetrack restore lists them" if backups else _FIRST_LOG
        super().__init__(f"There is no diary at {path}; {what}.")


class NoFolderError(KneetrackError):
    """A file was to be created in a folder that is not there."""

    exit_code = 66

    def __init__(self, path: StrPath) -> None:
        """Take the folder that is missing."""
        super().__init__(f"The folder {path} does not exist; create it first, or name another place.")


class NoSuchFileError(KneetrackError):
    """A file to import is not there."""

    exit_code = 66

    def __init__(self, path: StrPath) -> None:
        """Take the path that was named."""
        super().__init__(f"There is no file {path}; nothing was imported.")


class UnreadableFileError(KneetrackError):
    """A file to import is not what can be imported."""

    exit_code = 65

    def __init__(self, name: str, what: str) -> None:
        """Take the file's name and what is wrong with it, as the end of a sentence."""
        super().__init__(f"{name} {what}; nothing was imported.")
        self.what = what


class RefusedRowsError(KneetrackError):
    """Some rows of a file to import cannot come in, so none does."""

    exit_code = 65

    def __init__(self, refused: int, rows: Sequence[str], *, stopped: bool = False) -> None:
        """Take how many rows it is about, the first of them with the reasons, and whether the rest was not read."""
        lines, them = ("1 line cannot", "it") if refused == 1 else (f"{refused} lines cannot", "them")
        rest = " The rest of the file was not read." if stopped else ""
        remedy = f"correct {them}, then import the file again"
        super().__init__(f"{lines} be read, so nothing was imported: {remedy}.{rest}")
        self.details = (*rows, *((f"and {refused - len(rows)} more",) if refused > len(rows) else ()))


class NewerFileError(KneetrackError):
    """A file to import was made by a newer kneetrack."""

    exit_code = 78

    def __init__(self, name: str) -> None:
        """Take the file's name."""
        super().__init__(f"{name} was made by a newer kneetrack; nothing was imported, please upgrade kneetrack.")


class NotSyncedError(WrongUseError):
    """The diary is not synced on this device."""

    def __init__(self) -> None:
        """Take nothing."""
        super().__init__("This diary is not synced yet. Name the folder that your devices share: kneetrack sync FOLDER")


class FolderAwayError(KneetrackError):
    """The folder that a diary is synced through is not there."""

    exit_code = 66

    def __init__(self, path: StrPath, what: str) -> None:
        """Take the folder, and what is wrong with it, as the end of a sentence."""
        super().__init__(f"{path} {what}, so nothing was synced. Your diary is as it was.")


class MissingProgramError(KneetrackError):
    """A program or a library that a command needs is not installed."""

    exit_code = 69


class UnsafeWordsError(WrongUseError):
    """A path that no crontab and no unit file can hold."""

    def __init__(self, word: str) -> None:
        """Take the word, made harmless to a terminal."""
        super().__init__(f"A reminder cannot hold “{word}”: use a path without control or invisible characters.")


class DamagedCrontabError(KneetrackError):
    """The marks of our block in the crontab are not one beginning and one end after it."""

    exit_code = 65

    def __init__(self, lines: list[int]) -> None:
        """Take the numbers of the lines with marks."""
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines))}"
        super().__init__(
            f"The kneetrack block in your crontab is damaged (see {where}), and nothing was changed: take those lines"
            " out with crontab -e, then run kneetrack remind install."
        )


class CrontabBusyError(KneetrackError):
    """Another program keeps changing the crontab while we want to."""

    exit_code = 75

    def __init__(self) -> None:
        """Take nothing."""
        super().__init__("Another program keeps changing your crontab; look at it with crontab -l, then try again.")


class StorageError(KneetrackError):
    """The disk is full or could not be read or written."""

    exit_code = 74

    def __init__(self, path: object, reason: str) -> None:
        """Take the path and the system's reason."""
        self.why = f"{path} could not be read or written ({reason})"
        super().__init__(f"{self.why}; nothing was changed.")


class LockedError(KneetrackError):
    """Another program holds the diary for longer than we wait."""

    exit_code = 75

    def __init__(self, path: object) -> None:
        """Take the path of the diary."""
        self.why = f"{path} is in use by another program"
        super().__init__(f"{self.why}; nothing was changed, try again in a moment.")


class NoPermissionError(KneetrackError):
    """The person may not read or write the file or its folder."""

    exit_code = 77

    def __init__(self, path: object, verb: str) -> None:
        """Take the path and what was tried: read, write or create."""
        self.why = f"you may not {verb} {path}"
        super().__init__(f"Y{self.why[1:]}; check its permissions, or name another place with --db.")


class ReplicaError(KneetrackError):
    """A server follows another one, and cannot be written to."""

    exit_code = 77

    def __init__(self, server: object) -> None:
        """Take the server."""
        super().__init__(f"{server} is a read-only replica; use the address of its primary.")


class ServerAwayError(KneetrackError):
    """A server cannot be reached, or ended the connection."""

    exit_code = 75

    def __init__(self, server: object, reason: str) -> None:
        """Take the server and the reason, made harmless to a terminal."""
        self.why = f"{server} cannot be reached ({reason})"
        super().__init__(f"{self.why}; nothing was changed, try again in a moment.")


class ServerCanceledError(KneetrackError):
    """A server stopped what it was asked for, for example after its statement_timeout."""

    exit_code = 75

    def __init__(self, server: object, reason: str) -> None:
        """Take the server and the reason, made harmless to a terminal."""
        self.why = f"{server} stopped the command ({reason})"
        super().__init__(f"{self.why}; nothing was changed, try again in a moment.")


class InDoubtError(KneetrackError):
    """A connection ended while the server was keeping what was written, and the server cannot be asked."""

    exit_code = 75

    def __init__(self, server: object) -> None:
        """Take the server."""
        super().__init__(
            f"{server} went away while it was saving, so this may be saved or not: look with kneetrack undo --list"
            " before you do it again."
        )


class ServerRefusesError(KneetrackError):
    """A server answers, and does not let the person in."""

    exit_code = 77

    def __init__(self, server: object, reason: str) -> None:
        """Take the server and what it says, made harmless to a terminal."""
        self.why = f"{server} refuses the connection: {reason}"
        super().__init__(f"{self.why}.")


class NotDoneError(KneetrackError):
    """Something was not done for a reason that lies beside the diary, which is as it was."""

    def __init__(self, undone: str, why: str, exit_code: int) -> None:
        """Take what was not done, why as a part of a sentence, and the exit code of that."""
        super().__init__(f"{undone}: {why}. The diary is as it was.")
        self.why = why
        self.exit_code = exit_code


class NewerDiaryError(KneetrackError):
    """The diary was made by a newer kneetrack."""

    exit_code = 78

    def __init__(self, path: object) -> None:
        """Take the path of the diary."""
        super().__init__(f"{path} was made by a newer kneetrack; it was not touched, please upgrade kneetrack.")


class OlderDiaryError(KneetrackError):
    """The diary is of an older schema, and the command may not upgrade it."""

    exit_code = 78

    def __init__(self, path: object) -> None:
        """Take the path of the diary."""
        super().__init__(f"{path} was made by an older kneetrack: run kneetrack once, to upgrade it.")


def _either(words: list[str]) -> str:
    """Return “a”, “a or b”, “a, b or c”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
