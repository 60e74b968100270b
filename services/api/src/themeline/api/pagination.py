"""Keyset cursors: the place of the last item of a page, opaque to clients."""

import base64
import binascii
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

# Checksum of scope and place, microseconds since 1970, id.
_FORM = struct.Struct(">Iqq")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a list ordered by a time, then by id."""

    at: datetime
    id: int


def encode(place: Place, scope: str) -> str:
    """Return the cursor of `place` in the list that `scope` names (its path and filters)."""
    body = ((place.at - _EPOCH) // _MICROSECOND, place.id)
    packed = _FORM.pack(_checksum(body, scope), *body)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, scope: str) -> Place:
    """Return the place that `encode` wrote for the same list.

    Raises:
        ValueError: it is damaged, or comes from another list or from other filters.
    """
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        checksum, micros, number = _FORM.unpack(packed)
        place = Place(_EPOCH + micros * _MICROSECOND, number)
    except (binascii.Error, struct.error, OverflowError, ValueError):
        raise ValueError("is not a cursor of this service") from None
    if checksum != _checksum((micros, number), scope):
        raise ValueError("belongs to another list, or to other filters; start without a cursor")
    return place


def _checksum(body: tuple[int, int], scope: str) -> int:
    return zlib.crc32(f"{scope}\0{body[0]}\0{body[1]}".encode())


def page(
    rows: Sequence[Row], limit: int, place: Callable[[Row], Place], scope: str
) -> tuple[Sequence[Row], str | None]:
    """Cut `rows`, of which one more than `limit` was asked for, and return the cursor of the next page."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode(place(rows[limit - 1]), scope)
