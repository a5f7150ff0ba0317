"""Pages ask while ingest publishes.

The whole trial is a program: `python -m tests.faults.readers`.
"""

from __future__ import annotations

import threading
from pathlib import Path

from rag import Assistant
from tests.conftest import STORES, Library
from tests.faults.readers import Reader, delays, read_until
from tests.faults.rounds import WINNERS, write

PUBLICATIONS = 2


@STORES
def test_pages_see_no_error_and_no_mixture_while_ingest_publishes(
    library: Library, tmp_path: Path
) -> None:
    write(library.corpus, 0)
    library.reindex()
    readers: list[Reader] = []
    done, last = tmp_path / "done", WINNERS[PUBLICATIONS]

    def read() -> None:
        readers.append(read_until(done, library.settings, library.encoder, last))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, PUBLICATIONS + 1):
        write(library.corpus, number)
        library.reindex()
    done.touch()
    for thread in threads:
        thread.join()
    for reader in readers:
        assert (reader.errors, reader.mixed) == ([], [])
        assert reader.sightings[-1][1] == last


def test_two_ingests_at_once_take_turns(library: Library) -> None:
    library.settings = library.settings.model_copy(update={"lock_timeout": 60})
    files = [library.write(f"{name}.md", f"The {name} sank.") for name in ("ferry", "barge")]
    problems: list[Exception] = []

    def index(file: Path) -> None:
        try:
            library.reindex(file)
        except Exception as error:  # a thread would swallow it
            problems.append(error)

    threads = [threading.Thread(target=index, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with library.snapshot() as snapshot:
        assert {entry.path for entry in snapshot.entries.values()} == {"ferry.md", "barge.md"}
    assert list((library.index_dir / "snapshots").glob(".*")) == []


def test_the_delay_of_a_page_is_that_to_its_first_answer(library: Library) -> None:
    reader = Reader(Assistant(library.settings, encoder=library.encoder))
    reader.sightings = [(5.0, "Ann"), (12.5, "Bea"), (31.0, "Ann")]
    assert delays(reader, [(4.0, "Ann"), (12.0, "Bea"), (30.0, "Ann")]) == [0.5, 1.0]
