"""The page of the scheme: the rule book in plain words, its versions, and what each of them changed."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from api.client import ApiProblem
from dashboard import curves
from dashboard.desk import Desk
from dashboard.screens import proposals, rule_book
from dashboard.words import Say
from projections.answers import Curve, CurveCorner, SchemeChange, SchemeDifferences, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import VERSION, SmallBank, me

OLDER = VERSION.model_copy(update={"effective": date(2025, 1, 1), "position": 2, "state": "ended"})
COMING = VERSION.model_copy(update={"effective": date(2027, 1, 1), "position": 9, "state": "coming"})
WAITING = VERSION.model_copy(update={"effective": date(2027, 4, 1), "digest": "w", "state": "proposed", "by": "lin"})
OTHER = VERSION.model_copy(update={"scheme": "lending-rm", "name": Words(en="Lending", zh="信贷"), "positions": ["L"]})
CHANGE = SchemeChange(
    what="changed", sort="indicator", id="visits", clause="12", name=Words(en="Visits", zh="走访"), key="weight",
    old=Words(en="2 points", zh="2 分"), new=Words(en="3 points", zh="3 分"),
    says=Words(en='Indicator "Visits", weight: 2 points → 3 points', zh="指标“走访”，权重：2 分 → 3 分"),
)  # fmt: skip


def asked_for(bank: SmallBank) -> list[object]:
    return [told["effective"] for name, told in bank.sent if name == "read_scheme"]


def test_the_rule_book_is_told_clause_by_clause_with_rules_conditions_and_grades(opened: Open) -> None:
    page = opened(SmallBank(), "scheme")
    assert not page.exception
    told = texts(page)
    assert told.index("Completion, linear, with cap and floor.") < told.index("Gates: cap, zero, hold.")
    for words in (
        "0.5 points for each unit; at most 3",
        "Where without a professional certificate",
        "Bad loans more than 5 units",
        "from 90 points on",
        "from 95 points on 1.25, from 98 points on 1.3",
        "sum of the quantities: Breach",
    ):
        assert words in told


def test_the_rule_book_speaks_chinese(opened: Open) -> None:
    told = texts(opened(SmallBank(), "scheme", lang="zh"))
    for words in ("第 12 条", "每 1 件得 0.5 分；最多 3 分", "条件：无资格证书", "90 分起", "什么得多少分"):
        assert words in told


def test_an_rm_sees_the_own_scheme_and_its_version_in_force(opened: Open) -> None:
    bank = replace(SmallBank(person=me(scheme=OTHER.scheme)), versions=[COMING, VERSION, OTHER, OLDER])
    opened(bank, "scheme")
    assert [told["scheme"] for name, told in bank.sent if name == "read_scheme"] == [OTHER.scheme]
    bank = replace(SmallBank(), versions=[COMING, VERSION, OTHER, OLDER])
    page = opened(bank, "scheme")
    assert asked_for(bank) == [VERSION.effective]
    assert page.selectbox[1].value == VERSION.effective.isoformat()


def test_the_address_names_scheme_version_and_clause_and_a_day_looks_back_to_what_was_in_force(opened: Open) -> None:
    bank = replace(SmallBank(), versions=[COMING, VERSION, OLDER])
    told = texts(opened(bank, "scheme", version="2027-01-01", clause="12"))
    assert 'class="clause marked" id="clause-12"' in told
    opened(bank, "scheme", as_of="2025-06-30")
    assert asked_for(bank) == [COMING.effective, OLDER.effective]
    assert "left out: Clause 99" in texts(opened(bank, "scheme", clause="99"))


WHAT_CHANGED = {
    "The first version": SchemeDifferences(old=None, new=VERSION, same_text=False, changes=[]),
    "The same text as the version from Jan 1, 2025": SchemeDifferences(
        old=OLDER, new=VERSION, same_text=True, changes=[]
    ),
    "only comments, order or spelling differ": SchemeDifferences(old=OLDER, new=VERSION, same_text=False, changes=[]),
    'Indicator "Visits", weight: 2 points → 3 points': SchemeDifferences(
        old=OLDER, new=VERSION, same_text=False, changes=[CHANGE]
    ),
}


DIFFERING = WHAT_CHANGED['Indicator "Visits", weight: 2 points → 3 points']


@pytest.mark.parametrize("words", WHAT_CHANGED)
def test_what_a_version_changed_stands_beside_its_date(opened: Open, words: str) -> None:
    bank = replace(SmallBank(), versions=[VERSION, OLDER], differences=WHAT_CHANGED[words])
    told = re.sub("</?[sb]>", "", unescape(texts(opened(bank, "scheme"))))
    assert words in told


def test_a_version_that_is_none_is_told_and_another_scheme_begins_with_its_own(opened: Open) -> None:
    bank = replace(SmallBank(), versions=[VERSION, OTHER, OLDER])
    page = opened(bank, "scheme", version="2025-01-01")
    page.selectbox[0].set_value(OTHER.scheme).run()
    assert asked_for(bank) == [OLDER.effective, OTHER.effective]
    assert "left out" not in texts(page)
    assert "left out: Version 1999" in texts(opened(bank, "scheme", version="1999-01-01"))


def test_the_units_of_a_scheme_are_told_by_their_names(opened: Open) -> None:
    bank = replace(SmallBank(), versions=[VERSION.model_copy(update={"units": ["south", "nowhere"]})])
    assert "units: 城南支行, nowhere" in texts(opened(bank, "scheme")).replace("\\", "")


def test_what_is_taken_off_is_marked_and_a_place_among_peers_is_not(opened: Open) -> None:
    told = texts(opened(SmallBank(), "scheme"))
    marked = re.findall(r">([^<]+)</a> <span class=\"chip\">points off</span>", told)
    assert marked == ["Breaches", "Bad loans", "Complaints"]


def test_a_bank_without_a_scheme_is_told_so(opened: Open) -> None:
    assert "No scheme is published" in texts(opened(replace(SmallBank(), versions=[]), "scheme"))


def test_what_is_approved_for_a_day_to_come_is_told_at_the_top_with_what_it_changes(opened: Open) -> None:
    bank = replace(SmallBank(), versions=[COMING, VERSION, OLDER], differences=DIFFERING)
    page = opened(bank, "scheme")
    assert page.expander[0].label == "From Jan 1, 2027 another version: what changes"
    assert "weight: <s>2</s> points → <b>3</b> points" in texts(page)
    page.button(key="read-coming").click().run()
    assert asked_for(bank)[-1] == COMING.effective
    assert 'getElementById("rule-book")' in texts(page)
    assert not [one for one in page.expander if one.label.startswith("From Jan 1, 2027")]


def test_the_words_of_a_change_are_marked_only_where_they_differ() -> None:
    assert rule_book.change_words(Say("zh"), CHANGE) == "指标“走访”，权重：<s>2</s> 分 → <b>3</b> 分"


def corners(*places: tuple[str, str]) -> list[CurveCorner]:
    return [CurveCorner(at=Decimal(at), points=Decimal(points)) for at, points in places]


def test_a_curve_names_its_highest_points_and_the_places_where_it_bends() -> None:
    drawn = Curve(
        axis="completion", unit=Words(en="units", zh="件"), corners=corners(("0", "0"), ("1.2", "6"), ("1.44", "6"))
    )
    html = curves.curve(Say("en"), drawn, Words(en="Loans", zh="贷款"))
    assert "<span>6</span><span>0</span>" in html
    assert ">0 %</span>" in html
    assert ">120 %</span>" in html
    assert ">144 %</span>" not in html
    assert 'alt="Points of Loans by part of the target reached"' in html


def test_a_place_on_the_axis_of_a_curve_is_told_to_two_decimals() -> None:
    drawn = Curve(
        axis="measured", unit=Words(en="findings", zh="个"), corners=corners(("0", "11"), ("3.666667", "0"), ("5", "0"))
    )
    assert ">3.67</span>" in curves.curve(Say("en"), drawn, Words(en="Audit", zh="审计"))


def test_a_penalty_is_drawn_below_nothing() -> None:
    drawn = Curve(
        axis="measured", unit=Words(en="units", zh="件"), corners=corners(("0", "0"), ("4", "-6"), ("4.8", "-6"))
    )
    assert "<span>0</span><span>-6</span>" in curves.curve(Say("en"), drawn, Words(en="Complaints", zh="投诉"))


def of_hr(**changes: str) -> SmallBank:
    return replace(
        SmallBank(person=me("hr", scope=None, **changes)), versions=[WAITING, VERSION, OLDER],
        differences=WHAT_CHANGED['Indicator "Visits", weight: 2 points → 3 points'],
    )  # fmt: skip


def test_who_approves_a_version_whose_day_has_come_is_told_whom_it_changes_before_the_second_press(
    opened: Open,
) -> None:
    late = WAITING.model_copy(update={"effective": date(2026, 7, 1)})
    page = opened(replace(of_hr(), versions=[late, OLDER]), "scheme")
    counts = "the grade of 1 would change, and the score of 2 others"
    assert counts not in texts(page)
    page.button(key="approve-anshun-personal-rm-2026-07-01").click().run()
    assert "It counts back" in texts(page)
    assert counts in texts(page)
    page = opened(of_hr(), "scheme")
    page.button(key="approve-anshun-personal-rm-2027-04-01").click().run()
    assert "It counts back" not in texts(page)


def decided(bank: SmallBank) -> list[tuple[str, object]]:
    return [(name, told["digest"]) for name, told in bank.sent if name in ("approve_scheme", "withdraw_scheme")]


def test_what_waits_for_approval_is_told_with_its_warnings_and_changes_and_approved_at_the_second_press(
    opened: Open,
) -> None:
    bank = of_hr()
    page = opened(bank, "scheme")
    told = unescape(texts(page)).replace("\\", "")
    for words in (
        "Waiting for approval",
        "Personal RMs from Apr 1, 2027",
        "proposed by lin",
        'Indicator "Visits": leave',
    ):
        assert words in told
    assert told.count("weight: <s>2</s> points → <b>3</b> points") == 2  # of what waits, and of what is in force
    page.button(key="approve-anshun-personal-rm-2027-04-01").click().run()
    assert decided(bank) == []
    page.button(key="approve-anshun-personal-rm-2027-04-01-yes").click().run()
    assert decided(bank) == [("approve_scheme", "w")]
    assert "Personal RMs is published, in force from Apr 1, 2027" in texts(page).replace("\\", "")
    assert "Waiting for approval" not in texts(page)


def test_who_proposed_a_version_takes_it_back_and_never_approves_it(opened: Open) -> None:
    bank = of_hr(subject="lin")
    page = opened(bank, "scheme")
    assert page.button(key="approve-anshun-personal-rm-2027-04-01").disabled
    assert "another person has to approve it" in texts(page)
    page.button(key="withdraw-anshun-personal-rm-2027-04-01").click().run()
    page.button(key="withdraw-anshun-personal-rm-2027-04-01-yes").click().run()
    assert decided(bank) == [("withdraw_scheme", "w")]


def test_why_an_approval_was_refused_is_told_beside_it(opened: Open) -> None:
    bank = of_hr()
    detail = "ask somebody else to approve it: nobody approves what they proposed"
    bank.trouble["approve_scheme"] = ApiProblem(403, "Not allowed", detail, [])
    page = opened(bank, "scheme")
    page.button(key="approve-anshun-personal-rm-2027-04-01").click().run()
    page.button(key="approve-anshun-personal-rm-2027-04-01-yes").click().run()
    assert detail.capitalize() in texts(page).replace("\\", "")


def test_whose_grade_a_proposal_would_change_is_told_by_name() -> None:
    bank = of_hr()
    found = bank.scheme_changes("anshun-personal-rm", WAITING.effective)
    desk = Desk(bank, me("hr"), Say("en"), {})  # type: ignore[arg-type]
    html = proposals.row(desk, found.changes[0])
    assert "陈雨桐 · 2026Q3</b> Qualified 71.5 × 1 → Good 81.5 × 1.1" in html


def test_who_may_propose_a_version_is_told_how(opened: Open) -> None:
    assert "`POST /v1/schemes`" in texts(opened(SmallBank(person=me("admin", scope=None)), "scheme"))
    assert "`POST /v1/schemes`" not in texts(opened(SmallBank(), "scheme"))


def test_in_a_bank_without_any_version_the_first_one_can_be_approved(opened: Open) -> None:
    told = texts(opened(replace(of_hr(), versions=[WAITING]), "scheme"))
    assert "No scheme is published" in told
    assert "Waiting for approval" in told
