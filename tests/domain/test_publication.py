"""A scheme's version is proposed by one person and approved by another; side by side schemes never quarrel."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import pytest

from domain.calendar import Quarter
from domain.events import SchemePublished
from domain.publication import digest_of
from domain.refusal import Refused
from tests.bank import SCHEME, TestBank, done, outcomes, refused
from tests.domain.test_two_at_once import together

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
NEXT = SCHEME.replace("2026-01-01", "2026-04-01")
STREAM = "scheme:tests:2026-04-01"


def version(
    name: str = "tests", effective: date = APRIL, positions: Iterable[str] = ("personal",), units: Iterable[str] = ()
) -> str:
    """The scheme of the tests under another name, from another day on, for others."""
    listed = ", ".join(f'"{each}"' for each in positions)
    within = "units = [" + ", ".join(f'"{each}"' for each in units) + "]" if units else ""
    text = SCHEME.replace('scheme = "tests"', f'scheme = "{name}"').replace("2026-01-01", str(effective))
    return text.replace('positions = ["personal"]', f"positions = [{listed}]\n{within}")


def test_a_version_is_in_force_once_another_person_has_approved_it(story: TestBank) -> None:
    done(story.bank.propose_scheme(NEXT, "lead"))
    assert ("tests", APRIL) not in story.bank.register.schemes
    done(story.bank.approve_scheme("tests", APRIL, digest_of(NEXT), "head"))
    assert story.types(STREAM) == ["SchemeProposed", "SchemePublished"]
    published = story.events(STREAM)[1].model_dump()
    assert (published["by"], published["proposed_by"], published["text"]) == ("head", "lead", NEXT)
    assert ("tests", APRIL) in story.bank.register.schemes


def test_nobody_approves_what_they_proposed(story: TestBank) -> None:
    done(story.bank.propose_scheme(NEXT, "lead"))
    assert refused(story.bank.approve_scheme("tests", APRIL, digest_of(NEXT), "lead")) == [("not-allowed", "")]
    by_own = story.bank.approve_scheme("tests", APRIL, digest_of(NEXT), "head", granted_by={"lead"})
    assert refused(by_own) == [("not-allowed", "")]


def test_who_approves_names_the_text_that_was_looked_at(story: TestBank) -> None:
    other = NEXT + "# another word\n"
    done(story.bank.propose_scheme(NEXT, "lead"))
    done(story.bank.propose_scheme(other, "boss"))
    assert refused(story.bank.approve_scheme("tests", APRIL, digest_of(NEXT), "head")) == [("stale", "digest")]
    assert refused(story.bank.withdraw_scheme("tests", APRIL, digest_of(NEXT), "head")) == [("stale", "digest")]
    done(story.bank.approve_scheme("tests", APRIL, digest_of(other), "lead"))
    assert refused(story.bank.approve_scheme("tests", APRIL, digest_of(NEXT), "head")) == [("stale", "digest")]
    assert done(story.bank.approve_scheme("tests", APRIL, digest_of(other), "head")).outcome == "duplicate"


def test_a_proposal_that_was_taken_back_waits_no_longer_and_can_be_made_again(story: TestBank) -> None:
    done(story.bank.propose_scheme(NEXT, "lead"))
    assert done(story.bank.propose_scheme(NEXT, "boss")).outcome == "duplicate"
    done(story.bank.withdraw_scheme("tests", APRIL, digest_of(NEXT), "head"))
    for act in (story.bank.approve_scheme, story.bank.withdraw_scheme):
        assert refused(act("tests", APRIL, digest_of(NEXT), "head")) == [("not-found", "")]
        assert refused(act("nothing", APRIL, digest_of(NEXT), "head")) == [("not-found", "")]
    done(story.publish(NEXT))
    assert story.types(STREAM) == ["SchemeProposed", "SchemeWithdrawn", "SchemeProposed", "SchemePublished"]


def test_a_publication_of_an_older_log_that_nobody_proposed_is_in_force(story: TestBank) -> None:
    event = SchemePublished(
        originator_id=STREAM, originator_version=1, recorded_at=story.clock(), by="lead",
        scheme="tests", effective=APRIL, digest=digest_of(NEXT), text=NEXT,
    )  # fmt: skip
    story.bank.save(event)
    found = story.bank.register.scheme_in_force("personal", APRIL)
    assert found
    assert found.effective == APRIL
    assert done(story.bank.propose_scheme(NEXT, "boss")).outcome == "duplicate"
    assert refused(story.bank.propose_scheme(NEXT + "# more\n", "boss")) == [("conflict", "")]


def test_of_two_who_approve_at_once_one_puts_it_in_force_and_the_other_finds_it_done(story: TestBank) -> None:
    for name in "abc":
        text = version(name, positions=(name,))
        done(story.bank.propose_scheme(text, "lead"))
        told = together(*[partial(story.bank.approve_scheme, name, APRIL, digest_of(text), by) for by in ("x", "y")])
        assert sorted(outcomes(told)) == ["accepted", "duplicate"]
        assert story.types(f"scheme:{name}:{APRIL}") == ["SchemeProposed", "SchemePublished"]


def test_of_two_who_approve_rivals_at_once_one_is_told_of_the_other(story: TestBank) -> None:
    texts = {name: version(name, positions=("trainee",)) for name in "ab"}
    for text in texts.values():
        done(story.bank.propose_scheme(text, "lead"))
    told = together(
        *[partial(story.bank.approve_scheme, name, APRIL, digest_of(text), "head") for name, text in texts.items()]
    )
    assert sorted(outcomes(told)) == ["accepted", "conflict"]


def test_a_version_never_changes_a_quarter_whose_reviews_were_opened(story: TestBank) -> None:
    story.clock.set("2026-07-01")
    done(story.bank.open_quarter(Quarter(2026, 2), date(2026, 7, 10), story.last_position, [], "hr").quarter)
    assert refused(story.publish(version(effective=APRIL))) == [("not-allowed", "effective")]
    done(story.publish(version(effective=JULY)))


LEFT_WITHOUT = {
    "the position is named no longer": (version(positions=("trainee",)), "personal (RMs: 3)"),
    "the unit is named no longer": (version(units=("south",)), "personal (RMs: 2)"),
}


@pytest.mark.parametrize("case", LEFT_WITHOUT)
def test_a_version_that_would_leave_people_without_a_scheme_is_refused_with_their_number(
    story: TestBank, case: str
) -> None:
    text, told = LEFT_WITHOUT[case]
    outcome = story.bank.propose_scheme(text, "lead")
    assert refused(outcome) == [("conflict", "positions")]
    assert isinstance(outcome, Refused)
    assert told in str(outcome)


def test_a_position_may_be_given_up_that_nobody_holds_or_that_another_scheme_takes(story: TestBank) -> None:
    done(story.publish(version("everybody", positions=("*",))))
    done(story.publish(version("tests", positions=("trainee",))))
    found = story.bank.register.scheme_in_force("personal", APRIL)
    assert found
    assert found.scheme == "everybody"


def test_what_was_proposed_is_checked_again_when_it_is_approved(story: TestBank) -> None:
    text = version("rival", positions=("trainee",))
    done(story.bank.propose_scheme(text, "lead"))
    done(story.publish(version("other", positions=("trainee",))))
    assert refused(story.bank.approve_scheme("rival", APRIL, digest_of(text), "head")) == [("conflict", "positions")]


SIDE_BY_SIDE = {
    "other positions": (("trainee",), (), "accepted"),
    "another unit": (("lending",), ("south",), "accepted"),
    "the whole bank beside a unit": (("lending",), (), "accepted"),
    "the same unit": (("lending", "trainee"), ("south", "east"), "conflict"),
    "a unit that is none": (("trainee",), ("north",), "unknown"),
}


@pytest.mark.parametrize("case", SIDE_BY_SIDE)
def test_two_schemes_of_one_day_appraise_other_positions_or_other_units(story: TestBank, case: str) -> None:
    positions, units, expected = SIDE_BY_SIDE[case]
    done(story.publish(version("first", positions=("lending",), units=("east",))))
    told = story.publish(version("second", positions=positions, units=units))
    assert outcomes([told]) == [expected]
    assert expected != "conflict" or "first" in str(told)


FOUND = {
    ("personal", "head"): "named",
    ("personal", "east"): "named-east",
    ("personal", "south"): "named-branch",
    ("trainee", "head"): "newer",
    ("trainee", "branch"): "any-branch",
    ("trainee", "south"): "any-south",
}
"""The position that is named comes first, then the nearest unit, then the newest version."""


def test_of_several_schemes_the_position_named_then_the_nearest_unit_then_the_newest_decides(story: TestBank) -> None:
    for name, effective, positions, units in (
        ("any-branch", APRIL, "*", ("branch",)), ("any-south", APRIL, "*", ("south",)), ("older", APRIL, "*", ()),
        ("newer", JULY, "*", ()), ("named", APRIL, "personal", ()), ("named-east", APRIL, "personal", ("east",)),
        ("named-branch", APRIL, "personal", ("branch",)), ("later", date(2026, 10, 1), "personal", ("east",)),
    ):  # fmt: skip
        done(story.publish(version(name, effective, (positions,), units)))
    register = story.bank.register
    found = {place: register.scheme_in_force(place[0], JULY, place[1]) for place in FOUND}
    assert {place: scheme and scheme.scheme for place, scheme in found.items()} == FOUND
    states = {name: register.is_in_force(scheme, JULY) for (name, _), scheme in register.schemes.items()}
    assert [name for name, holds in states.items() if not holds] == ["tests", "older", "later"]


def test_the_kinds_of_work_are_those_of_the_scheme_of_position_and_unit(story: TestBank) -> None:
    story.clock.set("2026-04-20")
    text = version("south", units=("south",)).replace('en = "visits", zh = "次"', 'en = "homes", zh = "户次"')
    done(story.publish(text.replace("kinds.call]", "kinds.phone]").replace('"call"', '"phone"')))
    told = [
        story.record(f"{rm}-{kind}", kind, rm=rm, occurred_on="2026-04-02")
        for rm in ("r1", "r2")
        for kind in ("call", "phone", "visit")
    ]
    assert outcomes(told) == ["accepted", "unknown", "accepted", "unknown", "accepted", "accepted"]
    with story.following() as model:
        kinds = {rm: {kind.kind for kind in model.kinds(rm, APRIL)} for rm in ("r1", "r2")}
        assert ["phone" in kinds[rm] for rm in ("r1", "r2")] == [False, True]
        waiting = {one.rm: one.unit and one.unit.en for one in model.actions(state="recorded").actions}
        assert waiting == {"r1": "visits", "r2": "homes"}
        events = {
            one.rm: one.kind and one.kind.unit.en
            for one in model.logged_events().events
            if one.type == "ActionRecorded"
        }
        assert events == {"r1": "visits", "r2": "homes"}
        diary = model.worklog("r2", APRIL, date(2026, 4, 30))
        assert {kind.kind: kind.unit.en for kind in diary.kinds} == {"phone": "calls", "visit": "homes"}
