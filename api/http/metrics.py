"""/metrics: for whoever measures the process. Figures about the service, none about a person."""

from fastapi import APIRouter, Request, Response

from api.asking import Granted
from api.metrics import MEDIA_TYPE, Metric, Requests, counter, gauge, text_of

router = APIRouter(tags=["doors"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "Prometheus text"}},
)
def metrics(request: Request, granted: Granted) -> Response:
    """Log and read model, events, requests, boards and sessions, in Prometheus' text format."""
    requests: Requests = request.app.state.requests
    text = text_of(_of_office(request, granted), requests)
    return Response(text, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _of_office(request: Request, granted: Granted) -> list[Metric]:
    office = granted.office
    read_model, progress = office.read_model, office.read_model.progress()
    events = [({"type": topic}, number) for topic, number in sorted(read_model.events_by_type().items())]
    return [
        gauge("log_position", "The last position of the log.", progress.log_position),
        gauge("read_model_position", "How far the read model has followed the log.", progress.position),
        gauge("read_model_lag", "Positions that the read model lies behind the log.", progress.lag),
        gauge("read_model_stopped", "1 while the read model can't follow.", int(office.follower.trouble is not None)),
        counter("events", "Events that the read model has taken in, by type.", events),
        gauge("boards_kept", "Leaderboards in memory.", read_model.boards_kept),
        gauge("live_listeners", "Streams of live boards that are open.", request.app.state.moves.listeners),
        gauge("sessions_open", "Sessions of people that have not ended.", office.identity.open_sessions()),
    ]
