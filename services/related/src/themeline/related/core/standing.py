"""Where articles stand, and the groups they stand in, as columns: a batch meets thousands, and looks at a few."""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from themeline.related.core.stories import Group, GroupsById

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """The story of each row of a corpus (0 for none), and the article it copies (0 for none), each (n,)."""

    stories: Ids
    originals: Ids

    @classmethod
    def nowhere(cls, count: int) -> Self:
        """That of articles that were never placed."""
        return cls(np.zeros(count, np.int64), np.zeros(count, np.int64))


class Groups(GroupsById, Protocol):
    """Stories or themes that a batch changes; a dictionary is one."""

    def __setitem__(self, id_: int, group: Group, /) -> None: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Columns:
    """Groups as columns of equal length: id, articles, hours of the first and last one, whether all are undated."""

    ids: Ids
    sizes: Ids
    first: npt.NDArray[np.float64]
    last: npt.NDArray[np.float64]
    undated: npt.NDArray[np.bool_]

    def by_id(self) -> dict[int, int]:
        """Articles of each group."""
        return dict(zip(self.ids.tolist(), self.sizes.tolist(), strict=True))

    def take(self, rows: npt.NDArray[np.intp]) -> "Columns":
        """The groups of these rows."""
        return Columns(self.ids[rows], self.sizes[rows], self.first[rows], self.last[rows], self.undated[rows])


class Table:
    """`Groups` over columns: a group is made when it is asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._row_of = dict(zip(columns.ids.tolist(), range(len(columns.ids)), strict=True))
        self._groups: dict[int, Group] = {}

    def __getitem__(self, id_: int, /) -> Group:
        if id_ not in self._groups:
            row, held = self._row_of[id_], self._columns
            times = float(held.first[row]), float(held.last[row])
            self._groups[id_] = Group(id_, int(held.sizes[row]), *times, undated=bool(held.undated[row]))
        return self._groups[id_]

    def __setitem__(self, id_: int, group: Group, /) -> None:
        self._groups[id_] = group
        self._row_of.setdefault(id_, len(self._row_of))

    def __contains__(self, id_: object, /) -> bool:
        return id_ in self._row_of

    def __len__(self) -> int:
        return len(self._row_of)
