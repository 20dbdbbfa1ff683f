"""The past: the same models over the log as it stood at a position, for one quarter or several, in temporary tables.

On a cursor of its own, a temporary view per appended model cuts the log at the position; what stands above is made
anew under its own name, as far as what is asked reads it. So a question's SQL is the same for now and for then. Of a
near past only those RMs are made anew whom the log has touched since; the others stand as they do now.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import date

import duckdb

from domain.calendar import Quarter
from domain.scheme import SCHEME_TABLES, Scheme
from projections import pipeline
from projections.pipeline import Model
from projections.step import FEW, kept_in, touch, touching
from projections.tables import insert_scheme

JUDGED = frozenset({"ratings", "votes", "stood_for"})
"""What people say of an RM's quarter while it is reviewed: no facts of the quarter itself."""
LATEST = 2**62
"""A position beyond all that a log has."""
Supposed = tuple[str, str, int]
"""A rating that nobody gave yet: RM, indicator and value (thousandths)."""
NEAR = 1_000_000
"""Positions back to which it is looked up whom the log has touched since."""


def go_back(
    con: duckdb.DuckDBPyConnection, position: int, quarter: Quarter | Sequence[Quarter] | None,
    rms: Sequence[str] | None, asked: Iterable[str] | None = None, judged_at: int | None = None,
    supposed: Sequence[Supposed] = (), with_drafts: bool = True, unread: Container[str] = (),
) -> None:  # fmt: skip
    """Let a cursor see the log as of a position, and what stands above it for a quarter, or for several in one go, of
    all RMs or of some: every model, or those that the tables `asked` for are made of. What people said of others
    (`JUDGED`) may be seen as of another position, `judged_at`, as in a review: it is on the facts of one position and
    the ratings of a later one, `with_drafts` also those that nobody else stands for yet. Ratings that are `supposed`
    come after all that were given. Of tables that stay `unread`, though others are made of them, none has rows."""
    kept, now = kept_in(con), _position(con)
    wanted = pipeline.models() if asked is None else pipeline.below(asked := set(asked), unread)
    answering = [model for model in wanted if model.renewal in ("rebuilt", "worked") and model.name in (asked or ())]
    compares = any(model.name == "peer_groups" for model in wanted) and pipeline.has_rows(con, f"{kept}.scheme_peers")
    is_near = rms is None and now - position <= NEAR and {model.renewal for model in answering} == {"rebuilt"}
    is_near = is_near and not compares  # who is compared with others moves with them
    if is_near:
        _note_moved(con, position, kept, judged_at)
        if judged_at is not None and with_drafts:
            _note_drafts(con, kept)
    _cut(con, kept, position, judged_at)
    quarters = [quarter] if isinstance(quarter, Quarter) else list(quarter or ())
    if supposed and quarters:
        (whole,) = quarters
        _suppose(con, supposed, whole, f"SELECT * FROM {kept}.ratings WHERE position <= {judged_at or position:d}")
    if judged_at is not None and with_drafts:
        every = f"SELECT {LATEST:d} AS position, r.rm, r.quarter FROM ratings AS r"
        con.execute(f"CREATE OR REPLACE TEMP VIEW stood_for AS {every}")
    for model in pipeline.models():
        if model.renewal == "whole":
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
    _fold_again(con, wanted)
    if not quarters:
        return
    _touch(con, quarters, rms, is_near)
    _leave_empty(con, unread)
    _make(con, wanted, is_wider=_widen(con, quarters, is_among_peers=compares and rms is not None))
    if is_near:
        _take_unmoved(con, answering, quarters, kept)


def _cut(con: duckdb.DuckDBPyConnection, kept: str, position: int, judged_at: int | None) -> None:
    """Cut the log at a position, and what people said of others at another one."""
    for table in (*(model.name for model in pipeline.models() if model.renewal == "appended"), *SCHEME_TABLES):
        until = position if judged_at is None or table not in JUDGED else judged_at
        con.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {kept}.{table} WHERE position <= {until:d}")


def _leave_empty(con: duckdb.DuckDBPyConnection, unread: Container[str]) -> None:
    for model in pipeline.models():
        if model.name in unread:
            pipeline.create_empty(con, model)


def day_of(con: duckdb.DuckDBPyConnection, position: int) -> tuple[date, str]:
    """The bank's day as of a position, and the quarter since which it has figures, without any other table of then."""
    row = con.execute(_bank_day_at(kept_in(con), position)).fetchone()
    assert row, "there is one bank's day"
    return row[0], row[1]


def _bank_day_at(kept: str, position: int) -> str:
    (bank_day,) = pipeline.below({"bank_day"})[-1:]
    cut = ", ".join(
        f"{model.name} AS (SELECT * FROM {kept}.{model.name} WHERE position <= {position:d})"
        for model in pipeline.models()
        if model.renewal == "appended" and model.name in bank_day.reads
    )
    return f"WITH {cut} SELECT b.today, b.since FROM ({bank_day.select}) AS b"


def _fold_again(con: duckdb.DuckDBPyConnection, wanted: Iterable[Model]) -> None:
    """Let everything be folded from the steps of then, as far as a question goes."""
    if folded := [model for model in wanted if model.renewal == "folded"]:
        con.execute(f"CREATE TEMP VIEW stepped AS {touching('stepped').replace('$before', '0')}")
    for model in folded:
        con.execute(f"CREATE TEMP VIEW {model.name} AS {model.select}")


def _suppose(con: duckdb.DuckDBPyConnection, supposed: Sequence[Supposed], quarter: Quarter, given: str) -> None:
    """Lay ratings that nobody gave yet over those that were given."""
    con.execute("CREATE TEMP TABLE supposed (rm VARCHAR, indicator VARCHAR, value BIGINT)")
    con.executemany("INSERT INTO supposed VALUES (?, ?, ?)", [list(one) for one in supposed])
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW ratings AS {given} UNION ALL BY NAME "
        f"SELECT {LATEST:d} AS position, s.rm, '{quarter}' AS quarter, s.indicator, s.value FROM supposed AS s"
    )


def look_ahead(con: duckdb.DuckDBPyConnection, scheme: Scheme, quarter: Quarter) -> None:
    """Let a cursor see how those of a quarter's RMs would be graded who fell under another version if one more were in
    force, or all of them where people are compared or shortfalls are carried on; `grades_now` are the grades as they
    stand."""
    kept, now = kept_in(con), _position(con)
    con.execute(
        f"CREATE TEMP TABLE grades_now AS SELECT * FROM {kept}.grades WHERE quarter = $quarter",
        {"quarter": str(quarter)},
    )
    for table in SCHEME_TABLES:
        con.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {kept}.{table}")
    insert_scheme(con, scheme, now + 1)
    _touch(con, [quarter], None, False)
    if not (pipeline.has_rows(con, "scheme_peers") or pipeline.has_rows(con, "scheme_carried")):
        _leave_out_unmoved(con, kept)
    _make(con, pipeline.below({"grades"}), is_wider=_widen(con, [quarter], is_among_peers=False))


def _position(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT position FROM progress").fetchone()
    assert row is not None
    return int(row[0])


def _leave_out_unmoved(con: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Leave in `touched` those who fall under another version than now."""
    (service,) = (model for model in pipeline.models() if model.name == "service")
    con.execute(f"CREATE TEMP TABLE service AS {service.select}")
    con.execute(
        f"DELETE FROM temp.main.touched WHERE rm IN (SELECT s.rm FROM service AS s JOIN {kept}.service AS k "
        "ON k.rm = s.rm AND k.quarter = s.quarter "
        "WHERE k.scheme IS NOT DISTINCT FROM s.scheme AND k.effective IS NOT DISTINCT FROM s.effective)"
    )
    con.execute("DROP TABLE temp.main.service")


def _make(con: duckdb.DuckDBPyConnection, wanted: Iterable[Model], is_wider: bool) -> None:
    """Make what stands above the log for those touched, and leave of it the rows of those asked for."""
    made = [model for model in wanted if model.renewal not in ("appended", "whole", "folded", "looked")]
    for model in made:
        if pipeline.is_needed(con, model):
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
        else:
            pipeline.create_empty(con, model)
    for model in made if is_wider else ():
        if {"rm", "quarter"} <= set(model.grain):
            rest = "(rm, quarter) NOT IN (SELECT a.rm, a.quarter FROM asked AS a)"
            con.execute(f"DELETE FROM temp.main.{model.name} WHERE {rest}")


def _widen(con: duckdb.DuckDBPyConnection, quarters: Sequence[Quarter], is_among_peers: bool) -> bool:
    """Open the ledger of those touched, and of whoever and whatever theirs is reckoned from; whether there is any: then
    `asked` keeps who was touched before."""
    carries = pipeline.has_rows(con, "scheme_carried")
    if carries or is_among_peers:
        con.execute("CREATE TEMP TABLE asked AS SELECT * FROM touched")
    if is_among_peers:
        _touch_peers(con)
    if carries:
        _touch_before(con, quarters)
    _open_ledger(con)
    return carries or is_among_peers


def _note_moved(con: duckdb.DuckDBPyConnection, position: int, kept: str, judged_at: int | None) -> None:
    """Fill `moved` with the keys whose figures now may differ from those at a position: those that a step from there to
    now would make anew. What people said up to `judged_at` is seen then as it is now."""
    con.execute(f"CREATE TEMP TABLE day_before AS {_bank_day_at(kept, position)}")
    con.execute(f"CREATE TEMP VIEW fresh_ledger AS SELECT * FROM {kept}.ledger WHERE position > {position:d}")
    touch(con, position, judged_before=judged_at)
    con.execute("ALTER TABLE temp.main.touched RENAME TO moved")
    con.execute("DROP VIEW temp.main.fresh_ledger")


def _note_drafts(con: duckdb.DuckDBPyConnection, kept: str) -> None:
    """Add to `moved` whose ratings nobody else stands for yet: what is kept of them leaves those out."""
    con.execute(
        f"INSERT INTO temp.main.moved SELECT DISTINCT r.rm, r.quarter FROM {kept}.ratings AS r WHERE NOT EXISTS ("
        f"SELECT 1 FROM {kept}.stood_for AS s WHERE s.rm = r.rm AND s.quarter = r.quarter AND s.position > r.position)"
    )


def _take_unmoved(
    con: duckdb.DuckDBPyConnection, models: Iterable[Model], quarters: Sequence[Quarter], kept: str
) -> None:
    """Add the rows of now of the RMs whom the log has not touched since."""
    for model in models:
        con.execute(
            f"INSERT INTO temp.main.{model.name} SELECT k.* FROM {kept}.{model.name} AS k "
            "WHERE list_contains($quarters, k.quarter) AND NOT EXISTS ("
            "SELECT 1 FROM moved AS m WHERE m.rm = k.rm AND m.quarter = k.quarter)",
            {"quarters": [str(one) for one in quarters]},
        )


def _touch(
    con: duckdb.DuckDBPyConnection, quarters: Sequence[Quarter], rms: Sequence[str] | None, is_near: bool
) -> None:
    """Fill `touched` with whom the models are made for: all RMs of then, those moved since a near past, or some."""
    some = "AND list_contains($rms, p.rm)" if rms is not None else ""
    moved = "AND p.rm IN (SELECT m.rm FROM moved AS m WHERE m.quarter = $quarter)" if is_near else ""
    con.execute("CREATE TEMP TABLE touched (rm VARCHAR, quarter VARCHAR)")
    for quarter in quarters:
        con.execute(
            "INSERT INTO touched SELECT DISTINCT p.rm, $quarter FROM people AS p CROSS JOIN bank_day AS b "
            f"WHERE p.event = 'RMRegistered' AND b.today >= $first_day {some} {moved}",
            {"quarter": str(quarter), "first_day": quarter.first_day} | ({} if rms is None else {"rms": list(rms)}),
        )


def _touch_peers(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `touched` everybody of then who is compared with somebody touched."""
    con.execute(
        "INSERT INTO touched SELECT DISTINCT p.rm, a.quarter FROM people AS p "
        "JOIN (SELECT DISTINCT a.quarter FROM asked AS a) AS a ON TRUE "
        "WHERE p.event = 'RMRegistered' AND p.rm NOT IN (SELECT a.rm FROM asked AS a)"
    )
    for model in pipeline.below({"peer_groups"}):
        if model.renewal == "rebuilt":
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
    con.execute("CREATE TEMP TABLE former_groups AS SELECT * FROM peer_groups")
    con.execute("DELETE FROM peer_groups")
    con.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT * FROM asked")
    while pipeline.count(con.execute(pipeline.parsed(touching("by_peers")))):
        pass
    for table in ("service", "peer_groups", "former_groups"):
        con.execute(f"DROP TABLE temp.main.{table}")


def _touch_before(con: duckdb.DuckDBPyConnection, quarters: Sequence[Quarter]) -> None:
    """Add to `touched` the years' quarters before, from which a shortfall is carried on."""
    for quarter in quarters:
        con.execute(
            "INSERT INTO touched SELECT t.rm, q.quarter FROM touched AS t "
            "JOIN quarters AS q ON q.first_day >= $first_day AND q.first_day < $until WHERE t.quarter = $quarter "
            "EXCEPT SELECT t.rm, t.quarter FROM touched AS t",
            {"first_day": Quarter(quarter.year, 1).first_day, "until": quarter.first_day, "quarter": str(quarter)},
        )


def _open_ledger(con: duckdb.DuckDBPyConnection) -> None:
    """The ledger of those touched, copied where they are few. What was done after a quarter's end may take back what
    was earned in it."""
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    are_few = row is not None and row[0] <= FEW
    kind, theirs = ("TABLE", f"WHERE {pipeline.OF_TOUCHED}") if are_few else ("VIEW", "")
    con.execute(f"CREATE TEMP {kind} touched_ledger AS {pipeline.ENTRIES} {theirs}")
