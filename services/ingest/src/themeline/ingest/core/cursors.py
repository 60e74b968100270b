"""Keyset cursors: the last row of a page, opaque to clients."""

import base64
import binascii
import struct
import zlib

# Checksum of scope and id, id.
_FORM = struct.Struct(">Iq")


def encode(id_: int, scope: str) -> str:
    """Return the cursor behind the row `id_` of the list that `scope` names (what it lists, and its filters)."""
    return base64.urlsafe_b64encode(_FORM.pack(_checksum(id_, scope), id_)).decode().rstrip("=")


def decode(cursor: str, scope: str) -> int:
    """Return the id that `encode` was given for the same list.

    Raises:
        ValueError: it is damaged, or comes from another list or from other filters.
    """
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        checksum, id_ = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise ValueError("is not a cursor of this service") from None
    if checksum != _checksum(id_, scope):
        raise ValueError("belongs to another list, or to other filters; start without a cursor")
    return int(id_)


def _checksum(id_: int, scope: str) -> int:
    return zlib.crc32(f"{scope}\0{id_}".encode())
