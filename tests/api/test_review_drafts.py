"""What an RM reads of a quarter under review: nothing that no second person stands for yet, no number of others."""

from typing import Any

from tests.api.reviewing import Reviewed

WHY = {"reason": "see the log"}


def test_an_rm_reads_the_comment_once_a_second_person_stands_for_the_result(quarter: Reviewed) -> None:
    def told(who: str) -> object:
        return quarter.ask(who, "GET", quarter.path()).json()["comment"]

    quarter.come_to("submitted")
    assert (told("r1"), told("desk-one") is None) == (None, False)
    assert quarter.step("desk-one", "return", WHY).status_code == 200
    own, others = (quarter.ask(who, "GET", quarter.path()).json()["returned"] for who in ("r1", "head-east"))
    assert (own, others["text"]) == (None, "see the log")
    quarter.step("head-east", "submit")
    quarter.step("desk-one", "approve")
    assert told("r1") == told("desk-one") is not None


def test_no_rm_reads_a_rating_nor_a_score_that_holds_it_before_a_second_person_stands_for_it(quarter: Reviewed) -> None:
    """Scorecard, leaderboard, check, review, list and timeline: each says what it said before anybody rated."""
    name = quarter.quarter
    asked = [
        f"/v1/rms/r1/scorecards/{name}?explain=true", f"/v1/leaderboards/{name}", f"/v1/quarterly-checks/{name}?rm=r1",
    ]  # fmt: skip

    def told() -> list[object]:
        found = [quarter.ask("r1", "GET", path).json() for path in asked]
        review = quarter.ask("r1", "GET", quarter.path()).json()
        found += [review[each] for each in ("ratings", "comment", "stated", "returned")]
        found += [review["row"][each] for each in ("result", "provisional")]
        (row,) = quarter.ask("r1", "GET", f"/v1/reviews?quarter={name}").json()["reviews"]
        timeline = quarter.ask("r1", "GET", f"{quarter.path()}/timeline").json()["entries"]
        found += [review["result"]["lines"], row["result"], row["provisional"], [each["topic"] for each in timeline]]
        return [_without_place(each) for each in found]

    quarter.come_to("open")
    before = told()
    for who, step, body in (
        ("head-east", "rate", {"ratings": quarter.ratings(), "comment": "steady"}),
        ("head-east", "submit", {}), ("desk-one", "return", WHY), ("head-east", "submit", {}),
    ):  # fmt: skip
        assert quarter.step(who, step, body).status_code == 200, step
        assert told() == before, step
    shown = quarter.read("head-east")
    assert shown["row"]["provisional"]["score"] == shown["result"]["card"]["score"] != before[8]["score"]  # type: ignore[index]
    assert quarter.step("desk-one", "approve").status_code == 200
    card = quarter.ask("r1", "GET", asked[0]).json()
    assert card["grade"]["score"] == quarter.read("r1")["result"]["card"]["score"] == shown["result"]["card"]["score"]
    assert {each["value"] for each in quarter.read("r1")["ratings"]} == {"80"}


def _without_place(told: object) -> object:
    """An answer without where in the log it holds, and the digest that names that."""
    if isinstance(told, dict):
        left = ("moment", "facts_at", "digest")
        return {name: _without_place(each) for name, each in told.items() if name not in left}
    return [_without_place(each) for each in told] if isinstance(told, list) else told


def test_an_rm_is_told_how_far_the_own_review_is_and_not_the_banks_numbers(quarter: Reviewed) -> None:
    quarter.come_to("open")
    own, all_ = (quarter.ask(who, "GET", "/v1/review-quarters").json() for who in ("r1", "watcher"))
    counted = [[(each["served"], each["reviews"], each["unopened"]) for each in told] for told in (own, all_)]
    assert counted[0][0] == (1, 1, 0)
    assert counted[1][0] == (3, 3, 0)
    assert [one["reviews"] for one in own[0]["states"]] == [1]


def test_an_rm_who_stands_in_for_the_supervisor_reads_drafts_of_others_alone(quarter: Reviewed) -> None:
    quarter.come_to("submitted").come_to("submitted", "r3")
    today = str(quarter.house.today)
    away = {"delegate": "r1", "from_day": today, "to_day": today}
    assert quarter.ask("head-east", "POST", "/v1/delegations", away).status_code == 200

    def told(who: str) -> dict[str, tuple[bool, bool]]:
        listed = quarter.ask(who, "GET", f"/v1/reviews?quarter={quarter.quarter}&scope=east").json()["reviews"]
        before = {
            each["rm"]: each["score"]
            for each in quarter.ask("watcher", "GET", f"/v1/grades/{quarter.quarter}").json()["grades"]
        }
        return {
            each["rm"]: (each["result"] is not None, each["provisional"]["score"] != before[each["rm"]])
            for each in listed
        }

    assert told("head-east") == {"r1": (True, True), "r3": (True, True)}
    assert told("r1") == {"r1": (False, False), "r3": (True, True)}


def test_who_stands_in_for_the_supervisor_tells_nothing_of_their_own_result_from_the_numbers(quarter: Reviewed) -> None:
    """Who knows the others' results and the sums could subtract: the sums are those without the own draft."""
    quarter.come_to("open").come_to("submitted", "r3")
    today, page = str(quarter.house.today), f"/v1/review-quarters/{quarter.quarter}"
    away = {"delegate": "r1", "from_day": today, "to_day": today}
    assert quarter.ask("head-east", "POST", "/v1/delegations", away).status_code == 200

    def told(who: str) -> tuple[Any, ...]:
        spread = quarter.ask(who, "GET", f"{page}/distribution?scope=east").json()
        del spread["moment"]
        for each in spread["leniency"]:  # how many were rated by whom is told of each review
            del each["reviews"], each["tiers"]
        missing = quarter.ask(who, "GET", f"{page}/requirements?scope=east").json()["missing"]
        other = quarter.ask(who, "GET", quarter.path("r3")).json()["missing"]
        steps = ("unrated", "comment", "approval")
        return spread, [each for each in missing if each["what"] not in steps], other

    before, of_all = told("r1"), told("head-east")
    quarter.come_to("submitted")
    assert told("r1") == before
    assert told("head-east")[0] != of_all[0]
    digest = quarter.read("head-east")["result"]["card"]["digest"]
    guesses = [quarter.step("r1", "submit", {"digest": each}).json()["detail"] for each in (digest, "0" * 64)]
    assert guesses == ["leave it to somebody else: nobody decides on their own review"] * 2
    assert quarter.step("desk-one", "approve").status_code == 200
    assert told("r1") == told("head-east")
