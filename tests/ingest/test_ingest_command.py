"""`python -m ingest`: what it prints and how it exits."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ingest.__main__ import main
from rag.encoder import PACKAGED
from tests.conftest import Library

PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
REPORT = {
    "added",
    "articles",
    "chunks",
    "chunks_embedded",
    "duplicates",
    "failed",
    "paths",
    "removed",
    "seconds",
    "snapshot",
    "unchanged",
    "updated",
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command on the library: exit code, output, errors. The model is loaded already."""
    monkeypatch.setenv("CITEWELL_CORPUS_DIR", str(library.corpus))
    # `ingest.reindex` is the function; the module of that name is only in sys.modules.
    monkeypatch.setattr(sys.modules["ingest.reindex"], "Encoder", lambda name: library.encoder)

    def run_command(*arguments: str) -> tuple[int, str, str]:
        code = main(["--index", str(library.index_dir), *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def as_json(printed: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(printed)
    return record


def test_all_indexed_is_success(library: Library, run: Run) -> None:
    library.write("prize.md", PRIZE)
    code, out, _ = run("--json")
    report = as_json(out)
    assert code == 0
    assert set(report) == REPORT
    assert (report["added"], report["updated"], report["removed"]) == (1, 0, 0)
    assert report["paths"] == {"added": ["prize.md"], "updated": [], "removed": []}
    assert (report["articles"], report["chunks"], report["chunks_embedded"]) == (1, 1, 1)
    code, out, _ = run("--json")
    assert (code, as_json(out)["unchanged"]) == (0, 1)


def test_some_files_failed_is_1(library: Library, run: Run) -> None:
    library.write("prize.md", PRIZE)
    library.write("[red]empty.md", "")
    code, out, _ = run("--json")
    assert code == 1
    assert as_json(out)["failed"] == [{"path": "[red]empty.md", "reason": "there is no text in it"}]
    library.write("other.md", PRIZE)
    code, out, _ = run()
    assert code == 1
    assert "added  other.md" in out
    assert "failed  [red]empty.md: there is no text in it" in out
    assert "1 articles were added" in out


def test_nothing_done_is_2(library: Library, run: Run) -> None:
    code, out, err = run("--json")
    assert (code, out) == (2, "")
    assert "there is no article" in err
    library.write("empty.md", "")
    code, out, _ = run("--json")
    assert (code, as_json(out)["articles"]) == (2, 0)
    code, _, err = run(str(library.corpus / "gone.md"))
    assert code == 2
    assert "gone.md does not exist" in err


def test_a_wrong_setting_is_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS", "articles")
    code, _, err = run()
    assert code == 2
    assert "CITEWELL_CORPUS" in err and "CITEWELL_CORPUS_DIR" in err


def test_a_path_may_be_given(library: Library, run: Run) -> None:
    file = library.write("prize.md", PRIZE)
    library.write("other.md", PRIZE)
    _, out, _ = run("--json", str(file))
    assert as_json(out)["paths"]["added"] == ["prize.md"]


def test_a_dry_run_tells_and_does_nothing(library: Library, run: Run) -> None:
    library.write("prize.md", PRIZE)
    code, out, _ = run("--dry-run")
    assert code == 0
    assert "1 articles would be added" in out
    assert not library.index_dir.exists()


def test_a_rebuild_embeds_everything(library: Library, run: Run) -> None:
    library.write("prize.md", PRIZE)
    run()
    code, out, _ = run("--rebuild", "--json")
    assert (code, as_json(out)["chunks_embedded"]) == (0, 1)


def test_status_tells_what_is_in_the_index(library: Library, run: Run) -> None:
    code, _, err = run("--status")
    assert code == 2
    assert "python -m ingest" in err
    library.write("prize.md", f"---\nsource: Courier\npublished: 2024-02-03\n---\n{PRIZE}")
    library.write("other.md", PRIZE)
    report = library.reindex()
    code, out, _ = run("--status", "--json")
    status = as_json(out)
    assert code == 0
    assert set(status) == {
        "articles",
        "articles_by_source",
        "articles_by_year",
        "chunker",
        "chunks",
        "megabytes",
        "model",
        "snapshot",
        "snapshots",
        "updated",
    }
    assert (status["articles"], status["chunks"]) == (2, 2)
    assert status["articles_by_source"] == {"Courier": 1, "no source": 1}
    assert status["articles_by_year"] == {"2024": 1, "no date": 1}
    assert (status["model"], status["snapshot"]) == (PACKAGED, report.snapshot)
    assert status["snapshots"] == [report.snapshot]
    _, out, _ = run("--status")
    assert "Courier 1" in out
