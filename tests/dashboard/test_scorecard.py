"""The scorecard's screen."""

from decimal import Decimal

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from projections.answers import Gate, NextTier, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import TIERS, SmallBank, card, delivered, grade, me, not_graded


def test_an_rm_sees_the_own_card_and_chooses_nobody(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert page.title[0].value == "陈雨桐 · 城东支行"
    assert [box.label for box in page.selectbox] == ["Quarter"]


def test_the_grade_stands_in_four_figures(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert [(one.label, one.value, one.delta) for one in page.metric] == [
        ("Score", "71.50", "8.5 points to Good"),
        ("Pay coefficient", "1", "Qualified"),
        ("Rank", "5 of 5", "总行"),
        ("Game points", "184", "not in the grade"),
    ]


def test_each_indicator_says_how_its_points_came_about(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "75 % of the target earns 75 % of 25 points" in said
    assert "**18.75** :gray[of 25 points]" in said


def test_an_indicator_shows_measured_target_and_completion(opened: Open) -> None:
    bars = opened(SmallBank(), "scorecard").progress
    assert bars[0].text.startswith("**1,500,000 CNY** of 2,000,000 CNY")
    assert bars[0].text.endswith("75 %")
    assert bars[0].value == 75


def test_over_fulfilment_is_read_while_the_bar_ends_at_the_target(opened: Open) -> None:
    bar = opened(SmallBank(), "scorecard").progress[1]
    assert (bar.value, bar.text.endswith("110 %")) == (100, True)


def test_an_amended_target_is_flagged_with_its_old_value(opened: Open) -> None:
    assert "target was 1,800,000 CNY" in opened(SmallBank(), "scorecard").progress[0].text


def test_what_nobody_rated_is_not_scored_and_says_why(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "Not rated yet: its weight is spread over the other indicators." in said.replace("\\", "")
    assert ":gray[not scored]" in said


def test_a_missing_certificate_is_flagged(opened: Open) -> None:
    assert "No certificate" in texts(opened(SmallBank(), "scorecard"))


def test_a_condition_that_holds_says_what_it_does_and_comes_first(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "at best Qualified" in said
    assert said.index("More than three complaints") < said.index("A breach")


def test_what_would_reach_the_next_tier_is_named_in_its_unit(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "**Daily-average savings** +680,000 CNY" in said
    assert "Customer visits** +" not in said


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


def test_the_events_behind_a_line_are_one_click_away(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "scorecard")
    page.button(key="events-savings").click().run()
    table = page.dataframe[0].value
    assert list(table["position"]) == [9, 5, 2]
    assert list(table["effect"]) == ["500,000", "-500,000", "500,000"]
    assert list(table["kind"]) == ["Deposit", "Deposit (taken back)", "Deposit"]
    assert ("line_events", "savings") in [(name, told.get("indicator")) for name, told in bank.sent]


def test_behind_a_ready_figure_stand_its_deliveries_and_which_one_counts(opened: Open) -> None:
    bank = SmallBank(measures=[delivered(9, stands=False), delivered(5, stands=True)])
    page = opened(bank, "scorecard")
    page.button(key="events-savings").click().run()
    table = page.dataframe[0].value
    assert list(table["position"]) == [9, 5]
    assert [str(day) for day in table["as_of"]] == ["2026-08-09", "2026-08-05"]
    assert list(table["value"]) == ["1,234,567.5"] * 2
    assert list(table["stands"]) == ["replaced", "Counts"]
    assert list(table["source"]) == ["dw", "dw"]


def test_a_line_without_events_has_no_button(opened: Open) -> None:
    assert [one.key for one in opened(SmallBank(), "scorecard").button if one.key] == [
        "events-savings",
        "tap-savings",
        "events-visits",
        "tap-visits",
    ]


def test_a_supervisor_chooses_the_person_by_name_or_id(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank, "scorecard", rm="rm003")
    assert page.selectbox(key="pick-rm").options[2] == "张子涵 · rm003 · 城东支行"
    assert [told["rm"] for name, told in bank.sent if name == "scorecard"] == ["rm003"]


CAPPED = card(
    grade=grade(score=Decimal("82.02")),
    next_tier=NextTier(tier="good", points=Decimal(0), barred_by=["complaints"], ways=[]),
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
    next_tier=NextTier(tier="basically", points=Decimal(0), barred_by=["grave"], ways=[]),
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


def test_a_veto_shows_the_coefficient_in_force_in_verdict_and_ladder(opened: Open) -> None:
    page = opened(SmallBank(scorecards={"rm005": VETO}), "scorecard")
    assert "52.35 points would be Basically qualified; held at Unqualified" in page.warning[0].value
    assert "coefficient 0 instead of 0.5" in page.warning[0].value
    assert "**from 0 points, coefficient 0**" in texts(page)


def test_a_grade_that_nothing_holds_back_has_no_verdict(opened: Open) -> None:
    assert len(opened(SmallBank(), "scorecard").warning) == 0


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
    said = texts(opened(SmallBank(scorecards={"rm005": not_graded("short-service")}), "scorecard"))
    assert "61 in service; the scheme asks for 62 (clause 8.1)." in said


def test_sentence_and_clause_stand_in_the_details_for_a_phone(opened: Open) -> None:
    lines = opened(SmallBank(), "scorecard").get("popover")
    said = [*lines[0].markdown, *lines[0].caption]
    assert "75 % of the target" in said[0].value
    assert "clause 8.2" in said[1].value


def test_a_day_in_the_address_shows_the_card_as_it_was_known_then(opened: Open) -> None:
    bank = SmallBank()
    opened(bank, "scorecard", as_of="2026-08-31")
    assert [told["as_of"] for name, told in bank.sent if name == "scorecard"] == ["2026-08-31"]


def test_the_waterfall_has_a_text_that_says_the_same(opened: Open) -> None:
    chart = opened(SmallBank(), "scorecard").get("echarts_chart")[0]
    assert chart.proto.alt.startswith("Points by indicator: Daily-average savings 18.75 / 25")
