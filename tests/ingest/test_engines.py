"""Ray against the engine of one process: the same index to the bit, also when a worker dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ingest.ray_engine
from ingest.__main__ import main
from ingest.engines import check_engine
from ingest.ray_session import ray_session
from ingest.ray_worker import CuttingWorker, ReadingWorker
from rag.errors import ClusterFailed, IndexMismatch, InvalidInput
from tests.benchmarks.news import make_news
from tests.conftest import ROOT, STORES, Library
from tests.index_contents import contents
from tests.ingest.dying_workers import dying
from tests.samples import FACT, SAMPLES

PROBES = ("harbour ferry", "prize in Oslo")


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Ray on this computer, started once; runs of ingest find it and leave it running."""
    with ray_session(""):
        yield


def fill(library: Library, articles: int) -> None:
    """News, a copy, files of some formats, and two that cannot be read.

    No text is there more than twice: of many equal neighbours, any four may be the nearest.
    """
    for news in islice(make_news(2, 30), articles):
        library.write(news.name, news.content)
    library.write("copy.md", news.content)
    for suffix in (".pdf", ".jsonl", ".csv"):
        library.write(f"sample{suffix}", SAMPLES[suffix])
    library.write("damaged.pdf", b"%PDF-1.4")
    library.write("empty.md", "")


def everything(library: Library) -> dict[str, Any]:
    with library.snapshot() as snapshot:
        return contents(snapshot, PROBES)


def assert_same_bits(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Compare all parts of two snapshots."""
    assert one.keys() == other.keys()
    for part in one.keys() - {"vectors", "tokens"}:
        assert one[part] == other[part], part
    assert all(np.array_equal(one["vectors"][key], other["vectors"][key]) for key in one["vectors"])
    assert np.array_equal(one["tokens"], other["tokens"])


def counted(library: Library, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the texts that are encoded in this process."""
    texts: list[str] = []
    encode = library.encoder.encode_any_order

    def noted(given: list[str]) -> Any:
        texts.extend(given)
        return encode(given)

    monkeypatch.setattr(library.encoder, "encode_any_order", noted)
    return texts


@STORES
@pytest.mark.usefixtures("cluster")
def test_the_engines_make_the_same_index(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.ray_engine, "GROUP", 7)  # several for each worker
    # So few that the basis is fitted, and not at the end.
    for name, tokens in (("TOKENS_TO_FIT", 3000), ("MOST_WHOLE_TOKENS", 6000)):
        monkeypatch.setattr(f"ingest.token_writer.{name}", tokens)
    fill(library, 24)
    local = library.reindex()
    wanted = everything(library)
    assert wanted["tokens"].shape[1] == 128

    texts = counted(library, monkeypatch)
    report = library.reindex(engine="ray", rebuild=True)
    assert_same_bits(wanted, everything(library))
    assert report.failed == local.failed
    assert len(report.failed) == 2
    assert report.chunks_embedded == local.chunks_embedded
    assert report.duplicates == local.duplicates > 0
    titles = {article.title for article in wanted["articles"]}
    assert set(texts) <= titles, "chunks were encoded here"


@pytest.mark.usefixtures("cluster")
def test_a_change_is_the_same_and_only_what_is_new_is_encoded(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(library, 3)
    before = library.reindex()
    local = library.settings.model_copy(update={"index_dir": tmp_path / "local"})
    library.reindex(settings=local)
    changed = (library.corpus / "news-000001.md").read_text(encoding="utf-8") + "\nIt rained.\n"
    library.write("news-000001.md", changed)
    library.write("renamed.md", (library.corpus / "copy.md").read_bytes())
    (library.corpus / "copy.md").unlink()  # so that a copy steps in
    texts = counted(library, monkeypatch)
    one = library.reindex(engine="ray")
    assert (one.added, one.updated) == (("renamed.md",), ("news-000001.md",))
    assert (one.chunks_embedded, one.duplicates) == (1, before.duplicates)
    assert texts == []
    through_ray = everything(library)
    # Not with a new index: to take a vector over, Chroma scales it again, by the last bit.
    library.reindex(settings=local)
    library.settings = local
    assert_same_bits(through_ray, everything(library))


@pytest.mark.usefixtures("cluster")
def test_workers_that_are_killed_in_the_middle_are_replaced(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for worker in (ReadingWorker, CuttingWorker):
        kind = dying(worker, tmp_path / worker.__name__, 1)
        monkeypatch.setattr(ingest.ray_engine, worker.__name__, kind)
    fill(library, 12)
    library.reindex()
    wanted = everything(library)
    library.reindex(engine="ray", rebuild=True)
    assert (tmp_path / "ReadingWorker").exists() and (tmp_path / "CuttingWorker").exists()
    assert_same_bits(wanted, everything(library))


@pytest.mark.usefixtures("cluster")
def test_files_that_kill_every_worker_end_the_run(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library.write("prize.md", FACT)
    library.reindex()
    before = everything(library)
    deaths = tmp_path / "deaths"
    kind = dying(ReadingWorker, deaths, 100)
    monkeypatch.setattr(ingest.ray_engine, "ReadingWorker", kind)
    monkeypatch.setattr(ingest.ray_engine, "RETRIES", 1)
    library.write("other.md", FACT)
    with pytest.raises(ClusterFailed, match="left as it is"):
        library.reindex(engine="ray")
    assert deaths.read_text() == "xx"
    assert_same_bits(before, everything(library))


@pytest.mark.usefixtures("cluster")
def test_a_worker_with_another_model_is_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("prize.md", FACT)
    monkeypatch.setattr("ingest.fingerprint.CHUNKER", "another")
    with pytest.raises(IndexMismatch, match="same version of Citewell"):
        library.reindex(engine="ray")


def run_command(library: Library, **others: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", "--engine", "ray", "--json"]
    environment = os.environ | {
        "CITEWELL_CORPUS_DIR": str(library.corpus),
        "CITEWELL_INDEX_DIR": str(library.index_dir),
    }
    return subprocess.run(
        command, cwd=ROOT, env=environment | others, capture_output=True, text=True
    )


def test_the_command_starts_ray_alone_and_ends_it(library: Library) -> None:
    library.write("prize.md", FACT)
    library.write("empty.md", "")
    run = run_command(library)
    assert run.returncode == 1, run.stderr
    report = json.loads(run.stdout)
    assert (report["added"], report["chunks_embedded"]) == (1, 1)
    assert [failure["path"] for failure in report["failed"]] == ["empty.md"]


def test_a_cluster_that_is_not_there_is_told(library: Library) -> None:
    library.write("prize.md", FACT)
    run = run_command(library, CITEWELL_RAY_ADDRESS="nowhere")
    assert run.returncode == 2
    assert "CITEWELL_RAY_ADDRESS" in run.stderr and "Traceback" not in run.stderr


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InvalidInput, match=r"citewell\[ray\]"):
        check_engine("ray")


def test_ray_and_watching_are_not_for_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--watch", "--engine", "ray"]) == 2
    assert "--engine ray" in capsys.readouterr().err
