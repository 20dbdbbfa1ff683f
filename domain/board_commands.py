"""The commands by which RMs choose about the leaderboards: one short method each. `Bank` has them beside its own."""

from collections.abc import Callable, Collection, Iterable, Sequence

from domain import board_choices
from domain.board_choices import Called, boards_id
from domain.deciding import Deciding, Outcome
from domain.log import Decision
from domain.refusal import Refused
from domain.register import Register


class BoardCommands(Deciding):
    """Decides on what RMs choose about the leaderboards, and tells what they are called there."""

    _called: tuple[int, Called] = (-1, Called.by(()))
    """How the RMs of the bank are called, as of a register's `named_at`."""

    def leave_boards(self, rm: str, by: str) -> Outcome:
        """Take an RM off every leaderboard."""
        return self._chosen(lambda register: board_choices.leave_boards(rm, register, self._stamp(by)))

    def join_boards(self, rm: str, by: str) -> Outcome:
        """Put an RM on the leaderboards again."""
        return self._chosen(lambda register: board_choices.join_boards(rm, register, self._stamp(by)))

    def choose_alias(self, rm: str, alias: str, by: str, users: Collection[str] = ()) -> Outcome:
        """Give an RM an alias, unique in the bank and nobody's name; `users` are the names by which people sign in."""

        def decide(register: Register) -> Decision | Refused:
            standing = self._alias_texts(register, register.board_choices)
            known = self._called_in(register)
            called = Called(known.names | Called.by((), users).names, known.full)
            return board_choices.choose_alias(rm, alias, standing, called, register, self._stamp(by), self.salts())

        return self._chosen(decide)

    def drop_alias(self, rm: str, by: str) -> Outcome:
        """Take an RM's alias away."""
        return self._chosen(lambda register: board_choices.drop_alias(rm, register, self._stamp(by)))

    def chosen_alias(self, rm: str) -> str | None:
        """The alias that an RM chose, also where it is shown no more."""
        return self._alias_texts(self.register, [rm]).get(rm)

    def aliases(self, rms: Sequence[str]) -> dict[str, str]:
        """The aliases of RMs; those are missing who have none, whose alias was erased or has since become a name."""
        register = self.register
        texts = self._alias_texts(register, rms)
        return {rm: alias for rm, alias in texts.items() if not self._called_in(register).holds(alias)}

    def _chosen(self, decide: Callable[[Register], Decision | Refused]) -> Outcome:
        return self._decided(lambda register: self._write([decide(register)], register.position))[0]

    def _alias_texts(self, register: Register, rms: Iterable[str]) -> dict[str, str]:
        chosen = ((rm, register.board_choices.get(rm)) for rm in rms)
        places = {(boards_id(rm), one.alias_version): rm for rm, one in chosen if one and one.alias_version}
        texts = self.log.select_texts_of(list(places)) if places else {}
        return {places[place]: said["alias"] for place, said in texts.items() if "alias" in said}

    def _called_in(self, register: Register) -> Called:
        """How the RMs of a register are called: their names are read anew only after one of them changed."""
        if self._called[0] != register.named_at:
            names = self.log.select_texts("name", [f"rm:{rm}" for rm in register.rms])
            self._called = (register.named_at, Called.by(names.values(), register.rms))
        return self._called[1]
