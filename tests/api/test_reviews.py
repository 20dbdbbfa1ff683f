"""The quarter's reviews over HTTP: who may do what when, and what comes of doing it twice, too late, or in another's
place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from domain.calendar import Quarter
from domain.refusal import Refused
from tests.api.house import House
from tests.api.reviewing import Reviewed
from tests.bank import publish_scheme

WHY = {"reason": "see the log"}


def refused(answer: object) -> tuple[int, str]:
    """Status and detail of a refusal."""
    body = answer.json()  # type: ignore[attr-defined]
    return body["status"], body["detail"]


def test_a_review_goes_from_the_opening_to_payroll_by_five_people(quarter: Reviewed) -> None:
    quarter.come_to("final")
    review = quarter.read()
    assert (review["row"]["state"], review["row"]["answer"]) == ("final", "acknowledged")
    (final,) = review["finals"]
    assert (final["rated_by"], final["approved_by"], final["by"]) == ("head-east", "desk-one", "payer")
    assert final["result"]["card"]["digest"] == review["result"]["card"]["digest"]
    paid = quarter.ask("payer", "GET", f"/v1/payroll/grades?quarter={quarter.quarter}").json()
    assert [(each["employee"], each["digest"]) for each in paid["grades"]] == [
        ("r1", final["result"]["card"]["digest"])
    ]


def test_a_form_that_is_stale_changes_nothing(quarter: Reviewed) -> None:
    quarter.come_to("open")
    version = quarter.read()["row"]["version"]
    first = quarter.step("head-east", "rate", {"comment": "one"}, **{"If-Match": f'"{version}"'})
    assert (first.status_code, first.json()["version"]) == (200, version + 1)
    stale = quarter.step("head-east", "rate", {"comment": "two"}, **{"If-Match": f'"{version}"'})
    assert refused(stale) == (412, "look at the review again: somebody changed it since")
    assert quarter.read()["comment"]["text"] == "one"
    for tags, status in ((f'"{version}", "{version + 1}"', 200), ("*", 200), (f'"{version + 1}', 422)):
        assert quarter.step("head-east", "rate", {}, **{"If-Match": tags}).status_code == status, tags


def test_what_is_sent_twice_is_done_once(quarter: Reviewed) -> None:
    quarter.come_to("rated")
    for who, step in (("head-east", "submit"), ("desk-one", "approve"), ("r1", "acknowledge"), ("payer", "finalise")):
        if step == "submit":
            talk = {"held_on": str(quarter.house.today), "note": "talked"}
            told = [quarter.step(who, "interview", talk).json()["outcome"] for _ in range(2)]
            assert told == ["accepted", "duplicate"]
        told = [quarter.step(who, step).json()["outcome"] for _ in range(2)]
        assert told == ["accepted", "duplicate"], step
    assert quarter.events().count("GradeFinalised") == 1
    key = {"Idempotency-Key": "propose-once"}
    answers = [quarter.step("payer", "propose-reopening", WHY, **key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"


def test_no_grade_is_made_final_on_a_read_model_that_lags_behind_the_log(
    quarter: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarter.come_to("acknowledged")
    office = quarter.house.office
    behind = office.read_model.progress().log_position
    quarter.house.visit()
    one, many = {"rm": "r1"}, "/v1/reviews:finalise"
    with monkeypatch.context() as patch:
        patch.setattr(House, "caught_up", lambda house: None)
        patch.setattr(office.read_model, "wait_for", lambda position, seconds=5.0: position <= behind)
        alone = quarter.step("payer", "finalise")
        beside = quarter.ask("payer", "POST", many, {"quarter": quarter.quarter, "reviews": [one]})
    assert (alone.status_code, beside.status_code) == (503, 503)
    assert "GradeFinalised" not in quarter.events()
    assert quarter.step("payer", "finalise").status_code == 200


def test_of_two_who_act_at_once_on_one_version_only_one_does(quarter: Reviewed) -> None:
    quarter.come_to("submitted")
    looked_at = {"If-Match": f'"{quarter.read()["row"]["version"]}"'}
    with ThreadPoolExecutor(2) as pool:
        approved = pool.submit(quarter.step, "desk-one", "approve", {}, **looked_at)
        returned = pool.submit(quarter.step, "desk-two", "return", WHY, **looked_at)
    assert sorted([approved.result().status_code, returned.result().status_code]) == [200, 412]
    assert len({"ReviewApproved", "ReviewReturned"} & {*quarter.events()}) == 1


@pytest.mark.parametrize(
    ("state", "who", "step", "body", "status", "told"),
    [
        ("open", "head-east", "submit", {}, 422, "rate it before it is submitted"),
        ("open", "desk-one", "approve", {}, 409, "approve only what was submitted"),
        ("rated", "desk-one", "return", WHY, 409, "return only what was submitted"),
        ("submitted", "head-east", "approve", {}, 403, "nobody approves what they rated"),
        ("submitted", "head-east", "rate", {"comment": "more"}, 409, "rate only what is not submitted yet"),
        ("submitted", "payer", "finalise", {}, 409, "make final only what is approved and answered"),
        ("approved", "payer", "finalise", {}, 409, "wait for the RM's answer"),
        ("approved", "desk-two", "decide", WHY | {"outcome": "dismissed"}, 409, "decide only what the RM contests"),
        ("appealed", "desk-one", "decide", WHY | {"outcome": "dismissed"}, 403, "decided by who took no part"),
        ("acknowledged", "r1", "appeal", WHY, 409, "appeal only against what was approved and not answered"),
        ("final", "head-east", "rate", {"comment": "more"}, 409, "it is final"),
        ("final", "payer", "reopen", {"cutoff_on": "2030-01-01"}, 409, "propose the reopening first"),
    ],
)
def test_a_step_out_of_its_turn_or_by_who_may_not_is_refused_with_the_reason(
    quarter: Reviewed, state: str, who: str, step: str, body: dict[str, str], status: int, told: str
) -> None:
    """The state's doing is a conflict (409), the person's is not allowed (403)."""
    quarter.come_to(state)
    before = quarter.events()
    answer = refused(quarter.step(who, step, body))
    assert (answer[0], told in answer[1]) == (status, True)
    assert quarter.events() == before
    shown = {each["step"]: each for each in quarter.read(who)["steps"]}
    assert not shown[step]["allowed"]


@pytest.mark.parametrize(
    ("who", "step"),
    [("r2", "acknowledge"), ("head-south", "rate"), ("watcher", "approve"), ("payer", "approve"), ("r3", "appeal")],
)
def test_who_has_not_the_role_or_the_unit_for_it_is_told_that_alone(quarter: Reviewed, who: str, step: str) -> None:
    quarter.come_to("approved")
    before = quarter.events()
    answer = quarter.step(who, step, WHY if step == "appeal" else {})
    assert refused(answer) == (403, "ask somebody whose role and scope cover this")
    assert quarter.events() == before


def test_nobody_decides_on_themselves_on_a_relative_or_on_their_own_superior(quarter: Reviewed) -> None:
    quarter.come_to("submitted")
    assert quarter.ask("payer", "POST", "/v1/relations", {"person": "desk-one", "relative": "r1"}).status_code == 200
    assert "declared relative" in refused(quarter.step("desk-one", "approve"))[1]
    ended = {"person": "desk-one", "relative": "r1"}
    assert quarter.ask("desk-one", "POST", "/v1/relations:end", ended).status_code == 403
    identity = quarter.house.office.identity
    assert identity.add_user("r1-too", "a-good-password", "supervisor", "head", rm="r1") is None
    cookie = {"Cookie": f"appraise={identity.open_session('r1-too')}", "Origin": "http://bank.test"}
    own = quarter.ask(None, "POST", f"{quarter.path()}/approve", {}, **cookie)
    assert own.status_code in (401, 403)
    vote = {"measure": "none_of_them"}
    assert "nobody votes on themselves" in quarter.ask("r1", "POST", f"/v1/rms/r1/votes/{quarter.quarter}", vote).text


def test_who_never_served_in_the_quarter_has_no_review(quarter: Reviewed) -> None:
    late = {"rm": "r9", "name": "Late", "position": "personal", "org": "east", "joined_on": str(quarter.house.today)}
    quarter.house.office.bank.register_rms([late], "lead")
    quarter.open()
    assert quarter.ask("watcher", "GET", quarter.path("r9")).status_code == 404
    assert quarter.ask("head-east", "GET", quarter.path("r9")).status_code == 403
    inspected = {"inspector": "desk-one", "inspected_on": str(quarter.house.today), "findings": 1, "note": "one page"}
    answer = quarter.ask("desk-one", "POST", f"/v1/rms/r9/inspections/{quarter.quarter}", inspected)
    assert "within the RM's service" in answer.text
    ahead = inspected | {"inspected_on": str(quarter.house.today + timedelta(days=1))}
    answer = quarter.ask("desk-one", "POST", f"/v1/rms/r1/inspections/{quarter.quarter}", ahead)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/inspected_on")


def test_who_is_registered_after_the_opening_gets_a_review_on_the_facts_of_now(quarter: Reviewed) -> None:
    quarter.open()
    since = Quarter.parse(quarter.quarter).first_day
    late = {"rm": "r9", "name": "Late", "position": "personal", "org": "east", "joined_on": str(since)}
    quarter.house.office.bank.register_rms([late], "lead")
    told = quarter.open()
    assert (told["accepted"], told["remaining"]) == (1, 0)
    found, first = quarter.read(rm="r9")["row"], quarter.read(rm="r1")["row"]
    assert (found["state"], found["facts_at"] > first["facts_at"]) == ("open", True)


def test_many_are_decided_on_at_once_and_one_that_cannot_be_stops_no_other(quarter: Reviewed) -> None:
    quarter.come_to("submitted")
    quarter.come_to("submitted", "r2")
    version = quarter.read(rm="r2")["row"]["version"]
    reviews = [{"rm": "r1"}, {"rm": "r2", "version": version + 7}, {"rm": "r3"}, {"rm": "r1"}, {"rm": "ghost"}]
    body = {"quarter": quarter.quarter, "reviews": reviews}
    told = quarter.ask("desk-one", "POST", "/v1/reviews:approve", body).json()
    assert [line["status"] for line in told["results"]] == [200, 412, 409, 409, 403]
    assert (told["accepted"], told["rejected"]) == (1, 4)
    assert "ReviewApproved" not in quarter.events("r2")


def test_ratings_are_tried_without_a_trace_and_saved_as_one_goes(quarter: Reviewed) -> None:
    quarter.come_to("open")
    best = {line["indicator"]: line["best"] for line in quarter.read()["ratings"]}
    tried = quarter.ask("head-east", "POST", f"{quarter.path()}/preview", {"ratings": best}).json()
    assert tried["moves"] is True
    assert quarter.events() == ["ReviewOpened"]
    for indicator, value in best.items():
        assert quarter.step("head-east", "rate", {"ratings": {indicator: value}}).status_code == 200
    assert quarter.read()["result"]["card"]["digest"] == tried["result"]["card"]["digest"]
    wrong = quarter.step("head-east", "rate", {"ratings": {next(iter(best)): "1e9"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"].split(".")[0]) == (422, "/ratings")


def test_an_inbox_holds_what_waits_for_who_is_nearest(quarter: Reviewed) -> None:
    quarter.come_to("submitted")

    def inbox(who: str) -> list[tuple[str, str, str | None]]:
        items = quarter.ask(who, "GET", "/v1/inbox").json()["items"]
        return [(each["row"]["rm"], each["step"], each["on_behalf_of"]) for each in items]

    assert inbox("head-east") == [("r3", "rate", None)]
    assert inbox("head-south") == [("r2", "rate", None)]
    assert inbox("desk-one") == inbox("desk-two") == [("r1", "approve", None)]
    assert inbox("director") == inbox("r1") == []
    quarter.step("desk-one", "approve")
    assert inbox("r1") == [("r1", "answer", None)]


def test_a_final_review_is_opened_again_by_two_and_the_old_grade_stands_beside(quarter: Reviewed) -> None:
    quarter.come_to("final")
    assert quarter.step("payer", "propose-reopening", WHY).status_code == 200
    again = {"cutoff_on": str(quarter.cutoff_on)}
    assert "nobody reopens what they proposed" in refused(quarter.step("payer", "reopen", again))[1]
    assert quarter.step("payer-two", "reopen", again).status_code == 200
    review = quarter.read()
    assert (review["row"]["round"], len(review["finals"])) == (2, 1)


def test_a_quarter_is_opened_bit_by_bit_by_hr_alone_and_once(quarter: Reviewed) -> None:
    path, body = f"/v1/review-quarters/{quarter.quarter}/open", {"cutoff_on": str(quarter.cutoff_on), "limit": 2}
    assert quarter.ask("head-east", "POST", path, body).status_code == 403
    first, second = (quarter.ask("payer", "POST", path, body).json() for _ in range(2))
    assert (first["accepted"], first["remaining"], second["accepted"], second["remaining"]) == (2, 1, 1, 0)
    other = body | {"cutoff_on": str(quarter.cutoff_on + timedelta(days=1))}
    assert quarter.ask("payer-two", "POST", path, other).status_code == 409
    progress = quarter.ask("head-east", "GET", f"/v1/review-quarters/{quarter.quarter}?scope=east").json()
    assert (progress["served"], progress["reviews"], progress["unopened"]) == (2, 2, 0)


def test_a_review_is_told_as_its_events_to_the_auditor_and_to_whom_it_is_about(quarter: Reviewed) -> None:
    quarter.come_to("approved")
    told = quarter.ask("watcher", "GET", f"{quarter.path()}/timeline").json()["entries"]
    assert [each["topic"] for each in told] == quarter.events()
    assert quarter.ask("r1", "GET", f"{quarter.path()}/timeline").status_code == 200
    assert quarter.ask("head-east", "GET", f"{quarter.path()}/timeline").status_code == 403
    assert quarter.ask("r2", "GET", f"{quarter.path()}/timeline").status_code == 403


VOTED = Path(__file__).parents[2] / "domain/schemes/tobacco-rm/2026-01-01.toml"


def test_colleagues_votes_are_cast_once_each_and_told_as_sums(quarter: Reviewed) -> None:
    bank = quarter.house.office.bank
    publish_scheme(bank, VOTED.read_text(encoding="utf-8"))
    post = next(iter(next(one for (name, _), one in bank.register.schemes.items() if name == "tobacco-rm").positions))
    first_day = str(Quarter.parse(quarter.quarter).first_day)
    line = {"rm": "r4", "name": "Person r4", "position": post, "org": "east", "joined_on": first_day}
    assert not isinstance(bank.register_rms([line], "lead")[0], Refused)
    path, level = f"/v1/rms/r4/votes/{quarter.quarter}", {"measure": "votes_satisfied"}
    told = [quarter.ask("r3", "POST", path, level).json()["outcome"] for _ in range(2)]
    assert told == ["accepted", "duplicate"]
    assert quarter.ask("r2", "POST", path, {"measure": "votes_so_so"}).status_code == 200
    quarter.open()
    evidence = quarter.read(rm="r4")["evidence"]
    assert (evidence["voters"], {each["votes"] for each in evidence["votes"]}) == (0, {None})  # too few to be told
    assert quarter.ask("r1", "POST", path, level).status_code == 200
    evidence = quarter.read(rm="r4")["evidence"]
    told_sums = {each["measure"]: each["votes"] for each in evidence["votes"] if each["votes"] not in (None, "0")}
    assert (evidence["voters"], told_sums) == (3, {"votes_satisfied": "2", "votes_so_so": "1"})
