"""Law: a daily average is what one gets by going through the days and the customers one by one."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.calendar import days
from projections.past import go_back
from tests.bank import Q1, SCHEME, TestBank, all_done, done
from tests.reference import rounded

RMS = [f"m{n}" for n in range(12)]
Entry = tuple[str, str, int, str, bool]
"""Kind, customer, days since the new year (some before it), amount in CNY, whether it is voided."""
Entries = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "withdrawal", "balance"]),
        st.sampled_from(["", "C1", "C2"]),
        st.integers(-40, 95),
        st.decimals(0, 10**7, places=2).map(str),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda entry: (entry[0] == "balance", entry[1], entry[2]),
)
NEW_YEAR = date(2026, 1, 1)


def balance_on(day: date, customer: str, entries: Iterable[Entry]) -> Fraction:
    """The last balance stated up to a day, and the flows after it; in fen."""
    stated = [entry for entry in entries if entry[0] == "balance" and entry[1] == customer and _day(entry) <= day]
    last = max(stated, key=_day, default=None)
    signs = {"deposit": 1, "withdrawal": -1, "balance": 0}
    flows = [
        signs[entry[0]] * Fraction(entry[3])
        for entry in entries
        if entry[1] == customer and _day(entry) <= day and (last is None or _day(entry) > _day(last))
    ]
    return 100 * (sum(flows, Fraction(last[3]) if last else Fraction(0)))


def _day(entry: Entry) -> date:
    return NEW_YEAR + timedelta(days=entry[2])


def average(entries: list[Entry], today: date) -> Fraction:
    counted = [entry for entry in entries if not entry[4]]
    until = min(today, Q1.last_day)
    total = sum(
        balance_on(day, customer, counted) for day in days(Q1.first_day, until) for customer in ("", "C1", "C2")
    )
    return rounded(Fraction(total, (until - Q1.first_day).days + 1), Fraction(1), "up")


@settings(max_examples=4, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(st.lists(Entries, min_size=12, max_size=12), st.sampled_from([date(2026, 2, 11), date(2026, 4, 20)]))
def test_a_daily_average_is_the_naive_one(drawn: list[list[Entry]], today: date) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder))
        story.clock.set(str(today))
        story.founded()
        done(story.publish(SCHEME.replace("2026-01-01", "2025-01-01")))
        all_done(story.bank.register_rms([story.rm_line(rm, joined_on="2025-01-01") for rm in RMS], "hr"))
        kept = [[entry for entry in entries if _day(entry) <= today] for entries in drawn]
        for rm, entries in zip(RMS, kept, strict=True):
            _work(story, rm, entries)
        with story.following() as model, model.follower.connection.cursor() as con:
            go_back(con, model.follower.position, Q1, None)
            question = "SELECT a.rm, a.value FROM daily_averages AS a WHERE a.quarter = '2026Q1'"
            found = dict(con.execute(question).fetchall())
        story.close()
    assert {rm: found.get(rm, 0) for rm in RMS} == {
        rm: average(entries, today) for rm, entries in zip(RMS, kept, strict=True)
    }


def _work(story: TestBank, rm: str, entries: list[Entry]) -> None:
    lines = [
        story.line(f"{rm}-{n}", kind, rm=rm, customer=customer, amount=amount, occurred_on=str(_day(entry)))
        for n, entry in enumerate(entries)
        for kind, customer, _, amount, _ in [entry]
    ]
    all_done(story.bank.record_actions(lines, "crm"))
    voided = [n for n, entry in enumerate(entries) if entry[4]]
    all_done(story.bank.void_action(f"action:crm:{rm}-{n}", "by mistake", "boss") for n in voided)
