"""Changes the encoder of a running system: `python -m themeline.related.reindex --encoder NAME`.

The workers do it in the background. This command writes down what is wanted, and shows how far it is.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from themeline.related.core.encoders import Encoder, EncoderDownError
from themeline.related.encoders import LOADERS
from themeline.related.encoders.loaded import Encoders
from themeline.related.settings import EncoderSettings, ReindexSettings
from themeline.related.store import encodings
from themeline.related.store.encodings import FILLING, RETIRED, EncoderState, Progress
from themeline.related.tasks import send_wanted
from themeline.shared import queue
from themeline.shared.db import Sessions, make_engine, make_sessions, read_only, unit_of_work
from themeline.shared.events import VectorsWanted
from themeline.shared.process import first_line
from themeline.shared.settings import read

LOOK_SECONDS = 0.5
FAILED, INTERRUPTED = 1, 130
MINUTE = 60


class ReindexError(Exception):
    """Why it cannot be done, and what to do, in one line."""


def start(sessions: Sessions, app: Celery, encoder: Encoder, kind: str, *, rescore: bool) -> None:
    """Write down that another encoder is wanted, and send the first step. Asking again changes nothing."""
    name, dimensions = encoder.name, encoder.dimensions
    with unit_of_work(sessions) as session:
        found = encodings.current(session)
        if found.serving.encoder == name:
            raise ReindexError(f"{name} serves already; there is nothing to do")
        if found.filling is None:
            encodings.fill(session, name, kind, dimensions, rescore=rescore)
        elif found.filling.encoder != name:
            raise ReindexError(f"{found.filling.encoder} is being filled: wait for it, or give it up with --cancel")
        cursor = (found.filling.cursor if found.filling else None) or 0
    send_wanted(app, VectorsWanted(encoder=name, cursor=cursor))


def cancel(sessions: Sessions, app: Celery) -> str:
    """Give up the encoder that is being filled; return its name."""
    with unit_of_work(sessions) as session:
        encodings.hold_alone(session)
        filling = encodings.current(session).filling
        if filling is None:
            raise ReindexError("nothing is being filled")
        encodings.retire(session, filling.encoder)
    send_wanted(app, VectorsWanted(encoder=filling.encoder, cursor=0))
    return filling.encoder


def looked_at(sessions: Sessions) -> list[Progress]:
    """How far each encoder is."""
    with read_only(sessions) as session:
        return [_scored(session, one) for one in encodings.progress(session)]


def _scored(session: Session, one: Progress) -> Progress:
    """While relations are scored again, progress is theirs."""
    if one.state.rescore and one.state.state == encodings.SERVING and one.state.cursor is not None:
        return Progress(one.state, encodings.scored_again(session, one.state.cursor), one.total)
    return one


def line(one: Progress, rate: float = 0.0) -> str:
    """An encoder and how far it is, as a line; `rate` is in articles a second, 0 when unknown."""
    left = f", {rate:,.0f}/s, {_duration((one.total - one.done) / rate)} left" if rate else ""
    return f"{one.state.encoder}: {_doing(one.state)}, {one.done:,} of {one.total:,} articles{left}"


def _doing(state: EncoderState) -> str:
    if state.state == RETIRED:
        return "its vectors are being removed"
    if state.state == FILLING:
        return "being filled"
    if state.cursor is None:
        return "serves"
    return "serves, relations are being scored again" if state.rescore else "serves, some articles wait for it"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 2 * MINUTE else f"{seconds / MINUTE:.0f} min"


def is_done(found: Sequence[Progress]) -> bool:
    """Whether nothing is left: one encoder serves, and has all its vectors."""
    return all(one.state.cursor is None for one in found)


def watch(look: Callable[[], list[Progress]], *, waiting: bool, say: Callable[[str], object]) -> None:
    """Show on a terminal how far it is until it is done; elsewhere wait in silence, if asked to."""
    is_terminal = sys.stderr.isatty()
    if not (waiting or is_terminal):
        say("it goes on in the background: --status says how far it is")
        return
    begun, first = time.monotonic(), {one.state.encoder: one.done for one in look()}
    while not is_done(found := look()):
        if is_terminal:
            busy = [one for one in found if one.state.cursor is not None and one.state.state != RETIRED] or found
            gained = busy[0].done - first.get(busy[0].state.encoder, 0)
            sys.stderr.write(f"\r\x1b[K{line(busy[0], gained / (time.monotonic() - begun + 1e-9))}")
            sys.stderr.flush()
        time.sleep(LOOK_SECONDS)
    if is_terminal:
        sys.stderr.write("\r\x1b[K")
    for one in found:
        say(line(one))
    say(f"done in {_duration(time.monotonic() - begun)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reindex", description=__doc__)
    parser.add_argument("--encoder", choices=LOADERS, help="what makes vectors; default: as the settings say")
    parser.add_argument("--rescore", action="store_true", help="score the stored relations again, too")
    parser.add_argument("--status", action="store_true", help="say how far it is, and change nothing")
    parser.add_argument("--cancel", action="store_true", help="give up the encoder that is being filled")
    parser.add_argument("--wait", action="store_true", help="wait for the end, off a terminal too")
    return parser


def main(arguments: Sequence[str] | None = None, urls: tuple[str, str] | None = None) -> int:
    """The command; `urls` are the servers' addresses where the environment does not say. Return its exit code."""
    given = _parser().parse_args(arguments)
    if urls is None:
        settings = read(ReindexSettings)
        urls = settings.database_url, settings.redis_url
    engine = make_engine(urls[0], application="themeline-reindex", pool_size=1)
    try:
        _run(given, make_sessions(engine), queue.make_celery("themeline.reindex", urls[1]))
    except (ReindexError, EncoderDownError) as error:
        return _failed(str(error))
    except SQLAlchemyError as error:
        return _failed(f"the database cannot be used ({first_line(error)}): run ./themeline doctor")
    except BrokerError as error:
        return _failed(f"Redis cannot be reached ({first_line(error)}): run ./themeline doctor")
    except KeyboardInterrupt:
        sys.stderr.write("\nit goes on in the background: --status says how far it is, --cancel gives it up\n")
        return INTERRUPTED
    finally:
        engine.dispose()
    return 0


def _failed(reason: str) -> int:
    sys.stderr.write(f"reindex: {reason}\n")
    return FAILED


def _run(given: argparse.Namespace, sessions: Sessions, app: Celery) -> None:
    say = partial(print, flush=True)
    if given.status:
        for one in looked_at(sessions):
            say(line(one))
        return
    if given.cancel:
        say(f"{cancel(sessions, app)} is given up, its vectors are being removed")
        return
    settings = read(EncoderSettings)
    kind = given.encoder or settings.encoder
    encoder = Encoders(settings).get(kind)
    start(sessions, app, encoder, kind, rescore=given.rescore)
    say(f"{encoder.name} is being filled, the old vectors serve until it is")
    watch(partial(looked_at, sessions), waiting=given.wait, say=say)


if __name__ == "__main__":
    sys.exit(main())
