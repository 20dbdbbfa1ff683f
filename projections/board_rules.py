"""What can be ranked in a period under some schemes, and by which rules: parts, ties, teams, what others see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain import scheme as rules
from domain.money import MICRO, MILLI
from domain.refusal import Refusal, Refused
from domain.scheme_file.game_entries import UNSTATED_BOARDS, Looked, Ties, looked_at
from domain.scheme_file.game_entries import Board as Entry
from domain.scheme_file.game_entries import Boards as Entries
from domain.scheme_file.game_entries import Period as Kind
from projections import answers
from projections.answers import Words
from projections.at_position import words

TIE_RULES: dict[Ties, Words] = {
    "standard": Words(
        en="Equal values share a rank, and as many ranks are left out after them (1, 2, 2, 4).",
        zh="数值相同者并列，其后名次顺延（1、2、2、4）。",
    ),
    "modified": Words(
        en="Equal values share the last of their ranks (1, 3, 3, 4).", zh="数值相同者并列，取其最后名次（1、3、3、4）。"
    ),
    "dense": Words(
        en="Equal values share a rank, and none is left out after them (1, 2, 2, 3).",
        zh="数值相同者并列，其后名次不空缺（1、2、2、3）。",
    ),
    "ordinal": Words(
        en="Of equal values stands first whose last entry in the period came first.",
        zh="数值相同者，期内最后一笔记录较早者在前。",
    ),
    "fractional": Words(
        en="Equal values share the mean of their ranks (1, 2.5, 2.5, 4).",
        zh="数值相同者取其名次的平均值（1、2.5、2.5、4）。",
    ),
}
DEPOSIT_RULE = Words(
    en="No deposit measure is ranked between people: the rules on deposit deviation forbid it.",
    zh="存款类指标不在人员之间排名：存款偏离度管理规定不允许。",
)
SCORE, POINTS = Words(en="points", zh="分"), Words(en="game points", zh="激励积分")
UNITS: dict[str, Words] = {
    "score": SCORE, "points": POINTS, "completion": Words(en="of the target", zh="目标完成率"),
    "weighed": Words(en="points of 100", zh="综合分（满分100）"),
}  # fmt: skip
NAMES = {"score": Words(en="Score", zh="得分"), "points": Words(en="Game points", zh="激励积分")}
BY_DAY: tuple[Kind, ...] = ("week", "month")
"""Periods shorter than a quarter: nobody is appraised in one, and only points are ranked."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a board looks at, of what, with its weight of 100 (in millionths)."""

    looks_at: Looked
    measure: str
    weight: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How one board ranks. `board` is its id in the schemes, None of what can always be ranked."""

    by: str
    name: Words
    unit: Words
    scale: int
    parts: tuple[Part, ...]
    ties: Ties = "standard"
    board: str | None = None
    clause: str | None = None
    gates_passed: bool = False
    is_mean: bool = False
    level: str | None = None
    refusal: Words | None = None

    @property
    def improves(self) -> bool:
        """Whether it ranks what somebody has more than in the period before."""
        return any(part.looks_at == "improved" for part in self.parts)

    @property
    def looks_at(self) -> answers.LooksAt:
        """What it ranks, in a word."""
        return self.parts[0].looks_at if len(self.parts) == 1 else "weighed"

    def answer(self) -> answers.Board:
        """What is told of it."""
        return answers.Board(
            by=self.by, name=self.name, unit=self.unit, refusal=self.refusal, looks_at=self.looks_at,
            clause=self.clause, level=self.level, eligible="gates-passed" if self.gates_passed else "all",
            teams=None if self.level is None else "mean" if self.is_mean else "total",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What others see of a person on a board, and from which size on teams are on one: the strictest of some schemes'
    words."""

    value: bool = False
    lower_half: bool = False
    neighbours: int = 2
    alias_outside: tuple[str, ...] = ()
    smallest_team: int = 3


def seen_under(schemes: Iterable[rules.Scheme]) -> Seen:
    """What others see where people of some schemes stand on one board."""
    every = [scheme.boards for scheme in schemes] or [UNSTATED_BOARDS]
    return Seen(
        value=all(each.others_see == "value" for each in every),
        lower_half=all(each.lower_half == "named" for each in every),
        neighbours=min(each.neighbours for each in every),
        alias_outside=tuple(sorted({each.alias_outside for each in every if each.alias_outside})),
        smallest_team=max(each.smallest_team for each in every),
    )


def rules_of(schemes: Sequence[rules.Scheme], kind: Kind) -> list[Rule]:
    """All that can be ranked in periods of a kind, or that the rules forbid; schemes with most people come first, and
    the first that states a board says how it ranks."""
    stated = schemes[0].boards if schemes else UNSTATED_BOARDS
    plain = ["points"] if kind in BY_DAY else ["score", "points"]
    found = {by: _plain(by, stated) for by in plain}
    for scheme in schemes:
        for entry in scheme.board:
            if kind in entry.periods and (found[entry.id].board is None if entry.id in found else True):
                found[entry.id] = _of_entry(entry, scheme)
    for scheme in schemes if kind not in BY_DAY else ():
        for one in scheme.indicators:
            found.setdefault(one.id, _of_indicator(one, scheme, stated))
            if one.deposit:  # whoever else has an indicator of that id: it is not ranked
                found[one.id] = _of_indicator(one, scheme, stated)
    return list(found.values())


def may_improve(schemes: Iterable[rules.Scheme], by: str) -> bool:
    """Whether a board of some scheme ranks what somebody has more than in the period before."""
    stated = (entry for scheme in schemes for entry in scheme.board if entry.id == by)
    return any(looked_at(part)[0] == "improved" for entry in stated for part in entry.ranked)


def rule_of(found: Sequence[Rule], by: str) -> Rule:
    """The board asked for. Raises Refused for what is unknown or forbidden."""
    rule = next((rule for rule in found if rule.by == by), None)
    if rule is None:
        names = ", ".join(rule.by for rule in found if not rule.refusal)
        raise Refused([Refusal("unknown", "by", f"rank by one of {names}")])
    if rule.refusal:
        raise Refused([Refusal("not-allowed", "by", rule.refusal.en)])
    return rule


def _plain(by: str, stated: Entries) -> Rule:
    return Rule(by, NAMES[by], UNITS[by], MICRO, (_part(by),), stated.ties)


def _of_indicator(one: rules.Indicator, scheme: rules.Scheme, stated: Entries) -> Rule:
    refusal = DEPOSIT_RULE if one.deposit else None
    rule = Rule(one.id, words(one), words(scheme.unit_of(one)), MILLI, (_part(one.id),), stated.ties)
    return replace(rule, refusal=refusal)


def _of_entry(entry: Entry, scheme: rules.Scheme) -> Rule:
    parts = tuple(_part(by, weight) for by, weight in entry.ranked.items())
    unit, scale = UNITS["weighed"], MICRO
    if len(parts) == 1:
        looks_at, measure = parts[0].looks_at, parts[0].measure
        indicator = next((one for one in scheme.indicators if one.id == measure), None)
        if looks_at == "measured" and indicator:
            unit, scale = words(scheme.unit_of(indicator)), MILLI
        else:
            unit = UNITS.get(looks_at) or UNITS[measure]
    return Rule(
        entry.id, words(entry), unit, scale, parts, entry.ties or scheme.boards.ties, entry.id, entry.clause,
        entry.eligible == "gates-passed", entry.teams == "mean", entry.level,
    )  # fmt: skip


def _part(by: str, weight: Decimal = Decimal(100)) -> Part:
    looks_at, measure = looked_at(by)
    return Part(looks_at, measure or by, int(weight * MICRO))
