"""The doctor's checks of PostgreSQL: reachable, new enough, at the right schema, its clock right, its work done."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from themeline.cli.findings import Finding
from themeline.shared.schema import current_revision, known_revisions

# The oldest versions that the tests run on.
OLDEST_SERVER = 170000
OLDEST_VECTOR = (0, 8)
# Embargoes and freshness are decided by the database's clock; a second is noise of the question itself.
MOST_CLOCK_DIFFERENCE = timedelta(seconds=2)
# The relay is woken by each article; what waits longer is stuck.
LONGEST_WAIT = timedelta(seconds=60)
# As deploy/prometheus/alerts.yml has them: what is due is read within seconds, and one feed that fails is its
# publisher's affair, while many at once are ours.
LONGEST_OVERDUE = timedelta(seconds=900)
MOST_FAILING, MOST_FAILING_SHARE = 4, 0.2
DEFAULT_ENCODER = "static"
PASSWORD = re.compile(r":[^:@/]+@")


def check_database(url: str) -> Iterator[Finding]:
    """Yield what is found; every question but the first needs the one before."""
    try:
        engine = create_engine(url, connect_args={"connect_timeout": 5})
    except (ArgumentError, ImportError, ValueError) as error:  # ValueError: a port that is no number
        yield Finding("database", f"the address is not usable ({_line(error)})", "correct THEMELINE_DATABASE_URL")
        return
    try:
        with engine.connect() as connection:
            yield from _server(connection)
            yield _clock(connection)
            yield from _schema(connection)
        current = current_revision(engine)
        yield _revision(current)
        if current == known_revisions()[0]:
            with engine.connect() as connection:
                yield _outbox(connection)
                yield _feeds(connection)
                yield from _vectors(connection)
    except SQLAlchemyError as error:
        remedy = "is PostgreSQL running there? with embedded servers, see postgresql.log in the data folder"
        yield Finding("database", f"{engine.url.render_as_string()}: {_line(error)}", remedy)
    finally:
        engine.dispose()


def _server(connection: Connection) -> Iterator[Finding]:
    number = int(str(connection.scalar(text("SHOW server_version_num"))))
    version = str(connection.scalar(text("SHOW server_version")))
    remedy = "upgrade to PostgreSQL 17 or newer" if number < OLDEST_SERVER else ""
    yield Finding("database", f"PostgreSQL {version}", remedy)


def _schema(connection: Connection) -> Iterator[Finding]:
    query = text("SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'")
    row = connection.execute(query).one_or_none()
    if row is None:
        yield Finding("pgvector", "is not available", "install pgvector 0.8 or newer on the database server")
        return
    version = str(row[0] or row[1])
    is_old = tuple(int(part) for part in version.split(".")[:2]) < OLDEST_VECTOR
    yield Finding("pgvector", version, "upgrade pgvector to 0.8 or newer" if is_old else "")


def _revision(current: str | None) -> Finding:
    wanted = known_revisions()[0]
    remedy = "" if current == wanted else "run `python -m themeline.shared.migrations`, or `./themeline up`"
    return Finding("schema", f"at {current or 'no revision'}, this code expects {wanted}", remedy)


def _clock(connection: Connection) -> Finding:
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    difference = abs(datetime.now(UTC) - theirs)
    remedy = "" if difference < MOST_CLOCK_DIFFERENCE else "set both clocks by NTP"
    return Finding("clock", f"the database's differs by {difference.total_seconds():.1f} s", remedy)


def _outbox(connection: Connection) -> Finding:
    query = text("SELECT count(*), min(created_at), clock_timestamp() FROM outbox")
    waiting, oldest, now = connection.execute(query).one()
    age = now - oldest if oldest else timedelta()
    remedy = "" if age < LONGEST_WAIT else "is the relay running, and can it reach Redis? see relay.log"
    return Finding("outbox", f"{waiting:,} articles wait, the oldest for {age.total_seconds():.0f} s", remedy)


def _feeds(connection: Connection) -> Finding:
    query = text(
        "SELECT count(*), count(*) FILTER (WHERE failures > 0), min(next_poll_at), clock_timestamp()"
        " FROM feeds WHERE state = 'active'"
    )
    active, failing, due, now = connection.execute(query).one()
    overdue = max(now - due, timedelta()) if due else timedelta()
    remedy = ""
    if overdue > LONGEST_OVERDUE:
        remedy = "is the fetcher running, and can it reach Redis? see fetcher.log"
    elif failing > max(MOST_FAILING, MOST_FAILING_SHARE * active):
        remedy = "`./themeline feeds list --failing` tells why; the same reason everywhere is no way out from here"
    told = f"{active:,} are read, {failing:,} fail, the longest overdue for {overdue.total_seconds():.0f} s"
    return Finding("feeds", told, remedy)


def _vectors(connection: Connection) -> Iterator[Finding]:
    settings = os.environ.get("THEMELINE_ENCODER", DEFAULT_ENCODER)
    for encoder, kind, state in connection.execute(text("SELECT encoder, kind, state FROM encodings ORDER BY 3 DESC")):
        is_other = state == "serving" and kind != settings
        remedy = f"the settings name {settings}: run `./themeline reindex`, or correct THEMELINE_ENCODER"
        yield Finding("vectors", f"{encoder}, {state}", remedy if is_other else "")


def _line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return PASSWORD.sub(":…@", (str(cause).strip().splitlines() or [type(error).__name__])[0])
