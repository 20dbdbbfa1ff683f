"""Lines as a law tells them to both doors: nearly right, as drawn; and, by name, those on the edge of the rules."""

from typing import Any

from hypothesis import strategies as st

Line = dict[str, Any]

HOSTILE = [
    "", " ", "\x00", "a\x00b", "\x1b", "\x7f", "\x85", "\xa0", "\u200b", "\u2028", "\ufeff", "\U000e0001", "\U0001f600",
    "1e3", "1_000", "1,000", "12.345", "1e999", "0.0000", "NaN", "Infinity", "-1", "+1", "１", "٣", ".5", "5.", "0x1",
    "null", "'", '"', "\\", "\\u0041", "a\nb", "a\tb", "a b ", " a", "x" * 33, "x" * 65, "é" * 64, "\u3000",
    "9" * 400, "😀" * 500, "😀" * 501, "a:b", "../x", "; DROP TABLE stored_events",
]  # fmt: skip
DAYS = ["2026-02-02", "2026-01-01", "2026-03-20", "2026-03-21", "2025-12-31", "2026-02-29", "2024-02-29", "0000-01-01",
        "0001-01-01", "9999-12-31", "2026-2-2", "20260202", "2026-02-02T00:00:00", "２０２６-02-02", "2026-04-01",
        "2026-02-14", "2026-02-15", "2026-02-16", "10000-01-01", "2026-W06-1", "-001-01-01",
        "02.02.2026", "2026/2/2"]  # fmt: skip
NUMBERS = ["1", "0", "0.0", "00", "007", "1.0", "1.00", "0.001", "0.0010", "10", "100.50", "1000000000",
           "1000000000.001", "0000000001", "1000000000000", "1000000000000.00", "1000000000000.01",
           "9999999999999", "12.34", "-0"]  # fmt: skip
CODES = [
    "C1",
    "客户 7",
    'say "hi"',
    "back\\slash",
    "a/b",
    "😀",
    "é",
    "e\u0301",
    "\U00020000",
    "</script>",
    "'",
    "x" * 64,
]
NOTES = ["约了", "two\nlines\tand a tab", 'say "hi" \\', "x" * 500, "\U0001f600" * 500]
NUMBERS_TAKEN = ["1", "007", "1.0", "1.00", "0.01", "0.010", "10", "100.50", "1000000000", "0000000001", "12.34"]
RMS = ["r1", "r2", "r3", "moved", "promoted", "left", "late", "nobody"]
REFERENCES = st.integers(0, 30).map(lambda n: f"n{n}")

Fields = dict[str, st.SearchStrategy[str | None]]


def one_of(texts: list[str]) -> st.SearchStrategy[str]:
    """A text that a field may well hold, something hostile, or anything at all."""
    some = st.sampled_from(texts)
    return st.one_of(some, some, some, st.sampled_from(HOSTILE), st.text(max_size=8), st.text(max_size=600))


def maybe(texts: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.just(""), st.sampled_from(texts))


def nearly(right: Fields, wrong: Fields) -> st.SearchStrategy[Line]:
    """Lines that are right, most of them, but for up to two of their fields."""
    changed: st.SearchStrategy[list[str]] = st.lists(st.sampled_from(sorted(wrong)), max_size=2) | st.just([])
    return st.tuples(st.fixed_dictionaries(right), st.fixed_dictionaries(wrong), changed).map(
        lambda drawn: drawn[0] | {name: drawn[1][name] for name in drawn[2]}
    )


ACTIONS = nearly({
    "source": st.sampled_from(["crm", "core"]),
    "external_ref": REFERENCES,
    "rm": st.sampled_from(["r1", "r2", "moved"]),
    "kind": st.sampled_from(["deposit", "visit", "call", "balance"]),
    "occurred_on": st.sampled_from(["2026-02-02", "2026-01-01", "2026-02-14"]),
    "quantity": maybe(NUMBERS_TAKEN),
    "amount": maybe(NUMBERS_TAKEN),
    "customer": maybe(CODES),
    "note": maybe(NOTES),
    "reverses": st.none(),
}, {
    "source": one_of(["crm", "log"]),
    "external_ref": one_of(["2026.1_x-Y"]),
    "rm": one_of(RMS),
    "kind": one_of(["fund", "only_trainees", "unknown"]),
    "occurred_on": one_of(DAYS),
    "quantity": one_of(NUMBERS),
    "amount": one_of(NUMBERS),
    "customer": one_of(CODES),
    "note": one_of(NOTES),
    "reverses": st.one_of(REFERENCES.map(lambda ref: f"crm:{ref}"), one_of(["crm:none"])),
})  # fmt: skip
MEASURES = nearly({
    "source": st.just("dw"),
    "external_ref": REFERENCES,
    "rm": st.sampled_from(["r1", "r2"]),
    "indicator": st.just("profit"),
    "quarter": st.sampled_from(["2026Q1", "2026Q1"]),
    "value": st.sampled_from([*NUMBERS_TAKEN, "-0.00", "-1.50", "0.001", "-1000000000000"]),
    "as_of": st.sampled_from(["2026-02-02", "2026-03-20", "2026-01-01"]),
}, {
    "source": one_of(["crm"]),
    "external_ref": one_of(["x"]),
    "rm": one_of(RMS),
    "indicator": one_of(["calls", "unknown"]),
    "quarter": one_of(["2025Q4", "2026Q2", "2026Q3", "2026Q5", "2026Q0", "0999Q1", "2999Q4", "1"]),
    "value": one_of([*NUMBERS, *(f"-{number}" for number in NUMBERS)]),
    "as_of": one_of(DAYS),
})  # fmt: skip
CONTRACTS = nearly({
    "rm": st.sampled_from(["r1", "r2", "moved", "late"]),
    "year": st.sampled_from(["2026", "2027", "2028", "2029"]),
    "quarter": st.sampled_from(["2", "Q3", "4"]),
    "indicator": st.sampled_from(["funds", "calls", "savings", "profit"]),
    "target": st.sampled_from(["1", "2", "2.50", "0.001"]),
    "base": maybe(["0", "00.5", "1.000"]),
    "reason": maybe(NOTES),
}, {
    "rm": one_of(RMS),
    "year": one_of(["2025", "0999", "26", "2026"]),
    "quarter": one_of(["2026Q4", "2026Q1", "2025Q1", "5", "Q0", "1"]),
    "indicator": one_of(["unknown", "reached"]),
    "target": one_of(NUMBERS),
    "base": one_of(NUMBERS),
    "reason": one_of(NOTES),
})  # fmt: skip
CUSTOMERS = nearly({
    "customer": st.one_of(REFERENCES, st.sampled_from(CODES)),
    "segment": st.sampled_from(["mass", "private", *CODES[:5]]),
    "assets": st.sampled_from([*NUMBERS_TAKEN, "0"]),
    "a_rm": st.sampled_from(["r1", "r2"]),
    "b_rm": st.sampled_from(["r3", "left", "", None]),
}, {
    "customer": one_of(CODES),
    "segment": one_of(CODES),
    "assets": one_of(NUMBERS),
    "a_rm": one_of(RMS),
    "b_rm": one_of(RMS),
})  # fmt: skip

# What each kind of line may not say although every field of it is well written, and the days beside which it may.
ACTION = {"source": "crm", "external_ref": "n0", "rm": "r1", "kind": "visit", "occurred_on": "2026-03-20"}
ACTIONS_ON_THE_EDGE = [
    ACTION,
    ACTION | {"external_ref": "n1", "occurred_on": "2026-03-21"},  # tomorrow
    ACTION | {"external_ref": "n2", "rm": "left", "occurred_on": "2026-02-15"},
    ACTION | {"external_ref": "n3", "rm": "left", "occurred_on": "2026-02-16"},
    ACTION | {"external_ref": "n4", "rm": "moved", "occurred_on": "2026-02-14"},
    ACTION | {"external_ref": "n5", "rm": "moved", "occurred_on": "2026-02-15"},
    ACTION | {"external_ref": "n6", "rm": "promoted", "occurred_on": "2026-02-15"},
]
MEASURE = {"source": "dw", "external_ref": "n0", "rm": "r1", "indicator": "profit", "quarter": "2026Q1"} | {
    "value": "1", "as_of": "2026-03-20",
}  # fmt: skip
MEASURES_ON_THE_EDGE = [
    MEASURE,
    MEASURE | {"external_ref": "n1", "indicator": "calls"},  # counted from actions
    MEASURE | {"external_ref": "n2", "as_of": "2026-03-21"},
    MEASURE | {"external_ref": "n3", "as_of": "2025-12-31"},
]
CONTRACT = {"rm": "r1", "year": "2026", "quarter": "2", "indicator": "calls", "target": "1", "reason": ""}
CONTRACTS_ON_THE_EDGE = [
    CONTRACT,
    CONTRACT | {"quarter": "2025Q3"},  # of another year
    CONTRACT | {"indicator": "conduct"},  # takes points off, whatever was agreed
    CONTRACT | {"rm": "left"},
    CONTRACT | {"rm": "left", "quarter": "1"},
    CONTRACT | {"rm": "promoted"},  # for a position without a scheme, all of that quarter
    CONTRACT | {"rm": "promoted", "quarter": "1"},
    CONTRACT | {"rm": "late", "year": "2025", "quarter": "4"},
]
CUSTOMER = {"customer": "n0", "segment": "mass", "assets": "1", "a_rm": "r1", "b_rm": "r2"}
CUSTOMERS_ON_THE_EDGE = [CUSTOMER, CUSTOMER | {"customer": "n1", "b_rm": "r1"}]  # one RM in both posts
