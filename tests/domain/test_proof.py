"""Proof: whatever was changed in a sealed log, the first event that differs is named; on either store, and beside a
manifest, in tests/projections/test_tampering.py."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from domain.log import BLOCK
from domain.proof import Difference, check_seals
from domain.seal import Manifest, seal
from tests.bank import TestBank
from tests.tampering import recorded, tampered

EVENTS = 2_600


def check(story: TestBank, manifest: Manifest | None = None) -> Manifest | Difference:
    return check_seals(story.bank.log, story.last_position, manifest)


@pytest.fixture(scope="module")
def sealed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank of three blocks that was sealed twice, at its end a tail that is not."""
    folder = tmp_path_factory.mktemp("sealed")
    with closing(TestBank(folder).founded()) as story:
        recorded(story, 0, EVENTS)
        seal(story.bank)
        recorded(story, EVENTS, 7)
        seal(story.bank)
        recorded(story, EVENTS + 7, 3)
    return folder


@pytest.fixture
def sealed(sealed_folder: Path, tmp_path: Path) -> Iterator[TestBank]:
    """A copy of it."""
    with closing(TestBank(Path(copytree(sealed_folder, tmp_path / "copy")))) as story:
        yield story


def changed(old: str, new: str, where: object) -> str:
    """A statement that writes something else into a state."""
    text = f"replace(CAST(state AS TEXT), '{old}', '{new}')"
    return f"UPDATE stored_events SET state = CAST({text} AS BLOB) WHERE rowid = {where}"


def byte_changed(position: int) -> str:
    return changed('"amount":"5"', '"amount":"6"', position)


def column_changed(column: str, value: str) -> tuple[str, ...]:
    return (f"UPDATE stored_events SET {column} = {value} WHERE rowid = 1500",)


SWAPPED = (
    "UPDATE stored_events SET rowid = -1 WHERE rowid = 1500",
    "UPDATE stored_events SET rowid = 1500 WHERE rowid = 1700",
    "UPDATE stored_events SET rowid = 1700 WHERE rowid = -1",
)
LAST_OF_BLOCK = 2 * BLOCK
CASES: dict[str, tuple[tuple[str, ...], int, str]] = {
    "one byte of a state": ((byte_changed(1500),), 1500, "is not as it was sealed"),
    "a topic": (column_changed("topic", "'ActionVoided'"), 1500, "ActionVoided of action:"),
    "an id": (column_changed("originator_id", "'action:crm:x'"), 1500, "action:crm:x"),
    "a version": (column_changed("originator_version", "2"), 1500, "is not as it was sealed"),
    "a byte that is no text": (column_changed("state", "x'ff'"), 1500, "can't be read"),
    "nothing left of a row": (column_changed("topic", "NULL"), 1500, "is gone"),
    "removed": (("DELETE FROM stored_events WHERE rowid = 1500",), 1500, "stood at position 1500 is gone"),
    "removed at the end of a block": (
        (f"DELETE FROM stored_events WHERE rowid = {LAST_OF_BLOCK}",), LAST_OF_BLOCK, "is gone",
    ),
    "a whole block removed": (("DELETE FROM stored_events WHERE rowid BETWEEN 1001 AND 2000",), 1001, "is gone"),
    "two swapped": (SWAPPED, 1500, "is not as it was sealed"),
    "two changed, the first is named": ((byte_changed(1700), byte_changed(1500)), 1500, "position 1500"),
    "one changed before one that can't be read": (
        (byte_changed(500), "UPDATE stored_events SET state = x'ff' WHERE rowid = 1500"), 500, "position 500",
    ),
    "the tail cut off, but for the seals": (
        ("DELETE FROM stored_events WHERE rowid > 1500 AND originator_id <> 'seal'",), 1501, "stood at position 1501",
    ),
}  # fmt: skip


def test_nothing_differs_in_a_log_that_nobody_touched(sealed: TestBank) -> None:
    reached = check(sealed)
    assert isinstance(reached, Manifest)
    assert reached.position == sealed.last_position - 4


@pytest.mark.parametrize("case", CASES)
def test_the_first_event_that_differs_is_named(sealed: TestBank, case: str) -> None:
    statements, position, said = CASES[case]
    tampered(sealed, *statements)
    different = check(sealed)
    assert isinstance(different, Difference)
    assert (different.position, said in different.says) == (position, True), different


SEAL_CASES: dict[str, tuple[str, str]] = {
    "the first one removed": ("DELETE FROM stored_events WHERE rowid = {0}", "Seal 1 is gone"),
    "the second one removed": ("DELETE FROM stored_events WHERE rowid = {1}", "Seal 2 is gone"),
    "its count": (changed('"count":1000', '"count":999', "{1}"), "position {1} (LogSealed of seal)"),
    "who made it": (changed('"by":"seal"', '"by":"sael"', "{1}"), "position {1} (LogSealed of seal)"),
    "no seal any more": ("UPDATE stored_events SET state = '[]' WHERE rowid = {1}", "position {1} (LogSealed of seal)"),
    "its topic": ("UPDATE stored_events SET topic = 'DayClosed' WHERE rowid = {1}", "position {1} (DayClosed of seal)"),
}  # fmt: skip


@pytest.mark.parametrize("case", SEAL_CASES)
def test_a_seal_that_differs_is_named(sealed: TestBank, case: str) -> None:
    places = [position for position, stream, *_ in rows_of(sealed) if stream == "seal"]
    statement, said = SEAL_CASES[case]
    tampered(sealed, statement.format(*places))
    different = check(sealed)
    assert isinstance(different, Difference)
    assert said.format(*places) in different.says


def rows_of(story: TestBank) -> list[tuple[int, str, int, str, bytes]]:
    return story.bank.log.select_positions(range(1, story.last_position + 1))


def test_a_row_that_was_hidden_within_the_text_of_another_is_counted(sealed: TestBank) -> None:
    tampered(
        sealed,
        "UPDATE stored_events AS s SET state = (SELECT CAST(s.state AS TEXT) || char(10) || (n.rowid || char(31) || "
        "n.originator_id || char(31) || n.originator_version || char(31) || n.topic || char(31) || "
        "CAST(n.state AS TEXT)) FROM stored_events AS n WHERE n.rowid = 1501) WHERE rowid = 1500",
        "DELETE FROM stored_events WHERE rowid = 1501",
    )
    different = check(sealed)
    assert isinstance(different, Difference)
    assert "The log holds" in different.says


Rewrite = Callable[[TestBank], None]


def cut_off(story: TestBank) -> None:
    tampered(story, "DELETE FROM stored_events WHERE rowid > 1500")


def rewritten(story: TestBank) -> None:
    tampered(story, "DELETE FROM stored_events WHERE originator_id = 'seal'", byte_changed(1500))
    seal(story.bank)
    recorded(story, 9_000, 2_000)
    seal(story.bank)


@pytest.mark.parametrize("rewrite", [cut_off, rewritten])
def test_a_log_that_was_cut_off_or_sealed_anew_is_not_that_of_a_manifest(sealed: TestBank, rewrite: Rewrite) -> None:
    manifest = check(sealed)
    assert isinstance(manifest, Manifest)
    assert isinstance(check(sealed, manifest), Manifest)
    rewrite(sealed)
    assert isinstance(check(sealed), Manifest)
    different = check(sealed, manifest)
    assert isinstance(different, Difference)
    assert "not the one of the manifest" in different.says


def test_a_manifest_stays_true_while_the_log_grows(sealed: TestBank) -> None:
    manifest = check(sealed)
    assert isinstance(manifest, Manifest)
    recorded(sealed, 8_000, 1_100)
    seal(sealed.bank)
    assert isinstance(check(sealed, manifest), Manifest)
