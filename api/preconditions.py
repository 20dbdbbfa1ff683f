"""If-Match (RFC 9110, 13.1.1): a step is taken only on a version of the review that the asker has looked at."""

import re
from collections.abc import Collection
from typing import Annotated

from fastapi import Header, Request

from api.problems import wrong

ENTITY_TAG = r'"[\x21\x23-\x7e\x80-\xff]*"'
LISTED = re.compile(rf"[ \t,]*{ENTITY_TAG}(?:[ \t]*,[ \t,]*{ENTITY_TAG})*[ \t,]*")
VERSION = re.compile('"(0|[1-9][0-9]{0,8})"')
ANY = "*"
REMEDY = 'write the version in quotes, as in "7"; several with commas between them; or * for whichever stands'
WEAK = 'write it without W/, as in "7": a weak tag never matches here'
Tags = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The `version` of the review that was looked at, in quotes (`"7"`), or several, with commas '
        "between, or `*`; where it has moved on since, 412",
    ),
]  # fmt: skip
NO_VERSION = 0
"""What no review has: of tags that are none of its versions."""


def versions_of(tags: str) -> frozenset[int] | None:
    """The versions that If-Match names, None for any; a Problem where it is no list of strong tags."""
    if tags.strip(" \t") == ANY:
        return None
    if not LISTED.fullmatch(tags):
        raise wrong("If-Match", WEAK if 'W/"' in tags else REMEDY)
    return frozenset(int(found) for found in VERSION.findall(tags))


def looked_at(request: Request, tags: Tags = None) -> frozenset[int] | None:
    """The versions that somebody looked at who takes a step; None where they don't say, or any will do."""
    if tags is None:
        return None
    return versions_of(",".join(request.headers.getlist("if-match")))  # of several lines each is a part of the list


def version_to_match(versions: Collection[int] | None, standing: int) -> int | None:
    """The version that a step is taken on: the one that stands, where it is among them; else one that doesn't."""
    if versions is None:
        return None
    return standing if standing in versions else NO_VERSION
