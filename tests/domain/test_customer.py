"""The customer: two posts, assigned anew where something differs, and not otherwise."""

from decimal import Decimal

import pytest

from domain.erasure import erase_texts
from domain.events import CustomerAssigned
from domain.refusal import Refused
from tests.bank import TestBank, done, outcomes, refused

LINE = {"customer": "客户 7", "segment": "premium", "assets": "500000.50", "a_rm": "r1", "b_rm": "r2"}
STREAM = "customer:客户 7"


def test_a_customer_is_put_under_two_posts(story: TestBank) -> None:
    taken = done(story.bank.assign_customers([LINE], "core")[0])
    [event] = story.events(STREAM)
    assert isinstance(event, CustomerAssigned)
    assert (taken.subject, taken.position) == (STREAM, story.last_position)
    assert (event.customer, event.segment, event.assets, event.a_rm, event.b_rm) == (
        "客户 7", "premium", Decimal("500000.5"), "r1", "r2",
    )  # fmt: skip


def test_the_same_line_again_is_a_duplicate_in_whatever_form_it_is_written(story: TestBank) -> None:
    again = LINE | {"assets": "500000.5"}
    assert outcomes(story.bank.assign_customers([LINE, again], "core")) == ["accepted", "duplicate"]
    assert outcomes(story.bank.assign_customers([again], "core")) == ["duplicate"]
    assert len(story.events(STREAM)) == 1


@pytest.mark.parametrize(
    "change", [{"segment": "private"}, {"assets": "0"}, {"a_rm": "r3"}, {"b_rm": "r3"}, {"b_rm": ""}]
)
def test_a_changed_line_assigns_anew_and_the_old_line_does_so_again(story: TestBank, change: dict[str, str]) -> None:
    taken = story.bank.assign_customers([LINE, LINE | change, LINE], "core")
    assert outcomes(taken) == ["accepted"] * 3
    assert [event.originator_version for event in story.events(STREAM)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"customer": " C1"}, ("malformed", "customer")),
        ({"segment": ""}, ("malformed", "segment")),
        ({"assets": "-1"}, ("malformed", "assets")),
        ({"assets": "1.005"}, ("malformed", "assets")),
        ({"assets": "1000000000000.01"}, ("malformed", "assets")),
        ({"a_rm": ""}, ("malformed", "a_rm")),
        ({"a_rm": "nobody"}, ("unknown", "a_rm")),
        ({"b_rm": "nobody"}, ("unknown", "b_rm")),
        ({"b_rm": "r1"}, ("not-allowed", "b_rm")),
    ],
)
def test_a_wrong_field_is_named(story: TestBank, more: dict[str, str], fault: tuple[str, str]) -> None:
    assert refused(story.bank.assign_customers([LINE | more], "core")[0]) == [fault]
    assert story.events(STREAM) == []


def test_one_bad_line_stops_no_other(story: TestBank) -> None:
    taken = story.bank.assign_customers([LINE, LINE | {"a_rm": "nobody"}, LINE | {"customer": "8"}], "core")
    assert outcomes(taken) == ["accepted", "unknown", "accepted"]


def test_who_held_the_posts_until_then_is_repeated(story: TestBank) -> None:
    story.bank.assign_customers([LINE, LINE | {"a_rm": "r3", "b_rm": ""}, LINE], "core")
    previous = [(event.previous_a_rm, event.previous_b_rm) for event in assignments(story)]
    assert previous == [(None, None), ("r1", "r2"), ("r3", None)]


def test_a_customer_whose_texts_were_erased_is_assigned_all_the_same(story: TestBank) -> None:
    done(story.record("a", customer="客户 7", note="met at the fair"))
    assert not isinstance(erase_texts(story.bank, "customer", "客户 7", "chief"), Refused)
    assert outcomes(story.bank.assign_customers([LINE], "core")) == ["accepted"]
    done(story.record("b", customer="客户 7", note="met again"))
    assert not isinstance(erase_texts(story.bank, "customer", "客户 7", "chief"), Refused)
    again = story.bank.assign_customers([LINE, LINE | {"segment": "private"}], "core")
    assert outcomes(again) == ["duplicate", "accepted"]
    assert story.types(STREAM) == ["TextsErased", "CustomerAssigned", "TextsErased", "CustomerAssigned"]


def assignments(story: TestBank) -> list[CustomerAssigned]:
    return [event for event in story.events(STREAM) if isinstance(event, CustomerAssigned)]
