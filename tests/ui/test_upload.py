"""Articles that visitors add: where they are kept, what is told, and what is never overwritten."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from ingest.snapshot import write_lock
from ingest.watch import Outcome, Watch
from rag.errors import CitewellError, InvalidInput, StorageFailed
from tests.conftest import Library
from tests.samples import SAMPLES
from ui.upload import Result, add_articles, check_corpus, safe_name

PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
FERRY = "The Kelvane ferry sank near Bergen in May 2024."


@pytest.fixture
def filled(library: Library) -> Library:
    """A library with one article."""
    library.write("prize.md", PRIZE)
    library.reindex()
    return library


def add(library: Library, **files: str | bytes) -> list[tuple[str, str]]:
    """Choose files (`ferry__md` is ferry.md) and add them: the state and the words for each."""
    return [(result.state, result.told) for result in results(library, **files)]


def results(library: Library, **files: str | bytes) -> list[Result]:
    chosen = []
    for name, content in files.items():
        file = library.corpus.parent / "chosen" / name.replace("__", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        chosen.append(file)
    return add_articles(chosen, library.settings, library.encoder, lambda *_: None)


def uploads(library: Library) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (library.corpus / "uploads").iterdir()}


def test_a_file_is_added_and_a_later_ingest_keeps_it(filled: Library) -> None:
    assert add(filled, ferry__md=FERRY) == [("added", "")]
    assert "Bergen" in filled.assistant.ask("Where did the Kelvane ferry sink?").text
    assert add(filled, ferry__md=FERRY) == [("unchanged", "")]
    assert filled.reindex().unchanged == 2
    assert uploads(filled) == {"ferry.md": FERRY.encode()}


def test_a_newer_version_takes_the_place_of_an_upload_alone(filled: Library) -> None:
    add(filled, ferry__md=FERRY)
    ((state, told),) = add(filled, ferry__md=FERRY.replace("Bergen", "Molde"))
    assert (state, "took the place" in told) == ("updated", True)
    assert "Molde" in filled.assistant.ask("Where did the Kelvane ferry sink?").text
    assert add(filled, prize__md=FERRY) == [("added", "")]
    assert (filled.corpus / "prize.md").read_text() == PRIZE


def test_a_file_that_cannot_be_read_is_told_and_not_kept(filled: Library) -> None:
    filled.settings = filled.settings.model_copy(update={"max_file_bytes": 1000})
    found = add(
        filled, ferry__md=FERRY, bad__pdf=b"%PDF-1.4 no", empty__md="", a__exe=b"x",
        big__txt="x" * 2000,
    )  # fmt: skip
    assert [state for state, _ in found] == ["added", "failed", "failed", "failed", "failed"]
    reasons = [told for _, told in found]
    assert "cannot be read as PDF" in reasons[1] and "no text" in reasons[2]
    assert "not a known format" in reasons[3] and "over the limit" in reasons[4]
    assert set(uploads(filled)) == {"ferry.md"}
    assert filled.reindex().failed == ()


def test_a_broken_newer_version_leaves_the_older_one(filled: Library) -> None:
    good = SAMPLES[".pdf"]
    assert add(filled, prize__pdf=good) == [("added", "")]
    ((state, _),) = add(filled, prize__pdf=good[:300])
    assert state == "failed"
    assert uploads(filled) == {"prize.pdf": good}
    report = filled.reindex()
    assert (report.unchanged, report.failed) == (2, ())


def test_records_are_counted_and_a_bad_one_is_told(filled: Library) -> None:
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate((PRIZE, FERRY))]
    ((state, told),) = add(filled, news__jsonl="\n".join([*lines, "{"]))
    assert state == "added"
    assert "2 articles" in told and "line 3" in told


def test_two_files_of_one_name_and_too_many_are_refused(filled: Library) -> None:
    first, second = results(filled, ferry__md=FERRY, Ferry__md=PRIZE)
    assert (first.state, second.state) == ("added", "failed")
    assert "rename one" in second.told
    filled.settings = filled.settings.model_copy(update={"upload_files": 1})
    with pytest.raises(InvalidInput, match="at most 1 at once"):
        add(filled, a__md=PRIZE, b__md=PRIZE)


def test_while_another_writes_the_file_is_kept_for_the_next_run(filled: Library) -> None:
    with write_lock(filled.index_dir, timeout=0):
        ((state, told),) = add(filled, ferry__md=FERRY)
    assert state == "kept"
    assert "is writing to the index" in told
    assert add(filled, ferry__md=FERRY) == [("added", "")]


def test_beside_a_watch_both_come_through(filled: Library) -> None:
    filled.settings = filled.settings.model_copy(update={"lock_timeout": 60})
    stop, outcomes = threading.Event(), list[Outcome]()
    watch = Watch(filled.settings, outcomes.append)
    watch.encoder = filled.encoder
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    try:
        for number in range(3):
            found = add(filled, **{f"ferry{number}__md": f"{FERRY} It was ferry {number}."})
            assert found == [("added", "")]
    finally:
        stop.set()
        thread.join()
    assert [one for one in outcomes if isinstance(one, CitewellError)] == []
    assert filled.reindex().articles == 4


def test_a_folder_that_is_not_there_is_told(filled: Library) -> None:
    filled.corpus.rename(filled.corpus.with_name("elsewhere"))
    with pytest.raises(StorageFailed, match="CITEWELL_CORPUS_DIR"):
        add(filled, ferry__md=FERRY)


def test_another_folder_than_that_of_the_index_is_refused(filled: Library) -> None:
    check_corpus(filled.corpus, ["gone.md", "prize.md"])
    check_corpus(filled.corpus, ["/elsewhere/gone.md", "https://courier.example/prize"])
    with pytest.raises(InvalidInput, match="CITEWELL_CORPUS_DIR"):
        check_corpus(filled.corpus, ["gone.md"])


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ("ferry.md", "ferry.md"),
        ("渡轮 沉没.md", "渡轮 沉没.md"),
        ("..\\..\\evil.md", "evil.md"),
        (".hidden.md", "hidden.md"),
        ("_draft.md", "draft.md"),
        ("README.md", "article-README.md"),
        ("a:b*c?<d>|e.md", "a_b_c_d_e.md"),
        ("news\n\x00.jsonl.gz", "news_.jsonl.gz"),
        ("x" * 300 + ".html", "x" * 150 + ".html"),
        ("字" * 90 + ".html", "字" * 50 + ".html"),
    ],
)
def test_names_are_safe(chosen: str, kept: str) -> None:
    assert safe_name(Path(chosen)) == kept
