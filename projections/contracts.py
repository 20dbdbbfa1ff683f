"""The questions about contracts: how those of a year stand, one in full with its history, and how targets cascade.

One contract is folded from its own stream of the log, as the decisions about it are; a list of them, and the sums of
the cascade, are asked of the read model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain import contract as domain_contract
from domain.agreement import is_agreed, who_bars
from domain.calendar import Quarter
from domain.contract import PARTIES, Key, Party, Sheet, Target, contract_id, digest_of, text_of
from domain.events import ContractDrafted, ContractSigned, Event, TargetAgreed, TargetAmended, TargetProposed
from domain.money import MILLI, unscaled
from domain.plan import is_planned
from domain.register import Register
from domain.scheme import Indicator, Scheme
from projections.amendments import is_in_period
from projections.answers import Moment, Person, Unit, Words
from projections.answers import contracts as answers
from projections.at_position import AtPosition, moment_of, words
from projections.questions import Row
from projections.questions import rows as rows_of


@dataclass(frozen=True, slots=True)
class Signer:
    """Who asks, and for which party they sign; what waits for them is marked."""

    person: str
    party: Party | None

    def may_sign(self, row: answers.ContractRow) -> bool:
        """Whether a contract waits for this person's signature."""
        if self.party is None or self.party in row.signatures or row.state not in ("draft", "signing"):
            return False
        return row.targets > 0 and who_bars(row.rm, self.party, row.signatures, self.person) is None


class Contracts(AtPosition):
    """What is asked about contracts and plans."""

    def contracts(
        self, year: int, people: Sequence[Person], signer: Signer, state: answers.ContractState | None = None,
        waiting: bool = False, after: str = "", limit: int = 100, as_of: int | None = None,
    ) -> answers.Contracts:  # fmt: skip
        """The contracts of a year of some RMs, by RM: those in a state, or those that wait for the asker. RMs who had
        left before the year have none."""
        of_year = {one.rm: one for one in people if one.left_on is None or one.left_on.year >= year}
        with self._at(as_of) as con:
            rows = rows_of(con, "contracts", rms=sorted(of_year), year=year)
            moment = moment_of(con, as_of)
            found = [_row(row, of_year[row["rm"]], year, signer) for row in rows]
            wanted = [one for one in found if state in (None, one.state) and (one.waits_for_me or not waiting)]
            page = [one for one in wanted if one.rm > after][:limit]
            texts = self._texts(con, year, [one.rm for one in page if one.state not in ("none", "paper")])
        counted = {name: sum(one.state == name for one in found) for name in STATES}
        return answers.Contracts(
            moment=moment, year=year, contracts=[_with_digest(one, texts.get(one.rm, {})) for one in page],
            total=len(wanted), states=counted, waiting=sum(one.waits_for_me for one in found),
            after=page[-1].rm if page and page[-1].rm != wanted[-1].rm else None,
        )  # fmt: skip

    def _texts(self, con: Any, year: int, rms: Sequence[str]) -> dict[str, dict[Key, Target]]:
        """The text of each of some RMs' contracts."""
        texts: dict[str, dict[Key, Target]] = {rm: {} for rm in rms}
        for row in rows_of(con, "contract_texts", rms=list(rms), year=year) if rms else ():
            if row["draft"]["target"] is not None:
                base = row["draft"]["base"]
                target = Target(
                    unscaled(row["draft"]["target"], MILLI), None if base is None else unscaled(base, MILLI)
                )
                texts[row["rm"]][row["quarter"], row["indicator"]] = target
        return texts

    def contract(self, person: Person, year: int, signer: Signer, as_of: int | None = None) -> answers.Contract:
        """One RM's contract of a year, also where nothing is drafted yet."""
        stream, moment = contract_id(person.rm, year), self._moment(as_of)
        rows = self.bank.log.select_streams([stream]).get(stream, [])
        places = self.bank.log.select_stream_positions(stream) if rows else []
        told = [
            (place, self.bank.mapper.to_domain_event(row))
            for place, row in zip(places, rows, strict=False)
            if as_of is None or place <= as_of
        ]
        events: list[tuple[int, Any]] = [(place, event) for place, event in told if isinstance(event, Event)]
        state = domain_contract.fold(None, (event for _, event in events))
        sheet, standing = Sheet(person.rm, year, state), state or domain_contract.Contract(0, {})
        texts = self.bank.log.select_texts_of([(stream, event.originator_version) for _, event in events])
        reasons = {version: found.get("reason") for (_, version), found in texts.items()}
        steps = list(self._steps(events, reasons, self._register(as_of)))
        signed = [
            answers.Signature(
                party=one.party, by=one.by, by_name=one.by_name, signed_at=one.recorded_at, position=one.position
            )
            for one in steps if one.holds and one.party
        ]  # fmt: skip
        is_drafted = standing.scheme is not None
        kind = _state_of(is_drafted, bool(standing.targets), len(standing.signatures))
        scheme = self._register(as_of).schemes.get((standing.scheme or "", standing.effective or date.min))
        row = answers.ContractRow(
            rm=person.rm, name=person.name, org=person.org, org_name=person.org_name, year=year,
            scheme=standing.scheme, effective=standing.effective, state=kind, in_force=bool(standing.targets),
            targets=len(standing.draft), signatures=dict(standing.signatures),
            digest=sheet.digest if is_drafted else None,
        )  # fmt: skip
        return answers.Contract(
            **row.model_dump(exclude={"waits_for_me"}), waits_for_me=signer.may_sign(row), moment=moment,
            scheme_name=words(scheme) if scheme else None, text=sheet.text if is_drafted else None,
            version=standing.version, lines=list(self._lines(person.rm, year, standing, steps, moment)), signed=signed,
            history=steps[::-1], my_party=signer.party,
        )  # fmt: skip

    def _steps(
        self, events: Sequence[tuple[int, Any]], reasons: Mapping[int, str | None], register: Register
    ) -> Iterator[answers.ContractStep]:
        """What happened, oldest first. A signature holds where nothing after it changed the text."""
        names = self.bank.names(sorted({event.by for _, event in events}))
        text: dict[Key, Target] = {}
        standing = domain_contract.fold(None, (event for _, event in events))
        last_change = 0
        known = _indicators(register)
        told: list[answers.ContractStep] = []
        for place, event in events:
            what: dict[str, Any] = {}
            if isinstance(event, TargetAgreed | TargetAmended | TargetProposed):
                key = event.quarter, event.indicator
                before, found = text.get(key), known.get(event.indicator)
                now = Target(event.target, event.base) if event.target is not None else None
                if now != before:
                    last_change = place
                text = {each: target for each, target in text.items() if each != key} | ({key: now} if now else {})
                what = {
                    "quarter": event.quarter, "indicator": event.indicator, "target": event.target, "base": event.base,
                    "reason": reasons.get(event.originator_version),
                    "name": words(found[1]) if found else None,
                    "unit": words(found[0].unit_of(found[1])) if found else None,
                }  # fmt: skip
                if isinstance(event, TargetAmended):
                    what |= {"previous": event.previous_target, "previous_base": event.previous_base}
                elif before and isinstance(event, TargetProposed):
                    what |= {"previous": before.target, "previous_base": before.base}
            elif isinstance(event, ContractDrafted):
                last_change, what = place, {"scheme": event.scheme, "effective": event.effective}
            elif isinstance(event, ContractSigned):
                what = {"party": event.party, "digest": event.digest}
            told.append(answers.ContractStep(
                position=place, type=type(event).__name__, recorded_at=event.recorded_at, by=event.by,
                by_name=names.get(event.by), **what,
            ))  # fmt: skip
        holding = dict(standing.signatures) if standing else {}
        for step in told:
            if step.party:
                holds = step.position > last_change and holding.get(step.party) == step.by
                step = step.model_copy(update={"holds": holds})
            yield step

    def _lines(
        self, rm: str, year: int, state: domain_contract.Contract, steps: Sequence[answers.ContractStep], moment: Moment
    ) -> Iterator[answers.ContractTarget]:
        """Every target of the text, and those that the RM's schemes ask for beside them, in the schemes' order."""
        register = self._register(moment.position if moment.past else None)
        person = register.rms.get(rm)
        quarters = [Quarter(year, number) for number in (1, 2, 3, 4)]
        serving = [each for each in quarters if person and person.serves_in(each)]
        asked = {each: register.schemes_of(person, each) if person else [] for each in serving}
        known, order = _indicators(register), dict[Key, tuple[Scheme, Indicator]]()
        for quarter, schemes in asked.items():
            for scheme in schemes:
                order |= {(str(quarter), one.id): (scheme, one) for one in scheme.indicators if is_agreed(one)}
        wanted = [*order, *(key for key in sorted({*state.draft, *state.targets}) if key not in order)]
        amended = {
            (step.quarter or "", step.indicator or ""): step for step in steps if step.type == TargetAmended.TOPIC
        }
        for key in wanted:
            found = order.get(key) or known.get(key[1])
            quarter, draft, agreed = Quarter.parse(key[0]), state.draft.get(key), state.targets.get(key)
            is_over = quarter.last_day < moment.today
            if is_over and draft is None and agreed is None:
                continue
            yield answers.ContractTarget(
                quarter=key[0], indicator=key[1],
                name=words(found[1]) if found else Words(en=key[1], zh=key[1]),
                unit=words(found[0].unit_of(found[1])) if found else Words(en="", zh=""),
                takes_base=bool(found and found[1].measure.over_base),
                target=draft.target if draft else None, base=draft.base if draft else None,
                agreed=agreed.target if agreed else None, agreed_base=agreed.base if agreed else None,
                own=found[1].target if found and key in order else None, is_over=is_over,
                **self._amendment(amended.get(key), quarter),
            )  # fmt: skip

    def _amendment(self, step: answers.ContractStep | None, quarter: Quarter) -> dict[str, Any]:
        """What an amendment replaced, when and why."""
        if step is None:
            return {}
        day = step.recorded_at.astimezone(self.bank.timezone).date()
        return {
            "previous_target": step.previous, "amended_on": day, "amendment_reason": step.reason,
            "in_period": is_in_period(day, quarter),
        }  # fmt: skip

    def cascade(self, org: str, year: int, as_of: int | None = None) -> answers.Cascade:
        """A unit's plan of a year beside what its RMs agreed and the plans right below it. Raises Refused for an
        unknown unit."""
        org, register = self._scope(org), self._register(as_of)
        planned = {name: found for name, found in _indicators(register).items() if is_planned(found[1])}
        with self._at(as_of) as con:
            rows = rows_of(con, "cascade", org=org, year=year, indicators=sorted(planned))
            path = rows_of(con, "unit_path", scope=org)
            moment = moment_of(con, as_of)
        order = {name: place for place, name in enumerate(planned)}
        rows = [row for row in rows if row["indicator"] in planned]
        below = sorted((unit for unit in register.units.values() if unit.parent == org), key=lambda unit: unit.org)
        units = [register.units[org], *below] if org in register.units else []
        rows.sort(key=lambda row: (row["org"] != org, row["org"], order[row["indicator"]], row["quarter"]))
        return answers.Cascade(
            moment=moment, year=year, org=org, path=[Unit(**row, depth=depth) for depth, row in enumerate(path)],
            units=[
                Unit(org=one.org, parent=one.parent, level=one.level, name=one.name, depth=int(one.org != org))
                for one in units
            ],
            indicators=[
                answers.PlannedIndicator(
                    indicator=name, name=words(one), unit=words(scheme.unit_of(one)), better=one.shape.columns().better
                )
                for name, (scheme, one) in planned.items()
            ],
            lines=[_cascade_line(row, planned[row["indicator"]][1].shape.columns().better == "less") for row in rows],
        )  # fmt: skip


STATES: tuple[answers.ContractState, ...] = ("none", "paper", "draft", "signing", "signed")


def _state_of(is_drafted: bool, is_agreed: bool, signatures: int) -> answers.ContractState:
    if not is_drafted:
        return "paper" if is_agreed else "none"
    if signatures == len(PARTIES):
        return "signed"
    return "signing" if signatures else "draft"


def _row(row: Row, person: Person, year: int, signer: Signer) -> answers.ContractRow:
    signatures = {party: row[f"signed_{party}"] for party in PARTIES if row[f"signed_{party}"]}
    found = answers.ContractRow(
        rm=person.rm, name=person.name, org=person.org, org_name=person.org_name, year=year, scheme=row["scheme"],
        effective=row["effective"], state=row["state"], in_force=row["in_force"], targets=row["targets"],
        signatures=signatures, digest=None,
    )  # fmt: skip
    return found.model_copy(update={"waits_for_me": signer.may_sign(found)})


def _with_digest(row: answers.ContractRow, text: Mapping[Key, Target]) -> answers.ContractRow:
    if row.state in ("none", "paper"):
        return row
    return row.model_copy(update={"digest": digest_of(text_of(row.rm, row.year, row.scheme, row.effective, text))})


def _indicators(register: Register) -> dict[str, tuple[Scheme, Indicator]]:
    """Every indicator by its id, as the newest version of a scheme has it that names it."""
    found: dict[str, tuple[Scheme, Indicator]] = {}
    for _, scheme in sorted(register.schemes.items(), key=lambda each: (each[0][1], each[0][0])):
        found |= {one.id: (scheme, one) for one in scheme.indicators}
    return found


def _figure(thousandths: int | None) -> Decimal | None:
    return None if thousandths is None else unscaled(int(thousandths), MILLI)


def _cascade_line(row: Row, is_ceiling: bool) -> answers.CascadeLine:
    plan, agreed, drafted, children = (_figure(row[name]) for name in ("plan", "agreed", "drafted", "children"))
    return answers.CascadeLine(
        org=row["org"], quarter=row["quarter"], indicator=row["indicator"], plan=plan, agreed=agreed,
        people=row["people"], drafted=drafted, drafts=row["drafts"], children=children,
        difference=None if plan is None or agreed is None else agreed - plan,
        warnings=list(_warnings(plan, agreed, children, is_ceiling)),
    )  # fmt: skip


def _warnings(
    plan: Decimal | None, agreed: Decimal | None, children: Decimal | None, is_ceiling: bool
) -> Iterator[answers.CascadeWarning]:
    """Where what lies below asks for more than the plan above, as regulators forbid, or for less: of a ceiling (less is
    better) the lower figure asks for more."""
    if plan is None:
        return
    if children is not None and children != plan:
        yield "plans-exceed" if (children > plan) != is_ceiling else "plans-short"
    if agreed is not None and agreed != plan:
        yield "targets-exceed" if (agreed > plan) != is_ceiling else "targets-short"
