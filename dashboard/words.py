"""What the dashboard says, in English and Chinese: one catalogue, English is the msgid; numbers, money and days as a
reader of that language writes them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from domain.money import canonical
from projections.answers import Action, ActionKind, Words

LANGUAGES = {"zh": "中文", "en": "English"}
CATALOGUE = Path(__file__).parent / "locale" / "zh.po"
LOCALES = {"zh": Locale("zh", script="Hans"), "en": Locale("en", "US")}
TEN_THOUSAND = 10_000
ALMOST = Decimal("99.99")
WORD_JOINER = "\u2060"
"""Takes no room, and ends what a browser's page would take for a link."""
BEGINS_LINK = re.compile(r"(\\:|@|www)(?=[/.a-z])", re.IGNORECASE)
"""A scheme's colon, an address's sign and the oldest of host names: even without markup they make a link, and a colon
before a word an icon."""


@cache
def catalogue() -> dict[str, str]:
    """English to Chinese, read once a process."""
    with CATALOGUE.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="zh") if entry.id}


def msg(text: str) -> str:
    """Mark a msgid that is said later (in a table of codes, say); the catalogue's test collects it."""
    return text


def language_of(locale: str | None) -> str:
    """The product's language nearest to a browser's locale such as `zh-CN`."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


class Say:
    """Speaks one language: `say("Rank")`, `say("{n} ranked", n=...)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = LOCALES[language]

    def __call__(self, msgid: str, /, **values: object) -> str:
        text = catalogue().get(msgid, msgid) if self.language == "zh" else msgid
        return text.format(**values) if values else text

    def of(self, words: Words | None) -> str:
        """The scheme's own words in this language; an en dash for none."""
        return getattr(words, self.language) if words else "–"

    def code(self, table: dict[str, str], code: str) -> str:
        """A code of an answer in words: the table gives its msgid; an unknown code stands as it is."""
        return self(table[code]) if code in table else code

    def listed(self, parts: Iterable[str]) -> str:
        """Several in a row."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def sentences(self, *told: str) -> str:
        """Sentences one after the other: in Chinese nothing stands between them."""
        return ("" if self.language == "zh" else " ").join(told)

    def number(self, value: Decimal | int | None) -> str:
        """Exact, with thousand separators; an en dash for none."""
        if value is None:
            return "–"
        return numbers.format_decimal(value, locale=self.locale, decimal_quantization=False)

    def rounded(self, value: Decimal | None) -> str:
        """To two decimals, half up: for what is itself a rounded fraction, such as a spread weight."""
        return self.number(None if value is None else canonical(value.quantize(Decimal("0.01"), ROUND_HALF_UP)))

    def amount(self, value: Decimal | None, unit: Words) -> str:
        """A measure with its unit, exact. Money in Chinese is written in 万 where that loses no digit and is short."""
        if value is None:
            return "–"
        if self.language == "zh" and unit.en == "CNY" and _short_in_ten_thousands(value):
            return f"{self.number(value / TEN_THOUSAND)} 万{unit.zh}"
        return f"{self.number(value)} {_singular(unit.en) if value == 1 and self.language == 'en' else self.of(unit)}"

    def figure(self, action: Action, kind: ActionKind | None) -> str:
        """What was done, in what its kind counts; a bare number where the kind is not known."""
        value, unit = counted(action, kind), action.unit or (kind.unit if kind else None)
        return self.amount(value, unit) if unit else self.number(value)

    def percent(self, ratio: Decimal | None) -> str:
        """A ratio in percent to two decimals, as in the sentence of the shape; what is below 1 never reads as 100 %."""
        if ratio is None:
            return "–"
        cut = round(ratio * 100, 2)
        if ratio < 1 <= cut / 100:
            cut = ALMOST
        return f"{self.number(canonical(cut))} %"

    def day(self, day: date) -> str:
        return dates.format_date(day, "medium", locale=self.locale)

    def short_day(self, day: date) -> str:
        """A day on an axis, where the year is known."""
        return dates.format_skeleton("MMMd", day, locale=self.locale)

    def weekday(self, day: date) -> str:
        """Its short name."""
        return dates.format_date(day, "EEE", locale=self.locale)

    def month(self, day: date) -> str:
        """The month of a day, with its year."""
        return dates.format_skeleton("yMMMM", day, locale=self.locale)

    def day_of(self, when: datetime, zone: str) -> str:
        """The bank's day of a moment: the log counts in UTC, where a bank's morning is still the day before."""
        return self.day(when.astimezone(ZoneInfo(zone)).date())

    def time(self, when: datetime, zone: str) -> str:
        """A moment in the bank's time zone, given by its name: the day as it is written everywhere, hour and minute."""
        local = when.astimezone(ZoneInfo(zone))
        return f"{self.day(local.date())} {local:%H:%M}"

    def weekdays(self) -> list[str]:
        """The shortest names of the days, Sunday first; every second one, where they stand close together."""
        names = dates.get_day_names("narrow", locale=self.locale)
        return [names[(day - 1) % 7] if day in (1, 3, 5) else "" for day in range(7)]

    def months(self) -> list[str]:
        """The short names of the months."""
        names = dates.get_month_names("abbreviated", locale=self.locale)
        return [names[month] for month in range(1, 13)]


def counted(action: Action, kind: ActionKind | None) -> Decimal:
    """What an action comes to, in what its kind counts."""
    by = action.counted or (kind.counted if kind else None)
    is_amount = by == "amount" if by else bool(action.amount)
    return action.amount if is_amount else action.quantity


def plain(text: str) -> str:
    """Names and sentences of others as they stand: nothing in them is markup, and nothing becomes a link or an icon."""
    for sign in "\\`*_[]$~<>#:&":
        text = text.replace(sign, "\\" + sign)
    return BEGINS_LINK.sub(rf"\1{WORD_JOINER}", text)


def _singular(unit: str) -> str:
    """One of an English unit: 1 finding, 1 breach; a currency stays as it is."""
    if unit.endswith(("ches", "shes", "sses", "xes")):
        return unit.removesuffix("es")
    return unit.removesuffix("s")


def _short_in_ten_thousands(value: Decimal) -> bool:
    """Whether 万 writes the value with at most two decimals."""
    return abs(value) >= TEN_THOUSAND and value % (TEN_THOUSAND // 100) == 0


ROLES = {
    "rm": msg("Relationship manager"),
    "supervisor": msg("Supervisor"),
    "approver": msg("Approver"),
    "hr": msg("HR"),
    "auditor": msg("Auditor"),
    "admin": msg("Administrator"),
    "system": msg("System"),
}
STATUSES = {
    "no-scheme": msg("No scheme is in force for the position held in this quarter."),
    "no-contract": msg("No performance contract was agreed for this quarter."),
    "short-service": msg("Served too few working days in this quarter for a grade."),
    "no-score": msg("No indicator could be scored in this quarter."),
    "not-gradable": msg("A figure lies outside the range that can be computed exactly; it has to be corrected first."),
    "barred": msg("A rule of the scheme leaves no grade; the conditions below say which."),
    "held": msg("The grade is held until a case is decided; the conditions below say which."),
}
NOT_GRADED = {
    "no-scheme": msg("No scheme"),
    "no-contract": msg("No contract"),
    "short-service": msg("Short service"),
    "no-score": msg("No score"),
    "not-gradable": msg("Not computable"),
    "barred": msg("Barred"),
    "held": msg("Held"),
}
"""The same in a word, where a tier would stand."""
REASONS = {
    "not-rated": msg("No rating stands yet: its weight is spread over the other indicators."),
    "not-delivered": msg("No figure delivered yet: its weight is spread over the other indicators."),
    "no-figure": msg("No figure yet, nothing that makes one is there: its weight is spread over the other indicators."),
    "no-target": msg("No target agreed: its weight is spread over the other indicators."),
    "nothing-due": msg("Nothing of its target is asked for the time served: its weight is spread over the others."),
    "not-ranked": msg(
        "Not compared: only who may be graded and has a figure is; its weight is spread over the other indicators."
    ),
    "small-group": msg("Too few peers to be compared with: its weight is spread over the other indicators."),
    "zeroed": msg("A condition of the scheme takes this line its points."),
}
STATES = {
    "recorded": msg("Waits for verification"),
    "counted": msg("Counts"),
    "rejected": msg("Rejected"),
    "voided": msg("Withdrawn"),
}
MISSING = {
    "waiting": msg("Entries wait"),
    "no-contract": msg("No contract"),
    "no-certificate": msg("No certificate"),
    "silent": msg("No own entry"),
}
CLASSES = {
    "compliance": msg("Compliance"),
    "risk": msg("Risk"),
    "efficiency": msg("Efficiency"),
    "transformation": msg("Transformation"),
    "social-responsibility": msg("Social responsibility"),
}
FLAGS = {
    "no-certificate": msg("No certificate"),
    "provisional-calendar": msg("Working days not yet official"),
}
FLAG_MEANINGS = {
    "no-certificate": msg(
        "No professional certificate of this relationship manager was in force on the last day served. What that "
        "costs is the scheme's to say, among the conditions that limit the grade; where it says nothing, this is a "
        "flag alone."
    ),
    "provisional-calendar": msg(
        "The official holidays of this year are not published yet: working days may still be added or dropped."
    ),
}
