"""The page: its parts, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from rag import Assistant, CitewellError
from rag.errors import InvalidInput
from rag.types import to_json
from ui.add import AddArticles
from ui.chat import EMPTY, Message, asked, converse, filters_of, replied, stopped
from ui.links import Place
from ui.panel import MASTHEAD, PANEL, article_html, missing_html, status_html
from ui.render import note_html

# Answers are computed side by side up to this number; more questions wait their turn.
CONCURRENT_QUESTIONS = 4

# Files that were sent but never added: seconds between looks for them, and how old they may be.
ABANDONED = (60, 600)

# The conversation lives in its browser tab alone: it survives a reload of the page and a restart of
# the server, and neither another tab nor another visitor can see it.
SAVE = """(chat, history) => {
  try { sessionStorage.setItem("citewell", JSON.stringify([chat, history])); } catch { /* full */ }
}"""
RESTORE = '() => JSON.parse(sessionStorage.getItem("citewell") || "[[], []]")'

_FOLDER = Path(__file__).parent


class Page:
    """The parts of one page and their events. What a visitor does is kept in the browser's tab."""

    def __init__(self, assistant: Assistant, *, uploads: bool = False) -> None:
        """Lay the page out; the assistant is only asked once somebody opens it."""
        self.assistant = assistant
        self.uploads = uploads
        with gr.Blocks(
            title="Citewell", analytics_enabled=False, fill_width=True, delete_cache=ABANDONED
        ) as self.blocks:
            self._lay_out()
            self._connect()

    def _lay_out(self) -> None:
        def open_source(href: str) -> str:  # Gradio marks the function, which a method refuses
            return self.open_source(href)

        with gr.Row(elem_id="masthead"):
            gr.HTML(MASTHEAD, elem_id="brand")
            self.status = gr.HTML(elem_id="status")
            self.new = gr.Button("New conversation", elem_id="new", size="sm", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                self._lay_out_talk()
            self.panel = gr.HTML(
                html_template=PANEL,
                js_on_load=(_FOLDER / "page.js").read_text(encoding="utf-8"),
                server_functions=[open_source],
                apply_default_css=False,
                elem_id="panel",
            )

    def _lay_out_talk(self) -> None:
        self.history = gr.JSON([], visible=False)
        self.chat = gr.Chatbot(
            elem_id="chat", label="Conversation", show_label=False, container=False, height="100%",
            buttons=[], latex_delimiters=[], allow_tags=False, feedback_options=[], layout="panel",
            placeholder="Ask the articles, for example:", autoscroll=False,
        )  # fmt: skip
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                elem_id="question", label="Your question", show_label=False, container=False,
                placeholder="Ask a question", lines=1, max_lines=6,
                autofocus=True, scale=1,
            )  # fmt: skip
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
            self.stop = gr.Button("Stop", elem_id="stop", visible=False, scale=0)
        with gr.Row(elem_id="extras"):
            with gr.Accordion("Narrow the search", open=False, elem_id="filters"), gr.Row():
                self.sources = gr.Dropdown(label="Sources", multiselect=True, choices=[])
                self.after = gr.Textbox(label="Published from", placeholder="YYYY-MM-DD")
                self.before = gr.Textbox(label="Published until", placeholder="YYYY-MM-DD")
            self.adding = AddArticles(self.assistant) if self.uploads else None

    def _connect(self) -> None:
        shown = [self.question, self.chat, self.history, self.status, self.ask, self.stop]
        fields = [self.question, self.chat, self.history, self.sources, self.after, self.before]
        self.blocks.load(
            self.greet, None, [self.status, self.sources, self.chat], api_visibility="private"
        )
        answering = gr.on(
            [self.question.submit, self.ask.click, self.chat.example_select],
            self.answer, fields, shown,
            concurrency_limit=CONCURRENT_QUESTIONS, show_progress="hidden",
            api_visibility="private",
        )  # fmt: skip
        quick: Any = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        stopping = self.stop.click(
            self.interrupt,
            [self.chat],
            [self.chat, self.ask, self.stop],
            cancels=[answering],
            **quick,
        )
        leaving = self.new.click(self.start_over, None, shown, cancels=[answering], **quick)
        for event in (answering, stopping, leaving):
            event.then(None, [self.chat, self.history], None, js=SAVE, **quick)
        self.blocks.load(None, None, [self.chat, self.history], js=RESTORE, **quick)
        if self.adding:
            self.adding.files.upload(
                self.adding.add, [self.adding.files], [self.adding.files, self.adding.told],
                concurrency_limit=1,  # one after the other: they would wait for the index anyway
                show_progress="hidden", api_visibility="private",
            ).then(self.refresh, None, [self.status, self.sources], **quick)  # fmt: skip
        api(self.ask_once, api_name="ask", concurrency_limit=CONCURRENT_QUESTIONS)

    def greet(self) -> tuple[str, Any, Any]:
        """Fill in what depends on the index, each time somebody opens the page."""
        try:
            sources = list(self.assistant.status().sources)
            examples: Any = [{"text": text} for text in self.assistant.examples()]
        except CitewellError:
            sources, examples = [], []
        return self.describe(), gr.Dropdown(choices=sources), gr.Chatbot(examples=examples)

    def refresh(self) -> tuple[str, Any]:
        """Tell what the index holds now; what a visitor narrowed the search to stays."""
        return self.greet()[:2]

    def describe(self) -> str:
        """Say what the index holds, or what is wrong with it."""
        try:
            return status_html(self.assistant.status(), self.assistant.index.notice)
        except CitewellError as error:
            return note_html(str(error), "problem")

    def answer(
        self,
        question: str,
        chat: list[Message],
        history: list[Message],
        sources: list[str],
        after: str,
        before: str,
        event: gr.EventData,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer what was typed, or the example that was clicked, as it grows."""
        question = _example(event) or question
        if not question.strip():
            gr.Info(EMPTY, duration=4)
            yield (gr.skip(),) * 6
            return
        chat = [*chat, asked(question)]
        try:
            filters = filters_of(sources, after, before)
        except InvalidInput as error:
            reply = replied(note_html(str(error), "problem"))
            yield gr.skip(), [*chat, reply], *(gr.skip(),) * 4
            return
        typed: Any = ""  # emptied once: the next question may be typed while this one is answered
        for html, remembered in converse(self.assistant, question, history, filters):
            yield typed, [*chat, replied(html)], remembered, gr.skip(), *_buttons(busy=True)
            typed = gr.skip()
        yield gr.skip(), gr.skip(), gr.skip(), self.describe(), *_buttons(busy=False)

    def interrupt(self, chat: list[Message]) -> tuple[Any, ...]:
        """End an answer early and keep what was shown of it."""
        return stopped(chat), *_buttons(busy=False)

    def start_over(self) -> tuple[Any, ...]:
        """Forget the conversation of this tab."""
        return "", [], [], self.describe(), *_buttons(busy=False)

    def open_source(self, href: str) -> str:
        """Give the panel's HTML for a citation link; called by the browser."""
        try:
            place = Place.parse(href)
        except ValueError:
            return missing_html("This is not a citation of Citewell.", Place(""))
        try:
            return article_html(self.assistant.article(place.article_id), place)
        except CitewellError as error:
            return missing_html(str(error), place)
        except KeyError:
            return missing_html("This article is no longer in the index.", place)

    def ask_once(self, question: str) -> dict[str, Any]:
        """Answer one question for a program, with all citations, as `python -m rag --json` does."""
        try:
            *_, answer = self.assistant.stream(question)
        except CitewellError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return dict(to_json(answer))


def _example(event: gr.EventData) -> str:
    """Give the text of the example that was clicked, if one was."""
    value = event._data.get("value") if isinstance(event._data, dict) else None
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _buttons(*, busy: bool) -> tuple[Any, Any]:
    """Show Ask or Stop, whichever can be used."""
    return gr.Button(visible=not busy), gr.Button(visible=busy)
