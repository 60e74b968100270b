"""Reading ahead: the next batches are made while the service answers."""

import threading
from collections.abc import Iterator
from queue import Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")
# How soon the reader sees that nobody takes what it reads.
LOOK_SECONDS = 0.1


class ReadAhead(Generic[T]):
    """What an iterator yields, taken from it in a thread, at most `most` ahead of the reader of this one.

    What the iterator raises is raised here, in its place. Leaving the context ends the thread.
    """

    def __init__(self, items: Iterator[T], most: int) -> None:
        self._items = items
        self._waiting: Queue[T | BaseException | None] = Queue(most)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)

    def __enter__(self) -> Iterator[T]:
        self._thread.start()
        return self._taken()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()

    def _taken(self) -> Iterator[T]:
        while (one := self._waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one

    def _read(self) -> None:
        try:
            for one in self._items:
                if not self._put(one):
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who reads
            self._put(error)

    def _put(self, one: T | BaseException | None) -> bool:
        while not self._is_over.is_set():
            try:
                self._waiting.put(one, timeout=LOOK_SECONDS)
            except Full:
                continue
            return True
        return False
