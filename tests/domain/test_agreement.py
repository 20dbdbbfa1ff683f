"""The contract: drafted from the scheme, negotiated, signed by three, amended with a reason."""

from decimal import Decimal

import pyarrow as pa
import pytest

from domain.agreement import is_agreed
from domain.bank import Outcome
from domain.contract import Party, Sheet
from domain.events import ContractDrafted, TargetAgreed, TargetAmended, TargetProposed
from domain.refusal import Taken
from tests.bank import SCHEME, TestBank, done, outcomes, refused

YEAR = 2027
STREAM = f"contract:r1:{YEAR}"
FUNDS = {"quarter": "2027Q1", "indicator": "funds", "target": "6000"}
SIGNERS: dict[Party, str] = {"rm": "r1", "outlet": "head-of-east", "department": "approver"}


@pytest.fixture
def drafted(story: TestBank) -> TestBank:
    """A draft of next year for `r1`, and nobody has signed."""
    done(story.bank.draft_contract("r1", YEAR, "head-of-east"))
    return story


def sheet(story: TestBank, rm: str = "r1", year: int = YEAR) -> Sheet:
    return Sheet(rm, year, story.bank.read_contracts(year, [rm]).get(rm))


def sign(story: TestBank, party: Party, by: str | None = None, granted_by: tuple[str, ...] = ()) -> Outcome:
    return story.bank.sign_contract("r1", YEAR, party, sheet(story).digest, by or SIGNERS[party], granted_by)


def sign_all(story: TestBank) -> None:
    for party in SIGNERS:
        assert isinstance(sign(story, party), Taken)


def propose(story: TestBank, reason: str = "", by: str = "r1", **more: str) -> Outcome:
    return story.bank.propose_targets("r1", YEAR, [FUNDS | more], by, reason)


def signatures(story: TestBank) -> set[str]:
    state = sheet(story).state
    assert state
    return set(state.signatures)


def test_a_draft_takes_the_schemes_own_targets_and_else_the_last_agreed_ones(drafted: TestBank) -> None:
    state = sheet(drafted).state
    assert state
    assert (state.scheme, str(state.effective)) == ("tests", "2026-01-01")
    assert state.draft["2027Q3", "savings"].target == Decimal(1000)
    assert state.draft["2027Q3", "savings"].base == Decimal(200)
    assert state.targets == {}
    (scheme,) = drafted.bank.register.schemes.values()
    own = {one.id: one.target for one in scheme.indicators if one.target and is_agreed(one)}
    assert own
    assert all(state.draft["2027Q4", name].target == target for name, target in own.items())


def test_a_draft_covers_the_quarters_that_are_not_over_and_in_which_the_rm_serves(story: TestBank) -> None:
    story.clock.set("2026-08-03")
    done(story.register("new", joined_on="2026-08-01", **{"from": "2026-08-01"}))
    done(story.bank.draft_contract("new", 2026, "boss"))
    quarters = {each.quarter for each in story.events("contract:new:2026") if isinstance(each, TargetProposed)}
    assert quarters == {"2026Q3", "2026Q4"}


def test_drafting_again_changes_nothing(drafted: TestBank) -> None:
    done(propose(drafted, target=""))  # what was left out of the draft does not come back
    assert outcomes(drafted.bank.draft_contracts(["r1", "r1"], YEAR, "boss")) == ["duplicate"] * 2


def test_another_version_of_the_scheme_is_drafted_anew(drafted: TestBank) -> None:
    sign_all(drafted)
    newer = SCHEME.replace("effective = 2026-01-01", "effective = 2027-01-01", 1)
    done(drafted.publish(newer))
    done(drafted.bank.draft_contract("r1", YEAR, "boss"))
    assert [type(each) for each in drafted.events(STREAM)].count(ContractDrafted) == 2
    assert signatures(drafted) == set()


@pytest.mark.parametrize(("rm", "year", "fault"), [("nobody", 2027, "unknown"), ("r1", 2025, "not-allowed")])
def test_there_is_nothing_to_draft_for(story: TestBank, rm: str, year: int, fault: str) -> None:
    assert outcomes([story.bank.draft_contract(rm, year, "boss")]) == [fault]
    assert story.events(f"contract:{rm}:{year}") == []


def test_each_change_of_the_negotiation_is_kept(drafted: TestBank) -> None:
    before = len(drafted.events(STREAM))
    done(propose(drafted, by="head-of-east"))
    done(propose(drafted, target="5500", reason="fewer customers than last year"))
    first, second = drafted.events(STREAM)[before:]
    assert isinstance(first, TargetProposed)
    assert isinstance(second, TargetProposed)
    assert (first.by, first.target, second.by, second.target) == ("head-of-east", Decimal(6000), "r1", Decimal(5500))
    assert drafted.bank.log.select_texts("reason", [STREAM]) == {STREAM: "fewer customers than last year"}


def test_what_stands_in_the_draft_is_proposed_once(drafted: TestBank) -> None:
    done(propose(drafted))
    assert outcomes([propose(drafted, target="6000.000")]) == ["duplicate"]


def test_an_indicator_leaves_the_draft_but_not_what_was_agreed(drafted: TestBank) -> None:
    done(propose(drafted, target=""))
    assert ("2027Q1", "funds") not in sheet(drafted).state.draft  # type: ignore[union-attr]
    done(propose(drafted))
    sign_all(drafted)
    assert refused(propose(drafted, target="", reason="no more")) == [("not-allowed", "target")]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"quarter": "2026Q4"}, ("malformed", "quarter")),
        ({"quarter": "2027"}, ("malformed", "quarter")),
        ({"indicator": "turnover"}, ("unknown", "indicator")),
        ({"indicator": "conduct"}, ("not-allowed", "indicator")),
        ({"target": "0"}, ("malformed", "target")),
        ({"target": "1e3"}, ("malformed", "target")),
        ({"base": "-1"}, ("malformed", "base")),
        ({"colour": "red"}, ("malformed", "")),
    ],
)
def test_a_proposal_at_fault_changes_nothing(drafted: TestBank, line: dict[str, str], fault: tuple[str, str]) -> None:
    before = drafted.last_position
    assert refused(propose(drafted, **line)) == [fault]
    good = {"quarter": "2027Q2", "indicator": "funds", "target": "1"}
    told = drafted.bank.propose_targets("r1", YEAR, [good, FUNDS | line], "r1")
    assert refused(told) == [fault]
    assert drafted.last_position == before


def test_nothing_is_proposed_or_signed_before_the_draft(story: TestBank) -> None:
    assert refused(propose(story)) == [("not-found", "")]
    assert refused(sign(story, "rm")) == [("not-found", "")]


def test_the_third_signature_agrees_the_targets_in_the_same_save(drafted: TestBank) -> None:
    done(sign(drafted, "department"))
    done(sign(drafted, "rm"))
    assert not any(isinstance(each, TargetAgreed) for each in drafted.events(STREAM))
    done(sign(drafted, "outlet"))
    state = sheet(drafted).state
    assert state
    assert state.targets == state.draft
    assert signatures(drafted) == set(SIGNERS)


def test_signing_twice_is_a_duplicate(drafted: TestBank) -> None:
    done(sign(drafted, "rm"))
    assert outcomes([sign(drafted, "rm")]) == ["duplicate"]


def test_any_change_voids_the_signatures_even_if_it_is_taken_back(drafted: TestBank) -> None:
    before = sheet(drafted).digest
    done(sign(drafted, "rm"))
    assert refused(propose(drafted)) == [("malformed", "reason")]
    done(propose(drafted, reason="a new campaign"))
    done(propose(drafted, target="5000"))
    assert sheet(drafted).digest == before
    assert signatures(drafted) == set()
    assert "ContractSigned" in drafted.types(STREAM)


def test_a_form_that_shows_another_text_is_stale(drafted: TestBank) -> None:
    former = sheet(drafted).digest
    done(propose(drafted))
    assert refused(drafted.bank.sign_contract("r1", YEAR, "rm", former, "r1")) == [("stale", "digest")]


def test_three_different_people_sign(drafted: TestBank) -> None:
    assert refused(sign(drafted, "rm", by="head-of-east")) == [("not-allowed", "")]
    assert refused(sign(drafted, "outlet", by="r1")) == [("not-allowed", "")]
    done(sign(drafted, "outlet"))
    assert refused(sign(drafted, "department", by="head-of-east")) == [("not-allowed", "")]
    assert refused(sign(drafted, "outlet", by="another")) == [("not-allowed", "")]
    assert refused(sign(drafted, "department", granted_by=("head-of-east",))) == [("not-allowed", "")]
    assert signatures(drafted) == {"outlet"}


def test_nobody_signs_an_empty_contract(drafted: TestBank) -> None:
    state = sheet(drafted).state
    assert state
    lines = [{"quarter": quarter, "indicator": indicator} for quarter, indicator in state.draft]
    done(drafted.bank.propose_targets("r1", YEAR, lines, "r1"))
    assert refused(sign(drafted, "rm")) == [("not-allowed", "")]


def test_an_amendment_needs_a_reason_and_three_new_signatures(drafted: TestBank) -> None:
    sign_all(drafted)
    assert refused(propose(drafted, target="7000")) == [("malformed", "reason")]
    done(propose(drafted, target="7000", reason="a second outlet"))
    done(sign(drafted, "rm"))
    done(sign(drafted, "outlet"))
    assert sheet(drafted).state.targets["2027Q1", "funds"].target == Decimal(5000)  # type: ignore[union-attr]
    done(sign(drafted, "department"))
    amended = drafted.events(STREAM)[-1]
    assert isinstance(amended, TargetAmended)
    assert (amended.previous_target, amended.target) == (Decimal(5000), Decimal(7000))
    told = drafted.bank.log.select_texts_of([(STREAM, amended.originator_version)])
    assert told[STREAM, amended.originator_version]["reason"] == "a second outlet"


def test_a_quarter_that_is_over_keeps_what_was_agreed(drafted: TestBank) -> None:
    sign_all(drafted)
    done(propose(drafted, target="7000", reason="a second outlet"))
    done(sign(drafted, "rm"))
    done(sign(drafted, "outlet"))
    drafted.clock.set("2027-04-01")
    assert refused(sign(drafted, "department")) == [("not-allowed", "")]
    assert refused(propose(drafted, target="8000", reason="more")) == [("not-allowed", "quarter")]
    done(propose(drafted, target="5000", reason="too late"))
    sign_all(drafted)
    assert not any(isinstance(each, TargetAmended) for each in drafted.events(STREAM))


def test_a_contract_on_paper_takes_the_place_of_what_was_signed(drafted: TestBank) -> None:
    sign_all(drafted)
    line = {"rm": "r1", "year": "2027", "quarter": "1", "indicator": "funds", "target": "9000", "reason": "on paper"}
    done(drafted.bank.agree_targets([line], "lead")[0])
    state = sheet(drafted).state
    assert state
    assert state.draft["2027Q1", "funds"].target == Decimal(9000)
    assert signatures(drafted) == set()


def test_a_file_of_contracts_is_not_mistaken_about_what_is_only_proposed(drafted: TestBank) -> None:
    line = {
        "rm": "r1",
        "year": "2027",
        "quarter": "1",
        "indicator": "funds",
        "target": "5000",
        "base": "",
        "reason": "",
    }
    (told,) = drafted.bank.agree_target_tables([pa.Table.from_pylist([line])], "lead")
    assert (told.accepted, told.duplicates) == (1, 0)
    agreed = drafted.events(STREAM)[-1]
    assert isinstance(agreed, TargetAgreed)


def test_a_supervisor_drafts_and_signs_for_many_in_one_go(story: TestBank) -> None:
    assert outcomes(story.bank.draft_contracts(["r1", "nobody", "r3"], YEAR, "boss")) == [
        "accepted", "unknown", "accepted",
    ]  # fmt: skip
    digests = {rm: sheet(story, rm).digest for rm in ("r1", "r2", "r3")}
    told = story.bank.sign_contracts(digests | {"r3": "0" * 64}, YEAR, "outlet", "boss")
    assert outcomes(told) == ["accepted", "not-found", "stale"]
