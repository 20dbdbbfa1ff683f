"""Grades and RMs come page by page, and the client puts the pages together."""

import pytest

from api import client as clients
from projections.answers import Grades
from tests.api.house import House


def test_grades_come_page_by_page_without_gap_or_repetition(bank: House) -> None:
    path, found, after = f"/v1/grades/{bank.quarter}", list[str](), ""
    for _ in range(3):
        page = bank.ask("GET", f"{path}?limit=1{after}", "hr").json()
        found += [grade["rm"] for grade in page["grades"]]
        after = f"&after={page['after']}"
    assert (found, page["after"]) == (["r1", "r2", "r3"], None)
    assert bank.ask("GET", f"{path}?limit=3", "hr").json()["after"] is None


def test_rms_come_page_by_page_within_reach(bank: House) -> None:
    def ids(query: str, role: str) -> list[str]:
        return [one["rm"] for one in bank.ask("GET", f"/v1/rms?{query}", role).json()]

    assert ids("limit=2", "hr") == ["r1", "r2"]
    assert ids("limit=2&after=r2", "hr") == ["r3"]
    assert ids("limit=2&after=r1", "supervisor") == ["r3"]
    assert [ids("after=r0", "rm"), ids("after=r1", "rm")] == [["r1"], []]


@pytest.mark.parametrize(
    ("search", "role", "found"),
    [
        ("person r2", "hr", ["r2"]),
        ("PERSON", "hr", ["r1", "r2", "r3"]),
        ("east person", "hr", ["r1", "r3"]),
        ("person", "supervisor", ["r1", "r3"]),
        ("south", "supervisor", []),
        ("east", "rm", ["r1"]),
        ("south", "rm", []),
        ("nobody", "hr", []),
        (" ", "hr", ["r1", "r2", "r3"]),
    ],
)
def test_rms_are_found_by_words_of_name_id_or_outlet_within_reach(
    bank: House, search: str, role: str, found: list[str]
) -> None:
    assert [one["rm"] for one in bank.ask("GET", "/v1/rms", role, params={"search": search}).json()] == found


def test_a_search_comes_page_by_page_too_and_the_client_asks_for_as_many_as_are_shown(bank: House) -> None:
    with bank.client("hr") as client:
        assert [one.rm for one in client.list_rms(search="person", limit=2)] == ["r1", "r2"]
        assert [one.rm for one in client.list_rms("east", search="person", limit=2)] == ["r1", "r3"]
    assert [one["rm"] for one in bank.ask("GET", "/v1/rms?search=person&after=r1&limit=1", "hr").json()] == ["r2"]


def test_grades_are_asked_for_by_their_status(bank: House) -> None:
    with bank.client("hr") as client:
        everybody = client.grades(bank.quarter).grades
        apart = [client.grades(bank.quarter, status=status).grades for status in ("graded", "ungraded")]
        assert sorted([one.rm for part in apart for one in part]) == [one.rm for one in everybody]
        assert [one for one in everybody if one.status != "graded"] == apart[1]
        for one in everybody:
            assert one in client.grades(bank.quarter, status=one.status).grades
        page = client.grades(bank.quarter, limit=2)
    assert ([one.rm for one in page.grades], page.after) == (["r1", "r2"], "r2")
    assert bank.ask("GET", f"/v1/grades/{bank.quarter}?status=splendid", "hr").status_code == 422


@pytest.mark.parametrize("path", ["/v1/rms", "/v1/grades/{quarter}"])
@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "after="])
def test_a_page_of_rms_has_bounds(bank: House, path: str, query: str) -> None:
    assert bank.ask("GET", f"{path.format(quarter=bank.quarter)}?{query}", "hr").status_code == 422


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_client_puts_the_pages_together(bank: House, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with bank.client("hr") as client:
        grades, people = client.grades(bank.quarter), client.list_rms()
        monkeypatch.setattr(clients, "PAGE", size)
        assert client.grades(bank.quarter) == grades
        assert client.list_rms() == people
    assert [grade.rm for grade in grades.grades] == [one.rm for one in people] == ["r1", "r2", "r3"]


def test_pages_are_of_the_first_ones_state_though_the_log_moves_on_between_them(
    own_bank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "PAGE", 1)
    with own_bank.client("hr") as client:
        asked, answered = client._get, list[Grades]()

        def get(shape: type[Grades], *about: object) -> Grades:
            answer = asked(shape, *about)  # type: ignore[arg-type]
            if not answered:
                own_bank.visit()
            answered.append(answer)
            return answer

        monkeypatch.setattr(client, "_get", get)
        grades = client.grades(own_bank.quarter)
    assert [grade.rm for grade in grades.grades] == ["r1", "r2", "r3"]
    assert grades.moment == answered[0].moment
    assert answered[1].moment.position > answered[0].moment.position == answered[2].moment.position
