"""Upgrade the database at THEMELINE_DATABASE_URL to the newest schema."""

import sys

from sqlalchemy.exc import OperationalError

from themeline.shared import migrations
from themeline.shared.settings import DatabaseSettings, read


def main() -> int:
    url = read(DatabaseSettings).database_url
    try:
        migrations.upgrade(url)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        remedy = "is PostgreSQL running there? else correct THEMELINE_DATABASE_URL"
        print(f"migrations: cannot upgrade the database: {reason}: {remedy}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"migrations: the schema is at {migrations.head()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
