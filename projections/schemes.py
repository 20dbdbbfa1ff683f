"""What is asked of the schemes: which versions there are, what one says, and whom one that waits would change."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from domain.calendar import Quarter
from domain.publication import Publication
from domain.register import Register
from domain.scheme import Fault, Scheme, check_scheme, read_scheme
from domain.scheme_file.review import located
from domain.scheme_file.unused import lacking_findings
from projections import answers, scheme_words
from projections.at_position import words
from projections.past import look_ahead
from projections.questions import Row
from projections.questions import rows as rows_of
from projections.recorded import action_kind
from projections.scorecards import Scorecards, grade_of, tiers


class Schemes(Scorecards):
    """The questions about schemes and their versions."""

    def schemes(self, as_of: int | None = None, with_proposed: bool = False) -> list[answers.SchemeVersion]:
        """Every published version, newest first; before them, where asked for, those that wait for approval."""
        register, today = self._register(as_of), self._moment(as_of).today
        published = _newest_first(register.schemes.values())
        proposed = _newest_first(filter(None, map(_read, register.publications.values()))) if with_proposed else []
        return [self._version(scheme, register, "proposed") for scheme in proposed] + [
            self._version(scheme, register, _state(scheme, register, today)) for scheme in published
        ]

    def scheme(
        self, scheme: str, effective: date, as_of: int | None = None, with_proposed: bool = False
    ) -> answers.Scheme | None:
        """One version, with its whole text."""
        register, today, key = self._register(as_of), self._moment(as_of).today, (scheme, effective)
        if found := register.schemes.get(key):
            state = _state(found, register, today)
        elif with_proposed and (found := _read(register.publications.get(key))):
            state = "proposed"
        else:
            return None
        findings = _checked(found.text) if state == "proposed" else []
        return answers.Scheme(
            version=self._version(found, register, state), text=found.text, tiers=tiers(found),
            kinds=[action_kind(name, kind) for name, kind in found.kinds.items()],
            clauses=scheme_words.clauses(found), entries=scheme_words.entries(found),
            warnings=[f"line {each.line}: {each.message}" for each in findings], findings=findings,
        )  # fmt: skip

    def check_scheme(self, text: str) -> answers.SchemeCheck:
        """What is to be said of a scheme's text, and how many of the RMs lack a target who would fall under it."""
        checked = check_scheme(text)
        findings, quarter, rms = checked.findings, None, list[str]()
        if scheme := checked.scheme:
            quarter = Quarter.of(max(scheme.effective, self._moment().today))
            if rms := self._appraised(scheme, quarter):
                findings = [one for one in findings if one.rule != "target"] + self._lacking(scheme, quarter, rms)
        return answers.SchemeCheck(
            is_publishable=not checked.errors,
            quarter=quarter and str(quarter),
            rms=len(rms),
            findings=_findings(sorted(findings)),
        )

    def _appraised(self, scheme: Scheme, quarter: Quarter) -> list[str]:
        """Who would fall under a version in a quarter, once it was in force."""
        register = self.bank.register.with_scheme(scheme)
        return [key for key, rm in register.rms.items() if scheme in register.schemes_of(rm, quarter)]

    def _lacking(self, scheme: Scheme, quarter: Quarter, rms: list[str]) -> list[Fault]:
        with self._at(None) as con:
            rows = rows_of(con, "targets_agreed", quarter=str(quarter), rms=rms)
        agreed = {row["indicator"]: row["rms"] for row in rows}
        return located(scheme, "target", lacking_findings(scheme, agreed, len(rms), quarter))

    def scheme_differences(
        self, scheme: str, effective: date, old: tuple[str, date] | None = None, as_of: int | None = None,
        with_proposed: bool = False,
    ) -> answers.SchemeDifferences | None:  # fmt: skip
        """What a version changes against another, by default its own scheme's one before it; None where it or the other
        one is none."""
        versions = {(one.scheme, one.effective): one for one in self.schemes(as_of, with_proposed)}
        earlier = [one for one in versions if one[0] == scheme and one[1] < effective]
        before = old or max(earlier, default=None)
        named = [key for key in ((scheme, effective), before) if key is not None]
        if any(key not in versions for key in named):
            return None
        register, new = self._register(as_of), versions[scheme, effective]
        if before is None:
            return answers.SchemeDifferences(old=None, new=new, same_text=False, changes=[])
        return answers.SchemeDifferences(
            old=versions[before], new=new, same_text=versions[before].digest == new.digest,
            changes=scheme_words.changes(_rules_of(register, before), _rules_of(register, (scheme, effective))),
        )  # fmt: skip

    def scheme_changes(
        self, scheme: str, effective: date, after: str = "", limit: int = 100
    ) -> answers.SchemeChanges | None:
        """Whom a version that waits for approval would change in the quarters that have begun, by quarter and id; None
        where none waits. `after` is what the page before said."""
        register = self.bank.register
        publication = register.publications.get((scheme, effective))
        draft = _read(publication)
        if draft is None or publication is None or publication.proposal is None:
            return None
        moment, begun, changes = self._moment(), list[answers.QuarterOfChanges](), list[answers.GradeChange]()
        ahead = register.with_scheme(draft)
        until = min((day for name, day in register.schemes if name == scheme and day > effective), default=date.max)
        for quarter in self._begun_since(effective):
            left = limit + 1 - len(changes) if str(quarter) >= after[:6] else 0
            counts, rows = self._changes(draft, quarter, after[7:] if after[:6] == str(quarter) else "", left)
            if quarter.first_day < until or any(counts.values()):  # a shortfall is carried on
                begun.append(answers.QuarterOfChanges(quarter=str(quarter), **counts))
            changes += self._told(rows, str(quarter), ahead)
        last = changes[limit - 1] if len(changes) > limit else None
        return answers.SchemeChanges(
            scheme=scheme, effective=effective, digest=publication.proposal.digest, by=publication.proposal.by,
            moment=moment, quarters=begun, changes=changes[:limit],
            after=f"{last.quarter}.{last.changed}.{last.after.rm}" if last else None,
        )  # fmt: skip

    def _begun_since(self, effective: date) -> list[Quarter]:
        """The quarters in which somebody has served since a date of effect."""
        asked = "SELECT DISTINCT s.quarter FROM service AS s WHERE s.quarter >= $first ORDER BY 1"
        with self._cursor() as con:
            rows = con.execute(asked, {"first": str(Quarter.of(effective))}).fetchall()
        return [Quarter.parse(quarter) for (quarter,) in rows]

    def _changes(self, draft: Scheme, quarter: Quarter, after: str, limit: int) -> tuple[Row, list[Row]]:
        """How many grades of a quarter a draft would change, and some of them; the score of a draft is made anew."""
        with self._at(None) as con:
            look_ahead(con, draft, quarter)
            (counts,) = rows_of(con, "scheme_change_counts", scheme=draft.scheme, effective=draft.effective)
            return counts, rows_of(con, "scheme_changes", after=after, limit=limit) if limit else []

    def _told(self, rows: list[Row], quarter: str, register: Register) -> Iterator[answers.GradeChange]:
        names = self.bank.names([row["rm"] for row in rows])
        for row in rows:
            now = row | {name[4:]: value for name, value in row.items() if name.startswith("now_")}
            before, after = (grade_of(one, names, register.schemes) for one in (now, row))
            yield answers.GradeChange(quarter=quarter, changed=row["changed"], before=before, after=after)

    def _version(self, scheme: Scheme, register: Register, state: answers.SchemeState) -> answers.SchemeVersion:
        key = (scheme.scheme, scheme.effective)
        publication = register.publications[key]
        proposal = publication.proposal if state == "proposed" else None
        stream = f"scheme:{scheme.scheme}:{scheme.effective}"
        return answers.SchemeVersion(
            scheme=scheme.scheme, effective=scheme.effective, name=words(scheme), state=state,
            position=self.bank.log.select_version_position(stream, publication.version)[0],
            digest=proposal.digest if proposal else publication.published or "",
            positions=list(scheme.positions), units=list(scheme.units),
            by=proposal.by if proposal else publication.by or "", proposed_by=publication.proposed_by,
        )  # fmt: skip


def _rules_of(register: Register, version: tuple[str, date]) -> Scheme:
    """The rules of a version that is listed, published or not."""
    found = register.schemes.get(version) or _read(register.publications[version])
    assert found
    return found


def _newest_first(schemes: Iterable[Scheme]) -> list[Scheme]:
    return sorted(sorted(schemes, key=lambda one: one.scheme), key=lambda one: one.effective, reverse=True)


def _read(publication: Publication | None) -> Scheme | None:
    """The scheme that waits for approval; None where none does, or where today's rules don't read it."""
    return _rules(publication.proposal.text) if publication and publication.proposal else None


@lru_cache(maxsize=64)
def _rules(text: str) -> Scheme | None:
    """A text as a scheme, read once however often it is listed."""
    read = read_scheme(text)
    return read if isinstance(read, Scheme) else None


def _findings(told: Iterable[Fault]) -> list[answers.SchemeFinding]:
    return [answers.SchemeFinding.model_validate(one, from_attributes=True) for one in told]


@lru_cache(maxsize=64)
def _checked(text: str) -> list[answers.SchemeFinding]:
    """What the check says of a text that may be published all the same; it searches through all the rules."""
    return _findings(check_scheme(text).told)


def _state(scheme: Scheme, register: Register, today: date) -> answers.SchemeState:
    if scheme.effective > today:
        return "coming"
    return "in-force" if register.is_in_force(scheme, today) else "ended"
