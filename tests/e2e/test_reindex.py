"""Another encoder while articles keep coming and workers die: searches never lack vectors, and nothing is lost."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from e2e.processes import Processes
from support import wait_for
from themeline.shared.db import Sessions, read_only
from themeline.shared.events import QueueName
from themeline.shared.models import Article, Encoding, Outcome, Vector

SECONDS = 90.0
ARCHIVE = 400
LATE = 20
OLD, NEW = "wordllama-256", "lexical-256"

# In one snapshot: articles that searches look for, and cannot find under the encoder that serves.
UNSEARCHABLE = text("""
    select count(*) from features
    where not exists (
        select from vectors join encodings on encodings.encoder = vectors.encoder and encodings.state = 'serving'
        where vectors.article_id = features.article_id
    )
""")


def articles(first: int, count: int, **values: str) -> list[dict[str, str]]:
    return [
        {
            "title": f"Council {number} of Velmora votes on bridge {number % 7}",
            "text": f"The council number {number} of Velmora decided on the bridge {number % 7} over the Orlenz. " * 5,
            "external_id": str(number),
            "source": "Wire",
            **values,
        }
        for number in range(first, first + count)
    ]


def related(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(Outcome).where(Outcome.outcome == "ready")) or 0
    session.rollback()  # a transaction that idles is ended by the server
    return found


def vectors(sessions: Sessions, encoder: str) -> int:
    with read_only(sessions) as session:
        unsearchable = session.scalar(UNSEARCHABLE)
        assert unsearchable == 0, f"{unsearchable} articles have no vector of the encoder that serves"
        return session.scalar(select(func.count()).select_from(Vector).where(Vector.encoder == encoder)) or 0


def states(sessions: Sessions) -> dict[str, str]:
    with read_only(sessions) as session:
        return {row[0]: row[1] for row in session.execute(select(Encoding.encoder, Encoding.state))}


def reindex(processes: Processes, *arguments: str) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "themeline.related.reindex", *arguments]
    return subprocess.Popen(
        words, env=processes._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def running(processes: Processes, session: Session) -> Processes:
    processes.configure(sweep_grace_seconds="1", sweep_interval_seconds="0.3", workers="2")
    processes.start("ingest", "relay", "related", "sweep")
    processes.push(*articles(0, ARCHIVE, priority="backfill"))
    wait_for(lambda: related(session) == ARCHIVE, SECONDS, "the archive is related")
    return processes


def test_the_encoder_changes_under_load_although_the_workers_are_killed(
    running: Processes, sessions: Sessions, session: Session
) -> None:
    command = reindex(running, "--encoder", "lexical", "--wait")
    wait_for(lambda: 0 < vectors(sessions, NEW) < ARCHIVE, SECONDS, "some new vectors")
    running.kill("related")
    assert states(sessions) == {OLD: "serving", NEW: "filling"}
    left = vectors(sessions, NEW)
    running.push(*articles(ARCHIVE, LATE))
    running.start("related")
    wait_for(lambda: vectors(sessions, NEW) > left + LATE or serving(sessions) == NEW, SECONDS, "it goes on")
    running.push(*articles(ARCHIVE + LATE, LATE))
    output, errors = command.communicate(timeout=SECONDS)
    assert command.returncode == 0, errors
    assert f"{NEW}: serves, " in output
    wait_for(lambda: related(session) == ARCHIVE + 2 * LATE, SECONDS, "the late articles are related")
    assert states(sessions) == {NEW: "serving"}
    assert vectors(sessions, NEW) == ARCHIVE + 2 * LATE
    assert vectors(sessions, OLD) == 0
    assert running.metric("sweep", "themeline_vectors", encoder=NEW, state="serving") == ARCHIVE + 2 * LATE
    assert running.metric("sweep", "themeline_vectors_missing") == 0
    assert session.scalar(select(func.count()).select_from(Article)) == ARCHIVE + 2 * LATE


def serving(sessions: Sessions) -> str:
    return next((encoder for encoder, state in states(sessions).items() if state == "serving"), "")


def test_the_command_says_how_far_it_is_and_gives_up_when_told(running: Processes, sessions: Sessions) -> None:
    running.stop("related")
    started = reindex(running, "--encoder", "lexical")
    assert started.communicate(timeout=SECONDS)[0].startswith(f"{NEW} is being filled")
    assert running.metric("sweep", "themeline_queue_length", queue=QueueName.REINDEX) >= 1
    output, _ = reindex(running, "--status").communicate(timeout=SECONDS)
    assert output.splitlines() == [
        f"{NEW}: being filled, 0 of {ARCHIVE} articles",
        f"{OLD}: serves, {ARCHIVE} of {ARCHIVE} articles",
    ]
    other = reindex(running, "--encoder", "minilm")
    assert "--cancel" in other.communicate(timeout=SECONDS)[1]
    assert other.returncode == 1
    given_up = reindex(running, "--cancel")
    assert f"{NEW} is given up" in given_up.communicate(timeout=SECONDS)[0]
    running.start("related")
    wait_for(lambda: states(sessions) == {OLD: "serving"}, SECONDS, "nothing is left of it")
    again = reindex(running, "--encoder", "static")
    assert "serves already" in again.communicate(timeout=SECONDS)[1]


def test_a_worker_whose_encoder_cannot_be_had_does_not_start(processes: Processes) -> None:
    processes.configure(encoder="http")
    with pytest.raises(AssertionError):
        processes.start("related")
    assert "THEMELINE_ENCODER_URL" in processes.log("related")


def test_articles_are_related_with_a_transformer_in_forked_workers(
    processes: Processes, sessions: Sessions, session: Session
) -> None:
    processes.configure(encoder="minilm", workers="2")
    processes.start("ingest", "relay", "related")
    processes.push(*articles(0, 80))
    wait_for(lambda: related(session) == 80, SECONDS, "all are related")
    assert vectors(sessions, "minilm-384") == 80
