"""Which fonts a notice is set in: Latin ones come with the typesetter, Chinese ones are those of the machine."""

from functools import cache

import typst

LATIN = "Libertinus Serif"
CHINESE = (
    "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", "Songti SC", "SimSun", "PingFang SC", "Microsoft YaHei", "AR PL UMing CN",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
"""The one for a document first; Debian's fonts-noto-cjk has the first."""
_found: list[str] = []


@cache
def fonts() -> typst.Fonts:
    """Every font that the process can set in; looked for once, which takes a while."""
    return typst.Fonts()


def chinese() -> str | None:
    """The Chinese font to set in; None where the machine has none. One that was installed since is found."""
    if not _found:
        fonts.cache_clear()
        families = {family.lower() for family in fonts().families()}
        _found.extend(one for one in CHINESE if one.lower() in families)
    return _found[0] if _found else None


def is_chinese(text: str) -> bool:
    """Whether a text has signs that no Latin font has."""
    return any("\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\uffef" or sign >= "\U00020000" for sign in text)
