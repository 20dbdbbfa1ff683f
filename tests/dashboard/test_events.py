"""The screen of the raw history: what is sought stands in the address, and every event says something."""

from datetime import UTC, datetime

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from dashboard import event_words
from dashboard.words import Say
from domain import events as vocabulary
from projections.answers import LoggedEvent
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import KINDS, SmallBank, me


def logged(position: int = 7, type: str = "ActionRecorded", **changes: object) -> LoggedEvent:
    told: dict[str, object] = {
        "position": position, "stream": "action:crm:A1", "version": 1, "type": type, "by": "crm", "rm": "rm005",
        "rm_name": "陈雨桐", "recorded_at": datetime(2026, 9, 14, 9, 30, tzinfo=UTC), "texts": {},
        "state": {"rm": "rm005", "kind": "visit", "occurred_on": "2026-09-14", "quantity": "2", "customer": "00138",
                  "amount": "0", "counts": False},
    }  # fmt: skip
    return LoggedEvent.model_validate(told | changes)


def audited(**told: object) -> SmallBank:
    return SmallBank(person=me("auditor"), history=[logged(9), logged(7)], **told)  # type: ignore[arg-type]


def asked(bank: SmallBank) -> dict[str, object]:
    return dict([told for name, told in bank.sent if name == "list_events"][-1])


def event_classes() -> list[type[vocabulary.Event]]:
    return [one for one in vars(vocabulary).values() if isinstance(one, type) and issubclass(one, vocabulary.Event)][1:]


@pytest.mark.parametrize("one", event_classes(), ids=lambda one: one.TOPIC)
def test_every_event_has_a_type_in_words_and_a_sentence_of_its_own_fields(one: type[vocabulary.Event]) -> None:
    fields = dict.fromkeys(one.model_fields, "2")
    event = logged(type=one.TOPIC, state=fields)
    for language in ("en", "zh"):
        say = Say(language)
        assert event_words.type_of(say, event) == say(event_words.TYPES[one.TOPIC])
        sentence = event_words.sentence(say, event, {})
        assert event_words.NOBODY not in sentence
        assert "{" not in sentence


def test_a_sentence_tells_kind_figure_note_and_what_the_event_waits_for() -> None:
    event = logged(texts={"note": "met at the fair"})
    said = event_words.sentence(Say("en"), event, {kind.kind: kind for kind in KINDS})
    assert said == (
        "陈雨桐, Sep 14, 2026: Visit, 2 visits. It waits for verification. Customer 00138. Note: met at the fair"
    )


def test_an_event_of_a_newer_version_stands_under_its_own_name() -> None:
    unknown = logged(type="MoonSeen", state={})
    assert event_words.type_of(Say("zh"), unknown) == event_words.sentence(Say("zh"), unknown, {}) == "MoonSeen"


def test_a_link_from_a_figure_lands_with_its_filters_set(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", rm="rm005", kind="visit", quarter="2026Q3", stream="action:crm:A1")
    told = asked(bank)
    assert (told["rm"], told["kind"], told["quarter"], told["stream"]) == ("rm005", "visit", "2026Q3", "action:crm:A1")
    assert page.selectbox(key="event-kind").value == "visit"
    assert [told["search"] for name, told in bank.sent if name == "list_rms"] == ["rm005"]  # for the name


def test_a_person_is_found_by_name_and_let_go_again(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", after="900")
    assert "list_rms" not in [name for name, _ in bank.sent]
    page.session_state["who"] = True
    page.run()
    page.text_input(key="find-person").set_value("陈").run()
    page.button(key="choose-rm005").click().run()
    assert (asked(bank)["rm"], asked(bank)["after"]) == ("rm005", None)
    page.session_state["who"] = True
    page.run()
    page.button(key="choose-all").click().run()
    assert asked(bank)["rm"] is None


def test_another_question_begins_with_its_first_page(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", after="900")
    assert asked(bank)["after"] == 900
    page.selectbox(key="event-type").select("ActionRecorded").run()
    assert (asked(bank)["type"], asked(bank)["after"]) == ("ActionRecorded", None)


def test_a_page_is_turned_on_and_back(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events")
    assert page.button(key="events-back").disabled
    page.button(key="events-on").click().run()
    assert asked(bank)["after"] == 7


def test_an_event_is_shown_in_full_with_its_seal_and_leads_to_its_stream(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", position="7", rm="rm005", as_of="2026-09-15")
    assert "Seal 3 covers the positions 1 to 1,000" in texts(page).replace("\\", "")
    assert '"customer": "00138"' in page.code[0].value
    page.button(key="go-stream").click().run()
    told = asked(bank)
    assert (told["stream"], told["rm"], told["as_of"]) == ("action:crm:A1", None, "2026-09-15")
    assert "position" not in page.query_params


def test_where_no_event_stands_it_says_so_and_the_list_stands_all_the_same(opened: Open) -> None:
    trouble = ApiProblem(404, "Not found", "name a log position")
    page = opened(audited(trouble={"read_event": trouble}), "events", position="8")
    assert "No event that you may read stands at position 8." in texts(page)
    assert len(page.dataframe) == 1


def test_whom_one_may_not_read_about_is_a_state_of_its_own(opened: Open) -> None:
    page = opened(
        audited(
            trouble={"list_events": ApiProblem(403, "Not allowed", "ask somebody whose role and scope cover this")}
        ),
        "events",
        scope="south",
    )
    assert "This is not yours to see" in texts(page)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "“Recorded to” lies before “Recorded from”: change one of the two."),
        ("zh", "“登记日止”早于“登记日起”，请调整其中一个。"),
    ],
)
def test_days_the_wrong_way_round_are_told_in_the_words_of_the_page(opened: Open, lang: str, told: str) -> None:
    fault = FieldFault(pointer="/to", detail="name a day that is not before `from`")
    trouble = ApiProblem(422, "Invalid", fault.detail, errors=[fault])
    days = {"from": "2026-09-02", "to": "2026-09-01"}
    page = opened(audited(trouble={"list_events": trouble}), "events", lang, **days)
    assert told in texts(page).replace("\\", "")
    assert "`" not in texts(page).split("<style>")[0]


def test_a_look_back_is_shown_goes_along_and_can_be_let_go(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", as_of="2026-09-10", rm="rm005")
    assert asked(bank)["as_of"] == "2026-09-10"
    assert "A look back" in texts(page)
    links = [str(link.proto.url) for link in page.get("link_button")]
    assert ["as_of=2026-09-10" in url for url in links if "events:export" in url] == [True] * 3
    page.date_input(key="event-as_of").set_value(None).run()
    assert (asked(bank)["as_of"], asked(bank)["rm"]) == (None, "rm005")
    assert "A look back" not in texts(page)


@pytest.mark.parametrize("none", ["2026-13-01", "2999-01-01", "0001-01-01"])
def test_a_look_back_to_a_day_that_is_none_is_left_out_and_told(opened: Open, none: str) -> None:
    bank = audited()
    page = opened(bank, "events", as_of=none)
    assert asked(bank)["as_of"] is None
    assert f"As of {none}" in texts(page).replace("\\", "")


def test_a_unit_is_chosen_from_the_tree(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", scope="east")
    assert asked(bank)["scope"] == page.selectbox(key="event-scope").value == "east"
    page.selectbox(key="event-scope").select("south").run()
    assert asked(bank)["scope"] == "south"


def test_nothing_found_is_a_state_of_its_own(opened: Open) -> None:
    bank = audited()
    bank.history = []
    assert "No event fits" in texts(opened(bank, "events", lang="en", rm="nobody"))


def test_at_first_sight_ends_of_days_and_seals_are_left_out_and_a_press_shows_them(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events")
    assert asked(bank)["upkeep"] is False
    assert "Ends of days and seals are left out." in texts(page)
    page.button(key="events-upkeep").click().run()
    assert (asked(bank)["upkeep"], page.query_params["upkeep"]) == (True, "1")
    page.button(key="events-upkeep").click().run()
    assert asked(bank)["upkeep"] is False


@pytest.mark.parametrize("of", [{"rm": "rm005"}, {"type": "LogSealed"}, {"stream": "seal"}, {"quarter": "2026Q3"}])
def test_who_seeks_something_of_their_own_finds_all_of_it(opened: Open, of: dict[str, str]) -> None:
    bank = audited()
    page = opened(bank, "events", **of)
    assert asked(bank)["upkeep"] is True
    assert "left out" not in texts(page)


def test_the_files_hold_what_the_page_shows(opened: Open) -> None:
    page = opened(audited(), "events")
    links = [str(link.proto.url) for link in page.get("link_button")]
    assert ["upkeep=false" in url for url in links if "events:export" in url] == [True] * 3
