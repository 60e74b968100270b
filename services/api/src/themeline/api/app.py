"""The composition root: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from themeline.api import openapi
from themeline.api.readiness import make_check
from themeline.api.related import Related
from themeline.api.routes import articles, explain, health, pages, themes, trace
from themeline.api.settings import ApiSettings
from themeline.shared import __version__, problem_handlers
from themeline.shared.db import make_engine, make_sessions
from themeline.shared.telemetry.http import HttpTelemetry

SERVICE = "api"
ROUTERS = (articles.router, trace.router, explain.router, themes.router, health.router)


def create_app(settings: ApiSettings | None = None) -> FastAPI:
    """Return the application; without settings they are read from the environment."""
    settings = settings or ApiSettings()
    engine = make_engine(settings.database_url, application=f"themeline-{SERVICE}", pool_size=settings.database_pool)
    related = Related(settings.related_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()
        related.close()

    app = FastAPIOffline(
        title="Themeline",
        version=__version__,
        description=openapi.DESCRIPTION,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.sessions = make_sessions(engine)
    app.state.related = related
    app.state.readiness = make_check(engine, settings.redis_url)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(pages.router)
    openapi.install(app, ROUTERS)
    problem_handlers.install(app)
    app.add_middleware(HttpTelemetry, service=SERVICE)
    return app
