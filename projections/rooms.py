"""What quotas leave: whether a score that brings a better tier would keep it among the present scores of the group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.scheme import Scheme
from projections.questions import Row
from projections.reach import Reach
from projections.variants import Moved, Variants


@dataclass(frozen=True, slots=True)
class Room:
    """Of `peers` graded people a quota leaves `room` in the tiers better than the one at place `to`; the last of the
    others who would stay there has a score of `edge`, in millionths (None: somebody may join them)."""

    quota: str
    to: int
    peers: int
    room: int
    edge: int | None
    keeps_equals: bool

    def leaves(self, score: int) -> bool:
        """Whether somebody with a score would keep a better tier."""
        if not self.room:
            return False
        return self.edge is None or score > self.edge or (self.keeps_equals and score == self.edge)


def rooms_of(scheme: Scheme, rows: Iterable[Row]) -> list[Room]:
    """What each quota of a scheme leaves in an RM's group."""
    keeps = {one.id: one.ties == "keep" for one in scheme.quotas}
    return [
        Room(row["quota"], row["to_ordinal"], row["peers"], row["room"], row["edge"], keeps[row["quota"]])
        for row in rows
    ]


def kept(variants: Variants, found: Reach, rooms: Sequence[Room]) -> tuple[Reach, list[Room]]:
    """What is found without the ways that a quota would take back, as the others' scores are now; and the quotas that
    would, or that leave nobody there at all."""
    moving = [room for room in rooms if room.to > found.place]
    if closed := [room for room in moving if not room.room]:
        return replace(found, ways=[], pace=None), closed
    pace = found.pace.moved if found.pace and found.pace.days else None
    scores = _scores(variants, [way.moved for way in found.ways] + ([] if pace is None else [pace])) if moving else []
    outdone = [room for room in moving if any(not room.leaves(score) for score in scores)]
    stands = [all(room.leaves(score) for room in outdone) for score in scores]
    if all(stands):
        return found, []
    ways = [way for way, does in zip(found.ways, stands, strict=False) if does]
    taken = {way.mover.figure for way in found.ways} - {way.mover.figure for way in ways}
    outdone_lines = {line for way in found.ways if way.mover.figure in taken for line in way.mover.lines}
    is_paced = pace is None or stands[-1]
    return replace(found, ways=ways, pace=found.pace if is_paced else None, outdone=frozenset(outdone_lines)), outdone


def _scores(variants: Variants, moved: Sequence[Moved]) -> list[int]:
    variants.score(moved)
    scores = dict(variants.rows("SELECT p.rm, p.score FROM scores AS p"))
    return [scores[name] for name in variants.names(len(moved))]
