"""The fixtures of this tier: a real database for the checks of the schema and the roles."""

from servers import admin, database_url, empty_database_url, engine, postgres_url, server_folder, template

__all__ = ["admin", "database_url", "empty_database_url", "engine", "postgres_url", "server_folder", "template"]
