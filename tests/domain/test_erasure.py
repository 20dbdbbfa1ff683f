"""Erasure: names and notes are gone for good, from every file of the store; events and what they say stay."""

from pathlib import Path
from typing import Any

import pytest

from domain import erasure
from domain.erasure import Erased, erase_texts
from domain.events import TextsErased
from domain.proof import check_seals
from domain.refusal import Refused
from domain.seal import Manifest, seal
from tests.bank import TestBank, done, refused

R1, R2 = "Person r1", "Person r2"
NOTE, CLIENTS, REASON, AMENDED = "a word about lunch", "a word of r2 about C1", "nobody saw it", "the market fell"
ALIAS = "Morning Star"


@pytest.fixture
def story(tmp_path: Path, store: str | None) -> TestBank:
    """A bank in which texts of each kind stand about r1 and about the customer C1."""
    story = TestBank(tmp_path, store=store).founded()
    done(story.record("a1", note=NOTE, customer="C2"))
    done(story.record("a2", customer="C1"))
    done(story.bank.reject_action("action:crm:a2", REASON, "boss"))
    done(story.record("a3", rm="r2", note=CLIENTS, customer="C1"))
    done(story.agree("r1", savings="900", reason=AMENDED))
    return story


def erase(story: TestBank, subject: str, key: str) -> Erased:
    erased = erase_texts(story.bank, "rm" if subject == "rm" else "customer", key, "cli")
    assert isinstance(erased, Erased), erased
    return erased


def held(story: TestBank, *texts: str) -> set[str]:
    """Which of some texts stand in the store, or in any file of the data dir."""
    with story.bank.log.reading() as cursor:
        cursor.execute("SELECT text FROM texts")
        rows = [row[0].encode() for row in cursor.fetchall()]
    content = b"".join([*rows, *(path.read_bytes() for path in story.folder.iterdir() if path.is_file())])
    return {text for text in texts if text.encode() in content}


def test_every_text_about_an_rm_is_gone_from_the_files(story: TestBank) -> None:
    done(story.bank.choose_alias("r1", ALIAS, "r1"))
    every = (R1, NOTE, REASON, AMENDED, ALIAS, CLIENTS, R2)
    assert held(story, *every) == set(every)
    assert erase(story, "rm", "r1") == Erased(5, 17, True)
    assert held(story, *every) == {CLIENTS, R2}
    assert story.bank.aliases(["r1"]) == {}
    assert story.bank.names(["r1", "r2"]) == {"r2": R2}


def test_every_text_about_a_customer_is_gone_whoever_wrote_it(story: TestBank) -> None:
    assert erase(story, "customer", "C1") == Erased(2, 3, True)
    assert held(story, R1, NOTE, REASON, AMENDED, CLIENTS, R2) == {R1, NOTE, AMENDED, R2}


def test_the_note_of_a_reversal_goes_with_the_customer_of_what_it_takes_back(story: TestBank) -> None:
    done(story.record("d", "deposit", amount="9", customer="C7"))
    done(story.record("e", "deposit", amount="9", reverses="crm:d", note="C7 changed their mind"))
    assert erase(story, "customer", "C7").texts == 1
    assert held(story, "changed their mind") == set()


def test_long_texts_leave_nothing_behind(story: TestBank) -> None:
    """Those that fill pages of their own, and those that moved when a page was split."""
    for n in range(60):
        done(story.record(f"z{n % 7}{n}", note=f"Herzblatt {n} " + "x" * 400))
        done(story.record(f"y{n % 7}{n}", note=f"Herzblatt {n} " + "约" * 480))
    assert erase(story, "rm", "r1").texts == 124
    assert held(story, "Herzblatt") == set()


def test_a_note_recorded_while_an_erasure_looks_is_erased_too(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    look, late = erasure._select_keys, iter([{"ref": "late", "note": "Herzblatt came late"}])

    def look_and_be_overtaken(*given: Any) -> Any:
        found = look(*given)
        for line in late:
            done(story.record(**line))
        return found

    monkeypatch.setattr(erasure, "_select_keys", look_and_be_overtaken)
    assert erase(story, "rm", "r1").texts == 5
    assert held(story, "Herzblatt") == set()


def test_a_long_log_is_looked_through_in_runs(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.log.RUN", 1)
    monkeypatch.setattr("domain.log.BLOCK", 10)
    monkeypatch.setattr(erasure, "PAGE", 2)
    assert erase(story, "rm", "r1") == Erased(4, 16, True)


def test_an_event_says_who_erased_how_many_texts_and_when(story: TestBank) -> None:
    erase(story, "rm", "r1")
    erase(story, "customer", "C1")
    events = [*story.events("rm:r1")[-1:], *story.events("customer:C1")]
    assert [(type(each), each.by, each.recorded_at) for each in events] == [(TextsErased, "cli", story.clock.now)] * 2
    assert [(each.rm, each.customer, each.texts) for each in events if isinstance(each, TextsErased)] == [
        ("r1", None, 4), (None, "C1", 1),
    ]  # fmt: skip


def test_to_erase_again_finds_nothing_and_writes_nothing(story: TestBank) -> None:
    erase(story, "rm", "r1")
    before = story.last_position
    assert erase(story, "rm", "r1").texts == 0
    assert erase(story, "customer", "C2").texts == 0
    assert story.last_position == before


@pytest.mark.parametrize(("subject", "key"), [("rm", "r77"), ("customer", "C77"), ("customer", "r1"), ("rm", "C1")])
def test_who_is_not_known_is_refused(story: TestBank, subject: str, key: str) -> None:
    told = erase_texts(story.bank, "rm" if subject == "rm" else "customer", key, "cli")
    assert isinstance(told, Refused)
    assert refused(told) == [("not-found", subject)]


def test_a_later_file_does_not_bring_the_name_back_but_its_facts_are_taken_in(story: TestBank) -> None:
    erase(story, "rm", "r1")
    assert done(story.register("r1")).outcome == "duplicate"
    done(story.register("r1", "south", name="Another Name", **{"from": "2026-03-01"}))
    assert story.types("rm:r1")[-2:] == ["TextsErased", "RMPosted"]
    assert story.bank.register.rms["r1"].postings[-1].org == "south"
    assert story.bank.names(["r1"]) == {}
    assert held(story, R1, "Another Name") == set()


def test_another_process_that_knows_the_rm_does_not_bring_the_name_back_either(story: TestBank) -> None:
    other = TestBank(story.folder, store=story.store)
    assert other.bank.register.rms["r1"].erased is False
    erase(story, "rm", "r1")
    assert done(other.register("r1", name="Another Name")).outcome == "duplicate"
    other.close()


def test_a_customer_whose_texts_were_erased_is_assigned_like_any_other(story: TestBank) -> None:
    erase(story, "customer", "C1")
    line = {"customer": "C1", "segment": "private", "assets": "7000000", "a_rm": "r1", "b_rm": "r2"}
    assert done(story.bank.assign_customers([line], "crm")[0]).outcome == "accepted"
    assert done(story.bank.assign_customers([line], "crm")[0]).outcome == "duplicate"
    assert story.types("customer:C1") == ["TextsErased", "CustomerAssigned"]


def test_what_was_sealed_before_stays_sealed(story: TestBank) -> None:
    seal(story.bank)
    before = check_seals(story.bank.log, story.last_position)
    erase(story, "rm", "r1")
    seal(story.bank)
    assert isinstance(before, Manifest)
    assert isinstance(check_seals(story.bank.log, story.last_position, before), Manifest)
