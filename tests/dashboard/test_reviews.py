"""The pages of the review: the list, one review by its boxes, the RM's own, opening a quarter, the inbox, duties.

Longer than 300 lines because all of them are shown over one bank of answers.
"""

from datetime import date
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem
from dashboard import review_words
from dashboard.screens import review_rating
from dashboard.screens.review_quarter import PART
from dashboard.words import Say
from projections.answers import Who
from tests.dashboard.conftest import Open, texts
from tests.dashboard.review_bank import ANCHORS, QUARTER, ReviewBank
from tests.dashboard.small_bank import me

EN, ZH = Say("en"), Say("zh")


def one(opened: Open, bank: ReviewBank, rm: str, lang: str = "en") -> AppTest:
    """The page of one review."""
    return opened(bank, "reviews", lang, review=rm, quarter=QUARTER)


def box(rm: str, name: str) -> str:
    return f"rate-{QUARTER}-{rm}-{name}"


def commands(bank: ReviewBank, name: str) -> list[dict[str, object]]:
    """What was sent of one command."""
    return [dict(told) for called, told in bank.sent if called == name]


def buttons(page: AppTest) -> list[str]:
    return [each.label for each in page.button]


def test_the_list_begins_with_what_is_overdue_and_says_what_is_missing(
    opened: Open, tables_taken: dict[str, list[str]]
) -> None:
    page = opened(ReviewBank(person=me("supervisor")), "reviews")
    assert not page.exception
    head, first, *_ = tables_taken[f"reviews-head-{QUARTER}-me.csv"]
    assert head.startswith("Name,State,Working days,Score,Tier,Missing")
    assert first.startswith('陈雨桐,○ To be rated,2026-07-20,62.42,Qualified,"0 of 2 rated, no comment, 2 late facts"')


def test_the_states_are_counted_and_those_overdue_told(opened: Open) -> None:
    page = opened(ReviewBank(person=me("supervisor")), "reviews", waiting="all")
    told = page.button_group(key="pick-status").options
    assert any("To be rated 1" in label and "1 overdue" in label for label in told)


@pytest.mark.parametrize(("role", "waits"), [("supervisor", 3), ("approver", 2), ("hr", 1)])
def test_the_page_opens_on_what_waits_for_me_as_the_server_has_it(opened: Open, role: str, waits: int) -> None:
    bank = ReviewBank(person=me(role))
    opened(bank, "reviews")
    (asked,) = commands(bank, "list_reviews")
    assert asked["waiting"] == "me"
    assert len(bank.list_reviews(QUARTER, waiting="me").reviews) == waits


def test_who_has_nothing_to_do_never_sees_less_than_everything(opened: Open) -> None:
    bank = ReviewBank(person=me("auditor"))
    page = opened(bank, "reviews")
    (asked,) = commands(bank, "list_reviews")
    assert asked["waiting"] is None
    assert "pick-waiting" not in [each.key for each in page.button_group]


def test_where_nothing_waits_for_me_the_page_says_so_and_what_is_next_with_whom(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    for rm in ("rm001", "rm002", "rm005"):
        bank.reviews[rm].state = "submitted"
    page = opened(bank, "reviews")
    assert "Nothing of 2026Q2 waits for you" in texts(page)
    assert "陈雨桐 · to approve · the approver · 2 working days over" in buttons(page)
    page.button(key="all-reviews").click().run()
    assert commands(bank, "list_reviews")[-1]["waiting"] is None
    assert len(bank.list_reviews(QUARTER).reviews) == 8


def test_a_rating_is_saved_as_its_box_is_left_and_moves_the_result(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value("86.5").run()
    (sent,) = commands(bank, "rate_review")
    assert (sent["ratings"], sent["version"]) == ({"satisfaction": Decimal("86.5")}, 3)
    assert "✓ saved" in texts(page)
    assert "▲ +8.65" in texts(page)


def test_each_rating_names_the_version_that_the_one_before_made(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value("86").run()
    page.text_input(key=box("rm005", "conduct")).set_value("90").run()
    page.text_area(key=box("rm005", "comment")).set_value("Steady work").run()
    assert [sent["version"] for sent in commands(bank, "rate_review")] == [3, 4, 5]
    assert bank.reviews["rm005"].state == "rated"
    assert "Submit" in buttons(page)


def test_what_was_written_in_two_boxes_before_the_page_ran_again_is_saved_from_both(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value("86")
    page.text_area(key=box("rm005", "comment")).set_value("Steady work")
    page.run().run()
    sent = [(told["ratings"], told["comment"], told["version"]) for told in commands(bank, "rate_review")]
    assert sent == [({"satisfaction": Decimal(86)}, None, 3), ({}, "Steady work", 4)]


def test_what_was_written_is_saved_though_the_page_is_another_one_already(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value("86")
    page.button(key="review-back").click().run()
    assert page.title[0].value == "Reviews"
    (sent,) = commands(bank, "rate_review")
    assert (sent["rm"], sent["ratings"]) == ("rm005", {"satisfaction": Decimal(86)})
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value("860")
    page.button(key="review-back").click().run()
    assert "860" not in str(commands(bank, "rate_review"))
    assert page.toast[0].value.startswith("rm005\\: Write a number from 0 to 100")


def test_where_the_bank_gives_no_answer_what_was_written_stays_and_the_next_run_saves_it(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    bank.trouble["rate_review"] = ApiProblem(503, "Busy", "try again")
    page.text_input(key=box("rm005", "satisfaction")).set_value("86").run()
    assert "Not saved yet" in texts(page)
    assert page.text_input(key=box("rm005", "satisfaction")).value == "86"
    del bank.trouble["rate_review"]
    page.run()
    assert bank.reviews["rm005"].ratings["satisfaction"] == 86
    assert "Not saved yet" not in texts(page)


@pytest.mark.parametrize("typed", ["101", "-1", "ten", "8,5", "1.2345"])
def test_what_is_no_rating_is_told_at_its_box_and_not_sent(opened: Open, typed: str) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.text_input(key=box("rm005", "satisfaction")).set_value(typed).run()
    assert commands(bank, "rate_review") == []
    assert "Write a number from 0 to 100" in texts(page)
    assert page.text_input(key=box("rm005", "satisfaction")).value == typed


def test_a_rating_that_comes_too_late_is_told_and_the_box_shows_what_stands(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"), stale=True)
    page = one(opened, bank, "rm001")
    page.text_input(key=box("rm001", "conduct")).set_value("40").run()
    assert "Somebody changed this review meanwhile" in texts(page)
    assert page.text_input(key=box("rm001", "conduct")).value == "90"
    assert bank.reviews["rm001"].ratings["conduct"] == 90


def test_a_comment_that_comes_too_late_stays_to_be_read_beside_what_stands(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"), stale=True)
    page = one(opened, bank, "rm005")
    page.text_area(key=box("rm005", "comment")).set_value("Half a page of reasons").run()
    assert "Half a page of reasons" in texts(page)
    page.text_area(key=box("rm005", "comment")).set_value("Half a page").run()
    assert commands(bank, "rate_review")[-1]["comment"] == "Half a page"
    assert "Half a page of reasons" not in texts(page)


def test_a_refused_rating_is_told_at_its_box_and_kept_there(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    detail = "leave it to somebody else: nobody decides on their own review"
    bank.trouble["rate_review"] = ApiProblem(403, "Not allowed", detail)
    page.text_input(key=box("rm005", "conduct")).set_value("40").run()
    assert "obody decides on their own review" in texts(page)
    assert page.text_input(key=box("rm005", "conduct")).value == "40"


def test_a_rating_stands_for_the_best_anchor_that_it_reaches() -> None:
    found = [review_rating.standing_for(ANCHORS, Decimal(value)) for value in ("100", "95", "94.999", "0")]
    assert [each.at if each else None for each in found] == [95, 95, 80, 0]
    assert review_rating.standing_for(ANCHORS, None) is None


def test_late_facts_are_taken_in_from_beside_the_ratings(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm005")
    page.button(key="accept-late").click().run()
    (sent,) = commands(bank, "accept_late_facts")
    assert sent["until"] == 812


def test_after_a_submission_the_next_review_is_shown(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm001")
    page.button(key="take-submit").click().run()
    assert commands(bank, "submit_review") == [{"rm": "rm001", "version": 3}]
    assert page.title[0].value == "李婉清"  # the next one that waits for me, and not for somebody else


def test_a_refused_step_says_why_and_the_review_stays(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = one(opened, bank, "rm001")
    detail = "look at the review again: somebody changed it since"
    bank.trouble["submit_review"] = ApiProblem(412, "It has moved on", detail)
    page.button(key="take-submit").click().run()
    assert page.title[0].value == "王思远"
    assert "somebody changed it since" in texts(page)


def test_who_may_not_act_sees_the_ratings_and_no_box(opened: Open) -> None:
    page = one(opened, ReviewBank(person=me("hr")), "rm003")
    assert not page.text_input
    assert "**90** :gray[/ 100]" in texts(page)
    assert not [each for each in page.button if each.key and each.key.startswith("take-")]


def test_a_review_that_is_not_there_is_told_with_the_way_back(opened: Open) -> None:
    page = one(opened, ReviewBank(person=me("supervisor")), "nobody")
    assert "Back to the list" in buttons(page)
    assert "Nothing is known under this name" in texts(page)


def test_an_appeals_ratings_are_tried_and_saved_with_the_decision_alone(opened: Open) -> None:
    bank = ReviewBank(person=me("approver"))
    page = one(opened, bank, "rm006")
    page.text_input(key=box("rm006", "conduct")).set_value("100").run()
    assert commands(bank, "rate_review") == []
    assert commands(bank, "preview_review")[-1]["ratings"] == {"conduct": Decimal(100)}
    assert "Result if granted" in texts(page)
    assert "▲ +1.5" in texts(page)


def test_a_final_step_is_asked_once_more(opened: Open) -> None:
    bank = ReviewBank(person=me("hr"))
    page = one(opened, bank, "rm007")
    page.button(key="take-finalise").click().run()
    assert commands(bank, "finalise_review") == []
    page.button(key="take-finalise-yes").click().run()
    assert commands(bank, "finalise_review") == [{"rm": "rm007", "version": 3}]


def test_a_quarter_is_opened_with_its_cut_off_day_a_part_after_the_other(opened: Open) -> None:
    bank = ReviewBank(person=me("hr"), opened=False)
    page = opened(bank, "reviews")
    assert "Open the reviews of 2026Q2" in texts(page)
    page.date_input(key="cutoff").set_value(date(2026, 9, 28))
    page.button(key="open-quarter-yes").click().run()
    part = {"quarter": QUARTER, "cutoff_on": date(2026, 9, 28), "limit": PART}
    assert commands(bank, "open_review_quarter") == [part, part]
    assert [each.value for each in page.toast] == ["8 reviews opened"]
    assert "0 of 8 final" not in texts(page)
    assert "1 of 8 final" in texts(page)


def test_what_an_appeal_granted_is_told_where_it_is_judged_anew() -> None:
    bank = ReviewBank(person=me("supervisor"))
    review = next(found for rm in bank.reviews if (found := bank.read_review(rm, QUARTER)).stated)
    for outcome, is_told in (("granted", True), ("dismissed", False)):
        decided = review.stated[0].model_copy(update={"what": "decided", "outcome": outcome})
        told = review_words.what_stays(EN, review.model_copy(update={"stated": [decided, *review.stated]})) or ""
        assert ("no rating goes below it" in told) is is_told


def test_behind_an_id_stand_the_name_or_the_post_of_its_bearer(opened: Open) -> None:
    head = Who(id="boss", name=None, role="supervisor", unit="城东支行")
    bank = ReviewBank(person=me("hr", subject="hr"), known={"boss": head})
    assert "Supervisor of 城东支行 (boss)" in texts(one(opened, bank, "rm003"))
    assert "城东支行直接上级（boss）" in texts(one(opened, bank, "rm003", "zh"))
    assert len(commands(bank, "name_people")) == 2  # once a session
    rm = Who(id="boss", name="王芳", role="supervisor", unit="城东支行")
    bank = ReviewBank(person=me("hr", subject="hr"), known={"boss": rm}, trouble={})
    assert "王芳 (boss)" in texts(one(opened, bank, "rm003"))


def test_before_hr_has_opened_it_a_supervisor_is_told_so(opened: Open) -> None:
    page = opened(ReviewBank(person=me("supervisor"), opened=False), "reviews")
    assert "The reviews of 2026Q2 are not open yet" in texts(page)


def own(opened: Open, state: str, lang: str = "en") -> tuple[ReviewBank, AppTest]:
    """The page of an RM whose review is in a state."""
    rm = next(rm for rm, case in ReviewBank().reviews.items() if case.state == state)
    bank = ReviewBank(person=me("rm", rm=rm, subject=rm))
    return bank, opened(bank, "review", lang)


@pytest.mark.parametrize(("state", "offered"), [("submitted", set()), ("approved", {"notice-en", "notice-zh"})])
def test_an_rm_is_offered_the_notice_in_both_languages_once_the_result_is_approved(
    opened: Open, state: str, offered: set[str]
) -> None:
    _, page = own(opened, state)
    keys = [each.proto.id.rsplit("-", 2)[-2:] for each in page.get("download_button")]
    assert {"-".join(key) for key in keys} == offered


def test_an_rm_acknowledges_the_own_result_after_a_question(opened: Open) -> None:
    bank, page = own(opened, "approved")
    assert "it is yours to acknowledge or to appeal" in texts(page)
    page.button(key="own-acknowledge").click().run()
    assert commands(bank, "acknowledge_review") == []
    page.button(key="own-acknowledge-yes").click().run()
    assert commands(bank, "acknowledge_review") == [{"rm": "rm004", "version": 3}]
    assert "You have acknowledged the result" in texts(page)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("open", "直接上级正在评分"),
        ("submitted", "正由他人审批"),
        ("appealed", "结果不会因此降低"),
        ("final", "等次已确定"),
    ],
)
def test_an_rm_reads_in_plain_words_where_the_review_stands(opened: Open, state: str, told: str) -> None:
    _, page = own(opened, state, "zh")
    assert told in texts(page)
    assert "own-acknowledge" not in [each.key for each in page.button]


def test_an_rm_without_a_review_is_told_so(opened: Open) -> None:
    page = opened(ReviewBank(person=me("rm"), opened=False), "review")
    assert "You have no review of this quarter" in texts(page)


def test_what_waits_is_told_on_the_first_page_and_counted_in_the_menu(opened: Open) -> None:
    page = opened(ReviewBank(person=me("supervisor")))
    assert "3 reviews wait for you\\: 2 to rate, 1 to submit, 1 overdue" in texts(page)
    assert "3 reviews wait for you" not in texts(opened(ReviewBank(person=me("supervisor")), "verify"))
    assert "1 review waits for you\\: 1 to make final" in texts(opened(ReviewBank(person=me("hr"))))


def test_an_inbox_that_can_not_be_had_takes_no_page_away(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"), trouble={"inbox": ApiProblem(503, "Busy", "try again")})
    page = opened(bank, "reviews")
    assert page.title[0].value == "Reviews"


def test_duties_are_delegated_and_taken_back_in_ones_own_account(opened: Open) -> None:
    bank = ReviewBank(person=me("supervisor"))
    page = opened(bank, "reviews")
    page.button(key="my-account").click().run()
    page.text_input(key="delegate-whom").set_value("deputy")
    page.button(key="delegate-yes").click().run()
    assert commands(bank, "delegate_duties")[0]["delegate"] == "deputy"
    page.run()
    page.button(key="end-delegation-deputy").click().run()
    assert commands(bank, "end_delegation") == [{"delegate": "deputy"}]
