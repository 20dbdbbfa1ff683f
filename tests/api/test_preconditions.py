"""If-Match is read as RFC 9110 says, and what is no list of strong tags is answered with what would be one."""

import pytest

from api.preconditions import NO_VERSION, version_to_match, versions_of
from api.problems import Problem


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ('"7"', {7}), ('"1", "7"', {1, 7}), (',"other" ,\t"7",', {7}), ('"other"', set()), ('""', set()),
        ('"7,"', set()), ('"07"', set()), ('"1234567890"', set()), ("*", None), (" * ", None),
    ],
)  # fmt: skip
def test_a_list_of_strong_tags_names_versions(tags: str, named: set[int] | None) -> None:
    assert versions_of(tags) == named


@pytest.mark.parametrize("tags", ["7", '"7', '7"', 'W/"7"', '"6", W/"7"', "*, *", '"1" "7"', "", ",", "yesterday"])
def test_what_is_no_list_of_strong_tags_is_answered_with_one(tags: str) -> None:
    with pytest.raises(Problem) as refused:
        versions_of(tags)
    assert refused.value.body.status == 422
    assert 'as in "7"' in refused.value.body.errors[0].detail


def test_a_step_is_taken_on_the_version_that_stands_where_it_is_named() -> None:
    assert [version_to_match(each, 7) for each in (None, {6, 7}, {6}, set())] == [None, 7, NO_VERSION, NO_VERSION]
