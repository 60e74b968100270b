"""Every queue has a worker in the containers, and nothing else consumes."""

import re

from repository import ROOT, compose_services
from themeline.shared.events import QueueName
from themeline.shared.queue import make_celery

QUEUE_LABEL = re.compile(r'queue="([^"]+)"')


def test_a_worker_without_a_list_consumes_every_queue_and_no_other() -> None:
    app = make_celery("test", "redis://127.0.0.1:6379/0")
    assert [queue.name for queue in app.conf.task_queues] == list(QueueName)


def test_one_service_of_the_compose_file_starts_workers_and_for_all_queues() -> None:
    commands = {name: service.get("command", []) for name, service in compose_services().items()}
    workers = [name for name, command in commands.items() if command == ["python", "-m", "themeline.related"]]
    assert workers == ["related"]
    assert not [name for name, command in commands.items() if "celery" in command or "--queues" in command]


def test_alerts_name_only_queues_that_exist() -> None:
    rules = (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
    assert set(QUEUE_LABEL.findall(rules)) == set(QueueName)
