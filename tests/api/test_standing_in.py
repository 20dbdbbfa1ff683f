"""Who does the duties in reviews of somebody absent, over HTTP."""

from datetime import timedelta

from tests.api.reviewing import Reviewed


def test_who_stands_in_acts_by_the_other_ones_right_and_the_log_names_both(quarter: Reviewed) -> None:
    quarter.come_to("open")
    today = quarter.house.today
    rate = {"ratings": quarter.ratings(), "comment": "in her place"}
    assert quarter.step("head-south", "rate", rate).status_code == 403
    away = {"delegate": "head-south", "from_day": str(today), "to_day": str(today + timedelta(days=3))}
    assert quarter.ask("head-east", "POST", "/v1/delegations", away).status_code == 200
    items = quarter.ask("head-south", "GET", "/v1/inbox").json()["items"]
    assert {(each["row"]["rm"], each["on_behalf_of"]) for each in items} == {
        ("r1", "head-east"), ("r2", None), ("r3", "head-east"),
    }  # fmt: skip
    assert quarter.step("head-south", "rate", rate).status_code == 200
    assert quarter.read()["comment"]["on_behalf_of"] == "head-east"
    assert quarter.ask("head-south", "POST", "/v1/rms/r1/absences", {"from_day": "2026-03-02", "to_day": "2026-03-02"}
                       ).status_code == 403  # fmt: skip
    assert quarter.step("head-east", "submit").status_code == 200
    assert quarter.ask("head-east", "POST", "/v1/delegations:end", {"delegate": "head-south"}).status_code == 200
    assert quarter.ask("head-south", "GET", quarter.path()).status_code == 403


def test_an_rm_who_stands_in_for_the_supervisor_tries_no_ratings_of_their_own(quarter: Reviewed) -> None:
    quarter.come_to("open")
    today = str(quarter.house.today)
    away = {"delegate": "r1", "from_day": today, "to_day": today}
    assert quarter.ask("head-east", "POST", "/v1/delegations", away).status_code == 200
    assert quarter.step("r1", "preview", {"ratings": {}}).status_code == 403
    assert quarter.step("r1", "preview", {"ratings": {}}, rm="r3").status_code == 200


def test_nobody_is_absent_in_favour_of_somebody_who_can_not_sign_in(quarter: Reviewed) -> None:
    today = str(quarter.house.today)
    away = {"delegate": "haed-south", "from_day": today, "to_day": today}
    answer = quarter.ask("head-east", "POST", "/v1/delegations", away)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/delegate", "detail": "name somebody who can sign in here"}]
