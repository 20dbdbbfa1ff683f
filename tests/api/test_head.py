"""HEAD: whatever GET answers, without its body; monitors ask it."""

import pytest

from api.app import ROUTES
from tests.api.house import House
from tests.api.test_permissions import about

GETS = sorted(route.name for route in ROUTES if "GET" in (route.methods or ()))


@pytest.mark.parametrize("operation", GETS)
def test_whatever_answers_get_answers_head_alike_and_without_a_body(bank: House, operation: str) -> None:
    path = about("r1", operation, bank).path.replace("?events=1", "")  # a stream would go on, and ends at once
    for role in ("admin", "rm", None):
        answer = bank.ask("HEAD", path, role)
        assert answer.content == b""
        if operation != "leaderboard_live":
            same = bank.ask("GET", path, role)
            told = [(each.status_code, each.headers["content-type"], each.headers.keys()) for each in (answer, same)]
            assert told[0] == told[1]


def test_a_stream_that_is_asked_for_its_headers_alone_ends(bank: House) -> None:
    answer = bank.ask("HEAD", f"/v1/leaderboards/{bank.quarter}/live", "rm")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


def test_head_is_counted_as_head_for_its_route(own_bank: House) -> None:
    own_bank.ask("HEAD", "/health/live")
    count = 'appraise_http_requests_total{route="health_live",method="HEAD",status="200"} 1'
    assert count in own_bank.ask("GET", "/metrics", "admin").text


def test_head_of_what_only_posts_is_refused(bank: House) -> None:
    assert bank.ask("HEAD", "/sign-out").status_code == 405
