"""The scorecard's screen."""

from datetime import date
from decimal import Decimal

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from projections.answers import Gate, Scorecard, SectionTotal, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import LINES, NEXT, TIERS, SmallBank, action, card, grade, me, not_graded


def test_an_rm_sees_the_own_card_and_chooses_nobody(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert page.title[0].value == "陈雨桐 · 城东支行"
    assert [box.label for box in page.selectbox] == ["Quarter"]


def test_the_grade_stands_in_four_figures(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert [(one.label, one.value, one.delta) for one in page.metric] == [
        ("Score so far", "71.5", "8.5 points to Good"),
        ("Pay coefficient", "1", "Qualified"),
        ("Rank", "5 of 5", "总行"),
        ("Game points", "184", "not in the grade"),
    ]


def test_once_the_quarter_is_over_all_is_due_and_nothing_is_an_estimate(opened: Open) -> None:
    page = opened(SmallBank(scorecards={"rm005": card(quarter="2026Q2")}), "scorecard", quarter="2026Q2")
    assert not [one for one in page.html if "mark due" in one.value]
    assert page.metric[0].label == "Score"
    said = texts(page)
    assert "Provisional" in said
    assert "Estimate so far" not in said


def test_figures_of_a_running_quarter_are_called_an_estimate(opened: Open) -> None:
    assert "Estimate so far" in texts(opened(SmallBank(), "scorecard"))


def test_the_days_with_their_actions_are_a_calendar_with_words_and_what_was_rejected_is_left_out(opened: Open) -> None:
    bank = SmallBank()
    bank.entries.append(action(3, state="rejected", occurred_on=date(2026, 9, 1)))
    page = opened(bank, "scorecard")
    heat = page.get("echarts_chart")[1].proto.alt
    assert heat == "2 actions on 1 day from Jul 1, 2026 to Sep 15, 2026; most on Sep 14, 2026: 2."
    assert heat in texts(page).replace("\\", "")


def test_who_may_not_see_the_days_gets_the_card_without_them(opened: Open) -> None:
    bank = SmallBank(trouble={"worklog": ApiProblem(403, "No", "", [])})
    page = opened(bank, "scorecard")
    assert len(page.get("echarts_chart")) == 1
    assert "83.08 % of the working days have passed" in texts(page).replace("\\", "")


def test_the_card_costs_few_calls(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor", people=50_000))
    page = opened(bank, "scorecard", rm="rm003")
    bank.sent.clear()
    page.run()
    assert [name for name, _ in bank.sent] == ["me", "scorecard", "worklog", "leaderboard"]


def test_a_missing_certificate_is_flagged(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    badge = next(one for one in page.markdown if "No certificate" in one.value)
    assert "is the scheme's to say" in str(badge.help)


def test_a_condition_that_holds_says_what_it_does_and_comes_first(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "at best Qualified" in said
    assert said.index("More than three complaints") < said.index("A breach")


def test_the_row_that_decided_the_tier_is_told(opened: Open) -> None:
    assert "**Tier** 71.5 points reach the floor of 60." in texts(opened(SmallBank(), "scorecard"))


def sectioned() -> Scorecard:
    """Two lines in a section that is below its minimum, the third outside of it."""
    total = SectionTotal(
        section="business", name=Words(en="Business", zh="业务发展"), clause="3", weight=Decimal(40),
        share=Decimal("50.004"),
        spread=Words(en="Weight in the rule book: 40; 10 came from others.", zh="办法规定权重 40 分。"),
        points=Decimal("46.25"), minimum=Decimal(48), cap_tier="qualified", is_below=True,
        sentence=Words(en="18.75 + 27.5 = 46.25; below the 48 it must have.", zh="低于最低要求 48 分。"),
    )  # fmt: skip
    lines = [line.model_copy(update={"section": "business" if n < 2 else None}) for n, line in enumerate(LINES)]
    return card(lines=lines, sections=[total])


def test_lines_stand_below_the_sum_of_their_section(opened: Open) -> None:
    page = opened(SmallBank(scorecards={"rm005": sectioned()}), "scorecard")
    rows = [one.value for one in page.html if 'class="line' in one.value]
    assert ["subtotal" in row for row in rows] == [True, False, False, False, False]
    assert "below the 48 it must have. Weight in the rule book: 40; 10 came from others." in rows[0]
    assert "<b>46.25</b> <span>of 50 points</span>" in rows[0]
    assert 'class="meter late"' in rows[0]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("no-contract", "No performance contract was agreed"),
        ("short-service", "too few working days"),
        ("no-scheme", "No scheme is in force"),
        ("no-score", "No indicator could be scored"),
        ("not-gradable", "outside the range"),
    ],
)
def test_no_grade_is_a_state_with_its_reason_and_shows_no_figure(opened: Open, status: str, reason: str) -> None:
    page = opened(SmallBank(scorecards={"rm005": not_graded(status)}), "scorecard")
    assert "Not graded" in texts(page)
    assert reason in texts(page)
    assert len(page.metric) == 0


def test_printing_opens_the_browsers_own_dialog_each_time(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    scripts = []
    for _ in range(2):
        page.button(key="print-card").click().run()
        scripts += [one.value for one in page.html if "window.print()" in one.value]
    assert len(set(scripts)) == 2
    assert not [one for one in page.run().html if "window.print()" in one.value]


def test_a_supervisor_chooses_the_person_by_name_or_id(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank, "scorecard", rm="rm003")
    assert page.selectbox(key="pick-rm").options[2] == "张子涵 · rm003 · 城东支行"
    assert [told["rm"] for name, told in bank.sent if name == "scorecard"] == ["rm003"]


CAPPED = card(
    grade=grade(score=Decimal("82.02")),
    next_tier=NEXT.model_copy(update={"points": Decimal(0), "barred_by": [Words(en="Complaints", zh="投诉")]}),
)
VETO = card(
    grade=grade(score=Decimal("52.35"), tier="unqualified", tier_name=TIERS[-1].name, coefficient=Decimal(0)),
    gates=[
        Gate(
            gate="grave",
            name=Words(en="Two breaches", zh="违规达两次"),
            clause="2.1",
            fired=True,
            cap_tier="unqualified",
            coefficient=Decimal(0),
        )
    ],
    next_tier=NEXT.model_copy(update={"points": Decimal(0), "barred_by": [Words(en="Two breaches", zh="违规")]}),
)


@pytest.mark.parametrize(
    ("lang", "verdict"),
    [
        ("en", "**82.02 points would be Good; held at Qualified\\: More than three complaints (clause 9.2)**"),
        ("zh", "**82.02 分本可评为良好；限定为合格：投诉三次以上（第 9.2 条）**"),
    ],
)
def test_a_grade_that_is_held_back_says_so_first_and_promises_nothing(opened: Open, lang: str, verdict: str) -> None:
    page = opened(SmallBank(scorecards={"rm005": CAPPED}), "scorecard", lang=lang)
    assert page.warning[0].value == verdict
    assert page.metric[0].delta in ("held at Qualified", "限定为合格")


def test_a_veto_shows_the_coefficient_in_force_beside_the_rule(opened: Open) -> None:
    page = opened(SmallBank(scorecards={"rm005": VETO}), "scorecard")
    assert "52.35 points would be Basically qualified; held at Unqualified" in page.warning[0].value
    assert "coefficient 0 instead of 0.5" in page.warning[0].value
    assert "**from 0 points, coefficient 0.5, in force: 0**" in texts(page).replace("\\", "")


def test_where_the_score_alone_pays_the_ladder_shows_no_coefficient_of_a_tier(opened: Open) -> None:
    said = texts(opened(SmallBank(scorecards={"rm005": card(paid_by_score=True)}), "scorecard")).replace("\\", "")
    assert "The coefficient follows the score by a table of its own, whatever the tier." in said
    assert "**from 60 points, in force: 1**" in said
    assert "from 60 points, coefficient" not in said


def test_a_grade_that_nothing_holds_back_has_no_verdict(opened: Open) -> None:
    assert len(opened(SmallBank(), "scorecard").warning) == 0


def test_a_section_that_holds_the_grade_is_named(opened: Open) -> None:
    held = sectioned().model_copy(update={"grade": grade(score=Decimal("82.02")), "gates": []})
    page = opened(SmallBank(scorecards={"rm005": held}), "scorecard")
    assert page.warning[0].value == "**82.02 points would be Good; held at Qualified\\: Business (clause 3)**"


def test_what_a_better_tier_asks_beside_points_and_a_coefficient_by_the_score_hold_nothing_back(opened: Open) -> None:
    asking = [one.model_copy(update={"when": "business.points >= 40"}) if one.floor else one for one in TIERS[:2]]
    paid = grade(score=Decimal("82.02"), coefficient=Decimal("0.97"))
    bank = SmallBank(scorecards={"rm005": card(grade=paid, gates=[], tiers=[*asking, *TIERS[2:]])})
    assert len(opened(bank, "scorecard").warning) == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "You may not see this card"), (404, "There is no such card"), (422, "There is no such card")],
)
@pytest.mark.parametrize("role", ["rm", "supervisor"])
def test_a_card_that_can_not_be_had_is_never_anothers(opened: Open, role: str, status: int, said: str) -> None:
    bank = SmallBank(person=me(role), trouble={"scorecard": ApiProblem(status, "No", "", [])})
    page = opened(bank, "scorecard", rm="rm999")
    assert said in texts(page)
    assert [told["rm"] for name, told in bank.sent if name == "scorecard"] == ["rm999"]
    assert page.query_params["rm"] == "rm999"
    assert len(page.metric) == 0


def test_from_a_foreign_card_an_rm_gets_back_to_the_own(opened: Open) -> None:
    bank = SmallBank(trouble={"scorecard": ApiProblem(403, "No", "", [])})
    page = opened(bank, "scorecard", rm="rm001")
    bank.trouble = {}
    next(one for one in page.button if one.label == "Show my own card").click().run()
    assert page.title[0].value == "陈雨桐 · 城东支行"
    assert "rm" not in page.query_params


def test_a_card_from_before_the_log_says_that_nothing_was_recorded(opened: Open) -> None:
    early = FieldFault(pointer="/as_of", detail="nothing was recorded by then")
    for status, faults in ((404, []), (422, [early])):
        bank = SmallBank(trouble={"scorecard": ApiProblem(status, "No", "", faults)})
        assert "Nothing was recorded yet" in texts(opened(bank, "scorecard", as_of="2020-01-01"))


def test_the_days_that_passed_and_those_of_the_service_are_told_apart(opened: Open) -> None:
    assert "54 of 65 working days passed; 61 are in this RM's service" in texts(opened(SmallBank(), "scorecard"))


def test_too_short_a_service_names_the_days_that_the_scheme_asks_for(opened: Open) -> None:
    bank = SmallBank(scorecards={"rm005": not_graded("short-service")})
    said = texts(opened(bank, "scorecard"))
    assert "read_scheme" not in [name for name, _ in bank.sent]
    assert "61 in service; the scheme asks for 62 (clause 8.1)." in said


def test_among_many_people_the_server_finds_who_is_meant(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor", people=50_000))
    page = opened(bank, "scorecard", rm="rm003")
    assert [told["limit"] for name, told in bank.sent if name == "list_rms"] == [50]
    page.session_state["who"] = True
    page.run()
    page.text_input(key="find-person").set_value("城南").run()
    offered = [one.label for one in page.button if (one.key or "").startswith("choose-")]
    assert offered == ["李婉清 · rm002 · 城南支行", "刘一鸣 · rm004 · 城南支行"]
    page.button(key="choose-rm004").click().run()
    assert [told["rm"] for name, told in bank.sent if name == "scorecard"][-1] == "rm004"
    assert page.query_params["rm"] == "rm004"


def test_whoever_is_meant_by_nothing_is_told(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor", people=50_000)), "scorecard")
    page.session_state["who"] = True
    page.run()
    page.text_input(key="find-person").set_value("nobody").run()
    assert "Nobody within your reach" in texts(page)


def test_a_day_in_the_address_shows_the_card_as_it_was_known_then(opened: Open) -> None:
    bank = SmallBank()
    opened(bank, "scorecard", as_of="2026-08-31")
    assert [told["as_of"] for name, told in bank.sent if name == "scorecard"] == ["2026-08-31"]


def test_the_waterfall_has_a_text_that_says_the_same(opened: Open) -> None:
    chart = opened(SmallBank(), "scorecard").get("echarts_chart")[0]
    assert chart.proto.alt.startswith("Points by indicator: Daily-average savings 18.75 / 25")
