"""Every day: start, the guided session."""

from kneetrack.cli import console
from kneetrack.cli.environment import workspace
from kneetrack.domain.errors import WrongUseError


def start(
    what: list[str] | None = None,
    plain: bool = False,
    auto: bool = False,
    dry_run: bool = False,
    sound: str | None = None,
    db: str | None = None,
) -> None:
    """Do what is left today along with a timer; each set is saved when it ends."""
    from kneetrack.app import session
    from kneetrack.cli import guided
    from kneetrack.domain import settings
    from kneetrack.views import session as sentences

    heard = settings.sound(sound) if sound else None
    if not (auto or dry_run or console.can_ask()):
        raise WrongUseError("Without a terminal to type at, add --auto: kneetrack start --auto")
    with workspace(db) as diary:
        prepared = session.prepare(diary, what or [])
        if dry_run or not prepared.items:
            console.say(sentences.dry_run(prepared))
        elif not prepared.paused or auto or console.confirm(sentences.although_paused(prepared)):
            options = guided.Options(auto or console.wants_lines(plain), not auto, heard)
            guided.run(prepared, diary, options)
