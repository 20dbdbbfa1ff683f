"""GET /v1/fairness: whom a reader may ask about, and what is said of a few."""

from tests.api.house import House


def test_a_supervisor_is_told_of_the_own_unit_and_of_none_beside_it(bank: House) -> None:
    found = bank.client("supervisor").fairness(bank.quarter, by="points")
    assert (found.scope, found.by, [one.side for one in found.sides]) == (
        "east",
        "points",
        ["tenure", "unit", "outlet", "position"],
    )
    assert bank.ask("GET", f"/v1/fairness/{bank.quarter}?scope=south", "supervisor").status_code == 403


def test_of_a_few_no_figure_is_told(bank: House) -> None:
    found = bank.client("hr").fairness(bank.quarter)
    assert [one.groups for one in found.sides] == [[], [], [], []]
    assert sum(one.hidden for one in found.sides) > 0


def test_a_board_that_does_not_exist_is_refused(bank: House) -> None:
    answer = bank.ask("GET", f"/v1/fairness/{bank.quarter}?by=visits", "hr")
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/by"])
