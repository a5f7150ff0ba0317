"""The process that reads risky files for ingest; `ingest.reader` starts it.

Threads cannot be stopped, processes can: a file that takes for ever, crashes its parser or eats all
memory ends this process, and no more. Requests come in on standard input and answers go out on
standard output, pickled.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

MEMORY = 4_000_000_000  # bytes; a parser that asks for more is refused, and says so
ORPHANED = 10  # seconds beyond its time after which a request ends us, should nobody be left to

READY = "ready"


def bare_packages(*names: str) -> None:
    """Stand in for packages: their own code loads far more than readers need, for seconds."""
    root = Path(__file__).parents[1]
    sys.path.insert(0, str(root))
    for name in names:
        package = ModuleType(name)
        package.__path__ = [str(root / name)]
        sys.modules[name] = package


def limit_memory() -> None:
    """Refuse more memory than a file can need, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each request with the contents of the file, or with why it cannot be read."""
    from ingest.errors import Unreadable
    from ingest.formats import read_contents

    pickle.dump(READY, answers)
    answers.flush()
    while True:
        try:
            suffix, content, options = pickle.load(requests)  # noqa: S301  # from our own parent
        except EOFError:
            return
        if hasattr(signal, "alarm"):
            signal.alarm(int(options.max_seconds) + ORPHANED)
        try:
            answer: object = read_contents(suffix, content, options)
        except Unreadable as error:
            answer = str(error)
        answers.write(pickle.dumps(answer))
        answers.flush()


def main() -> None:
    """Serve until the parent is done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who then closes us
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints must not garble the answers
    bare_packages("rag", "ingest")
    limit_memory()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
