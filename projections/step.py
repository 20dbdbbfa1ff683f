"""One step of the read model: a batch of the log is appended, and what it touches above that is made anew."""

from functools import cache

import duckdb
import pyarrow as pa

from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from projections import pipeline
from projections.pipeline import Model
from projections.tables import DECODE, TOUCHED, insert_scheme
from projections.touches import Touched

FEW = 2_000
"""Keys (RM and quarter) up to which the ledger of their RMs is copied for the models of a step; for more of them the
models read the whole ledger."""
SMALL = 500_000
"""Log positions up to which the whole ledger is read more quickly than a part of it is copied."""
LONG = 1_000_000
"""Entries of one run after which what lies on shelves is put in their order."""
SHELVED = ("ledger", "recordings", "decisions")
TOUCHES = {
    "by_work": {"ledger"},
    "by_balance": {"earlier_quarters"},
    "by_taking_back": {"taken_back"},
    "by_terms": {"targets", "delivered", "people", "stood_for", "votes"},
    "by_day": {"bank_day", "scheme_versions", "unit_changes"},
    "by_tree": {"units"},
}
"""What touches keys, and the tables that it looks at: where none of them changed, it is not asked."""
ALL = set[str]().union(*TOUCHES.values())


def append(con: duckdb.DuckDBPyConnection, blocks: list[str]) -> set[str]:
    """Decode a batch of the log and append it to what the log says; the tables that got rows."""
    con.register("blocks", pa.table({"block": blocks}))
    con.execute(pipeline.parsed(DECODE))
    con.unregister("blocks")
    topics = {row[0] for row in con.execute("SELECT DISTINCT topic FROM batch").fetchall()}
    changed = _insert_schemes(con) if "SchemePublished" in topics else set()
    for model in pipeline.models():
        if model.renewal == "appended" and (not model.topics or model.topics & topics) and pipeline.renew(con, model):
            changed.add(model.name)
    return changed


def derive(con: duckdb.DuckDBPyConnection, before: int, changed: set[str]) -> Touched | None:
    """Make anew what stands above the log, for the keys that its rows beyond a position touch; tells what it touched,
    where those are few.

    `changed` are the tables that differ from before; a model of which none is read stands as it is.
    """
    _fold(con, before, changed)
    con.execute(f"CREATE OR REPLACE TEMP VIEW fresh_ledger AS SELECT * FROM ledger WHERE position > {before:d}")
    if "ledger" in changed:
        changed |= {"fresh_ledger", "touched_ledger"}
    may_move_day, reaches_back, takes_back, entries = _reach(con)
    changed |= {"earlier_quarters"} if reaches_back else set()
    changed |= {"taken_back"} if takes_back else set()
    if entries >= LONG:
        _shelve(con)
    if may_move_day or changed & {"closed_days", "targets", "scheme_versions", "unit_changes"}:
        con.execute("CREATE OR REPLACE TEMP TABLE day_before AS SELECT today, since FROM bank_day")
        _make_whole(con, changed)
        if con.execute("SELECT * FROM bank_day EXCEPT SELECT * FROM day_before").fetchone() is None:
            changed.discard("bank_day")
    else:
        _make_whole(con, changed, without="bank_day")
    if keys := touch(con, before, changed):
        keys += _widen(con, changed)
        _open_ledger(con, is_copied=keys <= FEW and before > SMALL)
        _make_touched(con, changed)
    if keys > FEW:
        return None
    rms = con.execute(pipeline.parsed("SELECT t.rm FROM touched AS t")).fetchall() if keys else []
    return Touched(frozenset(rm for (rm,) in rms), frozenset(changed))


def _reach(con: duckdb.DuckDBPyConnection) -> tuple[bool, bool, bool, int]:
    """What the actions taken in may reach, and how many entries of the ledger they made."""
    row = con.execute(pipeline.parsed(touching("reach"))).fetchone()
    assert row, "an aggregate has one row"
    return row


def _shelve(con: duckdb.DuckDBPyConnection) -> None:
    """Put what lies on shelves in their order, so that the entries of a few RMs are found without reading all. The rows
    stay the same; what comes after them lies at the end."""
    for table in SHELVED:
        pipeline.create(con, next(model for model in pipeline.models() if model.name == table), "shelved")
        con.execute(f"INSERT INTO shelved SELECT * FROM {table} ORDER BY shelf, position")
        con.execute(f"DROP TABLE {table}")
        con.execute(f"ALTER TABLE shelved RENAME TO {table}")


def _fold(con: duckdb.DuckDBPyConnection, before: int, changed: set[str]) -> None:
    """Make anew what is folded from steps, for those whose steps the rows beyond a position are."""
    folded = [model for model in pipeline.models() if model.renewal == "folded" and model.reads & changed]
    if folded:
        keys = f"CREATE OR REPLACE TEMP TABLE stepped AS {touching('stepped')}"
        con.execute(pipeline.parsed(keys), {"before": before})
    for model in folded:
        pipeline.fold(con, model, kept_in(con))
        changed.add(model.name)


def _make_whole(con: duckdb.DuckDBPyConnection, changed: set[str], without: str = "") -> None:
    """Renew what is small, where something that it reads has changed."""
    for model in pipeline.models():
        if model.renewal == "whole" and model.reads & changed and model.name != without:
            pipeline.renew(con, model)
            changed.add(model.name)


def _make_touched(con: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Make the touched rows of every model of whose tables one has changed, each from those below it; those that are
    kept take their places. What stands, or is not kept, is laid down only where one that is made reads it."""
    kept, made, waiting = kept_in(con), list[Model](), dict[str, Model]()
    for model in pipeline.models():
        if model.renewal not in ("rebuilt", "worked") or not pipeline.is_needed(con, model):
            continue
        if model.renewal == "worked" or not pipeline.made_of(model) & changed:
            waiting[model.name] = model
            changed |= {model.name} if model.renewal == "worked" and pipeline.made_of(model) & changed else set()
            continue
        _lay_down(con, model, waiting, kept)
        pipeline.renew(con, model)
        if not model.is_quiet or pipeline.differs(con, model, kept):
            changed.add(model.name)
            made.append(model)
    for model in made:
        pipeline.keep(con, model, kept)


def _lay_down(con: duckdb.DuckDBPyConnection, reader: Model, waiting: dict[str, Model], kept: str) -> None:
    """Lay down the touched rows that a model reads, of those that wait for it."""
    for name in [name for name in waiting if name in pipeline.made_of(reader)]:
        if (model := waiting.pop(name, None)) is None:
            continue
        if model.renewal == "rebuilt":
            pipeline.take(con, model, kept)
        else:
            _lay_down(con, model, waiting, kept)
            pipeline.renew(con, model)


@cache
def touching(name: str) -> str:
    """The text of what touches keys in one way."""
    return (TOUCHED / f"{name}.sql").read_text(encoding="utf-8")


def touch(
    con: duckdb.DuckDBPyConnection, before: int, changed: set[str] = ALL, judged_before: int | None = None
) -> int:
    """Fill `touched` with the keys whose figures the rows beyond a position may change, each once; their number. What
    people say of others changes them only beyond `judged_before`, where that is given."""
    asked = [touching(name) for name, looks_at in TOUCHES.items() if looks_at & changed]
    if not asked:
        return 0
    together = " UNION ".join(f"SELECT * FROM ({text})" for text in asked)
    known = {"before": before, "judged": before if judged_before is None else judged_before}
    given = {name: known[name] for name in known if f"${name}" in together}
    keys = pipeline.count(con.execute(pipeline.parsed(f"CREATE OR REPLACE TEMP TABLE touched AS {together}"), given))
    return keys + widen_by_year(con) if keys else 0


def widen_by_year(con: duckdb.DuckDBPyConnection) -> int:
    """Add to `touched` the year's other quarters where a shortfall is carried on from one to the next; how many."""
    if not pipeline.has_rows(con, "scheme_carried"):
        return 0
    return pipeline.count(con.execute(pipeline.parsed(f"INSERT INTO touched {touching('by_year')}")))


def _widen(con: duckdb.DuckDBPyConnection, changed: set[str]) -> int:
    """Add to `touched` whoever is compared with somebody touched, and the quarters that a shortfall is carried through;
    how many. A bank whose schemes do neither asks twice whether they do."""
    if not pipeline.has_rows(con, "scheme_peers"):
        return 0
    con.execute(f"CREATE OR REPLACE TEMP VIEW former_groups AS SELECT * FROM {kept_in(con)}.peer_groups")
    added, more = 0, 1
    while more:
        _regroup(con, changed)
        more = pipeline.count(con.execute(touching("by_peers")))
        more += widen_by_year(con) if more else 0
        added += more
    return added


def _regroup(con: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Leave in `peer_groups` those of the people touched, as far as they may be others than before."""
    made_of = [model for model in pipeline.below({"peer_groups"}) if model.renewal == "rebuilt"]
    if any(model.reads & changed for model in made_of):
        for model in made_of:
            pipeline.renew(con, model)
    else:
        pipeline.create_empty(con, made_of[-1])


def kept_in(con: duckdb.DuckDBPyConnection) -> str:
    """Where the tables stand that a step leaves, which those made on a cursor hide."""
    row = con.execute("SELECT current_database()").fetchone()
    return f'"{row[0] if row else ""}".main'


def _open_ledger(con: duckdb.DuckDBPyConnection, is_copied: bool) -> None:
    """Let the models read the ledger of the RMs touched: a copy of it, or the whole book."""
    if is_copied:
        con.execute(f"CREATE OR REPLACE TEMP TABLE touched_ledger AS {pipeline.ENTRIES} WHERE {pipeline.OF_TOUCHED}")
    else:
        con.execute(f"CREATE OR REPLACE TEMP VIEW touched_ledger AS {pipeline.ENTRIES}")


def _insert_schemes(con: duckdb.DuckDBPyConnection) -> set[str]:
    question = "SELECT b.position, b.text FROM batch AS b WHERE b.topic = 'SchemePublished'"
    for position, text in con.execute(question).fetchall():
        if isinstance(scheme := read_scheme(text), Scheme):
            insert_scheme(con, scheme, position)
    return set(SCHEME_TABLES)
