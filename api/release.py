"""Which release answers: an answer that a browser keeps is another one after an upgrade."""

from importlib.metadata import PackageNotFoundError, version


def _release() -> str:
    try:
        return version("rm-appraisal")
    except PackageNotFoundError:
        return "unreleased"


RELEASE = _release()
