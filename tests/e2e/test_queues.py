"""Work that waits: it is seen on the metrics pages, and fresh articles go first."""

from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from e2e.processes import Processes
from integration.related.scene import CHESS, FLOOD
from support import wait_for
from themeline.shared.events import QueueName
from themeline.shared.models import Article, Outcome

SECONDS = 60.0
ARCHIVE = 600


def test_waiting_work_is_seen_and_fresh_articles_overtake_an_archive(
    processes: Processes, engine: Engine, session: Session
) -> None:
    processes.configure(workers="1", relay_batch="8", sweep_grace_seconds="3600")
    processes.start("ingest", "relay", "sweep", "api")
    title, text = CHESS[0]
    archive = [
        {"title": title, "text": text, "external_id": str(number), "priority": "backfill", "source": "Archive"}
        for number in range(ARCHIVE)
    ]
    processes.push(*archive)
    gauge = partial(processes.metric, "sweep")
    wait_for(lambda: gauge("themeline_queue_length", queue=QueueName.BACKFILL) == ARCHIVE / 8, SECONDS, "a full queue")
    (fresh,) = processes.push({"title": FLOOD[0][0], "text": FLOOD[0][1], "source": "Wire"})
    wait_for(lambda: gauge("themeline_queue_length", queue=QueueName.FRESH) == 1, SECONDS, "a fresh message")
    assert gauge("themeline_pending_articles") == ARCHIVE + 1
    assert gauge("themeline_pending_oldest_age_seconds") > 0
    assert gauge("themeline_queue_oldest_age_seconds", queue=QueueName.BACKFILL) > 0
    processes.start("related")
    wait_for(lambda: processes.get(f"/v1/articles/{fresh}")["state"] == "ready", SECONDS, "the fresh article")
    decided = session.scalars(select(Article.external_id).join(Outcome, Outcome.article_id == Article.id)).all()
    assert len(decided) < ARCHIVE
    wait_for(lambda: gauge("themeline_pending_articles") == 0, SECONDS, "everything related")
    assert gauge("themeline_queue_length") == 0
    counted = partial(processes.metric, "related", "themeline_article_lag_seconds_count")
    wait_for(lambda: counted(queue=QueueName.BACKFILL) == ARCHIVE, SECONDS, "every archived article counted")
    assert counted(queue=QueueName.FRESH) == 1
