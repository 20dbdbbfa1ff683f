"""The lines of a scorecard: their bars, their words, and what stands behind them."""

from decimal import Decimal
from typing import cast
from urllib.parse import parse_qs

from streamlit.testing.v1 import AppTest

from api.client import Client
from dashboard.desk import Desk
from dashboard.screens import lines
from dashboard.words import Say
from projections.answers import Part, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, card, delivered, line, me


def test_each_indicator_says_how_its_points_came_about(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "75 % of the target earns 75 % of 25 points" in said
    assert "<b>18.75</b> <span>of 25 points</span>" in said


def bar_of(page: AppTest, label: str) -> str:
    """The one bar whose label begins so, with the words above it."""
    found = [one.value for one in page.html if f'aria-label="{label}' in one.value]
    assert len(found) == 1, found
    return found[0]


def test_an_indicator_shows_measured_target_completion_and_cap(opened: Open) -> None:
    bar = bar_of(opened(SmallBank(), "scorecard"), "Daily-average savings: 75 % of the target")
    assert "<b>1,500,000 CNY</b> of 2,000,000 CNY · 75\u00a0%" in bar
    assert "counts up to 120 %" in bar
    assert 'class="filled" style="width:62.50%"' in bar
    assert 'class="mark target" style="left:83.33%"' in bar


def test_over_fulfilment_is_read_while_the_bar_ends_at_the_cap(opened: Open) -> None:
    far = line("calls", Words(en="Calls", zh="电访"), completion=Decimal("2.5"), measured=Decimal(5000000))
    bar = bar_of(opened(SmallBank(scorecards={"rm005": card(lines=[far])}), "scorecard"), "Calls: 250 %")
    assert "· 250\u00a0%" in bar
    assert "width:100.00%" in bar


def test_what_takes_points_off_has_a_bar_of_the_points_left(opened: Open) -> None:
    bar = bar_of(opened(SmallBank(), "scorecard"), "Compliance: 25.25 of 31.25 points")
    assert "meter taken" in bar
    assert "width:80.80%" in bar


def test_beside_the_100_points_are_told_of_the_most_that_there_can_be(opened: Open) -> None:
    off = line(
        "late", Words(en="Late", zh="迟"), points=Decimal(-2), share=Decimal(0), most=Decimal(6), completion=None
    )
    bank = SmallBank(scorecards={"rm005": card(lines=[off])})
    assert "<b>-2</b> <span>of at most 6 points</span>" in texts(opened(bank, "scorecard"))
    assert "<span>（最多 6 分）</span>" in texts(opened(bank, "scorecard", lang="zh"))


def test_an_amended_target_is_flagged_with_its_old_value(opened: Open) -> None:
    assert "target was 1,800,000 CNY" in bar_of(opened(SmallBank(), "scorecard"), "Daily-average savings")


def test_while_the_quarter_runs_a_growing_figure_bears_the_mark_of_what_is_due(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    passed = Decimal(54) / 66  # of the weekdays of the quarter, up to the day before the 15th of September
    bar = bar_of(page, f"Customer visits: 110 % of the target; {round(passed * 100, 2)} % would be due by now")
    assert f'class="mark due" style="left:{passed / Decimal("1.2") * 100:.2f}%"' in bar
    assert "mark due" not in bar_of(page, "Daily-average savings")
    assert "81.82 % of the working days have passed" in texts(page).replace("\\", "")


def test_who_is_behind_what_is_due_is_told_apart(opened: Open) -> None:
    slow = line("visits", Words(en="Visits", zh="走访"), flows=True, completion=Decimal("0.5"))
    assert "meter behind" in bar_of(opened(SmallBank(scorecards={"rm005": card(lines=[slow])}), "scorecard"), "Visits")


def test_what_nobody_rated_is_not_scored_and_says_why(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "No rating stands yet: its weight is spread over the other indicators." in said.replace("\\", "")
    assert "<span>not scored</span>" in said


def test_the_events_behind_a_line_are_one_click_away(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "scorecard")
    page.button(key="events-savings").click().run()
    table = page.dataframe[0].value
    assert list(table["position"]) == [9, 5, 2]
    assert list(table["effect"]) == ["500,000", "-500,000", "500,000"]
    assert list(table["kind"]) == ["Deposit", "Deposit (taken back)", "Deposit"]
    assert list(table["recorded_by"]) == ["crm"] * 3
    assert list(table["decided_by"]) == ["boss", "", ""]
    assert list(table["source"]) == ["crm"] * 3
    assert ("line_events", "savings") in [(name, told.get("indicator")) for name, told in bank.sent]


def test_who_recorded_an_entry_and_who_decided_stand_before_what_a_phone_has_no_room_for(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    page.button(key="events-savings").click().run()
    assert list(page.dataframe[0].value)[:4] == ["day", "effect", "recorded_by", "decided_by"]


def test_the_files_of_what_is_behind_a_line_hold_who_and_when_of_both_and_the_unit() -> None:
    bank = SmallBank()
    desk = Desk(cast("Client", bank), bank.person, Say("en"), {})
    (answer, first) = bank.line_events("rm005", "2026Q3", "savings"), card().lines[0]
    titles = [one.title for one in lines.event_columns(desk, first, answer, None) if one.in_file]
    assert titles == [
        *("Day", "Effect (CNY)", "Recorded by", "Decided by", "Action", "Source", "Recorded", "Decided", "Customer"),
        "Log position",
    ]


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


def test_a_line_without_events_has_its_details(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    labels = [one.label for one in page.button if (one.key or "").startswith("events-")]
    assert labels == ["3 events", "3 events", "Details", "Details"]
    page.button(key="events-compliance").click().run()
    assert len(page.dataframe) == 0
    assert "6 taken off" in texts(page)


def test_sentence_and_clause_stand_in_the_details_for_a_phone(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    page.button(key="events-savings").click().run()
    said = texts(page).replace("\\", "")
    assert said.count("75 % of the target earns 75 % of 25 points.") == 2
    assert "clause 8.2 · Completion of the contract." in said


def test_a_line_is_one_piece_of_the_page_and_its_button(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    rows = [one.value for one in page.html if one.value.startswith('<div class="line">')]
    assert len(rows) == 4
    assert 'title="Completion of the contract."' in rows[0]
    assert ">clause 8.2</a>" in rows[0]
    assert 'href="/scheme?lang=en&amp;scheme=anshun-personal-rm&amp;version=2026-01-01&amp;clause=8.2"' in rows[0]


def test_nothing_that_others_wrote_becomes_markup(opened: Open) -> None:
    sly = line(
        "sly", Words(en="<b onclick=alert(1)>", zh="坏"), clause='"><i>',
        clause_text=Words(en='" onmouseover="alert(1)', zh=""), unit=Words(en="<u>", zh="次"),
        previous_target=Decimal(1), amendment_reason="<script>alert(1)</script>", sentence=Words(en="<s>", zh=""),
    )  # fmt: skip
    page = opened(SmallBank(scorecards={"rm005": card(lines=[sly])}), "scorecard")
    row = next(one.value for one in page.html if one.value.startswith('<div class="line">'))
    assert not [tag for tag in ("<b onclick", "<i>", "<u>", "<s>", "<script", '" onmouseover') if tag in row]


def test_only_who_may_read_the_log_is_led_to_the_events_behind_a_line(opened: Open) -> None:
    supervisor = me("supervisor")
    reader = supervisor.model_copy(update={"operations": [*supervisor.operations, "list_events"]})
    for person, links in ((supervisor, []), (reader, ["quarter=2026Q3&rm=rm005"] * 2)):
        page = opened(SmallBank(person=person), "scorecard", rm="rm005")
        page.button(key="events-savings").click().run()
        asked = [one.proto.query_string for one in page.get("page_link")]
        assert ["&".join(sorted(query.split("&"))) for query in asked] == links
        assert list(page.dataframe[0].value["position"]) == [9, 5, 2]


def test_from_a_look_back_all_links_to_the_events_lead_to_the_same_moment(opened: Open) -> None:
    supervisor = me("supervisor")
    reader = supervisor.model_copy(update={"operations": [*supervisor.operations, "list_events"]})
    for screen in ("scorecard", "checks"):
        page = opened(SmallBank(person=reader), screen, rm="rm005", as_of="2026-09-10")
        if screen == "scorecard":
            page.button(key="events-savings").click().run()
        queries = [parse_qs(one.proto.query_string) for one in page.get("page_link") if one.proto.page == "events"]
        assert [one["as_of"] for one in queries] == [["2026-09-10"]] * len(queries) != []


def test_what_a_figure_is_made_of_is_shown_part_by_part(opened: Open) -> None:
    parts = [
        Part(figure="repaid", name=Words(en="Repaid", zh="已收回"), unit=Words(en="CNY", zh="元"), events=2),
        Part(figure="due", name=Words(en="Due", zh="应收回"), unit=Words(en="CNY", zh="元"), events=1),
    ]
    bank = SmallBank(
        scorecards={"rm005": card(lines=[line("recovery", Words(en="Recovery", zh="收回率"), parts=parts)])}
    )
    page = opened(bank, "scorecard")
    page.button(key="events-recovery").click().run()
    (choice,) = page.pills
    assert choice.options == ["Repaid · 2", "Due · 1"]
    assert [told["indicator"] for name, told in bank.sent if name == "line_events"] == ["repaid"]


def test_the_details_of_a_line_tell_it_step_by_step(opened: Open) -> None:
    told = line("visits", Words(en="Visits", zh="走访"), sentence=Words(en="The shape.", zh="形。"))
    steps = [Words(en="The figure.", zh="数。"), told.sentence, Words(en="Rounded.", zh="整。")]
    page = opened(SmallBank(scorecards={"rm005": card(lines=[told.model_copy(update={"steps": steps})])}), "scorecard")
    assert "The figure. The shape.</div>" in next(one.value for one in page.html if 'class="line"' in one.value)
    page.button(key="events-visits").click().run()
    assert "1. The figure.\n1. The shape.\n1. Rounded." in texts(page)
