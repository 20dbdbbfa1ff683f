"""What made `tests/data/store-v1`: a small bank in which every event of its day happened. It is never made anew.

`python -m tests.older_store FOLDER` writes the store and the answers that its version gave, `answers.json`.
"""

import json
import sqlite3
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.identity import Identity
from domain import events
from domain.bank import STORE
from domain.erasure import Erased, erase_texts
from domain.imported_file import ControlTotal, ImportedFile
from domain.seal import seal
from projections.read_model import ReadModel
from tests.bank import TestBank, all_done, answers, done

EARLIER = 40
"""A position of the past that is asked about, too."""
PASSWORD = "a-password-of-2026"


def told(model: ReadModel) -> list[Any]:
    """Grades, scorecards and boards of two quarters, now and as of an earlier position, and the people's names."""
    texts = [*answers(model, explain=True), *answers(model, as_of=EARLIER, explain=True)]
    return [*map(json.loads, texts), model.bank.names(["r1", "r2", "r3", "r4"])]


def topics() -> set[str]:
    """Every event that this version knows."""
    return {topic for each in vars(events).values() if isinstance(topic := getattr(each, "TOPIC", None), str)}


def live(story: TestBank) -> None:
    """Everything that can happen, once at least."""
    story.founded()
    _organise(story)
    _work(story)
    done(story.deliver("w1", "120000"))
    done(story.assign("c1"))
    totals = [ControlTotal("visit", 2, {"quantity": Decimal(2), "amount": Decimal(0)})]
    done(story.bank.note_import(ImportedFile("actions", "ab" * 32, "january.csv", 2, 2, 0, 0, totals), "cli"))
    story.close_days("2026-03-18", "2026-03-19")
    assert isinstance(erase_texts(story.bank, "rm", "r3", "cli"), Erased)
    assert seal(story.bank) > 0
    identity = Identity(story.bank)
    assert identity.add_user("anna", PASSWORD, "rm", rm="r1") is None
    assert identity.add_user("boss", PASSWORD, "supervisor", "branch") is None
    assert isinstance(identity.create_token("crm", "system", None, ["crm"]), str)
    identity.open_session("anna")


def _organise(story: TestBank) -> None:
    bank = story.bank
    all_done(bank.open_units([{"org": "south", "parent": "branch", "level": "outlet", "name": "South Gate"}], "hr"))
    done(story.register("r4", "south"))
    done(story.register("r2", "south", name="Person two"))
    done(story.register("r2", "east", name="Person two", **{"from": "2026-02-16"}))
    done(story.register("r1", certificate="CFP", certified_until="2027-01-31"))
    done(story.register("r4", "south", left_on="2026-03-10"))
    done(bank.record_absence("r1", story.bank.today.replace(day=2), story.bank.today.replace(day=4), "hr"))
    done(story.agree("r1", "1", reason="a new branch next door", savings="1200"))


def _work(story: TestBank) -> None:
    for number, rm in enumerate(("r1", "r2", "r3", "r1", "r2", "r4")):
        story.counted(f"v{number}", rm=rm, note="came in person")
        story.counted(f"d{number}", "deposit", rm=rm, amount=f"{(number + 1) * 1000}.5", customer=f"c{number % 3}")
    story.counted("b1", "balance", amount="250000", customer="c1")
    done(story.report("own", note="by telephone"))
    done(story.record("n1"))
    done(story.bank.reject_action("action:crm:n1", "nobody saw it", "boss"))
    done(story.bank.void_action("action:crm:v3", "entered twice", "boss"))
    done(story.record("t1", "deposit", amount="500", customer="c0", reverses="crm:d0"))
    done(story.record("t2", "deposit", rm="r2", amount="2000.5", customer="c1", reverses="crm:d1"))
    done(story.bank.void_action("action:crm:t2", "the wrong customer", "boss"))


def make(folder: Path) -> None:
    """Write the store and its answers."""
    with TemporaryDirectory() as made:
        story = TestBank(Path(made))
        live(story)
        with story.following() as model:
            given = {"position": story.last_position, "topics": sorted(topics()), "answers": told(model)}
        story.close()
        with closing(sqlite3.connect(Path(made) / STORE)) as store:
            store.execute("PRAGMA journal_mode = DELETE")
            found = {topic for (topic,) in store.execute("SELECT DISTINCT topic FROM stored_events")}
        assert found == topics(), topics() ^ found
        (folder / STORE).write_bytes((Path(made) / STORE).read_bytes())
    text = json.dumps(given, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "answers.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
