"""The part of one's own account that is about the leaderboards."""

from datetime import UTC, datetime
from typing import Any

from api.client import ApiProblem
from api.receipts import FieldFault, Noted
from projections.answers import BoardChoices
from projections.answers.reviews import Delegation, Relation
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me

LEFT = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)


class Choosing(SmallBank):
    """A bank whose RM has chosen this and that."""

    chosen = BoardChoices(rm="rm005", left_at=None, alias=None, alias_shown=False)

    def own_sessions(self) -> list[Any]:
        return []

    def list_relations(self) -> list[Relation]:
        return []

    def list_delegations(self) -> list[Delegation]:
        return []

    def board_choices(self, rm: str) -> BoardChoices:
        self._ask("board_choices", rm=rm)
        return self.chosen

    def leave_boards(self, rm: str) -> Noted:
        self._ask("leave_boards", rm=rm)
        self.chosen = self.chosen.model_copy(update={"left_at": LEFT})
        return Noted(position=9, outcome="accepted")

    def choose_alias(self, rm: str, alias: str) -> Noted:
        self._ask("choose_alias", rm=rm, alias=alias)
        return Noted(position=9, outcome="accepted")


def test_an_rm_leaves_the_leaderboards_in_the_own_account(opened: Open) -> None:
    bank = Choosing()
    page = opened(bank, "awards")
    page.button(key="my-account").click().run()
    assert "You are on the leaderboards." in texts(page)
    page.button(key="boards-leave").click().run()
    assert ("leave_boards", {"rm": "rm005"}) in bank.sent
    page.run()
    assert "You are on no leaderboard, since Sep 1, 2026" in texts(page)


def test_an_alias_that_is_somebody_s_name_is_refused_with_the_reason(opened: Open) -> None:
    detail = "choose another: it is, or contains, the name or id of somebody of the bank"
    trouble = ApiProblem(422, "Not right", detail, [FieldFault(pointer="/alias", detail=detail)])
    bank = Choosing(trouble={"choose_alias": trouble})
    bank.chosen = bank.chosen.model_copy(update={"alias": "晨星"})
    page = opened(bank, "awards", lang="zh")
    page.button(key="my-account").click().run()
    assert "该别名不再显示" in texts(page)
    page.text_input(key="alias-text").set_value("王思远")
    page.button(key="alias-choose").click().run()
    assert ("choose_alias", {"rm": "rm005", "alias": "王思远"}) in bank.sent
    assert "它是本行某人的姓名或编号" in texts(page)


def test_who_is_no_rm_chooses_nothing_about_the_leaderboards(opened: Open) -> None:
    bank = Choosing(person=me("supervisor"))
    page = opened(bank, "leaderboard")
    page.button(key="my-account").click().run()
    assert "board_choices" not in [name for name, _ in bank.sent]
