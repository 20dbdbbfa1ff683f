"""Law: daily averages and balances are what one gets by going through the days and the customers one by one."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.calendar import Quarter, days
from projections.past import go_back
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, SCHEME, TestBank, all_done, done
from tests.reference import rounded

RMS = [f"m{n}" for n in range(12)]
Entry = tuple[str, str, int, str, bool]
"""Kind, customer, days since the new year (some before it), amount in CNY, whether it is voided."""
SETS = {"balance": Fraction(1), "time_balance": Fraction(1, 2)}
"""The kinds that state a balance, with their factors."""
Entries = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "withdrawal", "balance", "time_balance"]),
        st.sampled_from(["", "C1", "C2"]),
        st.integers(-40, 95),
        st.decimals(0, 10**7, places=2).map(str),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda entry: (entry[0] if entry[0] in SETS else "", entry[1], entry[2]),
)
NEW_YEAR = date(2026, 1, 1)
DAYS = {
    "before_quarter": ('"before-quarter"', date(2025, 12, 31), date(2026, 3, 31)),
    "before_year": ('"before-year"', date(2025, 12, 31), date(2025, 12, 31)),
    "on_first": ('"quarter-first-day"', date(2026, 1, 1), date(2026, 4, 1)),
    "on_new_year": ('"year-first-day"', date(2026, 1, 1), date(2026, 1, 1)),
    "at_last": ('"last-day"', date(2026, 3, 31), date(2026, 6, 30)),
    "stated": ("2026-01-20", date(2026, 1, 20), date(2026, 1, 20)),
    "stated_ahead": ("2026-04-03", date(2026, 3, 31), date(2026, 4, 3)),
}
"""Balances by the day at whose end they are taken: as a scheme writes it, and which it is in two quarters."""
TIME_BALANCE = SCHEME[SCHEME.index("[kinds.balance]") : SCHEME.index("[kinds.card]")].replace(
    ".balance", ".time_balance"
)
PRODUCTS = """
[measures.products]
clause = "1"
en = "By product"
zh = "分产品"
[measures.products.measure]
rule = "daily-average"
of = "amount"
sets = ["balance", "time_balance"]
factors = { time_balance = "0.5" }
"""
"""Two kinds of balance, which add up."""
BALANCES = (
    SCHEME
    + TIME_BALANCE
    + PRODUCTS
    + "".join(
        f'[measures.{name}]\nclause = "1"\nen = "B"\nzh = "额"\nmeasure = {{ rule = "day-balance", on = {on}, '
        'of = "amount", plus = ["deposit"], minus = ["withdrawal"], sets = ["balance"] }\n'
        for name, (on, _, _) in DAYS.items()
    )
)
CUSTOMERS = ("", "C1", "C2")


def balance_on(day: date, customer: str, entries: Iterable[Entry]) -> Fraction:
    """The last balance stated up to a day, and the flows after it; in fen. Those of another product are none of it."""
    stated = [entry for entry in entries if entry[0] == "balance" and entry[1] == customer and _day(entry) <= day]
    last = max(stated, key=_day, default=None)
    signs = {"deposit": 1, "withdrawal": -1, "balance": 0}
    flows = [
        signs[entry[0]] * Fraction(entry[3])
        for entry in entries
        if entry[1] == customer
        and entry[0] in signs
        and _day(entry) <= day
        and (last is None or _day(entry) > _day(last))
    ]
    return 100 * (sum(flows, Fraction(last[3]) if last else Fraction(0)))


def _day(entry: Entry) -> date:
    return NEW_YEAR + timedelta(days=entry[2])


def stated_on(day: date, customer: str, entries: Iterable[Entry]) -> Fraction:
    """The last balance of each product stated up to a day, the second counted by half; in fen."""
    known = [entry for entry in entries if entry[1] == customer and _day(entry) <= day]
    last = {kind: max((one for one in known if one[0] == kind), key=_day, default=None) for kind in SETS}
    return sum((100 * SETS[kind] * Fraction(one[3]) for kind, one in last.items() if one), Fraction(0))


def average(
    entries: list[Entry], today: date, on: Callable[[date, str, Iterable[Entry]], Fraction] = balance_on
) -> Fraction:
    counted = [entry for entry in entries if not entry[4]]
    until = min(today, Q1.last_day)
    total = sum(on(day, customer, counted) for day in days(Q1.first_day, until) for customer in CUSTOMERS)
    return rounded(Fraction(total, (until - Q1.first_day).days + 1), Fraction(1), "up")


@settings(max_examples=4, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(st.lists(Entries, min_size=12, max_size=12), st.sampled_from([date(2026, 2, 11), date(2026, 4, 20)]))
def test_a_daily_average_and_each_balance_is_the_naive_one(drawn: list[list[Entry]], today: date) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder))
        story.clock.set(str(today))
        story.founded(BALANCES)
        done(story.publish(BALANCES.replace("2026-01-01", "2025-01-01")))
        all_done(story.bank.register_rms([story.rm_line(rm, joined_on="2025-01-01") for rm in RMS], "hr"))
        kept = [[entry for entry in entries if _day(entry) <= today] for entries in drawn]
        for rm, entries in zip(RMS, kept, strict=True):
            _work(story, rm, entries)
        with story.following() as model:
            found = _averages(model, Q1) | (_averages(model, Q2) if today >= Q2.first_day else {})
        story.close()
    for rm, entries in zip(RMS, kept, strict=True):
        assert found.pop((rm, "2026Q1", "savings"), 0) == average(entries, today)
        assert found.pop((rm, "2026Q1", "products"), 0) == average(entries, today, stated_on)
        for name, (_, *taken) in DAYS.items():
            for quarter, day in zip((Q1, Q2), taken, strict=True):
                if quarter.first_day <= today:
                    on = [
                        balance_on(min(day, today), each, [one for one in entries if not one[4]]) for each in CUSTOMERS
                    ]
                    assert found.pop((rm, str(quarter), name), 0) == sum(on), (name, quarter)
    assert {name for _, _, name in found} <= {"savings", "products"}


def _averages(model: ReadModel, quarter: Quarter) -> dict[tuple[str, str, str], int]:
    """By RM, quarter and measure."""
    with model.follower.connection.cursor() as con:
        go_back(con, model.follower.position, quarter, None)
        rows = con.execute("SELECT a.rm, a.quarter, a.indicator, a.value FROM daily_averages AS a").fetchall()
    return {(rm, of, name): value for rm, of, name, value in rows}


def _work(story: TestBank, rm: str, entries: list[Entry]) -> None:
    lines = [
        story.line(f"{rm}-{n}", kind, rm=rm, customer=customer, amount=amount, occurred_on=str(_day(entry)))
        for n, entry in enumerate(entries)
        for kind, customer, _, amount, _ in [entry]
    ]
    all_done(story.bank.record_actions(lines, "crm"))
    voided = [n for n, entry in enumerate(entries) if entry[4]]
    all_done(story.bank.void_action(f"action:crm:{rm}-{n}", "by mistake", "boss") for n in voided)
