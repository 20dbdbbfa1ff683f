"""What is said of a scheme that can be read: each finding with its line, its reason and what to do about it."""

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import domain
from domain.scheme import Scheme, check_scheme, read_scheme
from domain.scheme_file import reach
from domain.scheme_file.faults import Fault
from projections.trial import score
from projections.tried import Figure, Tried

SMALL = (Path(__file__).parents[1] / "schemes/small.toml").read_text(encoding="utf-8")
SCHEMES = Path(domain.__file__).parent / "schemes"
CASES = tomllib.loads((Path(__file__).parent / "scheme_findings.toml").read_text(encoding="utf-8"))


def read(text: str) -> Scheme:
    scheme = read_scheme(text, "small.toml")
    assert isinstance(scheme, Scheme), "\n".join(map(str, scheme))
    return scheme


def changed(case: dict[str, str], more: list[list[str]]) -> str:
    text = SMALL
    for old, new in ((case["old"], case["new"]), *more):
        assert old in text, old
        text = text.replace(old, new.replace("LONG", "long " * 500), 1)
    return text


def findings(name: str) -> tuple[str, list[Fault]]:
    case = CASES[name]
    text = changed(case, case.get("more", []))
    return text, read(text).findings()


@pytest.mark.parametrize("name", CASES)
def test_a_finding_has_its_line_and_says_what_to_do(name: str) -> None:
    case = CASES[name]
    text, found = findings(name)
    line = text.count("\n", 0, text.index(case["at"])) + 1
    severity = case.get("severity", "warning")
    told = [one for one in found if case["says"] in one.message and one.severity == severity]
    assert [one.line for one in told] == [line], "\n".join(map(str, found))
    assert all(one.key and one.rule != "form" for one in told)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].get("severity") == "error"])
def test_an_error_is_told_alone_and_is_no_warning(name: str) -> None:
    text, found = findings(name)
    assert {one.severity for one in found} == {"error"}
    assert check_scheme(text).errors == check_scheme(text).findings
    assert read(text).warnings() == []


def test_each_finding_names_its_place_in_the_file_and_the_check_that_found_it() -> None:
    [warning] = read(SMALL.replace("breach >= 2", "breach >= 0")).warnings()
    assert (warning.key, warning.rule, warning.severity) == ("gates.breach.when", "ladder", "warning")


def test_a_scheme_under_no_set_of_rules_is_told_nothing_of_what_regulators_forbid() -> None:
    text = SMALL.replace('class = "compliance"', 'class = "efficiency"').replace('"daily-average"', '"sum"')
    assert {one.rule for one in read(text).warnings()} == {"class", "deposit"}
    assert read(text.replace('zh = "小办法"', 'zh = "小办法"\nregulation = "none"')).warnings() == []


def test_nobody_is_judged_by_ratings_alone() -> None:
    head, _, rest = SMALL.partition("[[indicators]]")
    gates = rest[rest.index("[[gates]]") :]
    service = rest[rest.rindex("[[indicators]]") : rest.index("[[gates]]")].replace('weight = "20"', 'weight = "100"')
    service = service.replace("social-responsibility", "compliance")
    text = head + service + gates
    assert "nobody may be judged by ratings and votes alone" in "\n".join(map(str, read(text).warnings()))


def test_a_gate_that_looks_at_the_certificate_answers_for_what_is_sold() -> None:
    sale = SMALL.replace('class = "transformation"', 'class = "transformation"\nsale = true')
    gated = sale.replace('when = "breach >= 2"', 'when = "certified = 0 or breach >= 2"')
    assert [one.rule for one in read(sale).warnings()] == ["sale"]
    assert read(gated).warnings() == []


def test_a_limit_above_the_weight_can_bind_where_weights_are_spread() -> None:
    assert read(SMALL.replace('limit = "8"', 'limit = "10.5"')).warnings() == []


def test_a_limit_of_the_whole_line_may_be_lost_at_once() -> None:
    text = SMALL.replace('points = "5", per = "1", limit = "25"', 'points = "50", per = "1", limit = "40"')
    assert read(text).warnings() == []


def test_a_tier_that_a_gate_alone_brings_people_to_is_no_tier_of_nobody() -> None:
    text = SMALL.replace('floor = "0"\ncoefficient = "0.5"', 'coefficient = "0.5"').replace(
        'floor = "60"', 'floor = "0"'
    )
    assert [one.rule for one in read(text).warnings()] == ["ladder"]
    capped = text.replace('coefficient = "0"\n', 'cap_tier = "unqualified"\n', 1)
    assert read(capped).warnings() == []


def test_who_is_brought_down_past_steps_is_paid_less_than_who_has_fewer_points() -> None:
    """Both have two breaches: 30 of 40 points for conduct, and 20 for service."""
    text, _ = findings("a gate that brings people down past the steps of a tier")
    tried = {
        name: Tried(figures={"breach": two, "conduct": two, "service": Figure(Decimal(100)), "savings": saved})
        for two in [Figure(Decimal(2))]
        for name, saved in (("more", Figure(Decimal(110), Decimal(100))), ("fewer", Figure(Decimal(50), Decimal(100))))
    }
    graded = {one.rm: (one.score, one.tier, one.coefficient) for one in score(read(text), tried)}
    assert graded == {
        "more": (Decimal(83), "basically-qualified", Decimal("0.8")),
        "fewer": (Decimal(65), "basically-qualified", Decimal("0.9")),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cap_tier = "basically-qualified"', 'cap_tier = "basically-qualified"\ncoefficient = "0.8"'),
        ('cap_tier = "basically-qualified"', 'cap_tier = "qualified"'),
        ("[[indicators]]", '[coefficient]\nclause = "1"\nen = "Pay"\nzh = "系数"\nedges = "from"\nrounding = "0.01"\n'
         'bands = [{ to = "60", gives = "0.5" }, { from = "60", gives = "1" }]\n\n[[indicators]]'),
    ],
)  # fmt: skip
def test_steps_that_raise_nobody_above_who_comes_down_are_not_told(old: str, new: str) -> None:
    text, told = findings("a gate that brings people down past the steps of a tier")
    assert [one.rule for one in told if one.severity == "warning"] == ["step"]
    assert old in text
    assert "step" not in {one.rule for one in read(text.replace(old, new, 1)).findings()}


def test_whatever_is_measured_lies_in_one_piece_of_a_curve() -> None:
    """At each edge and one unit on either side of it."""
    tried = 0
    for file in [*SCHEMES.glob("*/[12]*.toml"), *SCHEMES.glob("examples/[!c]*.toml")]:
        rows = read(file.read_text(encoding="utf-8")).rows()
        for table, at in (("scheme_pieces", 3), ("scheme_coefficients", 2)):
            curves: dict[object, list[tuple[int | None, bool, int | None, bool]]] = {}
            for row in rows[table]:
                curves.setdefault(row[2] if at == 3 else None, []).append(row[at : at + 4])  # type: ignore[arg-type]
            for pieces in curves.values():
                edges = {end for begins, _, ends, _ in pieces for end in (begins, ends) if end is not None}
                for x in {edge + by for edge in edges for by in (-1, 0, 1)}:
                    assert sum(_holds(piece, x) for piece in pieces) == 1, (file, x)
                    tried += 1
    assert tried > 50


def _holds(piece: tuple[int | None, bool, int | None, bool], x: int) -> bool:
    begins, above, ends, through = piece
    return (begins is None or x > begins or (x == begins and not above)) and (
        ends is None or x < ends or (x == ends and through)
    )


def test_growth_between_two_daily_averages_is_no_figure_of_one_day() -> None:
    average = '{ rule = "daily-average", of = "amount", plus = ["deposit"], over_base = true }'
    measures = "".join(
        f'[measures.{name}]\nclause = "1"\nen = "D"\nzh = "存"\nunit = {{ en = "CNY", zh = "元" }}\ndeposit = true\n'
        f"measure = {measure}\n"
        for name, measure in (("now", average), ("before", '{ rule = "ready" }'))
    )
    text = SMALL.replace(average, '{ rule = "difference", top = "now", bottom = "before" }', 1)
    text = text.replace("deposit = true\n", 'deposit = true\nunrated = "zero"\nunit = { en = "CNY", zh = "元" }\n', 1)
    text = text.replace("[[indicators]]", measures + "[[indicators]]", 1)
    assert [one.severity for one in read(text).findings() if one.rule == "deposit"] == ["note"]


def test_a_search_that_takes_too_long_says_what_it_could_not_decide() -> None:
    """Eight visitors and seven chairs: that somebody stands takes every seating to see."""
    seats = {(one, chair): f"k{one * 7 + chair}" for one in range(8) for chair in range(7)}
    kind = SMALL[SMALL.index("[kinds.breach]") : SMALL.index("[[indicators]]")]
    kinds = "".join(kind.replace("[kinds.breach]", f"[kinds.{name}]") for name in seats.values())
    stands = [" and ".join(f"{seats[one, chair]} < 1" for chair in range(7)) for one in range(8)]
    shared = [
        f"{seats[one, chair]} >= 1 and {seats[other, chair]} >= 1"
        for chair in range(7)
        for one in range(8)
        for other in range(one)
    ]
    rows = "".join(
        f'[[tiers]]\nid = "t{n}"\nen = "T"\nzh = "等"\nwhen = "{when}"\ncoefficient = "1.2"\n\n'
        for n, when in enumerate([*stands, *(" or ".join(shared[n : n + 20]) for n in range(0, len(shared), 20))])
    )
    text = SMALL.replace("[[indicators]]", kinds + "[[indicators]]", 1).replace("[[tiers]]", rows + "[[tiers]]", 1)
    told = [one for one in read(text).findings() if "takes too long to be searched" in one.message]
    assert told
    assert all(one.severity == "note" and one.key.startswith("tiers.") for one in told)


def test_what_is_called_too_large_to_be_counted_is_and_what_is_called_countable_is_counted() -> None:
    text, [error] = findings("figures that can't be counted exactly")
    limit = Decimal(re.findall(r"above (\d+)", error.message)[0])
    tried = {
        name: Tried(figures={"savings": Figure(figure * Decimal("0.89997"), figure), "service": Figure(Decimal(9))})
        for name, figure in (("within", limit), ("beyond", 1000 * limit))
    }
    assert [one.status for one in score(read(text), tried)] == ["graded", "not-gradable"]


def test_the_shipped_schemes_and_the_examples_are_publishable() -> None:
    files = [*SCHEMES.glob("*/[12]*.toml"), *SCHEMES.glob("examples/[!c]*.toml")]
    assert len(files) >= 4
    assert [str(file) for file in files if check_scheme(file.read_text(encoding="utf-8"), str(file)).errors] == []


def test_what_counts_as_full_without_a_target_may_be_less_than_the_least_of_its_curve() -> None:
    flat = '{ kind = "curve", on = "completion", points = [{ at = "0", gives = "35" }, { at = "1", gives = "35" }] }'
    text = SMALL.replace('{ kind = "completion", cap = "1.2", floor = "0" }', flat)
    for without, least in (("spread", 35), ("full", 30)):
        scheme = read(text.replace('without_target = "spread"', f'without_target = "{without}"'))
        (savings,) = (one for one in scheme.indicators if one.id == "savings")
        assert reach.of_line(scheme, savings, Fraction(30)) == reach.Reach(Fraction(least), Fraction(35))
