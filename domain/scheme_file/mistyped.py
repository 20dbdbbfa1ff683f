"""What people mistype: names and words, signs as a Chinese keyboard has them, a list's head in one bracket."""

import re
import unicodedata
from difflib import get_close_matches

LISTS = (
    "sections", "indicators", "multipliers", "gates", "tiers", "quotas", "claw_backs", "seasons", "levels",
    "streaks", "badges", "board",
)  # fmt: skip
"""What a scheme file writes as tables in two brackets."""
TWICE = re.compile("overwrite|twice|already|immutable|mutate")
LONGEST = 600
"""Characters of what is looked at for a word that was meant."""
WITHIN = re.compile(r'"(?:[^"\\]|\\.)*"' r"|'[^']*'|#.*")
"""A text or a comment, in which any sign may stand."""
QUOTES = "“”„‟＂「」『』"
SIGNS = dict.fromkeys(QUOTES + "‘’", '"') | {"、": ",", "。": ".", "【": "[", "】": "]", "−": "-", "\xa0": " "}


def remedy(text: str, line: int, message: str) -> tuple[int, str]:
    """The line to look at, and what would be right there, for what the reader of TOML says of a line."""
    lines = text.split("\n")
    row = lines[line - 1] if line <= len(lines) else ""
    if TWICE.search(message):
        return _twice(lines, row) or (line, "write each key and each table once")
    outside, quote, _ = WITHIN.sub("", row).partition('"')
    if quote:
        odd = next((one for one in row if one in QUOTES), None)
        more = f"; `{odd}` is a full-width sign" if odd else ""
        return line, f'end the text with a plain `"` on the line that it begins on{more}'
    if odd := next((one for one in outside if _is_wide(one)), None):
        right, shown = ("a plain blank", f"U+{ord(odd):04X}") if odd.isspace() else (f"`{narrow(odd)}`", odd)
        return line, f"write {right} instead of the full-width `{shown}`: outside of texts only plain signs are read"
    return line, f"make this line TOML: {re.sub(r' *[(]at .*[)]', '', message)}"


def _twice(lines: list[str], row: str) -> tuple[int, str] | None:
    """The head in one bracket of a list that has others in two, or that is begun a second time so."""
    head = re.match(r"[ \t]*\[{1,2}[ \t]*(\w+)[ \t]*\]", row)
    if head is None or head[1] not in LISTS:
        return None
    single = re.compile(rf"[ \t]*\[[ \t]*{head[1]}[ \t]*\]")
    return next(((n, two_brackets(head[1])) for n, one in enumerate(lines, 1) if single.match(one)), None)


def two_brackets(name: str) -> str:
    """What is told of a list whose entries stand as one table."""
    return f"write [[{name}]], in two brackets: it is a list, and each entry begins so"


def narrow(text: str) -> str:
    """A text with plain signs in place of full-width ones."""
    return unicodedata.normalize("NFKC", "".join(SIGNS.get(one, one) for one in text))


def _is_wide(sign: str) -> bool:
    """Whether it is a plain sign made wide."""
    return not sign.isascii() and len(plain := narrow(sign)) == 1 and plain.isascii()


def nearest(name: str, known: list[str]) -> str:
    """What a mistyped name could have meant: the nearest known one, else all of them."""
    if close := meant(name, known):
        return close
    return "known are " + ", ".join(f"`{one}`" for one in dict.fromkeys(known)) if known else "none is known"


def meant(written: object, known: list[str]) -> str:
    """The nearest known word as a question; or that it is written in full-width signs; "" where nothing is near."""
    if not isinstance(written, str) or len(written) > LONGEST:
        return ""
    if (plain := narrow(written)) != written and plain.isascii():
        signs = "digits" if re.fullmatch("-?[0-9]+([.][0-9]+)?", plain) else "signs"
        return f'its {signs} are full-width: write "{plain}"'
    close = get_close_matches(written, known, n=1)
    return f"did you mean `{close[0]}`?" if close else ""
