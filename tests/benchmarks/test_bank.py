"""The big bank of the benchmarks: what SQL writes is what the bank's own doors write."""

import json
from pathlib import Path
from typing import Any

from benchmarks.bank import BY, QUARTER, Size, found_bank, make_bank
from domain.bank import Bank

SIZE = Size(rms=7, actions=40)


def stored(bank: Bank, topic: str) -> list[tuple[Any, ...]]:
    with bank.log.reading() as cursor:
        cursor.execute(
            "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE topic = ? ORDER BY 1, 2",
            (topic,),
        )
        return [tuple(row) for row in cursor.fetchall()]


def test_the_big_bank_holds_the_bytes_that_its_doors_would_have_written(tmp_path: Path) -> None:
    quick = make_bank(tmp_path / "quick", SIZE)
    actions, targets = stored(quick, "ActionRecorded"), stored(quick, "TargetAgreed")
    slow = found_bank(tmp_path / "slow", SIZE.rms)
    for outcomes in (
        slow.agree_targets([contract_line(row[3]) for row in targets], BY),
        slow.record_actions([action_line(*row) for row in actions], BY),
    ):
        assert {type(outcome).__name__ for outcome in outcomes} == {"Taken"}
    assert stored(slow, "ActionRecorded") == actions
    assert stored(slow, "TargetAgreed") == targets
    assert len(actions) == SIZE.total
    quick.close()
    slow.close()


def contract_line(state: bytes) -> dict[str, str]:
    said = json.loads(state)
    return {"rm": said["rm"], "year": str(QUARTER.year), **{k: said[k] for k in ("quarter", "indicator", "target")}}


def action_line(stream: str, version: int, topic: str, state: bytes) -> dict[str, str]:
    _, source, reference = stream.split(":")
    names = ("rm", "kind", "occurred_on", "quantity", "amount", "customer")
    return {"source": source, "external_ref": reference} | {name: json.loads(state)[name] for name in names}
