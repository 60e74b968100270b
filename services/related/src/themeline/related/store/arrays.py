"""NumPy arrays as PostgreSQL parameters: thousands of values in one copy, without a Python object each.

In PostgreSQL's binary form a one-dimensional array without nulls is a header, then every element with
its length before it; a NumPy record array lays out just that. Measured: psycopg's own dump of lists
took a quarter of the worker's time.
"""

import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

# Object identifiers of PostgreSQL's built-in types (pg_type.dat): element, array.
_OIDS = {"i4": (23, 1007), "i8": (20, 1016), "f4": (700, 1021), "V": (17, 1001)}

# dimensions, flags (no nulls), element type, length, lower bound
_HEADER = struct.Struct(">iiIii")
_EMPTY = struct.Struct(">iiI")


class Int4Array(bytes):
    """A dumped `int4[]`."""


class Int8Array(bytes):
    """A dumped `int8[]`."""


class Float4Array(bytes):
    """A dumped `float4[]`."""


class ByteaArray(bytes):
    """A dumped `bytea[]`."""


_CLASSES: dict[str, type[bytes]] = {"i4": Int4Array, "i8": Int8Array, "f4": Float4Array, "V": ByteaArray}


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return bytes(obj)


for _kind, _class in _CLASSES.items():
    _own = type(f"{_class.__name__}Dumper", (_PackedDumper,), {"oid": _OIDS[_kind][1]})
    psycopg.adapters.register_dumper(_class, _own)


def packed(values: npt.NDArray[Any]) -> bytes:
    """Return a parameter for psycopg.

    values: (n,) of int32, int64 or float32; or (n, width) of int8, each row one bytea.
    """
    if values.ndim == 2:  # noqa: PLR2004  rows of bytes
        values = np.ascontiguousarray(values).view(f"V{values.shape[1]}").reshape(-1)
    kind = "V" if values.dtype.kind == "V" else values.dtype.str[1:]
    element, _ = _OIDS[kind]
    if not len(values):
        return _CLASSES[kind](_EMPTY.pack(0, 0, element))
    body = np.empty(len(values), [("length", ">i4"), ("value", values.dtype.newbyteorder(">"))])
    body["length"] = values.dtype.itemsize
    body["value"] = values
    return _CLASSES[kind](_HEADER.pack(1, 0, element, len(values), 1) + body.tobytes())
