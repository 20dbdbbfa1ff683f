"""Law: after any history, points of the game are those that plain fractions give the facts that stand, and those of a
bank that had known the corrected facts from the beginning."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from domain.calendar import Quarter
from projections.answers.awards import Awards
from projections.past import go_back
from projections.questions import question
from projections.read_model import ReadModel
from tests.bank import PLAYED, Q1, Q2, SCHEME, TestBank, tables
from tests.laws.histories import (
    AMOUNTS,
    DAYS,
    NUMBERS,
    QUANTITIES,
    RMS,
    Act,
    History,
    act,
)
from tests.laws.often import hold
from tests.reference_of_game import Known, earned, known

MORE = '{more}\nen = "Rules"\nzh = "规则"\nclause = "1"\n'
GAME = PLAYED[PLAYED.index("[[streaks]]") :]
"""A streak, and a badge of every rule."""
EARNING = ["visit", "call", "card", "fund"]
REASONS = ("limit", "repeat", "certificate", "claw-back", "reversed", "voided")
WINDOWS = ("day", "week", "month", "quarter")


@st.composite
def games(draw: st.DrawFn) -> str:
    """The scheme of the tests with a game of its own."""
    text = SCHEME.replace('points = "5"', f'points = "{draw(st.sampled_from(["5", "0.333333"]))}"')
    for kind in draw(st.sets(st.sampled_from(EARNING), min_size=1, max_size=2)):
        text = text.replace(f"[kinds.{kind}]", f"[kinds.{kind}]\ncertificate = true")
    for kind in draw(st.sets(st.sampled_from(EARNING), max_size=1)):
        text = text.replace(f"[kinds.{kind}]", f"[kinds.{kind}]\nrepeats = false")
    shares = draw(st.sampled_from([[], ["1", "0.5", "0"], ["1", "0.333333"], ["0.5"]]))
    text += "[game]" + MORE.format(more="") + f'limit_by = "{draw(st.sampled_from(["act", "record"]))}"\n'
    text += f"repeats = {shares}\n".replace("'", '"') if shares else ""
    text += f'repeats_within = "{draw(st.sampled_from(WINDOWS))}"\n' if shares else ""
    for number in range(draw(st.integers(1, 2))):
        takes = draw(st.lists(st.sampled_from(EARNING), max_size=2, unique=True))
        text += "[[claw_backs]]" + MORE.format(more=f'\nid = "c{number}"')
        text += f'on = ["{draw(st.sampled_from(["breach", "satisfaction", "call"]))}"]\n'
        text += f"takes = {takes}\n".replace("'", '"') if takes else ""
        text += f'of = "{draw(st.sampled_from(["customer", "rm"]))}"\ndays = {draw(st.sampled_from([0, 7, 60]))}\n'
    return text + GAME


CUSTOMERS = st.sampled_from(["", "C1", "c1", "C2"])
KINDS = st.sampled_from([*EARNING, *EARNING, "breach", "satisfaction"])
DATES = st.sampled_from([f"2026-{day}" for day in ("02-02", "02-03", "02-06", "03-20", "03-31", "04-01", "04-02")])
RECORD = act("record", RMS, KINDS, DATES, QUANTITIES, AMOUNTS, CUSTOMERS)
OTHER = st.one_of(
    act("reverse", NUMBERS, QUANTITIES, AMOUNTS, st.integers(0, 50)),
    act("reverse_whole", NUMBERS, st.integers(0, 50)),
    act("verify", NUMBERS),
    act("void", NUMBERS),
    act("void", NUMBERS),  # twice as often: few of them meet an action that had counted
    act("certify_until", RMS, DATES),
    act("transfer", RMS, st.sampled_from(["east", "south"]), st.sampled_from(["personal", "trainee"]), DAYS),
    act("publish", st.sampled_from(['["trainee"]', '["personal"]']), st.just("2026-04-01"), st.sampled_from("ab")),
    act("advance", st.sampled_from([30, 24 * 9])),
    act("close_day", st.just(1)),
    st.just(Act("step")),
)
WORK = st.tuples(st.lists(RECORD, min_size=4, max_size=8), st.just(Act("verify_all")), OTHER)
HISTORIES = st.lists(WORK, min_size=8, max_size=14).map(
    lambda works: [act for records, verified, other in works for act in (*records, verified, other)]
)
FIRST = [Act("advance", (24 * 9,)), Act("advance", (24 * 9,)), Act("certify_until", ("r2", "2026-02-03"))]
LAST = Act("deliver", ("r1", "2026Q1", "1", "2026-02-28"))
"""What ends every history, so that each has the same today."""


class Certifying(History):
    """A history in which the certificate that everybody joined with may end."""

    def certify_until(self, rm: str, until: str) -> None:
        latest = self.bank.register.rms[rm].postings[-1]
        self.story.register(rm, latest.org, **{"from": str(latest.from_day), "certified_until": until})


class Resolved(Certifying):
    """A history that notes whom each act came to be done to, and when."""

    def __init__(self, story: TestBank) -> None:
        super().__init__(story)
        self.done: list[tuple[Any, str, Any]] = []

    def play(self, act: Act) -> None:
        if act.name in ("record", "reverse", "reverse_whole", "verify", "verify_all", "void"):
            super().play(act)
        else:
            self.done.append((self.story.clock.now, "play", act))
            super().play(act)

    def _recorded(self, line: dict[str, str], person: bool = False) -> None:
        self.done.append((self.story.clock.now, "record", (line, person)))
        super()._recorded(line, person)

    def verify(self, number: int) -> None:
        self._verified([self._action(number, lambda action: action.state == "recorded")])

    def verify_all(self) -> None:
        self._verified(self.actions)

    def _verified(self, actions: list[str]) -> None:
        self.done.append((self.story.clock.now, "verify", list(actions)))
        self.bank.decide_actions(actions, "verify", "boss")


def known_from_the_beginning(story: TestBank, done: list[tuple[Any, str, Any]], facts: Known) -> None:
    """The same, but that each action is recorded as it stands at the end, and what does not stand never was."""
    left = {fact.action: fact.left for theirs in facts.facts.values() for fact in theirs if fact.left}
    history = Certifying(story)
    for now, name, told in done:
        story.clock.now = now
        if name == "play":
            history.play(told)
        elif name == "verify":
            story.bank.decide_actions([each for each in told if each in left], "verify", "boss")
        else:
            line, person = told
            if (key := f"action:{line['source']}:{line['external_ref']}") in left and "reverses" not in line:
                quantity = str(Decimal(left[key].numerator) / Decimal(left[key].denominator))
                story.bank.record_actions([line | {"quantity": quantity}], line["rm"] if person else "crm",
                                          person=person)  # fmt: skip


def rows(model: ReadModel, quarter: Quarter) -> dict[tuple[str, str], dict[str, Any]]:
    """What the models say of each action of a quarter."""
    with model.follower.connection.cursor() as con:
        con.begin()
        go_back(con, model.follower.position, quarter, None, {"game_actions"})
        con.execute(question("points_kinds"))
        found = con.sql("SELECT * FROM game_actions").to_arrow_table().to_pylist()
        con.rollback()
    return {(row["rm"], row["action"]): row for row in found}


def versions(model: ReadModel) -> Iterator[tuple[str, Quarter, tuple[str, date] | None]]:
    """Everybody's quarters with the version that holds in each."""
    with model.follower.connection.cursor() as con:
        served = con.execute("SELECT s.rm, s.quarter, s.scheme, s.effective FROM service AS s").fetchall()
    for rm, quarter, scheme, effective in served:
        yield rm, Quarter.parse(quarter), (scheme, effective) if scheme else None


def awarded(model: ReadModel, rm: str) -> Awards:
    """What somebody won, which no one day's position is part of."""
    return model.awards(rm).model_copy(update={"moment": None})


def places(model: ReadModel, period: str) -> list[tuple[str | None, int, Decimal | None]]:
    """The board of points."""
    return [(row.rm, row.rank, row.value) for row in model.leaderboard(period, by="points").standings]


def by_deeds(awards: Awards) -> dict[str, Any]:
    """The same without log positions: by what was done. Of what was taken back in part, a bank that had known records
    the whole amount, so that a measure of amounts is another there."""
    told = awards.model_dump()
    for part in ("won", "next_badges"):
        told[part] = [one for one in told[part] if one["rule"] != "measure"]
    for one in (*told["won"], *told["next_badges"]):
        one["position"], one["spoiled_by"] = one["position"] is not None, one["spoiled_by"] is not None
        one["events"] = [(each["action_id"], each["quantity"]) for each in one["events"]]
    return told


def test_points_equal_those_of_fractions_and_of_a_bank_that_knew_from_the_beginning() -> None:
    drawn = Counter[str]()

    def agrees(text: str, acts: list[Act]) -> None:
        with TemporaryDirectory() as folder:
            story, other = (TestBank(Path(folder) / name).founded(text) for name in ("one", "other"))
            history, live = Resolved(story), story.follow("live.duckdb")
            for act in [*FIRST, *acts, LAST]:
                history.play(act)
                if act.name == "step":
                    live.follower.step()
            live.follower.catch_up()
            facts = known(story.bank.log, story.bank.timezone)
            known_from_the_beginning(other, history.done, facts)
            with story.following() as rebuilt, other.following() as knew:
                game = ("game_days", "game_points")
                made = tables(live)
                assert made == tables(rebuilt)
                assert [made[name] for name in game] == [tables(knew)[name] for name in game]
                for quarter in (Q1, Q2):
                    found = rows(live, quarter)
                    drawn.update(row["reason"] for row in found.values() if row["reason"])
                    _agree(story, live, facts, quarter, found)
                for period in ("2026-W06", "2026-02", "2026Q1"):
                    assert places(live, period) == places(rebuilt, period) == places(knew, period)
                for rm in ("r1", "r2", "r3"):
                    won = awarded(live, rm)
                    assert won == awarded(rebuilt, rm)
                    assert by_deeds(won) == by_deeds(awarded(knew, rm))
                    drawn.update(one.badge for one in won.won)
            live.follower.stop()
            story.close()
            other.close()

    hold(agrees, games(), HISTORIES, drawn=drawn, wanted=(*REASONS, "first-fund"), examples=2, often=5)


def _agree(
    story: TestBank, model: ReadModel, facts: Known, quarter: Quarter, found: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Each action earns what the reference says, the days are their sums, and so are the points."""
    sums: dict[str, Fraction] = {}
    for rm, of, version in versions(model):
        if of != quarter or version is None:
            continue
        wanted = earned(story.bank.register.schemes[version], facts, rm, quarter)
        said = {action: Fraction(row["earned"], 10**6) for (who, action), row in found.items() if who == rm}
        assert {action: points for action, points in said.items() if points or action in wanted} == wanted
        sums |= {rm: sum(wanted.values(), Fraction(0))} if wanted else {}
    kept = [row for row in tables(model)["game_points"] if row[1] == str(quarter)]
    assert {rm: Fraction(points, 10**6) for rm, _, points in kept} == sums
