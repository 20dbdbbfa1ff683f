"""The register: the same whether it was loaded at once or caught up event by event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from domain.bank import Outcome
from domain.register import Register
from tests.bank import SCHEME, TestBank, done, publish_scheme


def loaded(story: TestBank) -> Register:
    """The register as a bank that has just been opened loads it."""
    mapper: Any = story.bank.mapper
    return Register().caught_up(story.bank.log, mapper)


def grown(story: TestBank) -> None:
    """A story in which every kind of event of the register happens, the register being caught up after each."""
    bank = story.bank
    doings: list[Callable[[], Outcome]] = [
        lambda: story.register("r1", "south", **{"from": "2026-03-01"}),
        lambda: story.register("r1", "south", name="Other", **{"from": "2026-03-01"}),
        lambda: story.register("r2", "south", certificate="CFP", certified_until="2027-01-01"),
        lambda: bank.record_absence("r3", date(2026, 2, 2), date(2026, 2, 5), "hr"),
        lambda: story.register("r3", left_on="2026-03-15"),
        lambda: story.record("a"),
        lambda: bank.open_units([{"org": "east", "parent": "south", "level": "desk", "name": "East"}], "lead")[0],
        lambda: bank.close_day(date(2026, 3, 19), "clock"),
        lambda: publish_scheme(bank, SCHEME.replace("2026-01-01", "2026-04-01")),
        lambda: bank.propose_scheme(SCHEME.replace("2026-01-01", "2026-07-01"), "lead"),
    ]
    for doing in doings:
        done(doing())
        assert bank.register.position == story.last_position


def test_a_register_that_was_caught_up_equals_one_that_was_loaded(story: TestBank) -> None:
    grown(story)
    assert story.bank.register == loaded(story)


def test_catching_up_makes_a_new_register_and_leaves_the_old_one_as_it_was(story: TestBank) -> None:
    old = story.bank.register
    before = replace(old, rms=dict(old.rms), units=dict(old.units), schemes=dict(old.schemes))
    grown(story)
    assert old == before


def test_a_register_without_news_is_the_same_object(story: TestBank) -> None:
    register = story.bank.register
    assert story.bank.register is register


def test_events_of_other_subjects_move_only_the_position(story: TestBank) -> None:
    before = story.bank.register
    done(story.record("a"))
    after = story.bank.register
    assert after.position == before.position + 1
    assert replace(after, position=before.position) == before
