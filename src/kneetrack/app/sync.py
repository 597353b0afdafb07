"""Bring the diaries of several devices together, through a folder that something else carries.

What others gave is read through the staging and the merge of an import; what this diary has and the folder lacks is
put into a file of this device. Nothing here uses a network.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import IO, TYPE_CHECKING

from kneetrack.app import sync_status
from kneetrack.app.results import NewDiary
from kneetrack.app.results.sync import IS_COPY, Automatic, Synced, Unread
from kneetrack.app.workspace import Diary, Workspace
from kneetrack.domain import settings
from kneetrack.domain.errors import (
    FolderAwayError,
    KneetrackError,
    LockedError,
    NewerFileError,
    NoFolderError,
    NoSuchFileError,
    NotSyncedError,
    UnreadableFileError,
)
from kneetrack.domain.progress import Progress
from kneetrack.domain.records import Counts
from kneetrack.domain.value import Value
from kneetrack.exchange import folder as shared
from kneetrack.exchange.folder import Found, Held, Mark
from kneetrack.exchange.form import FORMAT
from kneetrack.store import atomic, mapping, merge, sync_state
from kneetrack.store.failures import translate_errors
from kneetrack.store.port import Database
from kneetrack.store.sqlite import NEW_DEVICE
from kneetrack.store.sync_state import Seen, State
from kneetrack.store.undo import end_undone_imports, has_undone_imports

if TYPE_CHECKING:
    from kneetrack.domain.records import Pain, Session
    from kneetrack.exchange.staging import Staging

MOST_PURGED = 10
"""More records than these are not purged at once because another device says so, without being asked."""

NEWER = "was written by a newer kneetrack: upgrade kneetrack here to read it"
WAITING = "says that records were purged, and waits for your consent"
_NOT_SYNCED = "Nothing was synced, because no backup could be made first"
_EMPTY = "has none of the files that it had (is it mounted? If it was emptied, name it again: kneetrack sync FOLDER)"

_TRIES, _PAUSE_S = 100, 0.1
"""How often and how far apart a sync looks whether another one has ended: ten seconds in all."""

_LONG = timedelta(3)
"""A sync by itself that has failed for so long is spoken of."""

_Lacking = Callable[[Database], Mapping[str, Sequence[int]]]

Consent = Callable[[int], bool]
"""Is asked before so many records are purged that another device purged."""


def refuse(records: int) -> bool:  # noqa: ARG001 - as Consent takes it
    """Consent to nothing."""
    return False


def set_up(workspace: Workspace, folder: Path, *, auto: bool = False, consent: Consent = refuse) -> Synced:
    """Sync with a folder from now on, and do so once; the diary here gets an id of its own for it.

    A diary that is not there yet is created with what the folder holds. Raises NoDiaryError where neither holds
    anything, FolderAwayError, NotDoneError when no backup can be made first, and what writing raises.
    """
    path = workspace.place.path
    with _alone(workspace):
        files = shared.look(folder)
        if not files:
            workspace.require()
        before = sync_state.read(path)
        if workspace.exists():
            workspace.place.backend.back_up(workspace.now, _NOT_SYNCED)
        state = State(str(folder.absolute()), auto or bool(before and before.auto), before.devices if before else ())
        return _finish(workspace, state, consent)


def sync(workspace: Workspace, *, auto: bool | None = None, consent: Consent = refuse) -> Synced:
    """Bring the diary and the folder together; `auto` says whether that is to be done by itself from now on.

    Raises NotSyncedError, FolderAwayError, LockedError, and what reading and writing raise.
    """
    with _alone(workspace):
        state = _state(workspace)
        if auto is not None:
            state = state._replace(auto=auto)
            sync_state.write(workspace.place.path, state)
        try:
            return _finish(workspace, state, consent)
        except KneetrackError as error:
            _note(workspace, error)
            raise


def by_itself(workspace: Workspace) -> Automatic | None:
    """Sync where that is to be done by itself, and return what is to be said of it, None for nothing.

    What goes wrong is kept for `status`, and raised nowhere.
    """
    try:
        with atomic.locked(workspace.place.path.absolute().parent, wait=False):
            return _unasked(workspace)
    except BlockingIOError:
        return None
    except OSError as error:
        _note(workspace, error)
        return None


def _unasked(workspace: Workspace) -> Automatic | None:
    """Do what `by_itself` does, now that nobody else syncs the diary or ends its syncing."""
    state = sync_state.read(workspace.place.path)
    if state is None or not state.auto:
        return None
    try:
        done = _finish(workspace, state, refuse, by_hand=False)
    except Exception as error:  # noqa: BLE001 - the command that was asked for is not to fail for it
        _note(workspace, error)
        last = sync_status.instant(state.at)
        return Automatic(since=last) if last and workspace.now - last > _LONG else None
    said = Automatic(len(done.logged), len(done.noted), len(done.not_logged))
    return said if any(said) else None


def off(workspace: Workspace) -> Path:
    """Stop syncing, and return the folder, in which all stays as it is. Raises NotSyncedError and LockedError.

    The ids that the diary has there are kept, so that once it is synced again it is the same device.
    """
    with _alone(workspace):
        state = _state(workspace)
        sync_state.write(workspace.place.path, State("", auto=False, devices=state.devices))
    return Path(state.folder)


def _state(workspace: Workspace) -> State:
    state = sync_state.read(workspace.place.path)
    if state is None or not state.folder:
        raise NotSyncedError
    return state


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold off every other sync of the diary.

    Raises LockedError where another one goes on and on, such as one that waits for an answer, and NoFolderError where
    a diary that was named has no folder to be in.
    """
    place = workspace.place.path.absolute().parent
    if workspace.place.named and workspace.place.backend.is_file and not place.is_dir():
        raise NoFolderError(place)
    with translate_errors(place, "create"):
        atomic.make_folder(place)
    with translate_errors(place, "read"), ExitStack() as held:
        for _ in range(_TRIES):
            if _is_held(held, place):
                break
            sleep(_PAUSE_S)
        else:
            raise LockedError(workspace.place.backend.shown)
        yield


def _is_held(held: ExitStack, place: Path) -> bool:
    """Return whether a folder is held now; nobody else may have it."""
    try:
        held.enter_context(atomic.locked(place, wait=False))
    except BlockingIOError:
        return False
    return True


def _note(workspace: Workspace, error: Exception) -> None:
    """Keep why a sync failed, where that is possible."""
    unexpected = f"The sync failed unexpectedly ({type(error).__name__}). To see why: kneetrack sync"
    said = str(error) if isinstance(error, KneetrackError) else unexpected
    state = sync_state.read(workspace.place.path)
    if state and said != state.problem:
        try:
            sync_state.write(workspace.place.path, state._replace(problem=said))
        except KneetrackError:
            return


def _finish(workspace: Workspace, state: State, consent: Consent, *, by_hand: bool = True) -> Synced:
    """Sync once, keep what is known after it, and purge from the backups what was purged."""
    with Held() as held:
        once = _Sync(workspace, state, held)
        once.run(consent, again=by_hand)
    done = once.answer()
    sync_state.write(workspace.place.path, once.state)
    if done.purged:
        from kneetrack.app.changes import rewrite_backups  # noqa: PLC0415 - seldom

        done = done._replace(backups=rewrite_backups(workspace, done.purged))
    return done


class _Named(Value):
    """The id that a diary was given."""

    device: str
    wrote: bool = True


class _Look(Value):
    """How far a diary is, whether it goes on from the last sync, and the file of its tombstones, empty for none."""

    mark: Mark
    continues: bool
    stones: bytes
    has_undone_imports: bool


class _WrittenOut(Value):
    """What was written for the folder: how far the diary was, and how many versions the folder lacked."""

    mark: Mark
    gave: int


class _Taken(Value):
    """What became of one file: counts, what contradicts the diary, and the tombstones of records that it has."""

    counts: Mapping[str, Counts]
    contradiction: str | None
    pending: tuple[tuple[str, str], ...]
    wrote: bool
    new: NewDiary | None = None


class _Purged(Value):
    """The records that were purged because another device says so."""

    uids: frozenset[str]

    @property
    def wrote(self) -> bool:
        """Return whether any was."""
        return bool(self.uids)


class _Sync:
    """One sync: what is in the folder, and what is known after it."""

    def __init__(self, workspace: Workspace, state: State, held: Held) -> None:
        """Take what is known before it."""
        self.state = state
        self._workspace, self._held = workspace, held
        self._folder = Path(state.folder)
        self._counts: dict[str, Counts] = {}
        self._new: NewDiary | None = None
        self._pending: dict[str, str] = {}
        self._waiting = 0
        self._purged: frozenset[str] = frozenset()
        self._wrote = False
        self._gave = 0
        self._files: dict[str, Seen] = {}
        self._just_read: list[str] = []
        self._logged: tuple[Session, ...] = ()
        self._noted: tuple[Pain, ...] = ()
        self._left: tuple[str, ...] = ()
        self._inbox_problem: str | None = None

    def run(self, consent: Consent, *, again: bool) -> None:
        """Read what is new, purge what others purged, and give what the folder lacks; `again` tries what failed."""
        found = shared.look(self._folder)
        if self.state.files and not any(name in found for name in self.state.files):
            raise FolderAwayError(self._folder, _EMPTY)
        here = self._workspace.read(partial(_look, state=self.state)) if self._workspace.exists() else None
        whole = here is None or not here.continues or self._lacks_what_it_had(found)
        if here and here.has_undone_imports:
            given = self.state.marks if here.continues else {}
            self._workspace.write(partial(_end_undone_imports, given=given))
            here = self._workspace.read(partial(_look, state=self.state))
        self._files = {name: seen for name, seen in self.state.files.items() if name in found}
        again = again or self.state.format != FORMAT
        for each in found.values():
            if whole or self._is_new(each, again=again):
                self._read(each)
        self._purge(consent)
        self._require_something()
        if whole:
            self._be_a_device()
        self._take_inbox(again=again)
        if here is None or whole or self._just_read or self._wrote:
            here = self._workspace.read(partial(_look, state=self.state))
        if whole or self._just_read or here.mark.ids != self.state.marks or self._purged_more(here):
            here = self._give(here, whole=whole)
        self.state = self.state._replace(
            marks=here.mark.ids, last=here.mark.last, format=FORMAT, files=self._files, at=self._now(), problem=None
        )

    def _require_something(self) -> None:
        """Raise UnreadableFileError or NoDiaryError where there is no diary and the folder gave none."""
        if self._workspace.exists():
            return
        for name, seen in self._files.items():
            if seen.problem:
                raise UnreadableFileError(name, seen.problem)
        self._workspace.require()

    def answer(self) -> Synced:
        """Return what came of it."""
        own = self.state.devices
        problems = [(name.partition("/")[0], name, seen.problem) for name, seen in self._files.items()]
        unread = tuple(Unread(device, name, why) for device, name, why in problems if why)
        if self._inbox_problem:
            unread += (Unread("", shared.INBOX, self._inbox_problem),)
        unread += tuple(Unread("", name, IS_COPY) for name in shared.inbox_copies(self._folder))
        others = len({name.partition("/")[0] for name in self._files} - {*own})
        progress: Progress | None = self._workspace.read(Diary.recent) if self._wrote else None
        return Synced(
            self._folder, self.state.auto, others, self._counts, self._gave, self._logged, self._noted, self._left,
            self._purged, self._waiting, unread, progress, self._new,
        )  # fmt: skip

    # What is to be read

    def _lacks_what_it_had(self, found: Mapping[str, Found]) -> bool:
        """Return whether a file is gone, or one of this device is not as it was written."""
        return any(
            name not in found or (name.startswith(self.state.devices) and self._differs(found[name], seen))
            for name, seen in self.state.files.items()
        )

    def _is_new(self, found: Found, *, again: bool) -> bool:
        """Return whether a file is to be read."""
        seen = self._files.get(found.name)
        if seen is None or (seen.problem and again):
            return True
        if not self._differs(found, seen):
            self._files[found.name] = seen._replace(stat=found.stat)
            return False
        return True

    @staticmethod
    def _differs(found: Found, seen: Seen) -> bool:
        """Return whether a file is another one than was seen."""
        return found.stat != seen.stat and (seen.digest is None or shared.digest_of(found) != seen.digest)

    # Reading

    def _read(self, found: Found) -> None:
        """Add to the diary what a file holds, or keep why not."""
        from kneetrack.exchange.staging import Staging  # noqa: PLC0415 - a sync without news needs none

        with Staging() as staging:
            try:
                shared.stage(found, staging, settings.checked)
            except NoSuchFileError:
                self._files.pop(found.name, None)
                return
            except NewerFileError:
                self._leave(found, NEWER)
                return
            except UnreadableFileError as error:
                self._give_up(found, shared.why_left(error))
                return
            except KneetrackError as error:
                self._leave(found, shared.why_left(error))
                return
            if staging.refusals:
                self._leave(found, f"holds what cannot come in ({staging.refused[0]})")
                return
            if staging.rows:
                done = self._workspace.write(partial(_take, staging=staging), example=False)
                if done.contradiction:
                    self._leave(found, f"holds what cannot come in ({done.contradiction})")
                    return
                self._add(done)
            self._held.add(staging)
            self._keep(found, staging, WAITING if staging.rows and done.pending else None)

    def _give_up(self, found: Found, why: str) -> None:
        """Leave a file that is damaged; one of this device goes, because what it held is given again."""
        if found.device not in self.state.devices or found.name == found.device:
            self._leave(found, why)
            return
        try:
            found.path.unlink()
        except OSError:
            self._leave(found, why)
        else:
            self._files.pop(found.name, None)

    def _add(self, done: _Taken) -> None:
        self._wrote = self._wrote or done.wrote
        self._new = self._new or done.new
        self._pending |= dict(done.pending)
        for name, its in done.counts.items():
            before = self._counts.get(name, Counts())
            self._counts[name] = Counts(before.new + its.new, before.changed + its.changed)

    def _keep(self, found: Found, staging: "Staging", problem: str | None) -> None:
        self._just_read.append(found.name)
        self._files[found.name] = Seen(found.stat, shared.digest_of(found), problem, staging.newest(), self._now())

    def _leave(self, found: Found, why: str) -> None:
        before = self._files.get(found.name)
        self._files[found.name] = Seen(found.stat, None, why, before and before.newest, before and before.read)

    def _take_inbox(self, *, again: bool) -> None:
        """Log the lines of the inbox, and leave those in it that cannot be read; `again` tries those once more."""
        try:
            found = shared.read_inbox(self._folder)
        except KneetrackError as error:
            self._inbox_problem = shared.why_left(error)
            return
        if found is None:
            return
        from kneetrack.app import inbox as app_inbox  # noqa: PLC0415 - for who has a phone
        from kneetrack.domain.inbox import left as inbox_left  # noqa: PLC0415 - as above
        from kneetrack.domain.inbox import lines as inbox_lines  # noqa: PLC0415 - as above

        content, stat = found
        if stat == self.state.inbox and not again:
            self._left = inbox_left(content)
            return
        lines = [*inbox_lines(content)]
        known = self.state.taken
        fresh = self._workspace.read(partial(app_inbox.ids, lines=lines, known=known))
        if fresh:
            # Nothing is logged of an inbox that cannot be written: a line without a day would be, each day anew.
            if not shared.write_inbox(self._folder, content, stat):
                return
            stat = shared.stat_of(self._folder / shared.INBOX)
        # Cut off from here on, the next sync knows the lines that were logged for the same ones.
        self.state = self.state._replace(taken=fresh)
        sync_state.write(self._workspace.place.path, self.state)
        taken = self._workspace.write(partial(app_inbox.log, lines=lines, known=known))
        self._logged, self._noted, self._left = taken.logged, taken.noted, taken.why
        self._wrote = self._wrote or taken.wrote
        said = "".join(f"{line}\n" for line in taken.left)
        if said == content or shared.write_inbox(self._folder, said, stat):
            self.state = self.state._replace(taken=(), inbox=shared.stat_of(self._folder / shared.INBOX))

    def _purge(self, consent: Consent) -> None:
        """Purge the records that others purged: a few, or with consent."""
        if not self._pending:
            return
        if len(self._pending) > MOST_PURGED and not consent(len(self._pending)):
            self._waiting = len(self._pending)
            return
        self._purged = self._workspace.write(partial(_bury, tombstones=[*self._pending.items()])).uids
        self._wrote = True
        for name, seen in self._files.items():
            if seen.problem == WAITING:
                self._files[name] = seen._replace(problem=None)

    # Giving

    def _give(self, here: _Look, *, whole: bool) -> _Look:
        """Put into files of this device what the diary has and the folder lacks, and take out what was purged."""
        more = self._purged_more(here)
        whole = not self._take_out_purged([*self._files] if more else self._just_read) or whole
        own = self._folder / self.state.devices[-1]
        path = shared.file_for(own, self._workspace.now)
        if more:
            self._sweep(path)
        old = self._read_own(path)
        whole = old is None or whole
        lacking = partial(shared.lacking, marks={} if whole else self.state.marks, held=self._held)
        with _temporary() as lines:
            written = self._workspace.read(partial(_write_out, lacking=lacking, old=old or {}, lines=lines))
            self._gave = written.gave
            if written.gave:
                self._put(path, lines, written.mark.at)
        if more:
            self._put(own / shared.PURGED, BytesIO(here.stones), None)
        return here._replace(mark=written.mark)

    def _purged_more(self, here: _Look) -> bool:
        """Return whether the diary knows of other purged records than the file of this device lists."""
        seen = self._files.get(f"{self.state.devices[-1]}/{shared.PURGED}") if self.state.devices else None
        return bool(here.stones) and (seen is None or seen.digest != shared.digest_in(BytesIO(here.stones)))

    def _be_a_device(self) -> None:
        """Give the diary an id of its own, unless it has the one that it was last synced under here."""
        device = self._workspace.read(_mark).device
        if device not in self.state.devices[-1:]:
            device = self._workspace.write(_be_another_device).device
            self.state = self.state._replace(devices=(*self.state.devices, device))
            # It is kept before anything is written under it: nobody else is to take it for theirs.
            sync_state.write(self._workspace.place.path, self.state)

    def _take_out_purged(self, names: Sequence[str]) -> bool:
        """Write those of some files anew that are of this device and hold what was purged.

        Returns whether all of them are whole; one that is damaged goes, because what it held is given again.
        """
        all_whole = True
        for name in names:
            path = self._folder / name
            if not name.startswith(self.state.devices) or self._files[name].problem:
                continue
            old = self._read_own(path)
            if old is None:
                all_whole = False
                continue
            with _temporary() as lines:
                if self._workspace.read(partial(_write_without_purged, old=old, lines=lines)):
                    self._put(path, lines, self._files[name].newest)
        return all_whole

    def _sweep(self, path: Path) -> None:
        """Remove what a kill left of files of this device, which may hold what was purged; `path` is its next file."""
        own = (self._folder / name for name in self._files if name.startswith(self.state.devices))
        for each in {path, self._folder / shared.INBOX, *own}:
            atomic.sweep(each)

    def _read_own(self, path: Path) -> shared.Lists | None:
        """Return what a file of this device holds; None for one that is damaged, which goes then."""
        try:
            return shared.read_own(path)
        except UnreadableFileError:
            with translate_errors(path, "write"):
                path.unlink()
            self._files.pop(self._name(path), None)
            return None

    def _put(self, path: Path, content: IO[bytes], newest: str | None) -> None:
        """Put a file of this device in its place."""
        digest = shared.digest_in(content)
        shared.put(path, content)
        self._files[self._name(path)] = Seen(shared.stat_of(path), digest, None, newest, self._now())

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._folder))

    def _now(self) -> str:
        return self._workspace.now.astimezone(UTC).isoformat(timespec="seconds")


def _temporary() -> IO[bytes]:
    """Return a file that has no name."""
    from tempfile import TemporaryFile  # noqa: PLC0415 - a sync without news needs none

    return TemporaryFile("w+b")


# Each in one transaction


def _mark(diary: Diary) -> Mark:
    return shared.mark(diary.store.database)


def _look(diary: Diary, state: State) -> _Look:
    """Return how far a diary is, and whether it is the one that was last synced here, and not an older copy of it."""
    database, stones = diary.store.database, BytesIO()
    continues = bool(state.devices) and shared.continues(database, state.devices[-1], state.last)
    any_stone = shared.lay_out(shared.tombstones(database), stones) > 0
    return _Look(
        shared.mark(database), continues, stones.getvalue() if any_stone else b"", has_undone_imports(database)
    )


def _take(diary: Diary, staging: "Staging") -> _Taken:
    """Add what a file holds and the diary has not, but purge nothing yet."""
    database = diary.store.writable()
    found = merge.compare(database, staging, diary.now)
    if found.contradictions:
        return _Taken({}, found.contradictions[0][2], (), wrote=False)
    pending = tuple(merge.pending(database, staging))
    wrote = bool(found.versions) or found.tombstones > len(pending)
    if wrote:
        merge.merge(database, staging, diary.now, None, purge=False)
    return _Taken({f"{table}s": its for table, its in found.counts.items()}, None, pending, wrote, diary.new)


def _bury(diary: Diary, tombstones: list[tuple[str, str]]) -> _Purged:
    """Purge what others purged."""
    return _Purged(merge.bury(diary.store.writable(), tombstones))


def _end_undone_imports(diary: Diary, given: Mapping[str, int]) -> _Purged:
    """Let go of what imports brought that were undone, here and where it was given."""
    end_undone_imports(diary.store.writable(), diary.now, given)
    return _Purged(frozenset())


def _be_another_device(diary: Diary) -> _Named:
    """Give the diary another id to write with; it keeps those that it had, for undo."""
    device = mapping.random_uid()
    diary.store.writable().execute(NEW_DEVICE, device, mapping.stamp(diary.now))
    return _Named(device)


def _write_out(diary: Diary, lacking: _Lacking, old: shared.Lists, lines: IO[bytes]) -> _WrittenOut:
    """Write a file of what this device gave before and of what the folder lacks."""
    database = diary.store.database
    ids = lacking(database)
    gave = sum(map(len, ids.values()))
    if gave:
        shared.lay_out(shared.united(old, shared.records(database, ids)), lines)
    return _WrittenOut(shared.mark(database), gave)


def _write_without_purged(diary: Diary, old: shared.Lists, lines: IO[bytes]) -> bool:
    """Write a file anew without what was purged, and return whether it held any of that."""
    left = shared.without_purged(diary.store.database, old)
    if left is None:
        return False
    shared.lay_out(left, lines)
    return True
