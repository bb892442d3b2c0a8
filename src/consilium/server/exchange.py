"""One WSGI call, cut into parts that a thread can do one at a time."""

from collections.abc import Callable, Iterable, Iterator
from io import IOBase
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
Application = Callable[[dict[str, Any], Callable[..., Callable[[bytes], None]]], Iterable[bytes]]

FILE_BLOCK = 262_144
"""Bytes of a file sent at once; nearly all static files are one block."""


class FileBlocks:
    """`wsgi.file_wrapper`: a file in blocks larger than the 4 KB that Django asks for."""

    def __init__(self, file: IOBase, block_size: int = 0) -> None:
        self._file = file

    def read(self) -> bytes:
        block: bytes = self._file.read(FILE_BLOCK)
        return block

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")

    def close(self) -> None:
        self._file.close()


class Exchange:
    """Calls a WSGI application and draws its answer; all methods are to be called in one thread.

    `status` and `headers` hold from the first part on.
    """

    def __init__(self, application: Application, environ: dict[str, Any]) -> None:
        self._application = application
        self._environ = environ
        self._result: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())
        self._written: list[bytes] = []
        self._closed = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []

    def begin(self) -> tuple[bytes, bool]:
        """Call the application; return the first part of the body and whether more may follow."""
        self._environ["wsgi.file_wrapper"] = FileBlocks
        try:
            self._result = self._application(self._environ, self._start_response)
            if self._environ["REQUEST_METHOD"] == "HEAD":
                return self._end(b"")
            if self._is_whole(self._result):
                return self._end(b"".join([*self._written, *self._result]))
            if isinstance(self._result, FileBlocks):
                block = self._result.read()
                if len(block) < FILE_BLOCK:
                    return self._end(block)
                self._written.append(block)
            self._pieces = iter(self._result)
            return self.go_on()
        except BaseException:
            self.close()
            raise

    def go_on(self) -> tuple[bytes, bool]:
        """The next part of the body, never empty unless it is the last."""
        if self._written:
            piece = b"".join(self._written)
            self._written.clear()
            return piece, True
        for piece in self._pieces:
            if piece:
                return piece, True
        return self._end(b"")

    def close(self) -> None:
        """Tell the application that the answer is over, however it ended; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        close = getattr(self._result, "close", None)
        if close is not None:
            close()

    def _end(self, last: bytes) -> tuple[bytes, bool]:
        self.close()
        if not self.status:
            raise RuntimeError("the application answered without calling start_response")
        return last, False

    @staticmethod
    def _is_whole(result: Iterable[bytes]) -> bool:
        # Django's responses say whether they stream; a page is whole, so that one trip to the thread is enough.
        return getattr(result, "streaming", True) is False or isinstance(result, list | tuple)

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._written.append
