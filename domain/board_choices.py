"""What an RM chooses about the leaderboards: to be on none of them, and an alias that others see instead of the name.

The appraisal is touched by neither. The text of an alias goes when another takes its place, or none: nobody needs to
know any more whose it was, and its digest stays in the event.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.events import AliasChosen, AliasDropped, BoardsJoined, BoardsLeft, Stamp
from domain.log import Decision, Text
from domain.refusal import Refusal, Refused

if TYPE_CHECKING:
    from domain.register import Register

SHORTEST, LONGEST = 2, 24
IN_ALIAS = frozenset(["Lu", "Ll", "Lt", "Lo", "Nd"])
"""The kinds of characters, beside space and hyphen, of which an alias is made: letters of every script, and digits."""
FILLERS = "\u115f\u1160"
"""Letters by their kind that show nothing."""
LOOKALIKES = str.maketrans("авекмнорстухіјѕԁαβικνορτυχ01", "abekmhopctyxijsdabikvoptuxol")
"""What looks like a Latin letter, by that letter: an alias that can't be told from a name is that name."""
FORM = Refusal(
    "malformed", "alias",
    f"write {SHORTEST} to {LONGEST} letters, digits, blanks or hyphens, with a letter or digit at either end",
)  # fmt: skip
A_NAME = Refusal("not-allowed", "alias", "choose another: it is, or contains, the name or id of somebody of the bank")
IN_USE = Refusal("conflict", "alias", "choose another: somebody else has this alias, or one that looks like it")
UNKNOWN = Refusal("unknown", "rm", "name an RM of the bank; import rms first")


@dataclass(frozen=True, slots=True)
class BoardChoices:
    """What an RM chose last: off the boards since when, and which event of the stream holds the alias."""

    version: int
    left_at: datetime | None = None
    alias_version: int | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """How people of the bank are called, folded: what an alias must not be, and the names that it must not contain."""

    names: frozenset[str]
    full: frozenset[str]

    @classmethod
    def by(cls, names: Iterable[str], ids: Iterable[str] = ()) -> Called:
        """What follows from names and ids; a name of two or more CJK characters is told even within an alias."""
        folded = frozenset(map(folded_alias, names))
        full = frozenset(name for name in folded if len(name) > 1 and all(map(_is_ideograph, name)))
        return cls(folded | frozenset(map(folded_alias, ids)), full)

    def holds(self, alias: str) -> bool:
        """Whether an alias is somebody's name or id, or contains a full name."""
        said = folded_alias(alias)
        parts = (said[start:end] for start in range(len(said) - 1) for end in range(start + 2, len(said) + 1))
        return said in self.names or any(part in self.full for part in parts)


def boards_id(rm: str) -> str:
    """The stream of an RM's choices."""
    return f"boards:{rm}"


def fold(state: BoardChoices | None, events: Iterable[Any]) -> BoardChoices | None:
    """What the events of an RM's choices add up to."""
    for event in events:
        state = replace(state or BoardChoices(0), version=event.originator_version)
        match event:
            case BoardsLeft():
                state = replace(state, left_at=event.recorded_at)
            case BoardsJoined():
                state = replace(state, left_at=None)
            case AliasChosen():
                state = replace(state, alias_version=event.originator_version)
            case AliasDropped():
                state = replace(state, alias_version=None)
    return state


def leave_boards(rm: str, register: Register, stamp: Stamp) -> Decision | Refused:
    """Be on no leaderboard from now on; no event where that is so."""
    state = register.board_choices.get(rm)
    return _decided(rm, register, BoardsLeft, stamp, is_so=state is not None and state.left_at is not None)


def join_boards(rm: str, register: Register, stamp: Stamp) -> Decision | Refused:
    """Be on the leaderboards again; no event where that is so."""
    state = register.board_choices.get(rm)
    return _decided(rm, register, BoardsJoined, stamp, is_so=state is None or state.left_at is None)


def drop_alias(rm: str, register: Register, stamp: Stamp) -> Decision | Refused:
    """Have no alias any more; no event where there is none."""
    state = register.board_choices.get(rm)
    decided = _decided(rm, register, AliasDropped, stamp, is_so=state is None or state.alias_version is None)
    return replace(decided, erased=_former(rm, state)) if isinstance(decided, Decision) and decided.events else decided


def choose_alias(
    rm: str, alias: str, standing: Mapping[str, str], called: Called, register: Register, stamp: Stamp, salt: str
) -> Decision | Refused:
    """Take an alias, or another one than before; no event where it is the same. `standing` are the aliases of the bank
    by RM, `called` is how its people are called."""
    written = " ".join(unicodedata.normalize("NFKC", alias).split())
    if faults := list(_alias_faults(rm, written, standing, called, register)):
        return Refused(faults)
    stream, state = boards_id(rm), register.board_choices.get(rm)
    if standing.get(rm) == written:
        return Decision(stream, [])
    text = Text(stream, (state.version if state else 0) + 1, "alias", salt, written)
    chosen = AliasChosen(
        originator_id=stream, originator_version=text.originator_version, **stamp, rm=rm, alias_digest=text.digest
    )
    return Decision(stream, [chosen], (text,), _former(rm, state))


def _former(rm: str, state: BoardChoices | None) -> tuple[tuple[str, int, str], ...]:
    """Where the texts of an RM's former aliases stand, if any still do: a store may be older than that they go."""
    return tuple((boards_id(rm), version, "alias") for version in range(1, (state.version if state else 0) + 1))


def _alias_faults(
    rm: str, written: str, standing: Mapping[str, str], called: Called, register: Register
) -> Iterator[Refusal]:
    if rm not in register.rms:
        yield UNKNOWN
    if not _has_form(written):
        yield FORM
    elif called.holds(written):
        yield A_NAME
    elif folded_alias(written) in {folded_alias(other) for owner, other in standing.items() if owner != rm}:
        yield IN_USE


def _has_form(written: str) -> bool:
    return (
        SHORTEST <= len(written) <= LONGEST
        and all(sign in " -" or _is_letter(sign) for sign in written)
        and _is_letter(written[0])
        and _is_letter(written[-1])
    )


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign) in IN_ALIAS and sign not in FILLERS


def _is_ideograph(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK ")


def folded_alias(text: str) -> str:
    """What texts that look alike have in common: letters and digits, whatever their case, width or alphabet."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, plain.translate(LOOKALIKES)))


def _decided(rm: str, register: Register, kind: type[Any], stamp: Stamp, *, is_so: bool) -> Decision | Refused:
    if rm not in register.rms:
        return Refused([UNKNOWN])
    stream, state = boards_id(rm), register.board_choices.get(rm)
    if is_so:
        return Decision(stream, [])
    version = (state.version if state else 0) + 1
    return Decision(stream, [kind(originator_id=stream, originator_version=version, **stamp, rm=rm)])
