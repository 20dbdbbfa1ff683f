"""The auditor's page: a review and a run as their events, final rounds beside each other, and who gave which vote."""

from tests.dashboard.administered import calls
from tests.dashboard.conftest import Open, texts
from tests.dashboard.paid import QUARTER, REVIEW, Paid, reading, run, told
from tests.dashboard.small_bank import me


def auditor(**changes: object) -> Paid:
    return Paid(person=me("auditor"), **changes)  # type: ignore[arg-type]


def test_a_review_is_told_event_by_event_with_who_did_it_and_in_whose_place(opened: Open) -> None:
    page = opened(auditor(history=REVIEW), "trail", rm="rm005", quarter=QUARTER)
    steps = [html.value for html in page.html if 'class="step"' in html.value]
    assert ["Review opened" in steps[0], "Rating" in steps[1], "Grade final" in steps[2]] == [True] * 3
    assert "by boss, in the place of chief" in steps[1]
    assert "88.5 for satisfaction" in steps[1]
    assert "final in round 2, with Excellent, score 71.5" in steps[4]
    assert len(steps) == 5


def test_each_event_opens_in_full_with_its_seal_at_its_position(opened: Open) -> None:
    bank = auditor(history=REVIEW)
    page = opened(bank, "trail", rm="rm005", quarter=QUARTER)
    assert page.button(key="open-5").help == "Sealed: opens with its seal"
    assert page.button(key="open-8").help == "Not sealed yet: opens as it is stored"
    page.button(key="open-5").click().run()
    assert page.query_params["position"] == "5"
    assert [call["position"] for call in calls(bank, "read_event")] == [5]
    assert "Seal 3 covers the positions 1 to 1,000" in texts(page)


def test_final_rounds_stand_beside_each_other_and_what_differs_is_marked(opened: Open) -> None:
    page = opened(auditor(history=REVIEW), "trail", rm="rm005", quarter=QUARTER)
    table = next(html.value for html in page.html if 'class="rounds"' in html.value)
    assert '<tr class="differs"><th scope="row">Tier</th><td>Qualified</td><td>Excellent</td></tr>' in table
    assert '<tr><th scope="row">Rated by</th><td>boss</td><td>boss</td></tr>' in table
    assert "城东支行" in table
    points = [html.value for html in page.html if 'class="rounds"' in html.value][1]
    assert "<td>27.5</td><td>30</td>" in points


def test_who_gave_which_vote_is_told_beside_the_review(opened: Open) -> None:
    page = opened(auditor(history=REVIEW), "trail", rm="rm005", quarter=QUARTER)
    assert [one.label for one in page.expander if "Votes" in one.label] == ["Votes: 1"]
    assert "colleague-7" in str([list(one.value.get("by", [])) for one in page.dataframe])


def test_a_review_that_nobody_opened_is_told_as_such(opened: Open) -> None:
    page = opened(auditor(), "trail", rm="rm005", quarter=QUARTER)
    assert "No review of 2026Q2 was opened" in texts(page)


def test_a_review_on_its_way_says_that_it_is_not_final(opened: Open) -> None:
    page = opened(auditor(history=REVIEW[:2]), "trail", rm="rm005", quarter=QUARTER)
    assert "This review is not final yet." in texts(page)


def test_a_payroll_run_is_told_by_its_events_and_leads_to_the_run_in_full(opened: Open) -> None:
    events = [
        told(901, "RunPrepared", "anna", f"payroll:{QUARTER}:1", run=1, employees=4, without=2),
        told(910, "RunReleased", "boss", f"payroll:{QUARTER}:1", run=1, prepared_by="anna"),
    ]
    bank = auditor(history=events, runs=[run("released")])
    page = opened(bank, "trail", part="run", run=f"{QUARTER}:1")
    steps = [html.value for html in page.html if 'class="step"' in html.value]
    assert ["Payroll run prepared" in steps[0], "Payroll run released" in steps[1]] == [True, True]
    assert [call["stream"] for call in calls(bank, "list_events")] == [f"payroll:{QUARTER}:1"]
    assert "The run in full, with its files and what changed since" in [
        str(link.proto.label) for link in page.get("page_link")
    ]


def test_before_the_first_run_the_page_says_so(opened: Open) -> None:
    assert "No run was prepared yet" in texts(opened(auditor(), "trail", part="run"))


def test_who_read_which_card_is_sought_by_rm_quarter_and_reader_and_the_address_keeps_it(opened: Open) -> None:
    bank = auditor(readings=[reading(2, "boss"), reading(1, "head", "notice")])
    page = opened(bank, "trail", part="readings", rm="rm005", quarter=QUARTER)
    asked = {"rm": "rm005", "quarter": QUARTER, "reader": None, "after": None, "limit": 100}
    assert calls(bank, "list_card_readings") == [asked]
    assert list(page.dataframe[0].value["what"]) == ["Review", "Grade notice"]
    assert list(page.dataframe[0].value["role"]) == ["Supervisor", "Supervisor"]
    page.text_input(key="reading-reader").input("head").run()
    assert page.query_params["reader"] == "head"
    assert calls(bank, "list_card_readings")[-1] == asked | {"reader": "head"}


def test_readings_are_turned_page_by_page_from_the_newest_on(opened: Open) -> None:
    bank = auditor(readings=[reading(n, "boss") for n in range(250, 100, -1)])
    page = opened(bank, "trail", part="readings")
    page.button(key="readings-next").click().run()
    assert [call["after"] for call in calls(bank, "list_card_readings")] == [None, 151]


def test_what_can_be_nobodys_id_is_left_out_of_the_address_and_told(opened: Open) -> None:
    bank = auditor(readings=[reading(1, "boss")])
    page = opened(bank, "trail", part="readings", reader="a b!", quarter="2031Q9")
    assert "left out" in texts(page)
    assert [call["reader"] for call in calls(bank, "list_card_readings")] == [None]


def test_where_nobody_read_a_card_the_page_says_what_would_be_noted(opened: Open) -> None:
    assert "Nobody read such a card" in texts(opened(auditor(), "trail", part="readings"))


def test_hr_has_no_page_of_the_audit(opened: Open) -> None:
    assert "This is not yours to see" in texts(opened(Paid(person=me("hr")), "trail"))
