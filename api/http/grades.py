"""/v1/grades: where everybody stands in a quarter, provisionally."""

from fastapi import APIRouter

from api.asking import Granted, Then
from api.guarded import Guarded
from api.http.parameters import AfterRM, GradeStatus, QuarterText, RMFilter, RMLimit, Scope
from domain.calendar import Quarter
from projections.answers import Grades

router = APIRouter(tags=["standing"], route_class=Guarded)


@router.get("/v1/grades/{quarter}")
def grades(
    granted: Granted,
    reading: Then,
    quarter: QuarterText,
    scope: Scope = None,
    rm: RMFilter = None,
    status: GradeStatus = None,
    after: AfterRM = None,
    limit: RMLimit = 1_000,
) -> Grades:
    """The provisional grades of the RMs within reach: no grade is final without a person."""
    asked, within = Quarter.parse(quarter), granted.scope(scope)
    if rm is not None:
        granted.require_quarter(rm, asked)
        within = scope
    return granted.office.read_model.grades(asked, within, rm, reading.as_of, after, limit, status)
