"""Re-index: compare the files with the index, build what changed, publish, report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.base import Bases
from ingest.engines import EngineName, check_engine, open_engine
from ingest.errors import Failure
from ingest.fingerprint import CLEANER, COPIES
from ingest.formats import ReadOptions
from ingest.gather import Previous, Progress, gather
from ingest.last_run import save_last_run
from ingest.memory import few_collections, give_back
from ingest.plan import Plan, make_plan
from ingest.report import IndexReport
from ingest.seen_files import SeenFiles
from ingest.snapshot import begin, new_snapshot_id, prune, publish, verify, write_lock
from ingest.web.addresses import is_address
from rag.chroma_server import ChromaServer
from rag.encoder import Encoder
from rag.errors import CorpusMissing, IndexDamaged, IndexMissing, InvalidInput, StorageFailed
from rag.manifest import Manifest
from rag.mirror import Mirror
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from ingest.build import Build
    from ingest.local_engine import LocalEngine
    from ingest.shared import SharedWriter

EXAMPLES = "_examples.txt"
NOT_DRY = (
    "--dry-run and an address cannot be used together, for a dry run fetches nothing; leave out "
    "one of them"
)


def reindex(
    paths: Sequence[str | Path] | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    rebuild: bool = False,
    dry_run: bool = False,
    checksum: bool = False,
    encoder: Encoder | None = None,
    engine: EngineName = "local",
) -> IndexReport:
    """Bring the index in line with the articles in the corpus folder, or below `paths`.

    Args:
        paths: files, folders or addresses (`https://…`, of pages or feeds) to look at instead of
            the corpus folder. Articles indexed from elsewhere stay in the index.
        settings: from the environment if not given.
        progress: called with a stage, and how many of how many are done.
        rebuild: embed everything anew, for example with another model.
        dry_run: report what would be done, and do nothing.
        checksum: read every byte of every file and of the index, whatever stat says.
        encoder: an encoder that is loaded already.
        engine: `ray` to read, cut and embed on the cluster at `settings.ray_address`.

    Raises:
        ClusterFailed: if the cluster cannot be reached, or its workers fail again and again.
        CorpusMissing: if there is nothing to index; the index is left as it was.
        InvalidInput: if the engine is not installed, or addresses are given for a dry run.
        IndexMismatch: if the index was built with another model or chunker.
        IndexBusy: if another process is writing to the index.
        ServerFailed: if the Chroma server that is set cannot be used.
        IndexDamaged: if what was just written does not read back.
        StorageFailed: if the index cannot be written, for example because the disk is full.
        ModelUnavailable: if the embedding model cannot be loaded.
    """
    started = time.monotonic()
    check_engine(engine)
    settings = settings or load_settings()
    encoder = encoder or Encoder(settings.embedding_model, settings.precision)
    server = ChromaServer.of(settings)
    bases = Bases(settings.index_dir, encoder, rebuild, checksum, server)
    mark = CLEANER + ReadOptions.of(settings).mark.decode()
    seen = SeenFiles(settings.index_dir, mark, trusted=not checksum)
    progress = progress or (lambda stage, done, total: None)
    wanted, failures = _files(paths, settings, progress, dry_run) if paths else (None, ())
    run = Run(settings, encoder, engine, progress, bases, seen, started, not_fetched=failures)
    if dry_run:
        if server:
            look_there(settings.index_dir, server)
        return run.on_a_good_base(wanted, run.preview)
    try:
        with write_lock(settings.index_dir, settings.lock_timeout, server) as run.shared:
            bases.shared = run.shared
            with few_collections():
                return run.on_a_good_base(wanted, run.execute)
    except OSError as error:
        raise StorageFailed(
            f"the index in {settings.index_dir} cannot be written ({error}); free some space "
            "there, or let this user write to it, or name another folder with --index, and run "
            "this again. The index was left as it is"
        ) from error


def _files(
    paths: Sequence[str | Path], settings: Settings, progress: Progress, dry_run: bool
) -> tuple[list[Path], Sequence[Failure]]:
    """Take paths as they are, and fetch addresses into files; also tell what cannot be fetched."""
    files = [Path(path) for path in paths if not is_address(path)]
    addresses = [str(path) for path in paths if is_address(path)]
    if not addresses:
        return files, ()
    if dry_run:
        raise InvalidInput(NOT_DRY)
    from ingest.web.collect import collect  # the network is for those who ask for it

    kept, failures = collect(addresses, settings, progress)
    return files + kept, failures


@dataclass(slots=True)
class Run:
    """One run of ingest."""

    settings: Settings
    encoder: Encoder
    engine: EngineName
    progress: Progress
    bases: Bases
    seen: SeenFiles
    started: float
    not_fetched: Sequence[Failure] = ()
    failures: list[Failure] = field(default_factory=list)
    shared: SharedWriter | None = None  # set while the lock of an index in a server is held

    def on_a_good_base(
        self,
        paths: Sequence[Path] | None,
        work: Callable[[Plan, Previous | None], IndexReport],
    ) -> IndexReport:
        """Do the work from the newest snapshot that turns out to be good, or from nothing."""
        for previous in self.bases:
            try:
                return work(self._plan(paths, previous), previous)
            except IndexDamaged as error:
                if previous is None:
                    raise
                self.bases.reject(previous.folder.name, error)
        raise AssertionError("the last base is always nothing")

    def _plan(self, paths: Sequence[Path] | None, previous: Previous | None) -> Plan:
        """Compare the files with a snapshot; to make up for a damaged one, compare all of them."""
        corpus = self.settings.corpus_dir
        stored = previous.manifest.articles if previous else ()
        if self.bases.repairing(previous):
            paths = sorted({corpus, *(paths or ()), *self.bases.outside})
        plan = make_plan(
            paths,
            corpus,
            stored,
            options=ReadOptions.of(self.settings),
            reread=self.bases.rebuild,
            seen=self.seen,
        )
        self.failures = [*self.not_fetched, *plan.failures]
        return plan

    def preview(self, plan: Plan, previous: Previous | None) -> IndexReport:
        """Report what `execute` would do; files are read, for only then is it known."""
        changes: dict[str, list[str]] = {}
        with open_engine("local", self.settings, self.encoder) as engine:
            readings = engine.read(plan.read)
            for found in gather(plan, previous, readings, self.failures, self.progress):
                changes.setdefault(found.change, []).append(found.path)
        return self._report(changes, previous, previous.manifest if previous else None)

    def execute(self, plan: Plan, previous: Previous | None) -> IndexReport:
        """Build and publish a snapshot if anything changed; the lock is held."""
        if previous and self._nothing_to_do(plan, previous):
            report = self._report(untouched(plan, previous), previous, previous.manifest)
            return self._remember(plan, report)
        name = self.engine if plan.read else "local"
        with open_engine(name, self.settings, self.encoder) as engine:
            return self._build(engine, plan, previous)

    def _build(self, engine: LocalEngine, plan: Plan, previous: Previous | None) -> IndexReport:
        """Fill the folder of a new snapshot, and publish it if it differs."""
        from ingest.build import Build  # it brings Chroma, which takes long to import

        index_dir, name = self.settings.index_dir, new_snapshot_id()
        folder = begin(index_dir, name)
        if self.shared:
            self.shared.begin(name)
        server = self.bases.server
        build = Build(folder, name, self.encoder, engine, previous, self.progress, server)
        manifest = previous.manifest if previous else None
        try:
            readings = engine.read(plan.read)
            build.write_tables(gather(plan, previous, readings, self.failures, self.progress))
            if not build.tables.entries and previous:
                raise CorpusMissing(
                    "none of the files can be read and nothing would remain in the index; it was "
                    f"left as it is. The first problem: {self._first_problem()}"
                )
            if build.tables.entries and self._is_new(build, previous):
                manifest = self._publish(build, previous)
        finally:
            build.close()
            shutil.rmtree(folder, ignore_errors=True)
            if self.shared:
                self.shared.abandon(name)
        report = self._report(build.tables.changes, previous, manifest, build.embedded)
        return self._remember(plan, report)

    def _nothing_to_do(self, plan: Plan, previous: Previous) -> bool:
        """Tell whether the files are those of the index, to the letter."""
        examples = read_examples(self.settings.corpus_dir)
        same = not plan.read and not plan.removed and examples == previous.manifest.examples
        same = same and previous.manifest.copies == COPIES
        return same and not self.bases.repairing(previous)

    def _is_new(self, build: Build, previous: Previous | None) -> bool:
        """Tell whether a snapshot would differ from the current one; else older good ones stay."""
        if previous is None or self.bases.rebuild or self.bases.repairing(previous):
            return True
        if previous.manifest.copies != COPIES:
            return True
        examples = read_examples(self.settings.corpus_dir)
        differs = tuple(build.tables.entries) != previous.manifest.articles
        return bool(build.tables.new) or differs or examples != previous.manifest.examples

    def _publish(self, build: Build, previous: Previous | None) -> Manifest:
        """Finish, verify and publish a snapshot."""
        index_dir = self.settings.index_dir
        build.write_stores()
        give_back()
        build.verify_vectors()
        build.write_manifest(read_examples(self.settings.corpus_dir))
        build.close()
        give_back()
        manifest = verify(build.folder, self.encoder)
        before = previous.manifest if previous else None

        def announce() -> None:
            if self.shared:
                self.shared.publish(build.folder, manifest, before)

        publish(index_dir, build.folder, build.name, announce)
        prune(index_dir, self.settings.keep_snapshots, self.bases.damaged)
        if self.shared:
            self.shared.prune(index_dir, self.settings.keep_snapshots)
        return manifest

    def _remember(self, plan: Plan, report: IndexReport) -> IndexReport:
        """Note what the next run, or a person, may want to know of this one."""
        save_last_run(self.settings.index_dir, report.failed)
        self.seen.save({*plan.read, *plan.keep})
        return report

    def _first_problem(self) -> str:
        first = self.failures[0] if self.failures else None
        return f"{first.path}: {first.reason}" if first else "no file was found"

    def _report(
        self,
        changes: dict[str, list[str]],
        before: Previous | None,
        manifest: Manifest | None,
        embedded: int = 0,
    ) -> IndexReport:
        """Tell what was done; `manifest` is that of the index after the run."""
        entries = manifest.articles if manifest else ()
        there = {path for paths in changes.values() for path in paths}
        known = {entry.path for entry in before.manifest.articles} if before else set()
        return IndexReport(
            added=tuple(changes.get("added", ())),
            updated=tuple(changes.get("updated", ())),
            removed=tuple(sorted(known - there)),
            unchanged=len(changes.get("unchanged", ())),
            failed=tuple(self._with_kept(changes, before)),
            duplicates=manifest.duplicates if manifest else 0,
            articles=len(entries),
            chunks=manifest.chunk_count if manifest else 0,
            chunks_embedded=embedded,
            snapshot=manifest.snapshot if manifest else "",
            seconds=round(time.monotonic() - self.started, 3),
        )

    def _with_kept(
        self, changes: dict[str, list[str]], before: Previous | None
    ) -> Iterator[Failure]:
        """Tell of each failure whether articles of that file, or page, are those of before."""
        kept = set(changes.get("kept", ()))
        entries = before.manifest.articles if before and self.failures else ()
        stays = kept.union(changes.get("unchanged", ()))
        stays |= {entry.file for entry in entries if entry.path in kept}
        for failure in self.failures:
            yield replace(failure, kept=failure.path in stays)


def look_there(index_dir: Path, server: ChromaServer) -> None:
    """Bring a folder in line with a server that holds an index."""
    with suppress(IndexMissing):
        Mirror(index_dir, server).follow()


def untouched(plan: Plan, previous: Previous) -> dict[str, list[str]]:
    """Sort the articles of a snapshot that stays as it is by what is known of their files."""
    changes: dict[str, list[str]] = {"unchanged": [], "kept": []}
    for entry in previous.manifest.articles:
        changes["unchanged" if entry.file in plan.same else "kept"].append(entry.path)
    return changes


def read_examples(corpus: Path) -> tuple[str, ...]:
    """Read the example questions that a corpus brings along, one a line."""
    try:
        lines = (corpus / EXAMPLES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
