"""Who is found by name, id or outlet, and which names are read for that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from domain.erasure import erase_texts
from projections.directory import Directory
from tests.bank import TestBank, done


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[TestBank]:
    bank = TestBank(tmp_path).founded()
    for rm, name in (("n2", "Li Wan"), ("n3", "王思远")):
        done(bank.register(rm, "south", name=name))
    yield bank
    bank.close()


class Names:
    """The bank's names, and of whom they were asked for."""

    def __init__(self, bank: TestBank) -> None:
        self.bank, self.asked = bank, list[str]()

    def __call__(self, rms: Sequence[str]) -> dict[str, str]:
        self.asked += rms
        return self.bank.bank.names(rms)


def found(directory: Directory, text: str) -> list[str]:
    return [rm.rm for rm in directory.find(text)]


def test_only_names_that_may_have_changed_are_read_again(bank: TestBank) -> None:
    names, today = Names(bank), bank.bank.today
    first = Directory().at(bank.bank.register, today, names)
    assert first.at(bank.bank.register, today, names) is first
    names.asked.clear()
    done(bank.register("n2", "south", name="Li Na"))
    second = first.at(bank.bank.register, today, names)
    assert names.asked == ["n2"]
    assert [found(first, "wan"), found(second, "wan"), found(second, "na li")] == [["n2"], [], ["n2"]]


def test_who_was_erased_is_found_by_the_id_alone(bank: TestBank) -> None:
    names, today = Names(bank), bank.bank.today
    before = Directory().at(bank.bank.register, today, names)
    erase_texts(bank.bank, "rm", "n3", "lead")
    after = before.at(bank.bank.register, today, names)
    assert [found(before, "思远"), found(after, "思远"), found(after, "n3")] == [["n3"], [], ["n3"]]
    assert "n3" not in after.names


def test_a_register_of_the_past_has_its_own_people(bank: TestBank) -> None:
    register, today = bank.bank.register, bank.bank.today
    fewer = replace(register, rms={rm: one for rm, one in register.rms.items() if rm != "n3"})
    directory = Directory().at(register, today, bank.bank.names).at(fewer, today, bank.bank.names)
    assert found(directory, "") == sorted(fewer.rms)
    assert "n3" not in directory.names
