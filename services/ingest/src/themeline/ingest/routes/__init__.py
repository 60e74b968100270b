"""The HTTP interface of ingest: one module for each kind of thing that is asked about."""

from themeline.ingest.routes import articles, feedlists, feeds, operation, sources, websub

ROUTERS = (
    articles.router,
    # before the feeds, whose ids stand in the same place
    feedlists.router,
    feeds.router,
    sources.router,
    websub.router,
    operation.router,
)
TAGS = (
    {"name": "articles", "description": "Articles in, withdrawn, and back again."},
    {"name": "feeds", "description": "What is read again and again, and how it is."},
    {"name": "sources", "description": "How each publisher is treated."},
    {"name": "operation", "description": "For probes and for Prometheus."},
)
