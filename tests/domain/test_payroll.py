"""A payroll run is prepared by one person and released by another, once; then nothing edits it."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from domain.bank import Outcome
from domain.calendar import Quarter
from domain.log import Text
from domain.money import plain
from domain.payroll import Content, Run
from domain.payroll_files import Missing, PaidGrade, differing_line, marks, missing_csv, run_csv, run_json, why
from domain.seal import seal, sealed_until
from tests.bank import TestBank, done, outcomes, refused
from tests.domain.reviewing import Reviewing
from tests.domain.test_two_at_once import before_writing, together
from tests.reviewed import finalised, opened, reopened

Q1 = Quarter(2026, 1)
GRADE = PaidGrade(
    "r1", "2026Q1", "east", "qualified", Decimal("81.50"), Decimal("1.1"), "tests", date(2026, 1, 1), "2026Q2", 1, 31,
    20, 21, "ab" * 32, 1,
)  # fmt: skip
MISSING = Missing("r2", "south", "appealed")


def content(story: TestBank, run: int = 1, *grades: PaidGrade) -> Content:
    """What a run would hold as the log stands: the grade of `r1`, and that `r2` has none."""
    return Content(Q1, run, story.last_position, grades or (GRADE,), (MISSING,))


def prepared(story: TestBank, by: str = "hr") -> Run:
    done(story.bank.prepare_run(content(story), by))
    return story.bank.payroll_runs(Q1)[-1]


def release(story: TestBank, run: Run, by: str = "chief", **more: object) -> Outcome:
    """Release a run as somebody who looked at it, once the log is sealed."""
    seal(story.bank)
    last = sealed_until(story.bank.log)
    asked = {"digest": run.digest, "seal": (last.position, last.digest), "tied_to": ()} | more
    return story.bank.release_run(Q1, run.run, by=by, **asked)  # type: ignore[arg-type]


def test_a_run_is_prepared_by_one_person_and_released_by_another(story: TestBank) -> None:
    run = prepared(story)
    assert (run.state, run.employees, run.without, run.coefficients, run.scores) == (
        "prepared", 1, 1, Decimal("1.1"), Decimal("81.5"),
    )  # fmt: skip
    assert json.loads(run.missing) == [["r2", "south", "appealed"]]
    done(release(story, run))
    released = story.bank.payroll_runs(Q1)[0]
    assert (released.state, released.prepared_by, released.ended_by) == ("released", "hr", "chief")
    assert (released.sealed or 0) >= run.at
    assert story.types("payroll:2026Q1:1") == ["RunPrepared", "RunReleased"]


def test_nobody_releases_what_they_prepared_nor_what_somebody_prepared_who_could_act_as_they(story: TestBank) -> None:
    run, before = prepared(story), story.last_position
    seal(story.bank)
    sealed = story.last_position
    assert refused(release(story, run, by="hr")) == [("not-allowed", "")]
    assert refused(release(story, run, tied_to={"hr"})) == [("not-allowed", "")]
    assert (before < sealed, story.types("payroll:2026Q1:1")) == (True, ["RunPrepared"])


def test_a_run_is_released_once_and_the_same_person_doing_so_again_changes_nothing(story: TestBank) -> None:
    run = prepared(story)
    assert outcomes([release(story, run), release(story, run)]) == ["accepted", "duplicate"]
    assert refused(release(story, run, by="boss")) == [("out-of-turn", "")]
    assert refused(story.bank.discard_run(Q1, 1, "too late", "hr")) == [("out-of-turn", "")]
    assert story.types("payroll:2026Q1:1") == ["RunPrepared", "RunReleased"]


def test_who_releases_a_run_confirms_the_digest_of_what_it_holds(story: TestBank) -> None:
    run = prepared(story)
    assert refused(release(story, run, digest="0" * 64)) == [("stale", "digest")]
    other = replace(content(story), missing=())
    assert other.digest != run.digest


def test_a_run_is_released_only_under_a_seal_that_covers_it(story: TestBank) -> None:
    run = prepared(story)
    assert refused(release(story, run, seal=(run.at - 1, "ab"))) == [("conflict", "")]


def test_a_run_of_which_a_review_was_reopened_since_is_not_released(story: TestBank) -> None:
    opened(story)
    finalised(story)
    run = prepared(story)
    reopened(story)
    assert refused(release(story, run)) == [("stale", "")]
    done(story.bank.discard_run(Q1, 1, "a review was reopened", "hr"))
    again = replace(content(story), run=2)
    done(story.bank.prepare_run(again, "hr"))
    done(release(story, story.bank.payroll_runs(Q1)[1]))


def test_a_review_that_is_reopened_in_the_moment_of_the_release_is_so_before_it_or_after(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(story)
    finalised(story)
    run = prepared(story)
    seal(story.bank)
    before_writing(monkeypatch, story.bank, lambda: reopened(story))
    assert refused(release(story, run)) == [("stale", "")]
    assert story.types("payroll:2026Q1:1") == ["RunPrepared"]


def test_a_release_and_a_reopening_at_once_end_as_one_of_their_two_orders(story: TestBank) -> None:
    reviews = [Reviewing(story, rm) for rm in ("r1", "r2", "r3")]
    for number, review in enumerate(reviews, 1):
        review.come_to("final")
        done(review.propose())
        content = Content(Q1, number, story.last_position, (GRADE,), ())
        done(story.bank.prepare_run(content, "hr"))
        run = story.bank.payroll_runs(Q1)[-1]
        seal(story.bank)
        released, anew = together(partial(release, story, run), review.reopen)
        done(anew)
        (at,) = story.bank.log.select_stream_positions(review.stream)[-1:]
        if outcomes([released]) == ["accepted"]:
            assert story.bank.log.select_stream_positions(run.run_id)[-1] < at
        else:
            assert refused(released) == [("stale", "")]
            done(story.bank.discard_run(Q1, number, "a review was reopened", "hr"))


def test_a_review_of_another_quarter_that_is_reopened_keeps_nobody_from_releasing(story: TestBank) -> None:
    run = prepared(story)
    opened(story, quarter="2026Q2")
    reopened(story, quarter="2026Q2")
    done(release(story, run))


def test_of_a_quarter_one_run_waits_at_a_time_and_the_same_again_is_a_duplicate(story: TestBank) -> None:
    run = prepared(story)
    again = done(story.bank.prepare_run(content(story, 2), "hr"))
    assert (again.outcome, again.position) == ("duplicate", story.last_position)
    other = content(story, 2, replace(GRADE, coefficient=Decimal(1)))
    assert refused(story.bank.prepare_run(other, "hr")) == [("conflict", "quarter")]
    done(story.bank.discard_run(Q1, run.run, "a wrong coefficient", "hr"))
    done(story.bank.prepare_run(replace(other, at=story.last_position), "hr"))
    assert [(each.run, each.state) for each in story.bank.payroll_runs()] == [(1, "discarded"), (2, "prepared")]


def test_a_run_is_prepared_from_what_stands_after_every_run_before(story: TestBank) -> None:
    early = content(story)
    done(release(story, prepared(story)))
    assert refused(story.bank.prepare_run(replace(early, run=2), "hr")) == [("stale", "")]
    assert refused(story.bank.prepare_run(content(story, 3), "hr")) == [("stale", "")]
    done(story.bank.prepare_run(content(story, 2), "hr"))


def test_a_quarter_without_a_final_grade_has_no_run(story: TestBank) -> None:
    assert refused(story.bank.prepare_run(replace(content(story), grades=()), "hr")) == [("not-allowed", "quarter")]
    assert story.bank.payroll_runs() == []


def test_a_run_is_discarded_with_a_reason_that_stands_outside_the_log(story: TestBank) -> None:
    prepared(story)
    assert refused(story.bank.discard_run(Q1, 1, " ", "hr")) == [("malformed", "reason")]
    done(story.bank.discard_run(Q1, 1, "an appeal came in", "hr"))
    assert done(story.bank.discard_run(Q1, 1, "an appeal came in", "hr")).outcome == "duplicate"
    assert refused(story.bank.discard_run(Q1, 1, "an appeal came in", "chief")) == [("out-of-turn", "")]
    texts = story.bank.log.select_texts_of([("payroll:2026Q1:1", 2)])
    assert texts == {("payroll:2026Q1:1", 2): {"reason": "an appeal came in"}}
    assert b"appeal came" not in b"".join(row[4] for row in story.bank.log.select_positions([story.last_position]))


def test_a_run_that_was_discarded_or_never_prepared_is_not_released(story: TestBank) -> None:
    run = prepared(story)
    done(story.bank.discard_run(Q1, 1, "a mistake", "hr"))
    assert refused(release(story, run)) == [("out-of-turn", "")]
    assert refused(release(story, replace(run, run=7))) == [("not-found", "")]
    assert refused(story.bank.discard_run(Q1, 7, "a mistake", "hr")) == [("not-found", "")]


def test_of_two_who_prepare_or_release_at_once_one_does(story: TestBank) -> None:
    what, banks = content(story), [story.beside() for _ in range(2)]
    told = together(*(partial(bank.prepare_run, what, by) for bank, by in zip(banks, ("hr", "hr2"), strict=True)))
    assert sorted(outcomes(told)) == ["accepted", "duplicate"]
    seal(story.bank)
    last = sealed_until(story.bank.log)
    asked = (Q1, 1, what.digest, (last.position, last.digest))
    told = together(*(partial(bank.release_run, *asked, by) for bank, by in zip(banks, ("chief", "boss"), strict=True)))
    assert sorted(outcomes(told)) == ["accepted", "out-of-turn"]
    assert story.types("payroll:2026Q1:1") == ["RunPrepared", "RunReleased"]
    for bank in banks:
        bank.close()


def test_what_a_file_holds_follows_from_the_grades_alone_and_shows_no_figure_of_who_has_none() -> None:
    text = run_csv([GRADE]).decode()
    assert text == (
        "employee,quarter,org,tier,score,coefficient,scheme,scheme_version,period,round,log_position,facts_at,rated_at,"
        "digest,run,replaces_run\r\n"
        f"r1,2026Q1,east,qualified,81.5,1.1,tests,2026-01-01,2026Q2,1,31,20,21,{'ab' * 32},1,\r\n"
    )
    told = json.loads(run_json("2026Q1", 1, 40, [GRADE], [MISSING]))
    assert (told["version"], told["grades"][0]["score"], told["grades"][0]["replaces_run"]) == (1, "81.5", None)
    assert told["without"] == [{"employee": "r2", "org": "south", "state": "appealed", "why": why("appealed")}]
    line = text.splitlines(keepends=True)[1]
    assert marks([GRADE]) == hashlib.sha256(line.encode()).hexdigest()[:4]


def test_an_id_that_a_spreadsheet_would_run_as_a_formula_is_none_in_a_csv_and_stands_as_it_is_elsewhere() -> None:
    odd = replace(GRADE, employee="-7", org="-b")
    (row,) = csv.DictReader(run_csv([odd]).decode().splitlines())
    assert (row["employee"], row["org"], row["score"]) == ("'-7", "'-b", plain(odd.score))
    (none,) = csv.DictReader(missing_csv([Missing("-7", "b", "open")]).decode().splitlines())
    assert (none["employee"], none["org"]) == ("'-7", "b")
    told = json.loads(run_json("2026Q1", 1, 9, [odd], []))
    assert told["grades"][0]["employee"] == "-7"
    file = run_csv([odd])
    assert differing_line(file, marks([odd])) is None
    assert differing_line(file.replace(b"'-7", b"'-8"), marks([odd])) == 2


def test_a_reason_is_proven_by_its_digest(story: TestBank) -> None:
    prepared(story)
    done(story.bank.discard_run(Q1, 1, "a mistake", "hr"))
    event = story.events("payroll:2026Q1:1")[1]
    with story.bank.log.reading() as cursor:
        cursor.execute("SELECT salt FROM texts WHERE originator_id = ?", ("payroll:2026Q1:1",))
        (salt,) = cursor.fetchone()
    assert event.model_dump()["reason_digest"] == Text("payroll:2026Q1:1", 2, "reason", salt, "a mistake").digest
