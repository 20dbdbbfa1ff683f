"""A grade notice as PDF. The page is `page.typ`; what stands on it is told by `contents.py` and passed as data, so that
no name or comment is ever read as markup or code."""

import json
from pathlib import Path

import typst

from api.notice import fonts
from api.notice.contents import Told, contents, mapped, moment
from api.problems import Problem

PAGE = Path(__file__).with_name("page.typ")
NO_FONT = (
    "install a Chinese font where the server runs (Debian: apt-get install fonts-noto-cjk), or ask for the notice in "
    "English with language=en"
)


def notice(told: Told) -> bytes:
    """The notice of a review as PDF: the same review gives the same bytes. A Problem where there is no result to tell,
    or where a Chinese notice is asked for and the machine has no font for it."""
    chinese = fonts.chinese()
    if told.language == "zh" and chinese is None:
        raise Problem(503, NO_FONT)
    said = contents(told)
    if chinese is None:
        said = mapped(said, lambda text: told.say("unprintable") if fonts.is_chinese(text) else text)
    said["fonts"] = [fonts.LATIN, *([chinese] if chinese else [])]
    when = moment(told.review)
    return typst.compile(
        PAGE, root=PAGE.parent, font_paths=fonts.fonts(), format="pdf", timestamp=when,
        sys_inputs={"notice": json.dumps(said, ensure_ascii=False, sort_keys=True)},
    )  # fmt: skip
