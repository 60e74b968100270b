"""The HTTP interface of ingest: one module for each kind of thing that is asked about."""

from themeline.ingest.routes import articles, operation

ROUTERS = (
    articles.router,
    operation.router,
)
TAGS = (
    {"name": "articles", "description": "Articles in, withdrawn, and back again."},
    {"name": "operation", "description": "For probes and for Prometheus."},
)
