"""Hands on the store, on either of them: what is found by seals and read model, and what by a kept manifest alone.

One table says what was done, which event is named, and who finds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from api.payroll_exports import file_digests
from api.payroll_manifest import kept_of, manifest_of
from domain.calendar import Quarter
from domain.payroll_proof import KeptRun, content_of, finals_of
from domain.seal import Manifest, seal, sealed_until
from projections.answers import Verification
from projections.answers.payroll import RunManifest
from projections.verify import verify
from tests.bank import TestBank, done
from tests.reviewed import finalised_as, opened, reopened
from tests.tampering import recorded, tampered

FILE = "read-model.duckdb"
Q1 = Quarter(2026, 1)
PEOPLE = ("r1", "r2", "r3")


@dataclass(frozen=True, slots=True)
class Paid:
    """A bank with a released run: what its manifest keeps, where its final grades and one of its facts stand."""

    story: TestBank
    manifest: RunManifest
    kept: KeptRun
    finals: dict[str, int]
    fact: int

    def check(self, kept: Manifest | KeptRun | None = None) -> Verification:
        return verify(self.story.bank, self.story.folder / FILE, None, kept)

    def without_read_model(self) -> None:
        """Whoever holds the store can take the read model away, too."""
        (self.story.folder / FILE).unlink(missing_ok=True)

    def sealed_anew(self) -> None:
        """Make the whole chain of seals again, as whoever holds the store can."""
        tampered(self.story, "DELETE FROM stored_events WHERE originator_id = 'seal'")
        seal(self.story.bank)


@pytest.fixture
def paid(tmp_path: Path, store: str | None) -> Iterator[Paid]:
    """Three RMs with their facts, final by what these come to, and a run that two people released."""
    story = TestBank(tmp_path, store=store).founded()
    recorded(story, 0, 40)
    fact = story.last_position
    story.clock.set("2026-04-01")
    story.close_days("2026-03-20", "2026-03-31")
    seal(story.bank)
    for rm in PEOPLE:
        opened(story, rm)
    with story.following(FILE) as model:
        at = story.last_position
        finals = {each.rm: finalised_as(story, each) for each in model.review_results(Q1, PEOPLE, at, at)}
        model.follower.catch_up()
        content = model.next_run(Q1)
        done(story.bank.prepare_run(content, "hr"))
        seal(story.bank)
        last = sealed_until(story.bank.log)
        done(story.bank.release_run(Q1, 1, content.digest, (last.position, last.digest), "chief"))
        seal(story.bank)
        recorded(story, 40, 3)
        model.follower.catch_up()
        (run,) = story.bank.payroll_runs(Q1)
        manifest = manifest_of(story.bank, run, model.run_content(run))
    kept = kept_of(manifest)
    assert isinstance(kept, KeptRun)
    yield Paid(story, manifest, kept, finals, fact)
    story.close()


def test_a_manifest_whose_totals_people_or_seal_are_not_those_of_the_run_is_told(paid: Paid) -> None:
    kept = paid.kept
    assert paid.check(kept).difference is None
    others = [
        replace(kept, coefficients=kept.coefficients + 1), replace(kept, without=kept.without + 1),
        replace(kept, released=("nobody", kept.released[1])), replace(kept, sealed=kept.sealed - 1),
    ]  # fmt: skip
    assert all(paid.check(other).difference for other in others)


def test_a_manifest_that_names_another_workbook_or_a_seal_that_never_was_is_no_proof(paid: Paid) -> None:
    kept = paid.manifest
    forged = kept.model_copy(update={"files": kept.files.model_copy(update={"xlsx": kept.files.csv})})
    told = paid.check(kept_of(forged)).difference
    assert told
    assert told.says == "The xlsx file of the run 1 of 2026Q1 is not the one of the manifest"
    sealed_never = kept.model_copy(update={"seals": [(1, kept.seal), *kept.seals]})
    told = paid.check(kept_of(sealed_never)).difference
    assert told
    assert told.says == "The log has no such seal as the manifest names up to position 1"


def changed(story: TestBank, old: str, new: str, position: int) -> str:
    """A statement that writes something else into the state of one event, in the store's SQL."""
    if story.store:
        text = f"convert_to(replace(convert_from(state, 'UTF8'), '{old}', '{new}'), 'UTF8')"
    else:
        text = f"CAST(replace(CAST(state AS TEXT), '{old}', '{new}') AS BLOB)"
    return f"UPDATE stored_events SET state = {text} WHERE {story.bank.log.POSITION} = {position}"


def swapped(at: str, one: int, other: int) -> list[str]:
    moves = ((one, 0), (other, one), (0, other))
    return [f"UPDATE stored_events SET {at} = {new} WHERE {at} = {old}" for old, new in moves]


def statements(paid: Paid, what: str) -> list[str]:
    """What somebody does who holds the store."""
    story, at = paid.story, paid.story.bank.log.POSITION
    fact, final = paid.fact, paid.finals["r2"]
    byte = r"'\xff'" if story.store else "x'ff'"
    return {
        "one byte of a fact": [changed(story, '"amount":"5"', '"amount":"6"', fact)],
        "one byte of a final grade": [changed(story, '"tier":"', '"tier":"x', final)],
        "who recorded a fact": [changed(story, '"by":"crm"', '"by":"cr"', fact)],
        "a topic": [f"UPDATE stored_events SET topic = 'ActionVoided' WHERE {at} = {fact}"],
        "a byte that is no text": [f"UPDATE stored_events SET state = {byte} WHERE {at} = {fact}"],
        "nothing left of a state": [f"UPDATE stored_events SET state = '{{}}' WHERE {at} = {fact}"],
        "a fact removed": [f"DELETE FROM stored_events WHERE {at} = {fact}"],
        "a final grade removed": [f"DELETE FROM stored_events WHERE {at} = {final}"],
        "two facts swapped": swapped(at, fact - 2, fact),
        "two final grades swapped": swapped(at, paid.finals["r1"], final),
        "a seal removed": ["DELETE FROM stored_events WHERE originator_id = 'seal' AND originator_version = 1"],
    }[what]


PROVEN_BY_SEALS = {
    "one byte of a fact": ("fact", "is not as it was sealed"),
    "one byte of a final grade": ("r2", "GradeFinalised of review:r2:2026Q1) is not as it was sealed"),
    "who recorded a fact": ("fact", "is not as it was sealed"),
    "a topic": ("fact", "ActionVoided of action:"),
    "a byte that is no text": ("fact", "can't be read any more"),
    "nothing left of a state": ("fact", "is not as it was sealed"),
    "a fact removed": ("fact", "is gone"),
    "a final grade removed": ("r2", "is gone"),
    "two facts swapped": ("before fact", "is not as it was sealed"),
    "two final grades swapped": ("r1", "is not as it was sealed"),
    "a seal removed": (None, "Seal 1 is gone"),
}
"""What was done: the event that is named as the first that differs, and what is said of it."""


def place(paid: Paid, which: str | None) -> int | None:
    """Where the event that a table names stands; None for none."""
    return ({"fact": paid.fact, "before fact": paid.fact - 2} | paid.finals).get(which or "")


@pytest.mark.parametrize("what", PROVEN_BY_SEALS)
def test_what_was_changed_under_a_seal_is_named_without_a_manifest_and_without_a_read_model(
    paid: Paid, what: str
) -> None:
    which, said = PROVEN_BY_SEALS[what]
    tampered(paid.story, *statements(paid, what))
    paid.without_read_model()
    for kept in (None, paid.kept):
        different = paid.check(kept).difference
        assert different is not None
        assert (different.position, said in different.says) == (place(paid, which), True), different


def test_a_bank_that_nobody_touched_is_proven_by_its_manifests_and_every_grade_follows_from_its_facts(
    paid: Paid,
) -> None:
    found = paid.check(paid.kept)
    assert found.difference is None
    assert found.run is not None
    assert (found.run.quarter, found.run.run, found.run.employees) == ("2026Q1", 1, 3)
    assert paid.check(paid.kept.manifest).difference is None
    paid.without_read_model()
    assert paid.check(paid.kept).run == found.run


def test_a_manifest_stays_true_while_a_run_is_followed_by_others(paid: Paid) -> None:
    reopened(paid.story, "r1")
    recorded(paid.story, 100, 20)
    seal(paid.story.bank)
    assert paid.check(paid.kept).difference is None


def test_the_tail_that_was_cut_off_after_a_seal_is_known_to_the_read_model_and_to_the_manifest(paid: Paid) -> None:
    position, kept = paid.story.bank.log.POSITION, paid.kept
    tampered(paid.story, f"DELETE FROM stored_events WHERE {position} > {kept.seals[0][0] + 1}")
    witnessed = paid.check().difference
    assert witnessed is not None
    assert "the read model had taken it in" in witnessed.says
    paid.without_read_model()
    assert paid.check().difference is None
    different = paid.check(kept).difference
    assert different is not None
    assert "The run 1 of 2026Q1 is not there" in different.says
    assert f"between positions {kept.seals[0][0] + 1} and" in different.says
    assert paid.check(kept.manifest).difference is not None


REWRITTEN = {
    "one byte of a fact": (None, "stands between positions 1 and"),
    "one byte of a final grade": ("r2", "GradeFinalised of review:r2:2026Q1) is not the one of the manifest"),
    "a fact removed": (None, "stands between positions 1 and"),
    "a final grade removed": ("r3", "is not the one of the manifest"),
    "two facts swapped": (None, "stands between positions 1 and"),
    "two final grades swapped": ("r1", "is not the one of the manifest"),
}
"""Edits after which the chain was made again: which final grade is named, or what is said where it was none."""


@pytest.mark.parametrize("what", REWRITTEN)
def test_a_chain_that_was_made_again_after_an_edit_is_found_by_the_manifest_alone(paid: Paid, what: str) -> None:
    which, said = REWRITTEN[what]
    tampered(paid.story, *statements(paid, what))
    paid.without_read_model()
    paid.sealed_anew()
    assert paid.check().difference is None
    different = paid.check(paid.kept).difference
    assert different is not None
    assert said in different.says, different
    assert "rewritten and sealed anew" in different.says
    if which and what != "a final grade removed":
        swapped_at = {"two final grades swapped": paid.finals["r2"]}.get(what, paid.finals[which])
        assert different.position == swapped_at
    assert paid.check(paid.kept.manifest).difference is not None


def test_a_grade_that_became_final_otherwise_than_its_facts_come_to_is_named(paid: Paid) -> None:
    story = paid.story
    reopened(story, "r1")
    with story.following(FILE) as model:
        (result,) = model.review_results(Q1, ["r1"], story.last_position, story.last_position)
        at = finalised_as(story, replace(result, lines=result.lines.replace('"gates":[', '"gates":[ ')), round=2)
        model.follower.catch_up()
        content = model.next_run(Q1)
        done(story.bank.prepare_run(content, "hr"))
        seal(story.bank)
        last = sealed_until(story.bank.log)
        done(story.bank.release_run(Q1, 2, content.digest, (last.position, last.digest), "chief"))
        run = story.bank.payroll_runs(Q1)[1]
        kept = kept_of(manifest_of(story.bank, run, model.run_content(run)))
    different = paid.check(kept).difference
    assert different is not None
    assert (different.position, "is not what its facts and ratings come to" in different.says) == (at, True)


def test_what_a_run_holds_is_the_same_by_the_log_alone_as_by_the_read_model(paid: Paid) -> None:
    bank, runs = paid.story.bank, paid.story.bank.payroll_runs(Q1)
    with paid.story.following(FILE) as model:
        told = model.run_content(runs[0])
    made = content_of(bank, runs[0], runs, finals_of(bank.log, Q1, runs[0].at))
    assert made == told
    assert file_digests(made).json_ == paid.kept.json_digest
