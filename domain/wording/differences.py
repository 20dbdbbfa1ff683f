"""What changed between two versions of a scheme, or between two schemes, in words and clause by clause."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from domain.scheme import Scheme
from domain.shapes.words import Told, joined
from domain.wording.entries import SORTS, Fact, Passage, Sort, passages
from domain.wording.rows import NONE

ORDER: Told = ("order, best first", "次序（从高到低）")


LAST: set[Sort] = {"tier"}
"""What stands on no clause and is told after all of them; the head is told before."""
ONE_OF: set[Sort] = {"scheme", "rounding", "appraisal", "quarterly-check", "review", "coefficient", "game", "boards"}


class Change(NamedTuple):
    """One difference: an entry that was added or dropped, with all that it says, or one key of it that changed.
    `clause` is where it stands now, or stood; `key` is None for a whole entry."""

    what: Literal["added", "dropped", "changed"]
    sort: Sort
    id: str
    clause: str | None
    name: Told
    key: str | None
    label: Told | None
    old: Told | None
    new: Told | None


def sentence(change: Change) -> Told:
    """A change in one line: Indicator "Visits", weight: 10 points → 15 points."""
    what, zh = _called(change)
    old, new = change.old or NONE, change.new or NONE
    if change.what == "added":
        return f"{what} added: {new[0]}", f"新增{zh}：{new[1]}"
    if change.what == "dropped":
        return f"{what} dropped, which was: {old[0]}", f"删除{zh}，原为：{old[1]}"
    key = change.label or NONE
    return f"{what}, {key[0]}: {old[0]} → {new[0]}", f"{zh}，{key[1]}：{old[1]} → {new[1]}"


def _called(change: Change) -> Told:
    """What an entry is called: by its name, a clause by its number, and what there is one of by itself."""
    sort, sort_zh = SORTS[change.sort]
    if change.sort in ONE_OF:
        return sort, sort_zh
    if change.sort == "clause":
        return f"{sort} {change.id}", f"第 {change.id} 条"
    return f'{sort} "{change.name[0]}"', f"{sort_zh}“{change.name[1]}”"


def differences(old: Scheme, new: Scheme) -> list[Change]:
    """Every difference that matters, by the clauses of the newer version and in the order of the entries; empty where
    only comments, order or spelling differ. The date of effect is no difference: it names the versions."""
    before, after = ({(one.sort, one.id): one for one in _told(scheme)} for scheme in (old, new))
    changes = [change for key, one in after.items() for change in _changes(before.get(key), one)]
    changes += [_whole("dropped", one) for key, one in before.items() if key not in after]
    changes += _tiers_in_order(before.values(), after.values())
    places = {
        clause: n for n, clause in enumerate([*new.clauses, *(one for one in old.clauses if one not in new.clauses)])
    }
    return sorted(changes, key=lambda one: places.get(one.clause or "", len(places) if one.sort in LAST else -1))


def _told(scheme: Scheme) -> Iterator[Passage]:
    """The entries of a scheme, of which each has one of; its own id names none of them."""
    return (one._replace(id="") if one.sort == "scheme" else one for one in passages(scheme))


def _changes(old: Passage | None, new: Passage) -> Iterator[Change]:
    if old is None:
        yield _whole("added", new)
        return
    before, after = ({fact.key: fact for fact in one.facts} for one in (old, new))
    for key in dict.fromkeys([*after, *before]):
        was, is_now = before.get(key), after.get(key)
        if was != is_now and _differ(old, new, key) and (fact := is_now or was):
            told = _told_apart(was.words if was else NONE, is_now.words if is_now else NONE)
            name = old.name if key == "en" else new.name
            yield Change("changed", new.sort, new.id, new.clause, name, key, fact.label, *told)


def _differ(old: Passage, new: Passage, key: str) -> bool:
    """Whether the key itself differs, not only words that come from elsewhere: a weight, a unit, another's name."""
    return key == "en" or getattr(old.entry, key) != getattr(new.entry, key)


def _told_apart(old: Told, new: Told) -> tuple[Told, Told]:
    """Old and new words; where one language has not changed, it shows the other one, too."""
    if old[0] != new[0] and old[1] != new[1]:
        return old, new
    return (f"{old[0]} ({old[1]})", f"{old[1]}（{old[0]}）"), (f"{new[0]} ({new[1]})", f"{new[1]}（{new[0]}）")


def _whole(what: Literal["added", "dropped"], one: Passage) -> Change:
    known = {"clause"} if one.sort == "clause" else {"clause", "en"}
    said = joined((_said(fact) for fact in one.facts if fact.key not in known), "; ", "；")
    old, new = (None, said) if what == "added" else (said, None)
    return Change(what, one.sort, one.id, one.clause, one.name, None, None, old, new)


def _said(fact: Fact) -> Told:
    return f"{fact.label[0]}: {fact.words[0]}", f"{fact.label[1]}：{fact.words[1]}"


def _tiers_in_order(old: Iterable[Passage], new: Iterable[Passage]) -> Iterator[Change]:
    """Tiers are tried best first, so that their order counts; of others it does not."""
    before, after = ([one for one in passages if one.sort == "tier"] for passages in (old, new))
    kept = {one.id for one in before} & {one.id for one in after}
    orders = [[one for one in tiers if one.id in kept] for tiers in (before, after)]
    if [one.id for one in orders[0]] != [one.id for one in orders[1]]:
        told = [joined((one.name for one in order), " > ", " > ") for order in orders]
        yield Change("changed", "tier", "", None, ("All tiers", "全部等次"), "order", ORDER, *told)
