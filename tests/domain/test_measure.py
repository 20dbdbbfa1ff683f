"""The ready measure: delivered once per reference, for an indicator that asks for it, of a quarter that has begun."""

from decimal import Decimal

import pytest

from domain.events import MeasureDelivered
from tests.bank import SCHEME, TestBank, done, outcomes, refused

LINE = {"source": "dw", "external_ref": "7", "rm": "r1", "indicator": "profit", "quarter": "2026Q1",
        "value": "12.50", "as_of": "2026-03-01"}  # fmt: skip


def deliver(story: TestBank, **more: str) -> list[tuple[str, str]]:
    return refused(story.bank.record_measures([LINE | more], "dw")[0])


def test_a_ready_measure_is_an_event_of_its_own(story: TestBank) -> None:
    taken = done(story.bank.record_measures([LINE], "dw")[0])
    [event] = story.events(taken.subject)
    assert isinstance(event, MeasureDelivered)
    assert (taken.subject, event.rm, event.indicator, event.quarter) == ("measure:dw:7", "r1", "profit", "2026Q1")
    assert (event.value, str(event.as_of), event.by) == (Decimal("12.5"), "2026-03-01", "dw")


def test_the_same_delivery_again_is_a_duplicate_in_whatever_form_its_number_is_written(story: TestBank) -> None:
    taken = story.bank.record_measures([LINE, LINE | {"value": "12.5"}], "dw")
    taken += story.bank.record_measures([LINE | {"value": "0012.500"}], "dw")
    assert outcomes(taken) == ["accepted", "duplicate", "duplicate"]
    assert len({done(each).position for each in taken}) == 1


@pytest.mark.parametrize(
    "other", [{"value": "13"}, {"as_of": "2026-03-02"}, {"rm": "r2"}, {"quarter": "2026Q2", "as_of": "2026-04-01"}]
)
def test_a_reference_with_other_content_is_a_conflict(story: TestBank, other: dict[str, str]) -> None:
    story.clock.set("2026-04-02")
    done(story.bank.record_measures([LINE], "dw")[0])
    assert deliver(story, **other) == [("conflict", "external_ref")]
    assert outcomes(story.bank.record_measures([LINE | {"external_ref": "8"} | other, LINE], "dw"))[0] == "accepted"


@pytest.mark.parametrize(
    ("written", "value"), [("-0.00", "0"), ("-1000000000000", "-1000000000000"), ("0.001", "0.001")]
)
def test_a_figure_may_be_below_zero_and_has_one_form(story: TestBank, written: str, value: str) -> None:
    done(story.bank.record_measures([LINE | {"value": written}], "dw")[0])
    rows = story.bank.log.select_streams(["measure:dw:7"])["measure:dw:7"]
    assert f'"value":"{value}"' in rows[0].state.decode()


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"value": "1000000000000.001"}, ("malformed", "value")),
        ({"value": ""}, ("malformed", "value")),
        ({"quarter": "1"}, ("malformed", "quarter")),
        ({"as_of": "2026-02-30"}, ("malformed", "as_of")),
        ({"rm": "nobody"}, ("unknown", "rm")),
        ({"as_of": "2026-03-21"}, ("not-allowed", "as_of")),
        ({"as_of": "2025-12-31"}, ("not-allowed", "as_of")),
        ({"quarter": "2026Q2"}, ("not-allowed", "as_of")),
        ({"quarter": "2025Q4"}, ("not-allowed", "quarter")),
        ({"indicator": "visits"}, ("not-allowed", "indicator")),
        ({"indicator": "nothing"}, ("unknown", "indicator")),
    ],
)
def test_a_wrong_field_is_named(story: TestBank, more: dict[str, str], fault: tuple[str, str]) -> None:
    assert deliver(story, **more) == [fault]


def test_all_faults_of_a_line_are_named_at_once(story: TestBank) -> None:
    faults = deliver(story, source="DW", value="1e3", as_of="2026-03-21", indicator="visits")
    assert faults == [("malformed", "source"), ("malformed", "value"), ("not-allowed", "as_of"),
                      ("not-allowed", "indicator")]  # fmt: skip


def test_a_figure_of_a_quarter_that_is_over_may_still_be_corrected(story: TestBank) -> None:
    story.clock.set("2026-05-20")
    assert outcomes([story.deliver("late", "3", as_of="2026-05-20")]) == ["accepted"]


def test_an_rm_whose_scheme_takes_no_ready_measure_gets_none(story: TestBank) -> None:
    plain = SCHEME.replace('{ rule = "ready", over_base = true }', '{ rule = "last", of = "amount", plus = ["fund"] }')
    done(story.publish(plain.replace("2026-01-01", "2026-04-01")))
    story.clock.set("2026-04-10")
    assert deliver(story, quarter="2026Q2", as_of="2026-04-02") == [("not-allowed", "indicator")]
    assert outcomes(story.bank.record_measures([LINE], "dw")) == ["accepted"]


def test_the_scheme_is_that_of_a_position_held_in_the_quarter(story: TestBank) -> None:
    trainee = SCHEME.replace('["personal"]', '["trainee"]').replace('scheme = "tests"', 'scheme = "trainees"')
    done(story.publish(trainee.replace('"profit"', '"learning"')))
    done(story.register("r1", **{"from": "2026-03-01", "position": "trainee"}))
    both = [LINE, LINE | {"external_ref": "8", "indicator": "learning"}]
    assert outcomes(story.bank.record_measures(both, "dw")) == ["accepted"] * 2
    story.clock.set("2026-04-10")
    next_quarter = {"quarter": "2026Q2", "as_of": "2026-04-01", "external_ref": "9"}
    assert deliver(story, **next_quarter) == [("unknown", "indicator")]
    assert outcomes(story.bank.record_measures([LINE | next_quarter | {"indicator": "learning"}], "dw")) == ["accepted"]


def test_a_scheme_that_is_not_in_force_takes_no_measure(story: TestBank) -> None:
    done(story.register("r9", joined_on="2026-01-01", position="driver"))
    assert deliver(story, rm="r9") == [("unknown", "indicator")]
