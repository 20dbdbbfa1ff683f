"""People: relatives who decide nothing on each other, and who does the duties of somebody absent."""

from datetime import date

import pytest

from tests.bank import TestBank, done, refused

TODAY, NEXT_WEEK = date(2026, 3, 20), date(2026, 3, 27)


def test_a_relation_holds_in_both_directions_until_somebody_else_ends_it(story: TestBank) -> None:
    assert done(story.bank.declare_relation("boss", "r1", "boss")).outcome == "accepted"
    assert done(story.bank.declare_relation("boss", "r1", "hr")).outcome == "duplicate"
    register = story.bank.register
    assert register.relations == {"boss": frozenset(["r1"])}
    assert register.are_relatives("boss", "r1")
    assert register.are_relatives("r1", "boss")
    for by in ("boss", "r1"):
        assert refused(story.bank.end_relation("boss", "r1", by)) == [("not-allowed", "")]
    done(story.bank.end_relation("boss", "r1", "hr"))
    assert not story.bank.register.are_relatives("r1", "boss")
    assert refused(story.bank.end_relation("boss", "r1", "hr")) == [("not-found", "relative")]


@pytest.mark.parametrize(
    ("person", "relative", "fault"),
    [
        ("boss", "boss", ("not-allowed", "relative")), ("boss", "", ("malformed", "relative")),
        ("boss", "no id", ("malformed", "relative")), ("a:b", "boss", ("malformed", "person")),
        ("boss", "cli", ("not-allowed", "relative")),
    ],
)  # fmt: skip
def test_only_two_people_are_relatives(story: TestBank, person: str, relative: str, fault: tuple[str, str]) -> None:
    before = story.last_position
    assert refused(story.bank.declare_relation(person, relative, "hr")) == [fault]
    assert story.last_position == before


def test_duties_are_delegated_for_some_days_and_end_early(story: TestBank) -> None:
    assert done(story.bank.delegate_duties("boss", "vice", TODAY, NEXT_WEEK, "boss")).outcome == "accepted"
    assert done(story.bank.delegate_duties("boss", "vice", TODAY, NEXT_WEEK, "boss")).outcome == "duplicate"
    stands_in = story.bank.register.stands_in
    assert [stands_in("vice", "boss", day) for day in (date(2026, 3, 19), TODAY, NEXT_WEEK, date(2026, 3, 28))] == [
        False, True, True, False,
    ]  # fmt: skip
    story.clock.set("2026-03-24")
    done(story.bank.end_delegation("boss", "vice", "boss"))
    stands_in = story.bank.register.stands_in
    assert [stands_in("vice", "boss", date(2026, 3, day)) for day in (23, 24)] == [True, False]
    assert refused(story.bank.end_delegation("boss", "vice", "boss")) == [("not-found", "delegate")]
    done(story.bank.delegate_duties("boss", "aide", date(2026, 3, 24), NEXT_WEEK, "boss"))
    assert [each.delegate for each in story.bank.register.delegations] == ["vice", "aide"]


@pytest.mark.parametrize(
    ("delegate", "first", "last", "fault"),
    [
        ("boss", TODAY, NEXT_WEEK, ("not-allowed", "delegate")),
        ("aide", TODAY, NEXT_WEEK, ("conflict", "from_day")),
        ("aide", date(2026, 3, 19), date(2026, 3, 19), ("not-allowed", "from_day")),
        ("aide", date(2026, 4, 2), date(2026, 4, 1), ("not-allowed", "to_day")),
        ("aide", date(2026, 4, 2), date(2027, 4, 3), ("not-allowed", "to_day")),
    ],
)
def test_duties_are_delegated_to_one_other_person_for_days_to_come(
    story: TestBank, delegate: str, first: date, last: date, fault: tuple[str, str]
) -> None:
    done(story.bank.delegate_duties("boss", "vice", NEXT_WEEK, NEXT_WEEK, "boss"))
    before = story.last_position
    assert fault in refused(story.bank.delegate_duties("boss", delegate, first, last, "boss"))
    assert story.last_position == before


def test_nobody_takes_over_the_duties_of_another_by_their_own_word(story: TestBank) -> None:
    before = story.last_position
    assert refused(story.bank.delegate_duties("boss", "hr", TODAY, NEXT_WEEK, "hr")) == [("not-allowed", "delegate")]
    assert story.last_position == before
    assert done(story.bank.delegate_duties("boss", "vice", TODAY, NEXT_WEEK, "hr")).outcome == "accepted"


def test_another_process_knows_people_from_the_log(story: TestBank) -> None:
    done(story.bank.declare_relation("boss", "r1", "hr"))
    done(story.bank.delegate_duties("boss", "vice", TODAY, NEXT_WEEK, "boss"))
    other = story.beside()
    assert other.register.people == story.bank.register.people
    other.close()
