"""The shipped schemes side by side in one bank: figures of a case, recorded action by action, come to its points."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from domain.calendar import Quarter
from domain.money import plain
from domain.scheme import Measure, Scheme
from projections.answers import Scorecard
from projections.reach import reach
from projections.trial import Trial, score
from projections.tried import NOTHING, Figure
from tests.bank import UNITS, TestBank, all_done, done
from tests.schemes.cases import SCHEMES, SHIPPED, Case, read_cases, read_shipped

NEWEST = list({file.parent: file for file in SHIPPED}.values())


class Recorded(NamedTuple):
    """An RM under one scheme, and a case of it: the first of its file."""

    rm: str
    scheme: Scheme
    case: Case

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.scheme.effective)

    @property
    def position(self) -> str:
        return "any" if self.scheme.positions[0] == "*" else self.scheme.positions[0]

    @property
    def figures(self) -> dict[str, Figure]:
        """What is said of the RM, without what only a review gives."""
        given = {name for name, measure in self.scheme.measured() if measure.rule != "rating"}
        return {name: one for name, one in self.case.tried.figures.items() if name in given}

    def tried(self) -> Trial:
        [trial] = score(self.scheme, {self.rm: replace(self.case.tried, figures=self.figures)})
        return trial


def recorded(n: int, file: Path) -> Recorded:
    return Recorded(f"s{n}", read_shipped(file), next(case for case in read_cases() if case.file == file))


def test_what_is_recorded_under_each_shipped_scheme_is_scored_as_its_case(tmp_path: Path) -> None:
    people = [recorded(n, file) for n, file in enumerate(NEWEST)]
    story = bank_of(tmp_path, people)
    for one in people:
        fill(story, one)
    with story.following() as model:
        cards = {one.rm: model.scorecard(one.rm, one.quarter) for one in people}
    story.close()
    for one in people:
        card, trial = cards[one.rm], one.tried()
        assert isinstance(card, Scorecard)
        assert {line.indicator: line.points for line in card.lines} == {
            line.indicator: line.points for line in trial.lines
        }, one.case.file
        assert (card.grade.scheme, card.grade.status, card.grade.score, card.grade.tier, card.grade.coefficient) == (
            one.scheme.scheme, trial.status, trial.score, trial.tier, trial.coefficient,
        )  # fmt: skip
        assert all(line.sentence.en.endswith(".") and line.sentence.zh.endswith("。") for line in card.lines)


def bank_of(folder: Path, people: list[Recorded]) -> TestBank:
    """A bank in which each serves under another scheme, when all their quarters are over."""
    story = TestBank(folder)
    last = max(one.quarter for one in people).last_day
    story.clock.set(str(last + timedelta(days=1)))
    for one in people:
        done(story.publish(one.scheme.text))
    all_done(story.bank.open_units(UNITS, "lead"))
    for one in people:
        done(story.register(one.rm, position=one.position, joined_on="2015-01-05"))
    done(story.bank.close_day(last, "clock"))
    return story


def test_the_entries_behind_each_sum_and_count_of_a_shipped_scheme_add_up_to_its_figure(tmp_path: Path) -> None:
    """By their factors and signs, with what was taken back and voided again."""
    people = [recorded(n, file) for n, file in enumerate([*NEWEST, SCHEMES / "examples/measures.toml"])]
    story = bank_of(tmp_path, people)
    for one in people:
        asked = next(each.id for each in one.scheme.indicators if each.takes_target)
        agreed = story.target_lines(one.rm, str(one.quarter.number), **{asked: "10"})
        all_done(story.bank.agree_targets([line | {"year": str(one.quarter.year)} for line in agreed], "lead"))
    act_on(story, people)
    with story.following() as model:
        for one in people:
            card = model.scorecard(one.rm, one.quarter)
            assert card
            for indicator in _added_up(one.scheme):
                [line] = [line for line in card.lines if line.indicator == indicator]
                behind = model.line_events(one.rm, one.quarter, indicator, limit=1000)
                assert line.measured is not None
                told = sum((event.value for event in behind.events), -(line.base or Decimal(0)))
                assert told.quantize(Decimal("0.001"), ROUND_HALF_UP) == line.measured, (one.scheme.scheme, indicator)
                assert len(behind.events) == behind.total == line.events > 0
    story.close()


def _added_up(scheme: Scheme) -> Iterator[str]:
    return (one.id for one in scheme.indicators if one.measure.rule in ("sum", "count"))


def act_on(story: TestBank, people: list[Recorded]) -> None:
    """Three actions of each kind, of which one is taken back in part; and of some kinds another is voided."""
    each = [(one, kind, f"{one.rm}-{kind}") for one in people for kind in one.scheme.kinds]
    figures = {"quantity": "3.5", "amount": "1234.56", "customer": "c1"}
    lines = [record(one, kind, f"{name}-{n}", **figures) for one, kind, name in each for n in range(3)]
    taken = counted(story, lines)
    less = {"quantity": "1", "amount": "0.01", "customer": "c1"}
    counted(story, [record(one, kind, f"{name}-4", reverses=f"crm:{name}-0", **less) for one, kind, name in each])
    for action in taken[1::9]:
        done(story.bank.void_action(action, "by mistake", "boss"))


def record(one: Recorded, kind: str, ref: str, **more: str) -> dict[str, str]:
    line = {"source": "crm", "external_ref": ref, "rm": one.rm, "kind": kind}
    return line | {"occurred_on": str(one.quarter.first_day)} | more


def counted(story: TestBank, lines: list[dict[str, str]]) -> list[str]:
    """Record actions, and verify those that wait for it; their ids."""
    taken = [done(outcome).subject for outcome in story.bank.record_actions(lines, "crm")]
    waiting = [id_ for id_, action in story.bank.read_actions(taken).items() if action.state == "recorded"]
    all_done(story.bank.decide_actions(waiting, "verify", "boss"))
    return taken


def fill(story: TestBank, one: Recorded) -> None:
    """Targets, deliveries and actions that come to the figures of the case."""
    year, quarter, first = str(one.quarter.year), str(one.quarter.number), str(one.quarter.first_day)
    agreed = [
        {"rm": one.rm, "year": year, "quarter": quarter, "indicator": name, "target": plain(figure.target), "base": ""}
        for name, figure in one.figures.items()
        if figure.target is not None
    ]
    all_done(story.bank.agree_targets(agreed, "lead"))
    delivered = [
        {"source": "dw", "external_ref": f"{one.rm}-{name}", "rm": one.rm, "indicator": name, "as_of": first,
         "quarter": str(one.quarter), "value": plain(value)}
        for name, measure, value in measured(one) if measure.rule == "ready"
    ]  # fmt: skip
    all_done(story.bank.record_measures(delivered, "dw"))
    counted(story, [record(one, ref=f"{one.rm}-{n}", **line) for n, line in enumerate(actions(one))])


def measured(one: Recorded) -> Iterator[tuple[str, Measure, Decimal]]:
    """What has a figure, what counts few kinds first."""
    for name, measure in sorted(one.scheme.measured(), key=lambda each: len(each[1].kinds)):
        value = one.figures.get(name, NOTHING).measured
        if value is not None:
            yield name, measure, value


def actions(one: Recorded) -> Iterator[dict[str, str]]:
    """Actions of the quarter's first day that come to what was measured; what other measures counted counts for all."""
    totals: dict[str, Decimal] = {}
    for _, measure, value in measured(one):
        match measure.rule:
            case "distinct-customers":
                yield from ({"kind": measure.plus[0], "customer": f"c{n}"} for n in range(int(value)))
            case "count":
                yield from ({"kind": measure.plus[0]} for _ in range(int(value)))
            case "sum" | "daily-average" | "last" | "maximum":
                counted = sum(
                    (_weighed(measure, kind, totals.get(kind, Decimal(0))) for kind in measure.kinds), Decimal(0)
                )
                kind = next((kind for kind in measure.kinds if kind not in totals), measure.kinds[0])
                if value != counted:
                    totals[kind] = (value - counted) / measure.factors.get(kind, Decimal(1))
                    yield {"kind": kind, one.scheme.kinds[kind].counted: plain(totals[kind])}


def _weighed(measure: Measure, kind: str, total: Decimal) -> Decimal:
    return total * measure.factors.get(kind, Decimal(1)) * (-1 if kind in measure.minus else 1)


def test_nobody_is_advised_to_be_left_without_a_figure() -> None:
    """An index that did not rise rises no more once nobody is asked, though its gate would look at nothing then."""
    [case] = [case for case in read_cases() if case.name == "an index that stays does not rise"]
    found = reach(read_shipped(case.file), case.tried, days=59)
    assert found is not None
    assert found.lacks == 0
    assert found.ways == []
