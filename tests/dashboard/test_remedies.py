"""Whatever the API refuses is said in the reader's language: the words of domain and API are collected here."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import acting, problems
from api.http import review_batches
from dashboard import words
from dashboard.remedies import GAP, REMEDIES, remedy
from dashboard.words import Say, catalogue
from domain import appeal, approval, fields, reopening, review

ROOT = Path(words.__file__).parents[1]
ASKED_FROM_PAGES = (
    "domain/action.py", "domain/refusal.py", "api/accounts.py", "api/rights.py", "api/passwords.py",
    "api/asking.py", "api/idempotency.py", "api/once_per_key.py", "api/guarded.py", "api/http/*.py",
    "projections/at_position.py", "projections/board_rules.py", "projections/board_making.py",
    "projections/periods.py", "projections/closings.py", "domain/publication.py", "domain/review.py",
    "domain/rating.py", "domain/approval.py", "domain/appeal.py", "domain/reopening.py", "domain/people.py",
    "domain/colleague_vote.py", "domain/inspection.py", "domain/review_quarter.py", "api/acting.py",
    "domain/payroll.py",
    "domain/agreement.py", "domain/plan.py", "domain/board_choices.py",
)  # fmt: skip
"""Where a page's question or command is refused. Units, RMs, contracts, customers and measures come by file and command
alone."""
TEXT_OF = {"Refusal": 2, "wrong": 1, "Forbidden": 0, "NotFound": 0, "Problem": 1, "out_of_turn": 1}
"""What makes a refusal, and which of its arguments is the text."""
SAID_LATER = ("remedy", "told")
"""What a text is called that stands before what makes a refusal of it."""
FILLED_IN = (
    fields.ID, fields.SOURCE, fields.KIND, fields.DAY, fields.QUANTITY, fields.AMOUNT, fields.CODE, fields.NOTE,
    fields.TARGET, fields.BASE,
)  # fmt: skip
"""The rules of what people fill in."""
MISSING = "is missing: {}"
"""Before the remedy of a rule, where nothing was filled in."""
TO_PROGRAMS = {
    "leave it out: what a person records stands in the work log": "the form has no source",
    "leave it out: people record their own actions": "the form has no RM",
    "leave it out: the server makes the reference": "the form has no reference",
    "name an RM within the scope of this token": "tokens",
    "give a source of this token": "tokens",
    "name an action from a source of this token": "tokens",
    "sign in with name and password: a token has none": "tokens",
    "send it from a page of this address, or with a token": "another site's page",
    "sign in on the page of this address": "another site's page",
    "sign out on a page of this address": "another site's page",
    "leave it out: only a rejection has a reason": "a page gives one with a rejection alone",
    "name it as source:external_ref": "a page names what the list names",
    "take only these parameters: {}": "a page knows the parameters",
    "choose a password of whole characters: this one holds half of one": "no browser sends half a character",
    "send one key with a request": "a page makes the key",
    "write 1 to 200 printable characters of ASCII, without spaces": "a page makes the key",
    "give `after` or `before`": "a page turns one way",
    "the log ends at {}: take the cursor of a page's answer, or leave it out": "a page shows the first one instead",
    "take the last number of a page, or leave it out": "the page of people shows the newest changes alone",
    "name a day that is not before `from`": "the page of events names the field",
    "write it without control characters": "the page of events names the field",
    "name an event of an RM within your scope": "the page of events has a state for it",
    "nothing was recorded yet; leave it out": "every page has a state for it",
    "nothing was recorded by then; ask as of {} or later, or of position {} on": "every page has a state for it",
    "lies in the future; leave it out for the present": "filters leave such a day out",
    "name an action of the same RM and kind": "no form takes back another action",
    "void a reversal instead of reversing it": "no form takes back another action",
    "name an action that counts; this one is not verified, or is voided": "no form takes back another action",
    "have the earlier reversal of this action verified or rejected first": "no form takes back another action",
    "name a day not before that of the action taken back": "no form takes back another action",
    "name the customer of the action taken back, or leave it out": "no form takes back another action",
    "take back at most the {} that remain": "no form takes back another action",
    "say how much is taken back": "no form takes back another action",
    "name the version's date of effect, too": "the page compares with the version before",
    "take schemes and dates from the list of schemes": "the page takes them from there",
    "leave it out: JSON and XLSX hold both": "a page asks for the part only of a form that has one",
}
"""What no page is answered, and why."""


def refused() -> set[str]:
    """Every text of a refusal that stands in the code, its gaps as {}."""
    paths = [path for pattern in ASKED_FROM_PAGES for path in ROOT.glob(pattern)]
    of_rules = {text for rule in FILLED_IN for text in (rule.remedy, rule.in_form) if text}
    made = (problems.Forbidden, problems.NotFound)
    by_default = {inspect.signature(one).parameters["detail"].default for one in made}
    return (
        {MISSING}
        | of_rules
        | {
            *review.STANDS.values(),
            *approval.ASKED.values(),
            approval.RATED_IT,
            appeal.TOOK_PART,
            reopening.PROPOSED_IT,
        }
        | {acting.MOVED, acting.NO_RESULT, review_batches.TWICE}
        | by_default
        | {text for path in paths for text in _texts(ast.parse(path.read_text("utf-8")))}
    )


def _texts(code: ast.Module) -> Iterator[str]:
    for call in ast.walk(code):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TEXT_OF:
            place = TEXT_OF[call.func.id]
            status = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            of_the_server = isinstance(status, int) and status >= 500
            if len(call.args) > place and not of_the_server:  # a failure has a state of its own on every page
                yield from _text(call.args[place])
        elif isinstance(call, ast.Assign) and ast.unparse(call.targets[0]) in SAID_LATER:
            yield from _text(call.value)


def _text(said: ast.expr) -> Iterator[str]:
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in said.values)
    elif isinstance(said, ast.IfExp):
        yield from (*_text(said.body), *_text(said.orelse))


def without_names(msgid: str) -> str:
    return GAP.sub("{}", msgid)


def test_every_refusal_that_a_page_can_be_answered_is_one_that_pages_know() -> None:
    known = {without_names(msgid) for msgid in REMEDIES}
    assert refused() - known - TO_PROGRAMS.keys() == set()


def test_no_remedy_is_kept_that_is_not_given_any_more() -> None:
    assert {without_names(msgid) for msgid in REMEDIES} - refused() == set()
    assert TO_PROGRAMS.keys() - refused() == set()


@pytest.mark.parametrize(
    ("text", "in_chinese"),
    [
        ("void only what stands: this action was voided already", "该记录此前已作废"),
        ("choose a password of 8 to 256 characters", "密码须为 8 至 256 个字符"),
        ("kind: name a kind of a-scheme: visit, call", "请选择考核办法 a-scheme 中的种类：visit, call"),
        ("occurred_on: is missing: write a date as YYYY-MM-DD", "未填写：请按 YYYY-MM-DD 的格式填写日期"),
    ],
)
def test_a_refusal_is_said_in_chinese_with_what_fills_its_gaps(text: str, in_chinese: str) -> None:
    assert remedy(Say("zh"), text) == in_chinese


@pytest.mark.parametrize("before", ["", "occurred_on: "])
@pytest.mark.parametrize("text", sorted(refused() - TO_PROGRAMS.keys()))
def test_every_refusal_is_said_in_chinese_whatever_fills_its_gaps_and_whether_its_field_is_named(
    text: str, before: str
) -> None:
    """Its gaps filled with what is the same in both languages."""
    msgid = next(one for one in REMEDIES if without_names(one) == text)
    filled, names = text.replace("{}", "R0002"), dict.fromkeys(GAP.findall(msgid), "R0002")
    in_chinese = catalogue()[msgid].format(**names) if names else catalogue()[msgid]
    assert remedy(Say("zh"), before + filled) == in_chinese


def test_in_english_a_refusal_is_a_sentence_and_one_that_is_unknown_stands_in_either_language() -> None:
    late = "void only what stands: this action was voided already"
    assert remedy(Say("en"), late) == "Void only what stands: this action was voided already"
    assert remedy(Say("en"), f"reason: {late}") == remedy(Say("en"), late)
    assert remedy(Say("en"), "is missing: write a date as YYYY-MM-DD") == "Is missing: write a date as YYYY-MM-DD"
    assert [remedy(Say(language), "The moon is full") for language in ("en", "zh")] == ["The moon is full"] * 2


def test_every_remedy_is_in_the_catalogue() -> None:
    assert [msgid for msgid in REMEDIES if msgid not in catalogue()] == []
