"""Law: whatever people did, took back and voided, each measure of it is what one gets by going through it one by one.

Written from `domain/schemes/README.md`, beside the law over what is made of such figures.
Longer than 300 lines because every rule that counts actions stands here a second time.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import strategies as st

from domain.calendar import Quarter, days
from domain.scheme import Scheme, read_scheme
from projections.past import go_back
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, SCHEME, TestBank, all_done, done
from tests.laws.often import hold
from tests.reference import rounded

CLAUSES = {16, *range(18, 25)}
"""The clauses of the language's list that are counted from actions."""
RMS, QUARTERS, TODAY, NEW_YEAR = [f"m{n:02}" for n in range(12)], (Q1, Q2), date(2026, 4, 20), date(2026, 1, 1)
DAY = st.one_of(st.integers(-40, 109), st.sampled_from([-1, 0, 30, 89, 90, 109])).map(
    lambda n: NEW_YEAR + timedelta(days=n)
)
STOCK = """
[kinds.stock]
clause = "1"
en = "Time deposits"
zh = "定期余额"
unit = { en = "CNY", zh = "元" }
counted = "amount"
reported = "fed"
counts = "at-once"
"""
TEXT = SCHEME.replace("\n[[indicators]]", f"{STOCK}\n[[indicators]]", 1)
STATING = ["balance", "stock"]
BOUGHT = ["visit", "call", "card", "fund", "deposit", "withdrawal", "satisfaction"]
KINDS = BOUGHT + STATING
PART = Decimal("0.001")
"""What is taken back of what is counted by its quantity; of an amount it is half."""
FATES = ["counts"] * 4 + ["voided", "waits", "part", "whole", "restored"]


class Deed(NamedTuple):
    """Something recorded, and what became of it: `part` or `whole` of it was taken back `later`, or that was voided."""

    kind: str
    customer: str
    day: date
    quantity: Decimal
    amount: Decimal
    fate: str
    later: int


class Entry(NamedTuple):
    """What counts of a deed, with the opposite sign where it is taken back; `order` is that of coming to count."""

    deed: int
    kind: str
    customer: str
    day: date
    order: tuple[bool, int]
    quantity: Fraction
    amount: Fraction
    actions: int


class Spec(NamedTuple):
    """A measure of a scheme."""

    rule: str
    of: str | None
    plus: list[str]
    minus: list[str]
    sets: list[str]
    factors: dict[str, str]
    on: str | None = None

    @property
    def signs(self) -> dict[str, int]:
        return dict.fromkeys(self.plus, 1) | dict.fromkeys(self.minus, -1)

    @property
    def clauses(self) -> set[int]:
        of_rule = {"day-balance": 18, "last": 20, "distinct-customers": 21, "maximum": 22}
        if self.of == "counted":
            return {16}
        if self.factors:
            return {{"daily-average": 19, "sum": 23}.get(self.rule, of_rule.get(self.rule, 0))}
        return {of_rule.get(self.rule, 0)}

    def factor(self, kind: str) -> Fraction:
        return Fraction(self.factors.get(kind, "1"))

    def text(self, name: str) -> str:
        lists = {key: kinds for key in ("plus", "minus", "sets") if (kinds := getattr(self, key))}
        words = [f'rule = "{self.rule}"'] + [
            f'{key} = "{value}"' for key in ("of", "on") if (value := getattr(self, key))
        ]
        words += [
            f"{key} = [{', '.join(f'{chr(34)}{kind}{chr(34)}' for kind in kinds)}]" for key, kinds in lists.items()
        ]
        words += ["factors = { " + ", ".join(f'{k} = "{f}"' for k, f in self.factors.items()) + " }"] * bool(
            self.factors
        )
        head = f'[measures.{name}]\nclause = "1"\nen = "M"\nzh = "量"\nunit = {{ en = "points", zh = "分" }}\n'
        return f"{head}measure = {{ {', '.join(words)} }}\n"


class Person(NamedTuple):
    """What somebody did, the figures that were delivered (quarter, day, value), and the base of each contract."""

    deeds: list[Deed]
    delivered: list[tuple[Quarter, date, Decimal]]
    bases: dict[str, Decimal]


AMOUNTS = (st.integers(1, 10**11) | st.integers(1, 9)).map(lambda n: Decimal(2 * n).scaleb(-2))
DEEDS = st.builds(
    Deed, st.sampled_from(KINDS), st.sampled_from(["", "C1", "C2", "C3"]), DAY,
    st.sampled_from(["1", "2", "5", "0.5", "0.003"]).map(Decimal), AMOUNTS, st.sampled_from(FATES), st.integers(0, 60),
)  # fmt: skip
FIGURES = st.decimals(-(10**6), 10**9, places=3)


def delivery(quarter: Quarter, after: int, figure: Decimal) -> tuple[Quarter, date, Decimal]:
    """A figure of a quarter as of some days after it began."""
    return quarter, quarter.first_day + timedelta(days=after), figure


PEOPLE = st.builds(
    Person,
    st.lists(DEEDS, min_size=4, max_size=12),
    st.lists(st.builds(delivery, st.sampled_from(QUARTERS), st.integers(0, 19), FIGURES), min_size=1, max_size=4),
    st.fixed_dictionaries({name: st.decimals(0, 10**6, places=3) for name in ("savings", "profit")}),
)
FACTORS = st.sampled_from(["0.5", "2", "0.333333", "0", "1000.5"])


@st.composite
def specs(draw: st.DrawFn, rule: str) -> Spec:
    """A measure by a rule, of any kinds and in any way that the language lets it have."""
    kinds = draw(st.permutations(BOUGHT))
    plus, minus = kinds[: draw(st.integers(1, 4))], list[str]()
    if rule not in ("distinct-customers", "last", "maximum"):
        minus = kinds[len(plus) : len(plus) + draw(st.integers(0, 2))]
    sets = draw(st.permutations(STATING))[: draw(st.integers(0, 2))] if rule in ("daily-average", "day-balance") else []
    if len(sets) > 1:
        plus, minus = [], []
    of = None if rule in ("count", "distinct-customers") else draw(st.sampled_from(["amount", "quantity"]))
    if rule == "sum":
        of = draw(st.sampled_from(["amount", "quantity", "counted"]))
    weighted = st.dictionaries(st.sampled_from(plus + minus + sets), FACTORS, max_size=3)
    factors = {} if rule in ("distinct-customers", "last", "maximum") else draw(weighted)
    on = draw(st.sampled_from(list(ON))) if rule == "day-balance" else None
    return Spec(rule, of, plus, minus, sets, factors, on)


ON: dict[str, Callable[[Quarter], date]] = {
    "before-quarter": lambda quarter: quarter.previous.last_day,
    "before-year": lambda quarter: date(quarter.year - 1, 12, 31),
    "year-first-day": lambda quarter: date(quarter.year, 1, 1),
    "quarter-first-day": lambda quarter: quarter.first_day,
    "last-day": lambda quarter: quarter.last_day,
}
RULES = (
    ["sum"] * 8 + ["count"] * 2 + ["last", "maximum", "distinct-customers"] * 2 + ["daily-average", "day-balance"] * 4
)
SPECS = st.tuples(*[specs(rule) for rule in RULES])


def entries_of(deeds: list[Deed], scheme: Scheme) -> Iterator[Entry]:
    """What counts: nothing of what waits or was voided, and what was taken back on the day of that."""
    for n, deed in enumerate(deeds):
        kind = scheme.kinds[deed.kind]
        order = (not kind.counts_at_once, n)
        if deed.fate == "voided" or (deed.fate == "waits" and not kind.counts_at_once):
            continue
        quantity, amount = Fraction(deed.quantity), Fraction(deed.amount)
        yield Entry(n, deed.kind, deed.customer, deed.day, order, quantity, amount, 1)
        day = taken_back_on(deed)
        if deed.fate == "whole":
            yield Entry(n, deed.kind, deed.customer, day, order, -quantity, -amount, -1)
        elif deed.fate == "part" and kind.counted == "amount":
            yield Entry(n, deed.kind, deed.customer, day, order, Fraction(0), -amount / 2, 0)
        elif deed.fate == "part":
            yield Entry(n, deed.kind, deed.customer, day, order, -Fraction(PART), Fraction(0), 0)


def taken_back_on(deed: Deed) -> date:
    return min(deed.day + timedelta(days=deed.later), TODAY)


def standing(entries: Iterable[Entry], spec: Spec) -> Iterator[tuple[Entry, Fraction]]:
    """Each deed of which something is left, as it was recorded, with what is left of its value."""
    by_deed = defaultdict[int, list[Entry]](list)
    for entry in entries:
        by_deed[entry.deed].append(entry)
    for each in by_deed.values():
        if sum(entry.actions for entry in each) > 0:
            yield each[0], sum((value(entry, spec) for entry in each), Fraction(0))


def value(entry: Entry, spec: Spec) -> Fraction:
    by_amount = (
        entry.kind not in ("visit", "call", "card", "satisfaction") if spec.of == "counted" else spec.of == "amount"
    )
    return entry.amount if by_amount else entry.quantity


def measured(spec: Spec, entries: list[Entry], quarter: Quarter) -> Fraction | None:
    """The figure of a quarter; None where nothing was stated."""
    if spec.rule in ("daily-average", "day-balance"):
        return balance(spec, entries, quarter)
    within = [e for e in entries if e.kind in spec.signs and quarter.first_day <= e.day <= quarter.last_day]
    match spec.rule:
        case "sum" | "count":
            total = sum(
                spec.signs[e.kind] * spec.factor(e.kind) * (e.actions if spec.rule == "count" else value(e, spec))
                for e in within
            )
            return rounded(Fraction(total), Fraction(1, 1000), "up")
        case "distinct-customers":
            return Fraction(len({entry.customer for entry, _ in standing(within, spec)} - {""}))
        case "maximum":
            return max((left for _, left in standing(within, spec)), default=None)
        case _:
            newest = max(standing(within, spec), key=lambda one: (one[0].day, one[0].order), default=None)
            return newest[1] if newest else None


def balance(spec: Spec, entries: list[Entry], quarter: Quarter) -> Fraction:
    """The average of the balances at the end of each day, or the balance of one."""
    first, until = quarter.first_day, min(quarter.last_day, TODAY)
    if spec.on:
        first = until = min(ON[spec.on](quarter), until)
    known = [entry for entry in entries if entry.day <= until]
    total = Fraction(0)
    for customer in ("", "C1", "C2", "C3"):
        theirs = [entry for entry in known if entry.customer == customer]
        stated = list(standing([entry for entry in theirs if entry.kind in spec.sets], spec))
        flows = [entry for entry in theirs if entry.kind in spec.signs]
        for day in days(first, until) if theirs else ():
            total += _balance_on(day, spec, stated, flows)
    unit = Fraction(1, 100) if spec.of == "amount" else Fraction(1, 1000)
    return rounded(total / ((until - first).days + 1), unit, "up")


def _balance_on(day: date, spec: Spec, stated: list[tuple[Entry, Fraction]], flows: list[Entry]) -> Fraction:
    """The last balance that each kind stated, and the flows after it."""
    total, since = Fraction(0), date.min
    for kind in spec.sets:
        last = max(
            (one for one in stated if one[0].kind == kind and one[0].day <= day),
            key=lambda one: (one[0].day, one[0].order), default=None,
        )  # fmt: skip
        if last:
            total, since = total + spec.factor(kind) * last[1], last[0].day
    return total + sum(
        (spec.signs[e.kind] * spec.factor(e.kind) * value(e, spec) for e in flows if since < e.day <= day), Fraction(0)
    )


def wanted(person: Person, scheme: Scheme, named: dict[str, Spec], quarter: Quarter) -> dict[str, Fraction | None]:
    """Each measure of somebody's quarter; of profit what was delivered for the newest day, of savings the growth."""
    entries = list(entries_of(person.deeds, scheme))
    figures = {name: measured(spec, entries, quarter) for name, spec in named.items()}
    figures["savings"] = (measured(SAVINGS, entries, quarter) or Fraction(0)) - Fraction(person.bases["savings"])
    ready = [(day, n, figure) for n, (of, day, figure) in enumerate(person.delivered) if of == quarter]
    figures["profit"] = Fraction(max(ready)[2]) - Fraction(person.bases["profit"]) if ready else None
    return figures


SAVINGS = Spec("daily-average", "amount", ["deposit"], ["withdrawal"], ["balance"], {})


def test_each_measure_of_actions_is_the_one_counted_one_by_one() -> None:
    drawn = Counter[int]()

    def agrees(drawn_specs: tuple[Spec, ...], people: list[Person]) -> None:
        named = {f"n{n}": spec for n, spec in enumerate(drawn_specs)}
        text = TEXT + "".join(spec.text(name) for name, spec in named.items())
        scheme = read_scheme(text)
        assert isinstance(scheme, Scheme), [str(fault) for fault in scheme]
        found = _counted(text, scheme, people)
        for rm, person in zip(RMS, people, strict=True):
            kinds = {deed.kind for deed in person.deeds}
            for spec in named.values():
                drawn.update(spec.clauses if kinds & {*spec.signs, *spec.sets} else ())
            drawn.update([18, 18, *(24 for _ in {of for of, *_ in person.delivered})])
            for quarter in QUARTERS:
                for name, figure in wanted(person, scheme, named, quarter).items():
                    assert found[rm, str(quarter), name] == figure, (named.get(name, name), person, quarter)

    people = st.lists(PEOPLE, min_size=len(RMS), max_size=len(RMS))
    hold(agrees, SPECS, people, drawn=drawn, wanted=CLAUSES, examples=4)


def _counted(text: str, scheme: Scheme, people: list[Person]) -> dict[tuple[str, str, str], Fraction | None]:
    """What the models count, by RM, quarter and measure, of people to whom all that happened."""
    found = dict[tuple[str, str, str], Fraction | None]()
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder))
        story.clock.set(str(TODAY))
        story.founded(text)
        done(story.publish(text.replace("2026-01-01", "2025-01-01")))
        all_done(story.bank.register_rms([story.rm_line(rm, joined_on="2025-01-01") for rm in RMS], "hr"))
        _happen(story, scheme, people)
        with story.following() as model:
            for quarter in QUARTERS:
                found |= _figures(model, quarter)
        story.close()
    return found


def _figures(model: ReadModel, quarter: Quarter) -> dict[tuple[str, str, str], Fraction | None]:
    with model.follower.connection.cursor() as con:
        go_back(con, model.follower.position, quarter, None)
        rows = con.execute(
            "SELECT c.rm, c.quarter, c.indicator, c.measured, c.in_range FROM counted_figures AS c"
        ).fetchall()
    assert all(in_range for *_, in_range in rows)
    return {(rm, of, name): None if figure is None else Fraction(figure, 1000) for rm, of, name, figure, _ in rows}


def _happen(story: TestBank, scheme: Scheme, people: list[Person]) -> None:
    """Everything is recorded and what doesn't wait confirmed; then some is taken back, and some of both voided."""
    recorded = [
        (f"{rm}-{n:02}", rm, deed) for rm, one in zip(RMS, people, strict=True) for n, deed in enumerate(one.deeds)
    ]
    all_done(story.bank.record_actions([_line(story, ref, rm, deed) for ref, rm, deed in recorded], "crm"))
    late = [(ref, deed) for ref, _, deed in recorded if not scheme.kinds[deed.kind].counts_at_once]
    confirmed = [f"action:crm:{ref}" for ref, deed in late if deed.fate != "waits"]
    all_done(story.bank.decide_actions(confirmed, "verify", "boss"))
    back = [(ref, rm, deed) for ref, rm, deed in recorded if deed.fate in ("part", "whole", "restored")]
    all_done(story.bank.record_actions([_reversal(story, scheme, *one) for one in back], "crm"))
    confirmed = [f"action:crm:{ref}-r" for ref, deed in late if deed.fate in ("part", "whole", "restored")]
    all_done(story.bank.decide_actions(confirmed, "verify", "boss"))
    ends = [(ref, deed.fate) for ref, _, deed in recorded if deed.fate in ("voided", "restored")]
    for ref, fate in ends:
        done(story.bank.void_action(f"action:crm:{ref}{'-r' * (fate == 'restored')}", "by mistake", "boss"))
    delivered = [
        {"source": "dw", "external_ref": f"{rm}-{n}", "rm": rm, "indicator": "profit", "quarter": str(quarter),
         "value": str(figure), "as_of": str(day)}
        for rm, one in zip(RMS, people, strict=True) for n, (quarter, day, figure) in enumerate(one.delivered)
    ]  # fmt: skip
    all_done(story.bank.record_measures(delivered, "dw"))
    agreed = [
        {"rm": rm, "year": "2026", "quarter": number, "indicator": name, "target": "5", "base": str(base), "reason": ""}
        for rm, one in zip(RMS, people, strict=True) for number in "12" for name, base in one.bases.items()
    ]  # fmt: skip
    all_done(story.bank.agree_targets(agreed, "lead"))


def _line(story: TestBank, ref: str, rm: str, deed: Deed) -> dict[str, str]:
    what = {"quantity": str(deed.quantity), "amount": str(deed.amount), "customer": deed.customer}
    return story.line(ref, deed.kind, rm=rm, occurred_on=str(deed.day), **what)


def _reversal(story: TestBank, scheme: Scheme, ref: str, rm: str, deed: Deed) -> dict[str, str]:
    """All of it, or a part of the amount or the quantity, by which its kind is counted."""
    quantity, amount = deed.quantity, deed.amount
    if deed.fate == "part" and scheme.kinds[deed.kind].counted == "amount":
        amount /= 2
    elif deed.fate == "part":
        quantity, amount = PART, Decimal(0)
    what = {"quantity": str(quantity), "amount": str(amount), "reverses": f"crm:{ref}"}
    return story.line(f"{ref}-r", deed.kind, rm=rm, occurred_on=str(taken_back_on(deed)), **what)
