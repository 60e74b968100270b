"""Every queue has a worker in the containers, and nothing else consumes."""

import re

from repository import ROOT, compose_services
from themeline.shared.events import FETCHER_QUEUES, RELATED_QUEUES, QueueName
from themeline.shared.queue import make_celery

CONSUMERS = {"themeline.related": RELATED_QUEUES, "themeline.ingest.fetcher": FETCHER_QUEUES}
QUEUE_LABEL = re.compile(r'queue="([^"]+)"')


def test_a_worker_without_a_list_consumes_every_queue_and_no_other() -> None:
    app = make_celery("test", "redis://127.0.0.1:6379/0")
    assert [queue.name for queue in app.conf.task_queues] == list(QueueName)


def test_two_services_of_the_compose_file_start_workers_and_consume_all_queues_between_them() -> None:
    commands = {name: service.get("command", []) for name, service in compose_services().items()}
    consumers = {("python", "-m", module): queues for module, queues in CONSUMERS.items()}
    workers = {name: consumers.get(tuple(command)) for name, command in commands.items()}
    assert {name: queues for name, queues in workers.items() if queues} == {
        "related": RELATED_QUEUES,
        "fetcher": FETCHER_QUEUES,
    }
    assert sorted([*RELATED_QUEUES, *FETCHER_QUEUES]) == sorted(QueueName)
    assert not [name for name, command in commands.items() if "celery" in command or "--queues" in command]


def test_alerts_name_only_queues_that_exist() -> None:
    rules = (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
    assert set(QUEUE_LABEL.findall(rules)) == set(QueueName)
