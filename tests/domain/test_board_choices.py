"""What an RM chooses about the leaderboards: to be on none of them, and an alias that is nobody's name."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest

from domain import board_choices
from domain.bank import Bank, Outcome
from domain.board_choices import Called
from domain.events import AliasChosen
from domain.proof import first_missing_text
from domain.refusal import Refused
from domain.register import Register
from domain.relationship_manager import RM
from projections.past import go_back
from tests.bank import Q1, TestBank, done, refused


def said(outcome: Outcome) -> list[tuple[str, str]]:
    return refused(outcome) if isinstance(outcome, Refused) else [(outcome.outcome, "")]


def test_who_left_the_boards_comes_back_and_a_second_time_changes_nothing(story: TestBank) -> None:
    assert done(story.bank.join_boards("r1", "r1")).outcome == "duplicate"
    left = done(story.bank.leave_boards("r1", "r1"))
    assert done(story.bank.leave_boards("r1", "r1")).outcome == "duplicate"
    assert story.bank.register.board_choices["r1"].left_at == story.clock.now
    assert done(story.bank.join_boards("r1", "r1")).outcome == "accepted"
    assert done(story.bank.leave_boards("r2", "r2")).outcome == "accepted"
    assert refused(story.bank.leave_boards("nobody", "nobody")) == [("unknown", "rm")]
    with story.following() as model, model.follower.connection.cursor() as con:
        assert con.execute("SELECT rm FROM off_boards").fetchall() == [("r2",)]
        con.begin()
        go_back(con, left.position, Q1, None)
        assert con.execute("SELECT rm FROM off_boards").fetchall() == [("r1",)]


@pytest.mark.parametrize(
    ("alias", "told"),
    [
        ("Otter", ""), ("  江南 春-2 ", ""), ("１２ａｂ", ""), ("x" * 24, ""), ("x" * 25, "malformed"),
        ("", "malformed"), ("x", "malformed"), ("--", "malformed"), ("a\u202eb", "malformed"), ("a\x00b", "malformed"),
        ("a\u200bb", "malformed"), ("ㅤㅤ", "malformed"), ("a😀b", "malformed"), ("a_b", "malformed"),
        ("r1", "not-allowed"), ("R-1", "not-allowed"), ("r 2", "not-allowed"), ("rl", "not-allowed"),
        ("anna SMITH", "not-allowed"), ("Ａnnasmith", "not-allowed"), ("Аnna Smіth", "not-allowed"),
        ("Anna Smiths", ""), ("陈雨桐", "not-allowed"), ("小陈 雨桐", "not-allowed"), ("陈雨", ""),
        ("晨星", "conflict"), ("晨-星", "conflict"),
    ],
)  # fmt: skip
def test_an_alias_is_short_legible_and_nobody_s_name(alias: str, told: str) -> None:
    register = Register(rms={rm: RM(1, rm, date(2026, 1, 1), "", 1) for rm in ("r1", "r2")})
    called = Called.by(["陈雨桐", "Anna Smith"], register.rms)
    stamp = {"recorded_at": datetime(2026, 3, 20, tzinfo=UTC), "by": "r1"}
    decided = board_choices.choose_alias("r1", alias, {"r2": "晨 星"}, called, register, stamp, "salt")
    codes = [each.code for each in decided.refusals] if isinstance(decided, Refused) else [""]
    assert codes == [told]


def test_the_alias_chosen_last_holds_until_it_is_dropped_and_no_event_holds_its_text(story: TestBank) -> None:
    bank = story.bank
    assert done(bank.drop_alias("r1", "r1")).outcome == "duplicate"
    done(bank.choose_alias("r1", "Otter", "r1"))
    done(bank.choose_alias("r1", "  晨　星 ", "r1"))
    assert done(bank.choose_alias("r1", "晨 星", "r1")).outcome == "duplicate"
    assert bank.aliases(["r1", "r2"]) == {"r1": "晨 星"}
    assert done(bank.choose_alias("r2", "OTTER", "r2")).outcome == "accepted"
    assert done(bank.drop_alias("r1", "r1")).outcome == "accepted"
    assert bank.aliases(["r1", "r2"]) == {"r2": "OTTER"}
    assert done(bank.choose_alias("r3", "晨星", "r3")).outcome == "accepted"
    assert refused(bank.choose_alias("r1", "otter", "r1")) == [("conflict", "alias")]
    assert refused(bank.choose_alias("r1", "Boss of all", "r1", ["boss_of_all"])) == [("not-allowed", "alias")]
    assert not [each for each in story.events("boards:r1") if "星" in each.model_dump_json()]


def test_an_alias_is_shown_no_more_once_it_is_the_name_of_somebody_registered_later(story: TestBank) -> None:
    done(story.bank.choose_alias("r1", "小陈雨桐", "r1"))
    done(story.bank.choose_alias("r2", "Otter", "r2"))
    assert story.bank.aliases(["r1", "r2"]) == {"r1": "小陈雨桐", "r2": "Otter"}
    done(story.register("r4", "south", name="陈雨桐"))
    assert story.bank.aliases(["r1", "r2"]) == {"r2": "Otter"}
    done(story.register("otter", "south"))
    assert story.bank.aliases(["r1", "r2"]) == {}
    done(story.register("r4", "south", name="陈雨"))
    assert story.bank.aliases(["r1", "r2"]) == {}


def test_of_two_who_choose_the_same_alias_at_once_one_has_it(story: TestBank) -> None:
    other, start, told = story.beside(), Barrier(2), dict[str, Outcome]()

    def choose(bank: Bank, rm: str) -> None:
        start.wait()
        told[rm] = bank.choose_alias(rm, "晨星", rm)

    threads = [Thread(target=choose, args=given) for given in ((story.bank, "r1"), (other, "r2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(said(each) for each in told.values()) == [[("accepted", "")], [("conflict", "alias")]]
    assert len(story.bank.aliases(["r1", "r2"])) == 1


def alias_texts(story: TestBank) -> list[str]:
    """The aliases whose text the store holds."""
    with story.bank.log.reading() as cursor:
        cursor.execute("SELECT text FROM texts WHERE field = 'alias' ORDER BY 1")
        return [text for (text,) in cursor.fetchall()]


def digests(story: TestBank) -> list[str]:
    return [each.alias_digest for each in story.events("boards:r1") if isinstance(each, AliasChosen)]


def test_the_text_of_an_alias_goes_when_another_takes_its_place_or_none_and_its_digest_stays(story: TestBank) -> None:
    bank = story.bank
    done(bank.choose_alias("r2", "Heron", "r2"))
    done(bank.choose_alias("r1", "Otter", "r1"))
    first = digests(story)
    done(bank.leave_boards("r1", "r1"))
    done(bank.choose_alias("r1", "Otter", "r1"))
    assert alias_texts(story) == ["Heron", "Otter"]
    assert refused(bank.choose_alias("r1", "heron", "r1")) == [("conflict", "alias")]
    assert alias_texts(story) == ["Heron", "Otter"]
    done(bank.choose_alias("r1", "晨 星", "r1"))
    assert alias_texts(story) == ["Heron", "晨 星"]
    assert digests(story)[:1] == first
    done(bank.drop_alias("r1", "r1"))
    assert alias_texts(story) == ["Heron"]
    assert first_missing_text(bank.log, story.last_position) is None


def test_the_text_of_the_alias_that_stands_does_not_go_unnoticed(story: TestBank) -> None:
    done(story.bank.choose_alias("r1", "Otter", "r1"))
    done(story.bank.choose_alias("r1", "Heron", "r1"))
    done(story.bank.leave_boards("r1", "r1"))
    with story.bank.log.writing() as cursor:
        cursor.execute("DELETE FROM texts WHERE text = ?", ("Heron",))
    missing = first_missing_text(story.bank.log, story.last_position)
    assert missing
    assert missing.says.endswith("has lost its alias, and nobody erased it")
    assert missing.position == story.last_position - 1


def test_aliases_kept_by_a_former_version_go_with_the_next_choice(story: TestBank) -> None:
    done(story.bank.choose_alias("r1", "Otter", "r1"))
    done(story.bank.choose_alias("r1", "Heron", "r1"))
    with story.bank.log.writing() as cursor:
        cursor.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", ("boards:r1", 1, "alias", "salt", "Otter"))
    assert alias_texts(story) == ["Heron", "Otter"]
    done(story.bank.choose_alias("r1", "Kite", "r1"))
    assert alias_texts(story) == ["Kite"]
