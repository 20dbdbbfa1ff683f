"""The log: plain JSON in rows that stay readable, positions without gaps, one writer at a time."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from eventsourcing.persistence import IntegrityError, JSONTranscoder

from domain.events import ActionRecorded, Event
from domain.log import BLOCK, FIELD, LINE, Busy, PlainJson, RegisterMoved, Text
from tests.bank import TestBank, done
from tests.tables import ready

MAPPER = PlainJson(JSONTranscoder())
MOMENT = datetime(2026, 2, 2, 1, 2, 3, 456789, tzinfo=UTC)
RECORDED = ActionRecorded(
    originator_id="action:crm:a", originator_version=1, recorded_at=MOMENT, by="crm", rm="r1", kind="deposit",
    occurred_on=date(2026, 2, 2), quantity=Decimal(1), amount=Decimal("12.34"), counts=True,
)  # fmt: skip


def test_state_is_flat_plain_json_without_nulls_and_without_the_place() -> None:
    stored = MAPPER.to_stored_event(RECORDED)
    assert json.loads(stored.state) == {
        "recorded_at": "2026-02-02T01:02:03.456789Z", "by": "crm", "rm": "r1", "kind": "deposit",
        "occurred_on": "2026-02-02", "quantity": "1", "amount": "12.34", "counts": True,
    }  # fmt: skip
    assert (stored.originator_id, stored.originator_version, stored.topic) == ("action:crm:a", 1, "ActionRecorded")


def test_a_stored_event_reads_back_as_it_was_written() -> None:
    assert MAPPER.to_domain_event(MAPPER.to_stored_event(RECORDED)) == RECORDED


@pytest.mark.parametrize("event", Event.__subclasses__(), ids=lambda event: event.__name__)
def test_every_events_state_is_flat(event: type[Event]) -> None:
    kinds = {str(field.annotation) for field in event.model_fields.values()}
    assert not any("list" in kind or "dict" in kind or "tuple" in kind for kind in kinds)


def test_a_digest_needs_its_salt() -> None:
    texts = [Text("rm:r1", 1, "name", salt, "Person") for salt in ("a", "b")]
    assert texts[0].digest != texts[1].digest


def test_positions_rise_by_one_and_a_command_is_told_its_last(story: TestBank) -> None:
    first = story.last_position
    taken = story.bank.record_actions([story.line(ref) for ref in "abc"], "crm")
    assert [done(each).position for each in taken] == [first + 1, first + 2, first + 3]
    assert done(story.register("r9")).position == first + 6 == story.last_position


def test_a_duplicate_is_told_where_the_first_one_stands(story: TestBank) -> None:
    first = done(story.record("a"))
    done(story.record("b"))
    assert done(story.record("a")).position == first.position


def test_refusals_leave_no_trace_in_the_store(story: TestBank) -> None:
    before = story.last_position
    story.bank.record_actions([story.line("a", rm="nobody", note="a note")], "crm")
    story.bank.verify_action("action:crm:none", "boss")
    assert story.last_position == before
    assert story.bank.log.select_texts("note", ["action:crm:a"]) == {}


def test_texts_and_events_are_written_together_or_not_at_all(story: TestBank) -> None:
    events = [MAPPER.to_stored_event(RECORDED)]
    text = Text("action:crm:a", 1, "note", "salt", "a note")
    with pytest.raises(IntegrityError):
        story.bank.log.insert_events(events, texts=[text, text])
    assert story.events("action:crm:a") == []
    assert story.bank.log.select_texts("note", ["action:crm:a"]) == {}


def test_a_store_that_another_holds_locked_says_so_in_time(story: TestBank) -> None:
    waiting = story.beside(patience=1)
    with story.bank.transaction(), pytest.raises(Busy, match="try again"):
        waiting.open_units([{"org": "head", "level": "head-office", "name": "Another name"}], "lead")
    waiting.close()


def test_the_newest_text_of_a_field_is_the_one_that_stands(story: TestBank) -> None:
    for name in ("One", "Two"):
        done(story.register("r1", name=name))
    assert story.bank.log.select_texts("name", ["rm:r1", "rm:none"]) == {"rm:r1": "Two"}


def rows(*references: str) -> list[tuple[str, bytes]]:
    return [(f"action:crm:{reference}", f'{{"ref":"{reference}"}}'.encode()) for reference in references]


def test_ready_rows_are_appended_in_their_order_and_those_that_stood_are_told(story: TestBank) -> None:
    log, at, before = story.bank.log, story.bank.register.position, story.last_position
    assert log.insert_states("ActionRecorded", ready(log, rows("b", "d")), [], at) == (2, {})
    others = ready(log, [(key, b"other") for key, _ in rows("a", "b", "c", "d", "e")])
    told = log.insert_states("ActionRecorded", others, [], at)
    assert told == (3, dict(rows("b", "d")))
    streams = [row[1] for row in log.select_positions(range(before + 1, story.last_position + 1))]
    assert streams == [f"action:crm:{reference}" for reference in "bdace"]


def test_texts_of_ready_rows_are_kept_for_the_new_ones_only(story: TestBank) -> None:
    log, at = story.bank.log, story.bank.register.position
    for salt, references in (("first", "ac"), ("second", "abc")):
        texts = [Text(key, 1, "note", salt, f"{salt} {key}") for key, _ in rows(*references)]
        log.insert_states("ActionRecorded", ready(log, rows(*references)), texts, at)
    notes = log.select_texts("note", [key for key, _ in rows(*"abc")])
    assert [notes[key].split()[0] for key, _ in rows(*"abc")] == ["first", "second", "first"]


def test_ready_rows_wait_for_a_register_that_stands_still(story: TestBank) -> None:
    at = story.bank.register.position
    done(story.register("r9"))
    with pytest.raises(RegisterMoved):
        story.bank.log.insert_states("ActionRecorded", ready(story.bank.log, rows("a")), [], at)
    assert story.events("action:crm:a") == []


def test_blocks_hold_every_row_once_in_order_whatever_is_asked_for(story: TestBank) -> None:
    log, at = story.bank.log, story.bank.register.position
    log.insert_states("ActionRecorded", ready(log, rows(*[f"{n:05}" for n in range(2 * BLOCK)])), [], at)
    whole = LINE.join(log.select_blocks(0, 10 * BLOCK)).split(LINE)
    stored = log.select_positions(range(story.last_position + 1))
    assert whole == [FIELD.join([*map(str, row[:4]), row[4].decode()]) for row in stored]
    for after, limit, until in ((0, 1, None), (7, BLOCK, None), (BLOCK - 1, 2, None), (3, 5 * BLOCK, BLOCK + 5)):
        read = LINE.join(log.select_blocks(after, limit, until)).split(LINE)
        assert read == whole[after:until][:limit]
    assert log.select_blocks(story.last_position, 1) == []


def test_a_block_ends_at_a_multiple_of_its_size(story: TestBank) -> None:
    log, at = story.bank.log, story.bank.register.position
    log.insert_states("ActionRecorded", ready(log, rows(*[f"{n:05}" for n in range(2 * BLOCK)])), [], at)
    ends = [int(block.split(LINE)[-1].split(FIELD)[0]) for block in log.select_blocks(5, 10 * BLOCK)]
    assert ends == [BLOCK, 2 * BLOCK, story.last_position]
