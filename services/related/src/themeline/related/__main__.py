"""Start the worker: `python -m themeline.related`."""

import os
import sys

from themeline.related.core.encoders import EncoderDownError
from themeline.related.scorers import UnusableScorerError
from themeline.related.settings import RelatedSettings
from themeline.related.worker import Worker
from themeline.shared.settings import read
from themeline.shared.telemetry import logging
from themeline.shared.telemetry.worker import multiprocess_directory


def main() -> int:
    # Threads of the tokenizer do not survive the fork into worker processes.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    settings = read(RelatedSettings)
    logging.configure("related", settings.log_level)
    if settings.metrics_port is not None and not multiprocess_directory():
        print(  # noqa: T201
            "related: PROMETHEUS_MULTIPROC_DIR is not set, so the counts of the worker processes would be lost;"
            " set it to an empty folder before starting",
            file=sys.stderr,
        )
        return 2
    try:
        worker = Worker(settings)
    except UnusableScorerError as error:
        print(f"related: THEMELINE_SCORER: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except EncoderDownError as error:
        print(f"related: THEMELINE_ENCODER: {error}", file=sys.stderr)  # noqa: T201
        return 2
    worker.serve_pages()
    return worker.run()


if __name__ == "__main__":
    sys.exit(main())
