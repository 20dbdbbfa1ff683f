"""Steps of many reviews at once: those that plainly may be taken are decided in SQL; the others one by one.

A review is plain in its first round, as long as nobody returned, contested or approved it again. Who may decide, when
the next step is due, and what its scheme asks is said by the same functions that decide on one review; a law holds both
to the same verdicts and the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
import pyarrow as pa
from eventsourcing.persistence import StoredEvent
from pydantic_core import to_json

from domain.bulk.register_tables import SETTINGS
from domain.calendar import Quarter, after_working_days
from domain.events import Event, GradeFinalised, ReviewApproved, ReviewSubmitted
from domain.log import FIELD, LINE, Log
from domain.money import plain
from domain.rating import rated_indicators
from domain.result import Result
from domain.review import Act, review_id, scheme_named
from domain.scheme_file.entries import UNSTATED_REVIEW

MANY = 200
"""Reviews from which SQL is quicker."""
PIECE = 10_000
"""Reviews that are decided together. The lock is held for the writing alone."""
READ = f"""
CREATE OR REPLACE TEMP TABLE steps AS
WITH read AS (
    SELECT string_split(unnest(string_split($rows, '{LINE}')), '{FIELD}') AS f
),
told AS (
    SELECT f[1] AS stream, CAST(f[2] AS BIGINT) AS position, CAST(f[3] AS BIGINT) AS version, f[4] AS topic,
    json_extract_string(f[5], ['$.by', '$.on_behalf_of', '$.facts_at', '$.scheme', '$.indicator', '$.result_digest',
        '$.tier', '$.due_on']) AS said
    FROM read
)
SELECT stream, max(version) AS version,
bool_and(topic IN ('ReviewOpened', 'IndicatorRated', 'ReviewCommented', 'LateFactsAccepted', 'InterviewHeld',
    'ReviewSubmitted', 'ReviewApproved', 'ReviewAcknowledged'))
AND count(*) FILTER (topic = 'ReviewOpened') = 1 AND count(*) FILTER (topic = 'ReviewSubmitted') <= 1
AND count(*) FILTER (topic = 'ReviewApproved') <= 1 AS is_plain,
CAST(arg_max(said[3], version) FILTER (topic IN ('ReviewOpened', 'LateFactsAccepted')) AS BIGINT) AS facts_at,
max(position) FILTER (topic IN ('ReviewOpened', 'IndicatorRated', 'LateFactsAccepted')) AS reckoned_at,
coalesce(any_value(said[4]) FILTER (topic = 'ReviewOpened'), '') AS review_scheme,
coalesce(list(said[5]) FILTER (topic = 'IndicatorRated'), []) AS rated,
bool_or(topic = 'ReviewCommented') AS is_commented,
bool_or(topic = 'InterviewHeld') AS is_interviewed,
coalesce(flatten(list([said[1], coalesce(said[2], said[1])]) FILTER (
    topic IN ('IndicatorRated', 'ReviewCommented', 'LateFactsAccepted', 'ReviewSubmitted'))), []) AS raters,
max(CASE topic WHEN 'ReviewSubmitted' THEN 1 WHEN 'ReviewApproved' THEN 2 WHEN 'ReviewAcknowledged' THEN 3 ELSE 0 END)
    AS step,
any_value(said[1]) FILTER (topic = 'ReviewSubmitted') AS submitted_by,
any_value(said) FILTER (topic = 'ReviewApproved') AS approved
FROM told GROUP BY stream
"""
"""What the rows of each review come to, as far as a plain one needs it; `step` counts from open to acknowledged."""
RESULTS = pa.schema(
    dict.fromkeys(
        ("stream", "rm", "org", "post", "scheme", "effective", "status", "score", "tier", "coefficient", "lines"),
        pa.string(),
    )
    | dict.fromkeys(("facts_at", "rated_at", "looked_at"), pa.int64())
)
RULES = pa.schema(
    {
        "review_scheme": pa.string(), "due_on": pa.string(), "wanted": pa.list_(pa.string()),
        "interview": pa.list_(pa.string()),
    }
)  # fmt: skip
TAKEN = """
WITH named AS (
    SELECT *, sha256(concat_ws(chr(10), coalesce(scheme, ''), coalesce(effective, ''), status, coalesce(score, ''),
        coalesce(tier, ''), coalesce(coefficient, ''), lines)) AS digest
    FROM results
)
SELECT stream, steps.version + 1, encode(concat($stamp, ',"rm":"', rm, {tail}, '}}'))
FROM named JOIN steps USING (stream) JOIN rules USING (review_scheme)
WHERE is_plain AND named.facts_at = steps.facts_at AND rated_at BETWEEN reckoned_at AND $position
AND (looked_at IS NULL OR looked_at = steps.version) AND NOT list_contains(CAST($barred AS VARCHAR[]), rm) AND {may}
ORDER BY stream
"""
SAID = """
',"status":', to_json(status), ',"score":"' || score || '"', ',"tier":' || to_json(tier),
',"coefficient":"' || coefficient || '"'"""
"""What an event repeats of a result; `concat` passes over what is NULL."""
HANDED_ON = f"""'","quarter":"', $quarter, '","facts_at":', named.facts_at, {SAID}, ',"result_digest":"', digest,
'","due_on":"', due_on, '"', $duty"""
FINAL = f"""'","quarter":"', $quarter, '","round":1,"org":', to_json(org), ',"post":', to_json(post),
',"scheme":' || to_json(scheme), ',"effective":"' || effective || '"', {SAID}, ',"lines":', to_json(lines),
',"facts_at":', named.facts_at, ',"rated_at":', rated_at, ',"result_digest":"', digest, '","rated_by":',
to_json(submitted_by), ',"approved_by":', to_json(approved[1]), ',"answer":"',
CASE step WHEN 3 THEN 'acknowledged' ELSE 'unanswered' END, '"', $duty"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of many: its event, when a plain review may take it, what the event says, and the scheme's working days
    for the next one."""

    event: type[Event]
    may: str
    tail: str
    days: str = ""


SUBMIT = Step(ReviewSubmitted, "step = 0 AND is_commented AND list_has_all(rated, wanted)", HANDED_ON, "approve_days")
APPROVE = Step(
    ReviewApproved, "step = 1 AND NOT list_has_any(raters, CAST($others AS VARCHAR[]))", HANDED_ON, "answer_days"
)
FINALISE = Step(
    GradeFinalised,
    """(step = 3 OR step = 2 AND $today > approved[8]) AND digest = approved[6]
    AND NOT list_has_any(raters, [approved[1], coalesce(approved[2], approved[1])])
    AND (is_interviewed OR NOT coalesce(list_contains(interview, approved[7]), false))""",
    FINAL,
)


def taken(
    step: Step, quarter: Quarter, results: Sequence[Result], versions: Mapping[str, int], act: Act, log: Log
) -> list[StoredEvent]:
    """The events of those reviews that plainly take a step, by stream. Each result is another RM's."""
    actor, register = act.actor, act.register
    if actor.on_behalf_of and not register.stands_in(actor.by, actor.on_behalf_of, act.today):
        return []
    above = {each for person in actor.people for each in register.superiors(person, act.today)}
    told = {
        "stamp": to_json(act.stamp).decode().removesuffix("}"), "quarter": str(quarter), "today": str(act.today),
        "position": register.position, "duty": _duty(actor.on_behalf_of),
        "barred": sorted(actor.people | above | {one for each in actor.people for one in register.relatives_of(each)}),
        "others": sorted(actor.people | above | actor.granted_by),
    }  # fmt: skip
    sql = TAKEN.format(tail=step.tail, may=step.may)
    given = _results(quarter, results, versions)
    with _connection().cursor() as cursor:
        cursor.execute(READ, {"rows": log.select_lines(given["stream"].to_pylist())})
        schemes = [name for (name,) in cursor.execute("SELECT DISTINCT review_scheme FROM steps").fetchall()]
        cursor.register("results", given)
        cursor.register("rules", _rules(step, quarter, schemes, act))
        rows = cursor.execute(sql, {name: told[name] for name in told if f"${name}" in sql}).fetchall()
    return [StoredEvent(stream, version, step.event.TOPIC, state) for stream, version, state in rows]


def _duty(on_behalf_of: str | None) -> str:
    return "" if on_behalf_of is None else f',"on_behalf_of":{to_json(on_behalf_of).decode()}'


def _results(quarter: Quarter, results: Sequence[Result], versions: Mapping[str, int]) -> pa.Table:
    columns = [
        [review_id(each.rm, quarter) for each in results],
        *([getattr(each, name) for each in results] for name in ("rm", "org", "post", "scheme")),
        [str(each.effective) if each.effective else None for each in results],
        [each.status for each in results],
        [None if each.score is None else plain(each.score) for each in results],
        [each.tier for each in results],
        [None if each.coefficient is None else plain(each.coefficient) for each in results],
        *([getattr(each, name) for each in results] for name in ("lines", "facts_at", "rated_at")),
        [versions.get(each.rm) for each in results],
    ]
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, RESULTS.types, strict=True)], RESULTS)


def _rules(step: Step, quarter: Quarter, schemes: Sequence[str], act: Act) -> pa.Table:
    rows = []
    for name in schemes:
        scheme = scheme_named(name, quarter, act.register)
        rules = scheme.review if scheme else UNSTATED_REVIEW
        due_on = str(after_working_days(act.today, getattr(rules, step.days))) if step.days else None
        rows.append(
            {"review_scheme": name, "due_on": due_on, "wanted": list(rated_indicators(scheme)),
             "interview": list(rules.interview)}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, RULES)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """A database of its own, in memory; each piece takes a cursor."""
    return duckdb.connect(":memory:", config=SETTINGS)
