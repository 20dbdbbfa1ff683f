"""/v1/fairness: whether some group of relationship managers stands lower on the boards than others."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Then
from api.guarded import Guarded
from api.http.parameters import QuarterText, Scope
from domain.calendar import Quarter
from projections.answers.fairness import By, Fairness

router = APIRouter(tags=["standing"], route_class=Guarded)


@router.get("/v1/fairness/{quarter}")
def fairness(
    granted: Granted,
    reading: Then,
    quarter: QuarterText,
    scope: Scope = None,
    by: Annotated[By, Query(description="The board that they stand on")] = "score",
) -> Fairness:
    """By tenure, outlet and position: the median percentile of the RMs within reach among the whole bank's graded, with
    an interval that holds it in 95 of 100 cases. Groups of fewer than `least` people are hidden."""
    return granted.office.read_model.fairness(Quarter.parse(quarter), granted.scope(scope), by, reading.as_of)
