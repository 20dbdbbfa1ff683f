"""`appraise import`: which facts a file may hold, and who takes them in."""

from pathlib import Path
from typing import Annotated

import typer

from api.files.template import write_template
from api.importing.file_import import Table, import_into_store
from api.importing.tables import ACTIONS, CONTRACTS, CUSTOMERS, MEASURES, ORGS, PLANS, RMS

app = typer.Typer(
    help="Import a CSV, NDJSON, Parquet or XLSX file. Rejected lines go to FILE.rejected.csv. An import may be "
    "repeated: a file that was taken in whole changes nothing when it comes again."
)
FileArgument = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="Ends in .csv (UTF-8 or GB18030), .ndjson, .parquet or .xlsx.")
]
TemplateOption = Annotated[
    bool, typer.Option("--template", help="Write an empty FILE with the columns explained; without FILE print one.")
]


@app.command("orgs")
def orgs(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Units of the organisation tree: org,parent,level,name. A unit stands below its parent's line."""
    return _import(ORGS, file, template, typed)


@app.command("rms")
def rms(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Relationship managers: rm,name,position,org,joined_on,supervisor[,from,left_on,certificate,certified_until]."""
    return _import(RMS, file, template, typed)


@app.command("contracts")
def contracts(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Targets: rm,year,quarter,indicator,target[,base,reason]. A changed target needs its reason."""
    return _import(CONTRACTS, file, template, typed)


@app.command("plans")
def plans(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Plans of units: org,year,quarter,indicator,target[,reason]. A changed figure needs its reason."""
    return _import(PLANS, file, template, typed)


@app.command("actions")
def actions(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Actions: source,external_ref,rm,kind,occurred_on,quantity,amount[,customer,note,reverses]."""
    return _import(ACTIONS, file, template, typed)


@app.command("measures")
def measures(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Ready figures of the bank's warehouse: source,external_ref,rm,indicator,quarter,value,as_of."""
    return _import(MEASURES, file, template, typed)


@app.command("customers")
def customers(typed: typer.Context, file: FileArgument = None, template: TemplateOption = False) -> int:
    """Customers and who has their A and B posts: customer,segment,assets,a_rm,b_rm. The B post may be vacant."""
    return _import(CUSTOMERS, file, template, typed)


def _import(table: Table, file: Path | None, template: bool, typed: typer.Context) -> int:
    if template:
        return write_template(table.kind, table.columns, table.rules, file)
    if file is None:
        raise typer.BadParameter("name the FILE to import, or ask for an empty one with --template.", ctx=typed)
    return import_into_store(table, file)
