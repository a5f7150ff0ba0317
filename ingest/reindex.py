"""Re-index: compare the files with the index, build what changed, publish, report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.build import Build, Previous, Progress, fingerprint
from ingest.errors import Failure
from ingest.plan import Plan, make_plan
from ingest.report import IndexReport
from ingest.snapshot import begin, new_snapshot_id, prune, publish, verify, write_lock
from rag.encoder import Encoder
from rag.errors import CitewellError, CorpusMissing, IndexMismatch
from rag.index import current_snapshot, snapshot_folder
from rag.manifest import ArticleEntry, Manifest
from rag.settings import Settings, load_settings

EXAMPLES = "_examples.txt"


def reindex(
    paths: Sequence[str | Path] | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    rebuild: bool = False,
    dry_run: bool = False,
    encoder: Encoder | None = None,
) -> IndexReport:
    """Bring the index in line with the articles in the corpus folder, or below `paths`.

    Args:
        paths: files or folders to look at instead of the corpus folder. Articles indexed from
            elsewhere stay in the index.
        settings: from the environment if not given.
        progress: called with a stage, and how many of how many are done.
        rebuild: embed everything anew, for example with another model.
        dry_run: report what would be done, and do nothing.
        encoder: an encoder that is loaded already.

    Raises:
        CorpusMissing: if there is nothing to index; the index is left as it was.
        IndexMismatch: if the index was built with another model or chunker.
        IndexBusy: if another process is writing to the index.
        IndexDamaged: if the current snapshot cannot be read.
        ModelUnavailable: if the embedding model cannot be loaded.
    """
    started = time.monotonic()
    settings = settings or load_settings()
    encoder = encoder or Encoder(settings.embedding_model)
    run = Run(settings, encoder, progress or (lambda stage, done, total: None), rebuild)
    wanted = [Path(path) for path in paths] if paths else None
    if dry_run:
        return run.preview(wanted, started)
    with write_lock(settings.index_dir, settings.lock_timeout):
        return run.execute(wanted, started)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ingest."""

    settings: Settings
    encoder: Encoder
    progress: Progress
    rebuild: bool

    def preview(self, paths: Sequence[Path] | None, started: float) -> IndexReport:
        """Report what `execute` would do."""
        previous = self._previous()
        plan = self._plan(paths, previous)
        stored = previous.manifest.articles if previous else ()
        return self._report(plan, plan.failures, stored, stored, previous, 0, started)

    def execute(self, paths: Sequence[Path] | None, started: float) -> IndexReport:
        """Build and publish a snapshot if anything changed; the lock is held."""
        previous = self._previous()
        plan = self._plan(paths, previous)
        stored = previous.manifest.articles if previous else ()
        examples = read_examples(self.settings.corpus_dir)
        known_examples = previous.manifest.examples if previous else ()
        if previous and not plan.read and not plan.removed and examples == known_examples:
            return self._report(plan, plan.failures, stored, stored, previous, 0, started)
        build, embedded = self._build(plan, previous, examples)
        failures = (*plan.failures, *build.failures)
        if not build.entries:
            return self._report(plan, failures, stored, stored, previous, 0, started)
        current = self._previous()
        return self._report(plan, failures, stored, build.entries, current, embedded, started)

    def _build(
        self, plan: Plan, previous: Previous | None, examples: tuple[str, ...]
    ) -> tuple[Build, int]:
        index_dir, name = self.settings.index_dir, new_snapshot_id()
        base = previous.folder if previous and previous.reuse else None
        folder = begin(index_dir, name, base)
        build = Build(
            folder, name, self.encoder, previous, self.settings.max_file_bytes, self.progress
        )
        try:
            embedded = build.run(plan, examples)
            if build.entries:
                verify(folder, self.encoder)
                publish(index_dir, folder, name)
                prune(index_dir, self.settings.keep_snapshots)
            elif previous:
                raise CorpusMissing(
                    "none of the files can be read and nothing would remain in the index; it was "
                    f"left as it is. The first problem: {_first(plan, build)}"
                )
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return build, embedded

    def _plan(self, paths: Sequence[Path] | None, previous: Previous | None) -> Plan:
        return make_plan(
            paths,
            self.settings.corpus_dir,
            previous.manifest.articles if previous else (),
            limit=self.settings.max_file_bytes,
            reread=self.rebuild,
        )

    def _previous(self) -> Previous | None:
        """The current snapshot's table of contents; for a rebuild a damaged one is no obstacle."""
        name = current_snapshot(self.settings.index_dir)
        if name is None:
            return None
        folder = snapshot_folder(self.settings.index_dir, name)
        try:
            manifest = Manifest.load(folder)
        except CitewellError:
            if self.rebuild:
                return None
            raise
        if not self.rebuild and manifest.fingerprint != fingerprint(self.encoder):
            raise IndexMismatch(
                f"the index was built with {manifest.fingerprint.model} (chunker "
                f"{manifest.fingerprint.chunker}), but {self.encoder.name} is configured; set "
                "CITEWELL_EMBEDDING_MODEL back, or embed everything anew with: "
                "python -m ingest --rebuild"
            )
        return Previous(folder, manifest, reuse=not self.rebuild)

    def _report(
        self,
        plan: Plan,
        failures: Sequence[Failure],
        before: Sequence[ArticleEntry],
        after: Sequence[ArticleEntry],
        current: Previous | None,
        embedded: int,
        started: float,
    ) -> IndexReport:
        known = {entry.path for entry in before}
        failed = {failure.path for failure in failures}
        done = [key for key in plan.read if key not in failed]
        return IndexReport(
            added=tuple(key for key in done if key not in known),
            updated=tuple(key for key in done if key in known and key not in plan.unchanged),
            removed=plan.removed,
            unchanged=len(plan.unchanged),
            failed=tuple(failures),
            duplicates=len(after) - len({entry.text for entry in after}),
            articles=len(after),
            chunks=current.manifest.chunk_count if current else 0,
            chunks_embedded=embedded,
            snapshot=current.manifest.snapshot if current else "",
            seconds=round(time.monotonic() - started, 3),
        )


def read_examples(corpus: Path) -> tuple[str, ...]:
    """Read the example questions that a corpus brings along, one a line."""
    try:
        lines = (corpus / EXAMPLES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _first(plan: Plan, build: Build) -> str:
    failures = [*plan.failures, *build.failures]
    return f"{failures[0].path}: {failures[0].reason}" if failures else "no file was found"
