"""What the process tells Prometheus about itself."""

import re

from api.metrics import Requests, gauge, text_of
from tests.api.house import House

SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*)\})? ([0-9.e+-]+)')


def told(bank: House) -> dict[str, float]:
    """Each number by its name and labels; every line is one that Prometheus reads."""
    answer = bank.ask("GET", "/metrics", "admin")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found: dict[str, float] = {}
    for line in answer.text.splitlines():
        if not line.startswith("# "):
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            found[line.rsplit(" ", 1)[0]] = float(sample[3])
    return found


def test_it_tells_where_log_and_read_model_stand_and_how_many_events_there_are(own_bank: House) -> None:
    own_bank.caught_up()
    before = told(own_bank)
    own_bank.visit()
    after = told(own_bank)
    recorded = 'appraise_events_total{type="ActionRecorded"}'
    assert after[recorded] == before.get(recorded, 0) + 1
    assert after["appraise_log_position"] == after["appraise_read_model_position"]
    assert after["appraise_log_position"] == sum(n for name, n in after.items() if name.startswith("appraise_events_"))
    assert (after["appraise_read_model_lag"], after["appraise_read_model_stopped"]) == (0, 0)


def test_it_counts_requests_by_route_and_status_boards_and_sessions(own_bank: House) -> None:
    own_bank.session()
    for role in ("rm", "hr", None):
        own_bank.ask("GET", f"/v1/leaderboards/{own_bank.quarter}", role)
    found = told(own_bank)
    count = 'appraise_http_requests_total{{route="leaderboard",method="GET",status="{}"}}'
    assert [found[count.format(status)] for status in (200, 401)] == [2, 1]
    buckets = [n for name, n in found.items() if 'http_request_seconds_bucket{route="leaderboard"' in name]
    assert buckets == sorted(buckets)
    assert buckets[-1] == found['appraise_http_request_seconds_count{route="leaderboard"}'] == 3
    assert (found["appraise_boards_kept"], found["appraise_sessions_open"], found["appraise_live_listeners"]) == (
        1,
        1,
        0,
    )


def test_an_answer_that_is_given_again_under_its_key_is_counted_for_its_route(own_bank: House) -> None:
    asked = {"json": {"name": "anna", "role": "hr"}, "headers": {"Idempotency-Key": "twice"}}
    assert [own_bank.ask("POST", "/v1/users", "admin", **asked).status_code for _ in range(2)] == [201, 201]
    assert told(own_bank)['appraise_http_requests_total{route="add_user",method="POST",status="201"}'] == 2


def test_a_path_that_is_no_route_is_counted_as_one(own_bank: House) -> None:
    for path in ("/v1/nothing", "/v1/nothing/else"):
        own_bank.ask("GET", path, "hr")
    assert told(own_bank)['appraise_http_requests_total{route="none",method="GET",status="404"}'] == 2


def test_a_label_is_written_so_that_it_is_read_as_it_was() -> None:
    requests = Requests()
    requests.note('a "route"\\', "GET", 200, 99.0)
    text = text_of([gauge("one", "A number.", 1)], requests)
    assert "# TYPE appraise_one gauge\nappraise_one 1\n" in text
    assert 'route="a \\"route\\"\\\\",le="+Inf"} 1' in text
    assert 'le="10.0"} 0' in text
