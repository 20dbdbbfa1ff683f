"""Who is meant by some letters: the RMs of the bank by name, id and outlet, in memory.

Names stand in the store's texts and never in the read model; to read 50,000 of them for each letter typed would cost
most of a second. So they are kept here beside the register's RMs: of an RM of whom nothing differs, none is read again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from domain import organisation
from domain.organisation import Unit
from domain.register import Register
from domain.relationship_manager import RM
from projections.answers import Person

Names = Callable[[Sequence[str]], dict[str, str]]
"""The names of some RMs, as the store has them; those that were erased are missing."""


@dataclass(frozen=True)
class Directory:
    """The RMs of one state of the register on one day, by their ids, each with the line in which one searches."""

    rms: Mapping[str, RM] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    today: date = date.min
    names: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)

    def at(self, register: Register, today: date, names: Names) -> "Directory":
        """This directory, or one of another state: only names that may have changed are asked for."""
        if register.rms is self.rms and register.units is self.units and today == self.today:
            return self
        moved = [rm for rm, known in register.rms.items() if self.rms.get(rm) is not known]
        gone = set(moved) | (self.rms.keys() - register.rms.keys())
        kept = {rm: name for rm, name in self.names.items() if rm not in gone} | names(moved)
        posted = sorted(rm for rm, known in register.rms.items() if known.postings)
        lines = {rm: _line(register.rms[rm], kept.get(rm, ""), register.units, today) for rm in posted}
        return Directory(register.rms, register.units, today, kept, lines)

    def find(self, text: str, scope: str | None = None, after: str = "", limit: int | None = None) -> list[RM]:
        """The RMs within a unit whose name, id or outlet hold each word of a text, by their ids."""
        meant = [rm for rm in self.lines if rm > after] if after else list(self.lines)
        for word in words_of(text):
            meant = [rm for rm in meant if word in self.lines[rm]]
        within = (self.rms[rm] for rm in meant if self._is_within(rm, scope))
        return list(islice(within, limit))

    def _is_within(self, rm: str, scope: str | None) -> bool:
        return scope is None or scope in organisation.ancestors(self.rms[rm].place_on(self.today).org, self.units)


def words_of(text: str) -> list[str]:
    """What is looked for: each of these must stand somewhere in a line."""
    return text.casefold().split()


def is_meant(person: Person, text: str) -> bool:
    """Whether a search would find somebody."""
    line = f"{person.name}\n{person.rm}\n{person.org_name}".casefold()
    return all(word in line for word in words_of(text))


def _line(rm: RM, name: str, units: Mapping[str, Unit], today: date) -> str:
    unit = units.get(rm.place_on(today).org)
    return f"{name}\n{rm.rm}\n{unit.name if unit else ''}".casefold()
