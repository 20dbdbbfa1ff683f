"""/v1/reviews/{rm}/{quarter}/notice: the grade notice, as the RM gets it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.acting import reached
from api.asking import Granted, Now
from api.guarded import Guarded
from api.http.parameters import QuarterText, RMPath
from api.notice.contents import Language, Told
from api.notice.rendered import notice
from api.problems import NotFound
from domain.calendar import Quarter

router = APIRouter(tags=["reviews"], route_class=Guarded)
PDF = "application/pdf"
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The notice", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/v1/reviews/{rm}/{quarter}/notice", response_class=Response, responses=FILE)
def grade_notice(
    granted: Granted,
    reading: Now,
    response: Response,
    rm: RMPath,
    quarter: QuarterText,
    language: Annotated[Language, Query(description="zh needs a Chinese font where the server runs")] = "zh",
) -> Response:
    """The grade notice on one page: lines, reasons, people, digest and how to appeal. There is one once a second person
    has approved the result; the same review gives the same bytes."""
    reached(granted, rm, Quarter.parse(quarter))
    office = granted.office
    review = office.read_model.review(rm, Quarter.parse(quarter), with_drafts=False)
    if review is None:
        raise NotFound("name an RM and a quarter whose review was opened")
    row, register = review.row, granted.register
    scheme = register.schemes.get((row.scheme, row.effective)) if row.scheme and row.effective else None
    bank = next((unit.name for unit in register.units.values() if unit.parent is None), "")
    made = notice(Told(review, scheme, bank, office.bank.timezone, language))
    granted.note_reading(rm, quarter, "notice")
    name = f'attachment; filename="notice-{rm}-{quarter}-{language}.pdf"'
    return Response(made, headers=dict(response.headers) | {"Content-Disposition": name}, media_type=PDF)
