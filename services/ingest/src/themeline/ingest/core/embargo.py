"""When an article may be seen."""

from datetime import datetime, timedelta

# Clocks differ and editors round up: a pushed time that is less ahead is a time, not an embargo.
TOLERANCE = timedelta(hours=1)


def embargo_until(published: datetime | None, now: datetime) -> datetime | None:
    """The instant before which a pushed article is visible nowhere; None when there is no embargo.

    Args:
        published: the pushed publication time, aware, or None when undated.
        now: the time of arrival, aware.
    """
    return published if published is not None and published - now > TOLERANCE else None
