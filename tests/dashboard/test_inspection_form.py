"""The form of an inspection below one person of the quarterly check, and those that are recorded."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem
from api.receipts import FieldFault, Noted
from dashboard.screens import inspection_form
from domain.fields import NOTE
from domain.inspection import MOST_FINDINGS
from projections.answers import Who
from tests.dashboard.conftest import Open, texts
from tests.dashboard.review_bank import ReviewBank
from tests.dashboard.small_bank import SmallBank, me


@dataclass
class Inspected(ReviewBank):
    """A bank whose branch inspects; `refusing` are the fields at fault."""

    refusing: list[FieldFault] = field(default_factory=list)

    def record_inspection(self, *told: object) -> Noted:
        self._ask("record_inspection", told=told)
        if self.refusing:
            raise ApiProblem(422, "Something is not right yet", "", self.refusing)
        return Noted(position=9, outcome="accepted")


FILLED = {"inspected_on": date(2026, 9, 10), "findings": "2", "note": "一份档案缺签名"}


def filled(page: AppTest, **told: object) -> AppTest:
    """Fill in the form of an inspection and send it."""
    fields = {one.key.rsplit("-", 1)[1]: one for one in (*page.text_input, *page.date_input, *page.text_area)
              if str(one.key).startswith("inspect-")}  # fmt: skip
    for name, value in (FILLED | told).items():
        fields[name].set_value(value)
    return next(one for one in page.button if str(one.key).startswith("inspect-")).click().run()


def test_an_inspection_is_recorded_with_day_findings_inspector_and_what_was_found(opened: Open) -> None:
    bank = Inspected(person=me("supervisor"))
    page = filled(opened(bank, "checks"))
    assert dict(bank.sent)["record_inspection"]["told"] == (
        "rm005", "2026Q3", "boss", FILLED["inspected_on"], 2, FILLED["note"],
    )  # fmt: skip
    assert "The inspection is recorded" in [one.value for one in page.toast]
    assert [one.value for one in page.text_area] == [""]


def test_the_recorded_inspections_are_read_once_the_form_is_opened(opened: Open) -> None:
    bank = Inspected(
        person=me("supervisor"), known={"检查组": Who(id="检查组", name=None, role="approver", unit="总行")}
    )
    page = opened(bank, "checks")
    page.session_state[inspection_form.BOX] = True
    said = texts(page.run())
    assert "1 finding, by Approver of 总行" in said
    assert "一份客户档案缺签名，当季已补" in said
    bank.trouble = {"read_review": ApiProblem(404, "Nothing", "")}
    assert "once the quarter's review is opened" in texts(page.run())


@pytest.mark.parametrize(
    ("lang", "field", "detail", "told"),
    [
        ("en", "inspected_on", "name a day from 2026-07-01 to 2026-09-15", "Name a day from 2026-07-01 to 2026-09-15"),
        ("zh", "inspector", "name somebody else: no relative inspects the RM's work", "亲属不得检查该客户经理的工作"),
        ("zh", "findings", f"write a whole number from 0 to {MOST_FINDINGS}", "请填写 0 至 1000 的整数"),
        ("zh", "note", f"is missing: {NOTE.remedy}", "未填写"),
        ("zh", "quarter", "name a quarter within the RM's service", "请填写该客户经理在岗的季度"),
    ],
)
def test_what_is_refused_of_an_inspection_is_told_and_what_was_written_stays(
    opened: Open, lang: str, field: str, detail: str, told: str
) -> None:
    bank = Inspected(person=me("supervisor"), refusing=[FieldFault(pointer=f"/{field}", detail=detail)])
    page = filled(opened(bank, "checks", lang=lang))
    assert told in texts(page)
    assert [one.value for one in page.text_area] == [FILLED["note"]]


@pytest.mark.parametrize("findings", ["", "-1", "2.5", "two"])
def test_findings_are_counted_before_anything_is_sent(opened: Open, findings: str) -> None:
    bank = Inspected(person=me("supervisor"))
    assert "Enter a whole number" in texts(filled(opened(bank, "checks"), findings=findings))
    assert "record_inspection" not in dict(bank.sent)


@pytest.mark.parametrize(("role", "as_of"), [("hr", ""), ("supervisor", "2026-09-10")])
def test_who_records_no_inspection_sees_no_form_and_a_look_back_has_none(opened: Open, role: str, as_of: str) -> None:
    page = opened(replace(SmallBank(), person=me(role)), "checks", **({"as_of": as_of} if as_of else {}))
    assert "陈雨桐 · 城东支行" in texts(page)
    assert [one.label for one in page.expander if "inspection" in one.label] == []
