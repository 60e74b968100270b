"""The composition root of the HTTP service: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from themeline.ingest import routes
from themeline.ingest.intake import Intake
from themeline.ingest.settings import IngestSettings
from themeline.shared import __version__, interface, problem_handlers
from themeline.shared.cross_origin import CrossOriginProtection
from themeline.shared.db import make_engine, make_sessions
from themeline.shared.telemetry.http import HttpTelemetry

SERVICE = "ingest"

DESCRIPTION = """Takes in articles, reads feeds. An answer `202` means: every accepted article is durably stored, and
will be related to the others within moments. Articles are recognised by the publisher's id, else the address, else
source, title and time; sending one again changes nothing, sending a changed one makes a new version."""


def create_app(settings: IngestSettings) -> FastAPI:
    """Return the application for these settings."""
    engine = make_engine(settings.database_url, application="themeline-ingest", pool_size=settings.database_pool)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    app = FastAPIOffline(
        title="Themeline ingest",
        version=__version__,
        description=DESCRIPTION,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.intake = Intake(settings.max_body_bytes)
    app.state.engine = engine
    app.state.sessions = make_sessions(engine)
    for router in routes.ROUTERS:
        app.include_router(router)
    interface.install(app, routes.TAGS, routes.ROUTERS)
    problem_handlers.install(app)
    app.add_middleware(CrossOriginProtection)
    app.add_middleware(HttpTelemetry, service=SERVICE)
    return app
