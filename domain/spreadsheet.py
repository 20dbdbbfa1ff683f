"""What a text must be like that a spreadsheet opens: one place, for every file that the project writes for people."""

BOM = "\ufeff"
"""Without it Excel takes a CSV of Chinese for the machine's own encoding."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a spreadsheet knows a formula; an apostrophe before a text takes that meaning away."""
LONGEST_TEXT = 32_767
"""The characters that a cell of Excel holds."""


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; any other as it is."""
    return f"'{text}" if text.startswith(FORMULA) else text


def fitting(text: str) -> str:
    """A text as long as a cell holds; one that is cut says so by its last character."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
