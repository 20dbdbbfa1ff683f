"""The command line `appraise`: one module per first command word, put together here.

What a command can't do it says in one line on standard error: exit 1, or 2 where the command itself was mistyped.
"""

import errno
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer, current_thread, main_thread
from threading import enumerate as threads

import duckdb
import typer
from typer.exceptions import TyperException

from api.backup import BackupRefused
from api.cli import (
    backup,
    dashboard,
    demo,
    erase,
    grade,
    import_,
    leaderboard,
    payroll,
    rebuild,
    restore,
    review,
    scheme,
    scheme_diff,
    serve,
    token,
    user,
    verify,
)  # fmt: skip
from api.client import ApiProblem
from api.files.batch import WrongFile
from api.files.records import NO_TEXT
from api.owner import Owned
from api.server import PortTaken
from api.settings import WrongSetting, read_settings
from api.start import INTERRUPTED, TERMINATED
from api.terminal.stopped import Stopped
from domain.address_space import NO_ROOM
from domain.log import Busy, DiskFull, Senseless
from domain.refusal import Refused

LAST_PATIENCE = 20.0
"""Seconds that an interrupted command has to tidy up."""
LAST_WAIT = 1.0
"""Seconds that the threads of a command have to end once it has."""

app = typer.Typer(
    help="Performance appraisal of a bank's relationship managers.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("dashboard")(dashboard.dashboard)
app.add_typer(import_.app, name="import")
scheme.app.command("diff")(scheme_diff.diff)
app.add_typer(scheme.app, name="scheme")
app.command("grade")(grade.grade)
app.command("leaderboard")(leaderboard.leaderboard)
app.add_typer(payroll.app, name="payroll")
app.add_typer(review.app, name="review")
app.command("rebuild")(rebuild.rebuild)
app.command("verify")(verify.verify)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.add_typer(erase.app, name="erase")
app.add_typer(user.app, name="user")
app.add_typer(token.app, name="token")


def run() -> None:
    """The console script. Threads that are about to end may do so: AnyIO waits for none of its own, and of a cursor
    that one of them still holds when the interpreter ends, DuckDB's binding tells at length on standard error. Those of
    an interrupted command may run on (a rebuild does), so that the process ends without them."""
    code, begun = main(sys.argv[1:]), time.monotonic()
    others = [thread for thread in threads() if thread is not current_thread() and not isinstance(thread, Timer)]
    for thread in others:
        thread.join(max(0.0, begun + LAST_WAIT - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(words: Sequence[str]) -> int:
    """Run one command; the exit code. Nothing but a set APPRAISE_DEBUG lets an exception through.

    SIGTERM ends a command the way that Ctrl-C does, with an exit code of its own.
    """
    with _terminable() as terminated:
        code = _ended(words)
        return TERMINATED if signal.SIGTERM in terminated and code == INTERRUPTED else code


@contextmanager
def _terminable() -> Iterator[list[int]]:
    """The signals that came; each of them interrupts what runs, and what does not end then is ended."""
    came: list[int] = []

    def interrupt(number: int, _: object) -> None:
        came.append(number)
        last = Timer(LAST_PATIENCE, os._exit, [INTERRUPTED if number == signal.SIGINT else TERMINATED])
        last.daemon = True
        last.start()
        raise KeyboardInterrupt

    if current_thread() is not main_thread():  # which alone gets signals
        yield came
        return
    former = signal.signal(signal.SIGTERM, interrupt)
    former_interrupt = signal.signal(signal.SIGINT, interrupt)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, former)
        signal.signal(signal.SIGINT, former_interrupt)


def _ended(words: Sequence[str]) -> int:
    try:
        return _exit_code(app(args=list(words) or ["--help"], prog_name="appraise", standalone_mode=False))
    except TyperException as mistyped:
        return _stop(f"{mistyped.format_message()} See {_where_mistyped(mistyped)} --help", 2)
    except typer.Abort:
        return _stop("Nothing was entered.", 1)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: nobody is left to be told
        return 1
    except Exception as error:
        return _stop(_explained(error, words), 1)


def _where_mistyped(mistyped: TyperException) -> str:
    """The words up to the command or group whose help tells what could follow."""
    context: typer.Context | None = getattr(mistyped, "ctx", None)
    return context.command_path if context else "appraise"


def _exit_code(answer: object) -> int:
    return answer if isinstance(answer, int) else 0


def _stop(message: str, code: int) -> int:
    typer.echo(" ".join(message.split()), err=True)
    return code


def _explained(error: Exception, words: Sequence[str]) -> str:
    match error:
        case Stopped() | WrongFile() | WrongSetting() | PortTaken() | Owned() | Refused() | Busy() | BackupRefused():
            return str(error)
        case Senseless():
            return f"{error}."
        case DiskFull():
            return f"{error}; of what was being written nothing was stored"
        case ApiProblem():
            return _problem(error)
        case OSError():
            return _of_system(error)
        case MemoryError() | duckdb.OutOfMemoryException():
            return NO_ROOM
        case duckdb.IOException() | duckdb.TransactionException() | duckdb.FatalException():
            return f"The read model can't be written or read ({_first_line(error)}): free the disk or the lock"
        case sqlite3.Error():
            return f"The store can't be used ({error}): free the disk or the lock, or restore a backup"
        case _ if garbled := next((word for word in words if NO_TEXT.search(word)), None):
            return f"{garbled!a} is no text in UTF-8: type it anew, or give the file a name in UTF-8"
        case _:
            return _unforeseen(error)


def _of_system(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{error.filename or 'The disk'} has no room left: free some and repeat the command"
    return f"{error.filename or 'The system'}: {error.strerror or error}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _problem(problem: ApiProblem) -> str:
    fields = "; ".join(f"{fault.pointer.removeprefix('/')}: {fault.detail}" for fault in problem.errors)
    return fields or problem.detail or problem.title


def _unforeseen(error: Exception) -> str:
    if read_settings().debug:
        raise error
    return f"Something unforeseen went wrong ({type(error).__name__}): set APPRAISE_DEBUG=1 and repeat it to see where"
