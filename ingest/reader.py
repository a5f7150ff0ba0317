"""Reads files within a time limit: formats that may take for ever, in a process of their own."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import LifoQueue
from typing import Any

from ingest import worker
from ingest.errors import Unreadable
from ingest.formats import Contents, ReadOptions, read_contents
from ingest.formats.packed import GZIP
from rag.errors import CitewellError

# Their parsers are large, and what they are given may be anything. Text, records and tables are
# read in one pass over bytes whose number is limited.
RISKY = tuple(".pdf .docx .epub .html .htm .xhtml .eml .mhtml .mht .rss .atom .xml".split())
ENDING = 5  # seconds


class Reader:
    """Reads files, one after the other. The process starts with the first risky one."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, suffix: str, content: bytes, options: ReadOptions) -> Contents:
        """Read the bytes of a file.

        Raises:
            Unreadable: if nothing can be had from them, or not in `options.max_seconds`.
            CitewellError: if the process for risky files does not start.
        """
        if not suffix.removesuffix(GZIP).endswith(RISKY):
            return read_contents(suffix, content, options)
        with self._lock:
            answer = self._ask(self._started(), (suffix, content, options), options.max_seconds)
        if isinstance(answer, Contents):
            return answer
        raise Unreadable(str(answer))

    def _ask(self, process: subprocess.Popen[bytes], request: object, seconds: float) -> Any:
        """Have a file read; the process is stopped if it takes longer."""
        clock = threading.Timer(seconds, process.kill)
        clock.start()
        started = time.monotonic()
        try:
            _send(process, request)
            return _receive(process)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            # A ValueError if another thread gave the run up and closed the pipe meanwhile.
            late = time.monotonic() - started >= seconds
            self.close()
            if late:
                return (
                    f"took longer than {seconds:g} s to read; split the file, save its text, or "
                    "raise CITEWELL_MAX_FILE_SECONDS"
                )
            return (
                "made its reader crash; it may be damaged: open it in the program that wrote it "
                "and save it anew, or save its text"
            )
        except BaseException:  # Ctrl-C: an answer that nobody took would be that of the next file
            process.kill()
            raise
        finally:
            clock.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        """The process, started if need be."""
        if self._process and self._process.poll() is not None:
            self.close()
        if self._process is None:
            command = [sys.executable, "-P", str(Path(worker.__file__))]
            self._process = subprocess.Popen(  # noqa: S603  # our own file
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            try:
                _receive(self._process)
            except (EOFError, pickle.UnpicklingError) as error:
                self.close()
                raise CitewellError(
                    "the process that reads files does not start, see above; the index was left "
                    "as it is. Install Citewell anew: make setup"
                ) from error
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._lock.locked():  # a thread reads, and nobody will ask what
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):  # it has ended already
                    pipe.close()
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Readers:
    """Several readers; each file goes to one that is free. `count` may read at a time."""

    def __init__(self, count: int) -> None:
        """Start nothing yet."""
        self.count = count
        self._all = [Reader() for _ in range(count)]
        self._free: LifoQueue[Reader] = LifoQueue()  # the last used first: it may have a process
        for reader in self._all:
            self._free.put(reader)

    def read(self, suffix: str, content: bytes, options: ReadOptions) -> Contents:
        """Read the bytes of a file; errors as `Reader.read`."""
        reader = self._free.get()
        try:
            return reader.read(suffix, content, options)
        finally:
            self._free.put(reader)

    def close(self) -> None:
        """End all processes."""
        for reader in self._all:
            reader.close()


def _send(process: subprocess.Popen[bytes], request: object) -> None:
    assert process.stdin is not None  # noqa: S101  # for the type checker
    pickle.dump(request, process.stdin)
    process.stdin.flush()


def _receive(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None  # noqa: S101
    return pickle.load(process.stdout)  # noqa: S301  # from our own process
