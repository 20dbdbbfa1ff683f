"""The relationship manager: registered, posted, transferred, certified, absent, left."""

from datetime import date
from typing import Any

import pytest

from domain.fields import OWN_IDS
from tests.bank import TestBank, done, outcomes, refused

STREAM = "rm:r1"


def absent(story: TestBank, first: str, last: str, rm: str = "r1") -> Any:
    return story.bank.record_absence(rm, date.fromisoformat(first), date.fromisoformat(last), "hr")


def test_a_new_rm_is_registered_posted_and_certified(story: TestBank) -> None:
    done(story.register("r9", certificate="AFP", certified_until="2027-12-31", supervisor="boss"))
    assert story.types("rm:r9") == ["RMRegistered", "RMPosted", "RMCertified"]
    rm = story.bank.register.rms["r9"]
    assert (rm.postings[-1].org, rm.postings[-1].position, rm.postings[-1].supervisor) == ("east", "personal", "boss")
    assert rm.certificates == {"AFP": date(2027, 12, 31)}


@pytest.mark.parametrize("rm", OWN_IDS)
def test_nobody_is_registered_by_an_id_that_tells_what_the_service_does_itself(story: TestBank, rm: str) -> None:
    assert refused(story.register(rm)) == [("not-allowed", "rm")]


def test_the_same_line_again_is_a_duplicate_without_an_event(story: TestBank) -> None:
    before = story.types(STREAM)
    assert done(story.register("r1")).outcome == "duplicate"
    assert story.types(STREAM) == before


def test_the_first_line_again_after_a_transfer_is_a_duplicate_too(story: TestBank) -> None:
    done(story.register("r1", "south", **{"from": "2026-03-01"}))
    assert done(story.register("r1", "east")).outcome == "duplicate"
    assert story.bank.register.rms["r1"].postings[-1].org == "south"


def test_another_outlet_from_a_day_is_a_transfer(story: TestBank) -> None:
    done(story.register("r1", "south", **{"from": "2026-03-01", "position": "lending"}))
    rm = story.bank.register.rms["r1"]
    held = [rm.posting_on(date(2026, 2, 28)), rm.posting_on(date(2026, 3, 1)), rm.posting_on(date(2025, 12, 31))]
    assert [posting and (posting.org, posting.position) for posting in held] == [
        ("east", "personal"), ("south", "lending"), None,
    ]  # fmt: skip


def test_a_transfer_that_is_told_late_takes_its_place_among_the_others(story: TestBank) -> None:
    done(story.register("r1", "south", **{"from": "2026-03-01"}))
    done(story.register("r1", "branch", **{"from": "2026-02-01"}))
    assert [posting.org for posting in story.bank.register.rms["r1"].postings] == ["east", "branch", "south"]


def test_another_outlet_from_the_same_day_is_a_conflict(story: TestBank) -> None:
    assert refused(story.register("r1", "south")) == [("conflict", "from")]


def test_a_corrected_name_is_a_renaming_and_stands_from_then_on(story: TestBank) -> None:
    done(story.register("r1", name="Person One"))
    assert story.types(STREAM)[-1] == "RMRenamed"
    assert story.bank.names(["r1", "r2", "nobody"]) == {"r1": "Person One", "r2": "Person r2"}


def test_a_certificate_that_is_renewed_is_a_new_fact(story: TestBank) -> None:
    done(story.register("r1", certificate="CFP", certified_until="2026-06-30"))
    done(story.register("r1", certificate="CFP", certified_until="2028-06-30"))
    assert story.types(STREAM).count("RMCertified") == 3
    assert story.bank.register.rms["r1"].certificates["CFP"] == date(2028, 6, 30)


def test_who_left_serves_to_the_last_day_and_not_beyond(story: TestBank) -> None:
    done(story.register("r1", left_on="2026-02-10"))
    rm = story.bank.register.rms["r1"]
    assert (rm.posting_on(date(2026, 2, 10)) is None, rm.posting_on(date(2026, 2, 11)) is None) == (False, True)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"org": "nowhere"}, ("unknown", "org")),
        ({"joined_on": "2026-01-02", "from": "2026-01-02"}, ("conflict", "joined_on")),
        ({"from": "2025-12-31"}, ("not-allowed", "from")),
        ({"left_on": "2025-12-31"}, ("not-allowed", "left_on")),
        ({"certificate": "", "certified_until": "2026-12-31"}, ("malformed", "certificate")),
        ({"joined_on": "2026-02-30"}, ("malformed", "joined_on")),
        ({"name": ""}, ("malformed", "name")),
        ({"from": "soon"}, ("malformed", "from")),
    ],
)
def test_a_line_that_contradicts_what_stands_is_refused_with_its_field(
    story: TestBank, line: dict[str, str], fault: tuple[str, str]
) -> None:
    assert fault in refused(story.bank.register_rms([story.rm_line("r1") | line], "hr")[0])


def test_a_second_last_day_is_a_conflict(story: TestBank) -> None:
    done(story.register("r1", left_on="2026-02-10"))
    assert refused(story.register("r1", left_on="2026-02-11")) == [("conflict", "left_on")]


def test_a_line_sees_what_the_lines_before_it_made_of_the_rm(story: TestBank) -> None:
    lines = [
        story.rm_line("r9", "east"),
        story.rm_line("r9", "south"),
        story.rm_line("r9", "south", **{"from": "2026-02-01"}),
        story.rm_line("r9", "east"),
    ]
    assert outcomes(story.bank.register_rms(lines, "hr")) == ["accepted", "conflict", "accepted", "duplicate"]


def test_an_absence_is_recorded_once(story: TestBank) -> None:
    assert done(absent(story, "2026-02-02", "2026-02-06")).outcome == "accepted"
    assert done(absent(story, "2026-02-02", "2026-02-06")).outcome == "duplicate"
    assert story.types(STREAM).count("RMAbsent") == 1


@pytest.mark.parametrize(
    ("rm", "first", "last", "fault"),
    [
        ("nobody", "2026-02-02", "2026-02-03", ("not-found", "rm")),
        ("r1", "2026-02-03", "2026-02-02", ("not-allowed", "to_day")),
        ("r1", "2025-12-31", "2026-01-02", ("not-allowed", "from_day")),
        ("r1", "2026-03-04", "2026-03-06", ("conflict", "from_day")),
        ("r1", "2026-02-27", "2026-03-05", ("conflict", "from_day")),
    ],
)
def test_an_absence_outside_of_service_or_over_another_one_is_refused(
    story: TestBank, rm: str, first: str, last: str, fault: tuple[str, str]
) -> None:
    done(absent(story, "2026-03-05", "2026-03-10"))
    assert refused(absent(story, first, last, rm)) == [fault]


def test_an_absence_does_not_reach_beyond_the_last_day(story: TestBank) -> None:
    done(story.register("r1", left_on="2026-02-10"))
    assert refused(absent(story, "2026-02-09", "2026-02-11")) == [("not-allowed", "from_day")]
