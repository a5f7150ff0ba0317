"""`python -m ingest`: what it prints and how it exits."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main
from rag.encoder import PACKAGED
from tests.conftest import Library
from tests.samples import web_page
from tests.web_server import web_server

PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
EMPTY = {"path": "[red]empty.md", "reason": "there is no text in it", "kept": False}
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
STATUS = {
    "articles",
    "articles_by_source",
    "articles_by_year",
    "chunker",
    "chunks",
    "duplicates",
    "failed",
    "files",
    "last_run",
    "megabytes",
    "megabytes_on_disk",
    "model",
    "snapshot",
    "snapshots",
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
    monkeypatch.setattr(sys.modules["ingest.reindex"], "Encoder", lambda *given: library.encoder)

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
    assert as_json(out)["failed"] == [EMPTY]
    library.write("other.md", PRIZE)
    code, out, _ = run()
    assert code == 1
    assert "added  other.md" in out
    assert "failed  [red]empty.md: there is no text in it" in out
    assert "1 articles were added" in out


def test_it_is_told_when_an_old_version_stays(library: Library, run: Run) -> None:
    stays = "stays in the index and is still quoted"
    library.write("prize.md", PRIZE)
    library.write("empty.md", "")
    _, out, _ = run()
    assert stays not in out
    library.write("prize.md", "")
    for options in ((), (), ("--dry-run",), ("--status",)):
        _, out, _ = run(*options)
        (line,) = [line for line in out.splitlines() if stays in line]
        assert "prize.md: there is no text in it; what was read from it before" in line
    _, out, _ = run("--json")
    failed = {failure["path"]: failure["kept"] for failure in as_json(out)["failed"]}
    assert failed == {"empty.md": False, "prize.md": True}


def test_a_folder_that_becomes_the_corpus_is_not_indexed_twice(
    library: Library, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prize.md", "deep/ferry.md"):
        (tmp_path / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "news" / name).write_text(f"{PRIZE} This is {name}.")
    run(str(tmp_path / "news"))
    monkeypatch.setenv("CITEWELL_CORPUS_DIR", str(tmp_path / "news"))
    _, out, _ = run("--json", str(tmp_path / "news" / "prize.md"))
    assert (as_json(out)["articles"], as_json(out)["paths"]["added"]) == (2, ["prize.md"])
    (tmp_path / "news" / "deep" / "ferry.md").unlink()
    _, out, _ = run("--json")
    assert as_json(out)["paths"]["removed"] == [str(tmp_path / "news" / "deep" / "ferry.md")]
    assert as_json(out)["articles"] == 1


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


def test_an_address_may_be_given_among_paths(library: Library, run: Run) -> None:
    file = library.write("ferry.md", "The Kelvane ferry sank near Bergen.")
    with web_server() as site:
        url = site.put("/prize", web_page())
        code, out, _ = run("--json", url, str(file), "http://nowhere.invalid/a")
    report = as_json(out)
    assert (code, report["paths"]["added"]) == (1, ["ferry.md", url])
    assert [failure["path"] for failure in report["failed"]] == ["http://nowhere.invalid/a"]
    code, out, _ = run("--json")
    assert (code, as_json(out)["unchanged"]) == (0, 2)
    code, out, _ = run("--json", "--rebuild", url)
    assert (code, as_json(out)["articles"]) == (1, 2)


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
    assert f"python -m ingest --index {library.index_dir}" in err
    library.write("prize.md", f"---\nsource: Courier\npublished: 2024-02-03\n---\n{PRIZE}")
    library.write("other.md", PRIZE)
    report = library.reindex()
    code, out, _ = run("--status", "--json")
    status = as_json(out)
    assert code == 0
    assert set(status) == STATUS
    # The other is a copy: it counts wherever articles do.
    assert (status["articles"], status["duplicates"], status["chunks"]) == (2, 1, 1)
    assert status["articles_by_source"] == {"Courier": 1, "no source": 1}
    assert status["articles_by_year"] == {"2024": 1, "no date": 1}
    assert (status["model"], status["snapshot"]) == (PACKAGED, report.snapshot)
    (only,) = status["snapshots"]
    assert (only["id"], only["state"], only["articles"]) == (report.snapshot, "current", 2)
    assert (status["files"], status["failed"]) == (2, [])
    assert status["megabytes_on_disk"] >= status["megabytes"] > 0
    assert status["last_run"]


def test_status_shows_tables_and_what_failed(library: Library, run: Run) -> None:
    library.write("prize.md", f"---\nsource: '[Courier]'\npublished: 2024-02-03\n---\n{PRIZE}")
    library.write("[red]empty.md", "")
    library.reindex()
    library.write("other.md", PRIZE)
    library.reindex()
    code, out, _ = run("--status")
    assert code == 0
    assert re.search(r"^\s*\[Courier\] +1", out, re.M)
    assert re.search(r"^\s*2024 +1", out, re.M)
    assert re.search(r"current .*\n.* earlier ", out)
    assert "failed in the last run: [red]empty.md: there is no text in it" in out
    _, out, _ = run("--status", "--json")
    assert as_json(out)["failed"] == [EMPTY]


def test_rollback_and_forward_again(library: Library, run: Run) -> None:
    library.write("prize.md", PRIZE)
    library.write("gone.md", "The Kelvane ferry sank.")
    before = library.reindex()
    library.write("prize.md", PRIZE.replace("Mirela Quonset", "Olga Tverd"))
    library.write("new.md", "A whale swam into the harbour.")
    (library.corpus / "gone.md").unlink()
    after = library.reindex()
    code, out, _ = run("--rollback", "--json")
    report = as_json(out)
    assert (code, report["snapshot"], report["articles"]) == (0, before.snapshot, 2)
    assert report["paths"] == {"added": ["gone.md"], "updated": ["prize.md"], "removed": ["new.md"]}
    assert "Mirela Quonset" in library.assistant.ask("Who won the Zorblatt prize?").text
    _, out, _ = run("--status", "--json")
    assert [each["state"] for each in as_json(out)["snapshots"]] == ["left behind", "current"]
    code, out, err = run("--rollback")
    assert (code, out) == (2, "")
    assert "no good snapshot to go back to" in err
    forward = library.reindex()
    assert (forward.added, forward.updated) == (("new.md",), ("prize.md",))
    assert forward.removed == ("gone.md",)
    assert after.snapshot not in {p.name for p in (library.index_dir / "snapshots").iterdir()}
    assert "Olga Tverd" in library.assistant.ask("Who won the Zorblatt prize?").text


def test_rollback_passes_over_a_damaged_snapshot(library: Library, run: Run) -> None:
    made = []
    for name in ("Ann", "Bea", "Cleo"):
        library.write("prize.md", PRIZE.replace("Mirela", name))
        made.append(library.reindex().snapshot)
    (library.index_dir / "snapshots" / made[1] / "chunks.jsonl").write_text("[]")
    code, out, _ = run("--rollback")
    assert code == 0
    assert f"back at snapshot {made[0]}" in out
    assert "1 are in their former version" in out
    assert "Ann Quonset" in library.assistant.ask("Who won the Zorblatt prize?").text


def test_rollback_without_an_index_is_2_and_makes_nothing(library: Library, run: Run) -> None:
    code, _, err = run("--rollback")
    assert code == 2
    assert f"build one with: python -m ingest --index {library.index_dir}" in err
    assert not library.index_dir.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--rollback", "--rebuild"),
        ("--status", "--rollback"),
        ("--status", "a.md"),
        ("--watch", "--rebuild"),
        ("--watch", "--dry-run"),
        ("--watch", "--status"),
        ("--watch", "--rollback"),
        ("--watch", "https://courier.example/prize"),
        ("--dry-run", "https://courier.example/prize"),
    ],
)
def test_options_that_contradict_each_other_are_2(run: Run, options: tuple[str, ...]) -> None:
    code, _, err = run(*options)
    assert code == 2
    assert "cannot be used together" in err


def test_records_are_articles_and_a_field_may_be_named(library: Library, run: Run) -> None:
    records = [{"id": n, "copy": text} for n, text in enumerate([PRIZE, "The ferry sank."])]
    library.write("prize.md", PRIZE)
    library.write("news.jsonl", "\n".join(map(json.dumps, records)))
    code, out, _ = run("--json")
    (failure,) = as_json(out)["failed"]
    assert (code, failure["path"]) == (1, "news.jsonl")
    assert "--field text=NAME" in failure["reason"]
    code, out, _ = run("--json", "--field", "text=copy")
    assert (code, as_json(out)["paths"]["added"]) == (0, ["news.jsonl#0", "news.jsonl#1"])
    code, out, _ = run("--json", "--field", "text=copy")
    assert (code, as_json(out)["unchanged"]) == (0, 3)
    library.write("news.jsonl", json.dumps(records[1]))
    _, out, _ = run("--json", "--field", "text=copy")
    assert as_json(out)["paths"]["removed"] == ["news.jsonl#0"]
    assert as_json(out)["chunks_embedded"] == 0


@pytest.mark.parametrize("pair", ["body=story", "text", "text="])
def test_a_field_that_is_not_understood_is_2(run: Run, pair: str) -> None:
    code, _, err = run("--field", pair)
    assert code == 2
    assert "write --field text=NAME" in err
