"""The part of the page through which a visitor adds articles."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import gradio as gr

from rag import Assistant, CitewellError, Settings
from ui.chat import BROKEN
from ui.render import note_html, results_html
from ui.upload import UPLOADS, Progress, add_articles, check_corpus

STAGES = {"reading": "Reading articles", "embedding": "Indexing passages"}  # as ingest calls them
_log = logging.getLogger(__name__)


class AddArticles:
    """A box that takes files, and the list of what became of them."""

    def __init__(self, assistant: Assistant) -> None:
        """Lay it out; what it does is connected by the page."""
        self.assistant = assistant
        with gr.Accordion("Add articles", open=False, elem_id="add"):
            self.files = gr.File(
                elem_id="files", file_count="multiple", show_label=False, container=False,
                height=110, label="Files",
            )  # fmt: skip
            self.told = gr.HTML(hint(assistant.settings), elem_id="added")

    def add(self, files: list[str] | None) -> Iterator[tuple[Any, str]]:
        """Add what was chosen; yields the emptied box, and what there is to tell so far.

        The work is done in a thread, to its end, though the visitor may leave meanwhile.
        """
        told: SimpleQueue[str] = SimpleQueue()
        work = threading.Thread(target=self._work, args=([*map(Path, files or ())], told.put))
        work.daemon = True  # the index is safe whenever the page is stopped
        work.start()
        yield None, note_html("Reading…", "waiting")
        while work.is_alive() or not told.empty():
            with suppress(Empty):
                html = told.get(timeout=0.2)
                while not told.empty():
                    html = told.get()
                yield gr.skip(), html

    def _work(self, chosen: Sequence[Path], tell: Callable[[str], None]) -> None:
        def show(stage: str, done: int, total: int) -> None:
            told = f"{STAGES.get(stage, stage.capitalize())}: {done} of {total}"
            tell(note_html(told, "waiting"))

        try:
            tell(self._add(chosen, show))
        finally:
            forget(chosen)

    def _add(self, chosen: Sequence[Path], show: Progress) -> str:
        settings = self.assistant.settings
        try:
            entries = self.assistant.index.current().entries.values()
            check_corpus(settings.corpus_dir, (entry.file for entry in entries))
            results = add_articles(chosen, settings, self.assistant.encoder, show)
        except CitewellError as error:
            return note_html(str(error), "problem")
        except Exception:  # a visitor never sees a traceback, the operator always does
            _log.exception("adding %d files failed", len(chosen))
            return note_html(BROKEN, "problem")
        return results_html((each.name, each.state, each.told) for each in results)


def hint(settings: Settings) -> str:
    """Say what may be added, and where it is kept."""
    return note_html(
        f"Up to {settings.upload_files} files at once, {settings.max_file_bytes / 1e6:g} MB each: "
        "Markdown, text, HTML, PDF, Word, EPUB, e-mail, JSON, CSV. They are kept in "
        f"{settings.corpus_dir / UPLOADS}.",
        "hint",
    )


def forget(files: Sequence[Path]) -> None:
    """Delete Gradio's copies: whoever knows their address could read them."""
    for file in files:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # another visitor's file lies beside it
            file.parent.rmdir()
