"""How much of everything a run measures; the default takes minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """The options of `python -m benchmarks`, one by one."""

    import_rows: int = 200_000
    long_import_rows: int = 1_000_000
    import_rms: int = 1_000
    rms: int = 5_000
    actions: int = 100
    few_rms: int = 200
    rate: int = 500
    seconds: int = 5
    requests: int = 2_000
    rounds: int = 3
    kills: int = 20
    demo_rms: int = 200


HELP = {
    "import_rows": "lines of the file that is imported",
    "long_import_rows": "lines of the longer file, which may not be slower",
    "import_rms": "RMs of the bank that the file is imported into",
    "rms": "RMs of the big bank",
    "actions": "actions of each of its RMs in the quarter",
    "few_rms": "RMs of the small bank whose latency is measured beside",
    "rate": "actions a second whose latency is measured",
    "seconds": "how long each stretch of a steady load lasts",
    "requests": "requests of each measurement over HTTP, and questions in-process",
    "rounds": "how often ours and the limit are measured in turn",
    "kills": "how often the import and the server are killed each",
    "demo_rms": "RMs of the demo bank that is built",
}
