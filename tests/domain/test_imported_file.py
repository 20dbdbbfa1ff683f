"""An imported file is noted once, with its control totals; again only where it brought something new."""

from dataclasses import replace
from decimal import Decimal

from domain.events import ControlTotalTaken, FileImported
from domain.imported_file import ControlTotal, ImportedFile
from domain.refusal import Taken
from tests.bank import TestBank

DIGEST = "ab" * 32
NET = {"quantity": Decimal("-2.50")}
VISITS = ControlTotal("visit", 2, {"quantity": Decimal("3.50"), "amount": Decimal(0)}, 1, NET)
LOANS = ControlTotal("loan", 1, {"quantity": Decimal(1), "amount": Decimal("99999999999999999999999999.99")})
FILE = ImportedFile("actions", DIGEST, "work of 王芳.csv", 4, 3, 0, 1, (LOANS, VISITS))


def events(story: TestBank) -> list[FileImported | ControlTotalTaken]:
    stored = story.bank.log.select_streams([FILE.import_id]).get(FILE.import_id, [])
    read = [story.bank.mapper.to_domain_event(row) for row in stored]
    return [event for event in read if isinstance(event, FileImported | ControlTotalTaken)]


def test_an_import_and_its_control_totals_stand_on_the_stream_of_the_file(story: TestBank) -> None:
    taken = story.bank.note_import(FILE, "cli")
    assert isinstance(taken, Taken)
    assert (taken.subject, taken.outcome) == (f"import:actions:{DIGEST}", "accepted")
    noted, loans, visits = events(story)
    assert isinstance(noted, FileImported)
    assert (noted.lines, noted.accepted, noted.duplicates, noted.rejected) == (4, 3, 0, 1)
    assert isinstance(loans, ControlTotalTaken)
    assert (loans.group, loans.lines, loans.amount) == ("loan", 1, Decimal("99999999999999999999999999.99"))
    assert isinstance(visits, ControlTotalTaken)
    assert (visits.group, visits.quantity, visits.target) == ("visit", Decimal("3.5"), None)
    assert (visits.accepted, visits.net_quantity, visits.net_amount) == (1, Decimal("-2.5"), None)
    assert (loans.accepted, loans.net_amount) == (None, None)


def test_the_name_of_a_file_stands_outside_the_log(story: TestBank) -> None:
    story.bank.note_import(FILE, "cli")
    rows = story.bank.log.select_streams([FILE.import_id])[FILE.import_id]
    assert not any("王芳".encode() in row.state or b"\\u738b" in row.state for row in rows)
    assert story.bank.log.select_texts("name", [FILE.import_id]) == {FILE.import_id: "work of 王芳.csv"}


def test_the_same_file_again_appends_nothing_and_tells_when_it_came_first(story: TestBank) -> None:
    story.clock.set("2026-03-02", 15)
    story.bank.note_import(FILE, "cli")
    position = story.bank.log.select_first_positions([FILE.import_id])[FILE.import_id]
    story.clock.set("2026-03-09")
    again = replace(FILE, accepted=0, duplicates=3)
    assert story.bank.note_import(again, "cli") == Taken(FILE.import_id, "duplicate", 0)
    assert len(events(story)) == 3
    earlier = story.bank.earlier_import(again.file_kind, again.digest)
    assert earlier is not None
    assert (earlier[0].first_at.isoformat(), earlier[1]) == ("2026-03-02T07:00:00+00:00", position)


def test_the_same_file_is_noted_again_where_it_brought_something_new(story: TestBank) -> None:
    story.bank.note_import(FILE, "cli")
    story.bank.note_import(replace(FILE, accepted=1, duplicates=3, rejected=0), "cli")
    assert [event.originator_version for event in events(story)] == [1, 2, 3, 4, 5, 6]


def test_a_file_whose_lines_stood_already_is_noted_when_it_comes_first(story: TestBank) -> None:
    """An import that was interrupted just before its end has left no note."""
    story.bank.note_import(replace(FILE, accepted=0, duplicates=3), "cli")
    assert len(events(story)) == 3


def test_a_file_is_whole_once_nothing_of_it_was_rejected_even_if_that_brought_nothing_new(story: TestBank) -> None:
    told = []
    for rejected in (1, 1, 0, 0):
        story.bank.note_import(replace(FILE, accepted=0, duplicates=4 - rejected, rejected=rejected), "cli")
        earlier = story.bank.earlier_import("actions", DIGEST)
        told.append((earlier[0].whole, len(events(story))) if earlier else None)
    assert told == [(False, 3), (False, 3), (True, 6), (True, 6)]


def test_a_file_without_lines_is_not_noted(story: TestBank) -> None:
    story.bank.note_import(ImportedFile("actions", DIGEST, "empty.csv", 0, 0, 0, 0), "cli")
    assert events(story) == []
