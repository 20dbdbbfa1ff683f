"""What the check says of a scheme, in the reader's language; the words are those of `domain/scheme_file`."""

import re
from collections.abc import Sequence

from dashboard.remedies import said
from dashboard.words import Say, msg
from projections.answers import SchemeEntry, SchemeFinding

FINDINGS = (
    msg("rank its completion, or take another shape: nobody may be ranked by what they have no target of"),
    msg('add a table [clauses."{clause}"] with `en` and `zh`, or cite one that stands there'),
    msg("put it at {score} or lower: no score can come to more, so that nobody is in this tier"),
    msg("ask what can hold: nothing that can be recorded fulfils this, so that nobody is in this tier"),
    msg("put the tier above `{tier}`, or leave it out: `{same}` takes in whoever it would"),
    msg("leave the tier out, or ask more of those above: they take in whoever it would"),
    msg("put the step lower, or leave it out: from {score} on nobody can be in `{tier}`"),
    msg("write a condition that can hold: nothing that can be recorded fulfils this one"),
    msg("write a condition that can fail: whatever is recorded fulfils this one"),
    msg("compare less, or try the scheme on figures: whether this can come about takes too long to be searched"),
    msg("lower `limit` to {points} or less: the line never has more points, so that it never binds"),
    msg("raise `limit` to {points} or more: the very first one comes to more, so that it always binds"),
    msg('write cap = "1": with above = "0" nothing beyond the target counts, so that the cap never binds'),
    msg("raise `floor` above {part}, or leave it out: what has reached the start counts for as much"),
    msg("lower `most` to {points} or less: its lines never come to more, so that it never binds"),
    msg("raise `least` to {points} or more: its lines never come to less, so that it never binds"),
    msg("lower `minimum` to {points} or less: the section never comes to more: all are capped"),
    msg("raise `minimum` above {points}: the section never comes to less: nobody is capped"),
    msg("name a lower tier than `{tier}`: it is the best, so that nobody is capped"),
    msg("lower `coefficient` below {coefficient}: none is greater, so that the gate lowers nobody's"),
    msg("leave the multiplier out, or write another factor: times 1 changes nothing"),
    msg(
        "write the steps of `{tier}` as tiers of their own unless this is meant: whoever comes down to it is paid "
        "{coefficient}, and who has fewer points up to {most}"
    ),
    msg("leave `daily_limit` out, or add `points`: it limits what earns points of the game"),
    msg("put `from` below {score}: no score can come to more, so that nobody is in this band"),
    msg("put `to` above {score}: no score can come to less, so that nobody is in this band"),
    msg('write tier = "exact" unless that is meant: a score of {score} is rounded up and reaches {edge}'),
    msg(
        "round finer than {unit} if that is too much: rounded line by line, a score can come out higher "
        "by up to {points}"
    ),
    msg("measure it, look at it in a condition, give it `points`, or leave it out: it counts for nothing"),
    msg("make an indicator of it, look at it in a condition, or leave it out"),
    msg("agree on targets in every contract for {indicators}: where one is missing, {without}"),
    msg("agree on targets with {missing} of {rms} RMs for {quarter}: where one is missing, {without}"),
    msg("its weight is spread over the others"),
    msg("it earns nothing"),
    msg("it counts as reached"),
    msg("let it earn its weight of {weight}, or weigh it less: {points} points are its most"),
    msg("bound what earns more than its weight unless that is meant: points can go up to {points}, above 100"),
    msg("make compliance and risk together weigh more than {name}: they have {both}, it has {weight}"),
    msg("measure deposits by their daily average, not by {rule}: no target may be set for one day"),
    msg("have the warehouse deliver deposits as a daily average: no target may be set for one day"),
    msg("add deposit = true: it measures `{kind}`, which are deposits, and no board may rank them"),
    msg("leave `points` out: people are ranked by points of the game, and never by deposits"),
    msg(
        "let it begin with a year unless it changes no target: none may be set within the year; `scheme diff` tells "
        "what it changes"
    ),
    msg("let results weigh as well: nobody may be judged by ratings and votes alone"),
    msg('add a gate with when = "certified = 0" that takes its points: a sale by who is not qualified earns nothing'),
    msg(
        "mark what is sold for others, like funds and insurance, with sale = true, and let a gate look "
        "at `certified`: a sale by who is not qualified earns nothing"
    ),
    msg("write fewer decimals: figures above {figure} can't be counted exactly, and leave their RM without a grade"),
    msg(
        "lower `factors` to {factor} or less: the largest figures times these can't be counted, and "
        "leave their RM without a grade"
    ),
    msg("mind that it leaves nobody {where}, however large the group"),
    msg(
        "mind that in a group of up to {most} graded people it leaves nobody {where}; `smallest = {smallest}` exempts "
        "such groups"
    ),
    msg('add `anchors`: the behaviour that a rating stands for, from "0" up, so that supervisors rate alike'),
    msg("add [[quotas]], or leave `quota_met` out: there is no quota to be met"),
    msg("let it end after {day}, or leave it out: it is over before the scheme is in force"),
    msg("let it reach over the first day of a quarter, unless only points are to be ranked: no quarter begins in it"),
    msg("leave `certificate` out, or add `points`: it decides who earns points of the game"),
    msg("leave `points` of `{kind}` out: by them a board would rank people by deposits, which no rule allows"),
    msg("leave `{kind}` out: an award for deposits is a target for them beside the year's contract"),
    msg("in `{tier}` or a better tier"),
    msg("in a better tier than `{tier}`"),
)
"""Warnings and notes, with gaps for what differs from scheme to scheme."""

CODES = re.compile("`[^`]+`(?:, `[^`]+`)*")


def finding(say: Say, found: SchemeFinding, entries: Sequence[SchemeEntry]) -> str:
    """A warning or note, its entry and what it speaks of by their names; one that the list lacks stands as it is."""
    told = said(say, found.message, FINDINGS) or found.message
    names = {one.id: say.of(one.name) for one in entries if one.id}

    def named(run: re.Match[str]) -> str:
        return say.listed(quoted(say, names.get(one, one)) for one in run[0][1:-1].split("`, `"))

    shown = CODES.sub(named, told)
    table, id, *_ = [*found.key.split("."), ""]
    sort = table.replace("_", "-")
    entry = next((one for one in entries if one.sort in (sort, sort.removesuffix("s")) and one.id in (id, "")), None)
    if entry is None:
        return shown
    about = say.of(entry.sort_name) + (quoted(say, say.of(entry.name), " ") if entry.id else "")
    return say("{entry}: {finding}", entry=about, finding=shown)


def quoted(say: Say, name: str, before: str = "") -> str:
    """A name as it stands within a sentence."""
    return f"“{name}”" if say.language == "zh" else f'{before}"{name}"'
