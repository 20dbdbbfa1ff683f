"""What the API answers in English where it refuses something: said as it stands, or in Chinese.

A text may have gaps for what differs from time to time; a test holds the list to the words of domain and API, so that
none of them reaches a page unsaid.
"""

import re
from functools import cache

from dashboard.review_remedies import OF_REVIEWS
from dashboard.words import Say, msg

GAP = re.compile(r"{(\w+)}")
FIELD = re.compile("^[a-z_]+: ")
"""How the detail of a refusal begins where one field is at fault."""

REMEDIES = (
    msg("ask who is set over this unit: its plan comes from above"),
    msg("take a unit of the organisation tree"),
    msg("write {shortest} to {longest} letters, digits, blanks or hyphens, with a letter or digit at either end"),
    msg("choose another: it is, or contains, the name or id of somebody of the bank"),
    msg("choose another: somebody else has this alias, or one that looks like it"),
    msg("draft the contract first"),
    msg("propose a target first: nobody signs an empty contract"),
    msg("look at it again: the contract's text is another one than the one that you name"),
    msg("leave it: somebody else signed for this party already"),
    msg("ask somebody else to sign: three different people do so"),
    msg("ask somebody to sign whom no other signer gave sign-in, role, password or token"),
    msg("ask the RM: nobody else signs for them"),
    msg("ask outlet or department: an RM signs as RM alone"),
    msg("name another figure: what was agreed is amended, and never dropped"),
    msg("name a quarter that is not over: what was agreed for one that is, stands"),
    msg("take back first what is proposed for quarters that are over: what was agreed for them stands"),
    msg("name a year with a quarter that is not over, in which the RM serves under a scheme"),
    msg("give the reason: an agreed target, or a text that somebody signed, is changed"),
    msg("name a quarter of the contract's year"),
    msg("name a quarter within the RM's service"),
    msg("give the reason why what was planned is changed"),
    msg("name a quarter of the plan's year"),
    msg("name a quarter that is not over"),
    msg("name an indicator of one of the bank's schemes"),
    msg("leave it out: figures of single people don't add up to one of the unit's"),
    msg("write a plain number above 0, at most 1000000000000, with up to 3 decimals and no separators"),
    msg("write a plain number from 0 to 1000000000000 with up to 3 decimals and no separators"),
    msg("write a date as YYYY-MM-DD"),
    msg("write a date that exists as YYYY-MM-DD"),
    msg("write a plain number above 0, at most 1000000000, with up to 3 decimals and no separators"),
    msg("write CNY as a plain number from 0 to 1000000000000 with up to 2 decimals and no separators"),
    msg("write at most 500 characters, none of them invisible (control, zero-width and direction marks, fillers)"),
    msg("name a day that is not in the future"),
    msg("name a day within the RM's service, from {first} to {last}"),
    msg("name a day within the RM's service, from {first} on"),
    msg("publish a scheme that is in force on that day for the RM's position"),
    msg("ask a second person: who recorded an action can't verify it"),
    msg("void your own action instead of rejecting it"),
    msg("ask your supervisor to void it: it counts already"),
    msg("withdraw what takes back another action, and record it anew"),
    msg("give the password that you have now"),
    msg("choose a password of {shortest} to {longest} characters"),
    msg("choose a password that isn't guessed: no usual word, no row of keys, not your name"),
    msg("choose another password than the one that you have now"),
    msg("choose another name, this one is taken"),
    msg("choose another name: by this one somebody else signs in"),
    msg("choose a role of people: a system doesn't sign in, it has a token"),
    msg("leave it out: an administrator is always one of the whole bank"),
    msg("leave it out: a relationship manager reaches over nobody else"),
    msg("leave it out: only a relationship manager or a supervisor can be one"),
    msg("name another relationship manager: this one signs in as {name} already"),
    msg("choose another name: by {names} the log tells what this service does itself"),
    msg("choose another name: by this one the log tells what an RM does"),
    msg("write 1 to 32 of the characters A-Z a-z 0-9 _ -"),
    msg("say which relationship manager this is"),
    msg("name a relationship manager that is registered"),
    msg("name a unit of the organisation tree"),
    msg("let another administrator in first: this is the last one"),
    msg("ask another administrator: nobody does this to themselves"),
    msg("sign in again: your password was changed at this very moment"),
    msg("change your own password where the old one is asked for"),
    msg("say which sources the system may write with"),
    msg("leave it out: only a system has sources"),
    msg("write 1 to 32 of the characters a-z 0-9 -"),
    msg("{remedy}; `log` is kept for people"),
    msg("too many wrong passwords; try again later"),
    msg("decide only on what waits for verification: {who} verified this action"),
    msg("decide only on what waits for verification: this action counted at once"),
    msg("decide only on what waits for verification: {who} rejected this action"),
    msg("decide only on what waits for verification: {who} voided this action"),
    msg("void only what stands: this action was rejected"),
    msg("void only what stands: this action was voided already"),
    msg("ask your supervisor to void what somebody else recorded about you"),
    msg("void first what reverses this action"),
    msg("undo the later reversals of the same action first"),
    msg("correct only what you recorded yourself"),
    msg("leave it out: an entry stays with its RM"),
    msg("give another reference: this one stands already with other content"),
    msg("name an RM of the bank; import rms first"),
    msg("name a kind that people report; the bank's system feeds this one"),
    msg("name a kind of {scheme}: {kinds}"),
    msg("write a kind of action as the scheme names it"),
    msg(
        "write 1 to 64 characters, none of them invisible (control, zero-width and direction marks, fillers), "
        "without blanks around them"
    ),
    msg("is missing: {remedy}"),
    msg("name an action that is recorded"),
    msg("name an RM who served in that quarter"),
    msg("name an RM of the bank"),
    msg("name a unit that was in the tree by then"),
    msg("name days from {first} to {last}"),
    msg("name a day that is not after `to`"),
    msg("ask for a year at most"),
    msg("rank by one of {boards}"),
    msg("write a quarter like 2026Q3, a year, a month like 2026-07, a week like 2026-W31, or the id of a season"),
    msg("leave `among` out: a team is ranked with all its people"),
    msg("name position, tenure or portfolio with an RM whom you are above, or one of {known}"),
    msg("name a later period: {day} was never closed"),
    msg("ask again once {day} is over and closed"),
    msg("take scheme and date from the list of schemes"),
    msg("take scheme and date of what waits for approval from the list of schemes"),
    msg("ask somebody else to approve it: nobody approves what they proposed"),
    msg("ask somebody to approve it whom the proposer gave neither sign-in, role, password nor token"),
    msg("look at it again: what waits now is another text than the one that you name"),
    msg("give another date of effect: a published version is never overwritten"),
    msg("keep a scheme for every position and unit: from {day} on there would be none for {positions}"),
    msg("name a day of effect after {quarter}: the reviews of that quarter were opened"),
    msg("name positions that {other} does not appraise from the same day on, unlike {position}"),
    msg("name units of the organisation tree, unlike {units}"),
    msg("name a log position at which an event stands"),
    msg("name a user that exists"),
    msg("name a user that exists; add it first"),
    msg("choose one of {roles}"),
    msg("give the id of a session from the list of sessions"),
    msg("give the id of a token from the list of tokens"),
    msg("this very request is being done: ask again"),
    msg("take another key: this one belongs to another request"),
    msg("ask somebody whose role and scope cover this"),
    msg("look in the list for what there is"),
    msg("choose a password of your own first: the one you have was given out"),
    msg("the log ends at {position}: name a position up to it, or leave it out"),
    msg("take quarter and number of a run from the list of runs"),
    msg("ask somebody else to release it: nobody releases what they prepared"),
    msg("ask somebody else to release it: of you two one gave the other sign-in, role, password or token"),
    msg("look at the run again: its digest is another one than the one you confirm"),
    msg("seal the log first: no seal covers what the run was made of"),
    msg("prepare the quarter anew: this run was discarded"),
    msg("look at its differences: the run was released, and nothing edits it any more"),
    msg("release or discard the run of this quarter first that waits for its release"),
    msg("finalise reviews first: the quarter has no final grade that no run released before"),
    msg("discard the run and prepare the quarter anew: a review was reopened since the run was prepared"),
    msg("prepare the run again: another run of the quarter was prepared or released meanwhile"),
    msg("ask appraise verify: the log gives another file now than the one that the run's digest names"),
    msg("release the run first: only then it has a manifest"),
    msg("write a time as ISO 8601, a date, or a log position"),
    *OF_REVIEWS,
)


def remedy(say: Say, text: str) -> str:
    """A refusal of the API as a sentence in the reader's language; one that the list doesn't have stands as it is."""
    told = said(say, text if text in REMEDIES else FIELD.sub("", text), REMEDIES) or text
    return told[:1].upper() + told[1:] if say.language == "en" else told


def said(say: Say, text: str, texts: tuple[str, ...]) -> str:
    """A text of a list, its gaps filled in the reader's language; empty where the list doesn't have it."""
    if text in texts:
        return say(text)
    for pattern, msgid in _with_gaps(texts):
        if found := pattern.fullmatch(text):
            return say(msgid, **{name: said(say, value, texts) or value for name, value in found.groupdict().items()})
    return ""


@cache
def _with_gaps(texts: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The texts that have gaps, each as what finds its values."""
    return tuple((re.compile(_pattern(msgid)), msgid) for msgid in texts if GAP.search(msgid))


def _pattern(msgid: str) -> str:
    parts = GAP.split(msgid)
    return "".join(f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
