"""The page: its parts, what each of them does, and the server that shows it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from rag import Assistant, CitewellError, InvalidInput, Settings, to_json
from ui.chat import EMPTY, Message, asked, converse, filters_of, replied, stopped
from ui.links import Place
from ui.panel import MASTHEAD, PANEL, article_html, missing_html, status_html
from ui.render import note_html
from ui.theme import theme

HOST = "127.0.0.1"
PORT = 7860
# Answers are computed side by side up to this number; more questions wait their turn.
CONCURRENT_QUESTIONS = 4

_FOLDER = Path(__file__).parent
_log = logging.getLogger(__name__)


class Page:
    """The parts of one page and their events. What a visitor does is kept in the browser's tab."""

    def __init__(self, assistant: Assistant) -> None:
        """Lay the page out; the assistant is only asked once somebody opens it."""
        self.assistant = assistant
        with gr.Blocks(title="Citewell", analytics_enabled=False, fill_width=True) as self.blocks:
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
        self.history = gr.State([])
        self.chat = gr.Chatbot(
            elem_id="chat", label="Conversation", show_label=False, container=False, height="100%",
            buttons=[], latex_delimiters=[], allow_tags=False, feedback_options=[], layout="panel",
            placeholder="Ask a question about the articles, for example:",
        )  # fmt: skip
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                elem_id="question", label="Your question", show_label=False, container=False,
                placeholder="Ask a question about the articles", lines=1, max_lines=6,
                autofocus=True, scale=1,
            )  # fmt: skip
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
            self.stop = gr.Button("Stop", elem_id="stop", visible=False, scale=0)
        with gr.Accordion("Narrow the search", open=False, elem_id="filters"), gr.Row():
            self.sources = gr.Dropdown(label="Sources", multiselect=True, choices=[])
            self.after = gr.Textbox(label="Published from", placeholder="YYYY-MM-DD")
            self.before = gr.Textbox(label="Published until", placeholder="YYYY-MM-DD")

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
        self.stop.click(
            self.interrupt, [self.chat], [self.chat, self.ask, self.stop],
            cancels=[answering], queue=False, show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        self.new.click(
            self.start_over, None, shown,
            cancels=[answering], queue=False, show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        gr.api(self.ask_once, api_name="ask", concurrency_limit=CONCURRENT_QUESTIONS)

    def greet(self) -> tuple[str, Any, Any]:
        """Fill in what depends on the index, each time somebody opens the page."""
        try:
            sources = list(self.assistant.status().sources)
            examples: Any = [{"text": text} for text in self.assistant.examples()]
        except CitewellError:
            sources, examples = [], []
        return self.describe(), gr.Dropdown(choices=sources), gr.Chatbot(examples=examples)

    def describe(self) -> str:
        """Say what the index holds, or what is wrong with it."""
        try:
            return status_html(self.assistant.status())
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
        example = getattr(event, "value", None) if event._data else None
        question = example["text"] if isinstance(example, dict) else question
        if not question.strip():
            gr.Info(EMPTY, duration=4)
            yield (gr.skip(),) * 6
            return
        chat = [*chat, asked(question)]
        try:
            filters = filters_of(sources, after, before)
        except InvalidInput as error:
            reply = replied(note_html(str(error), "problem"))
            yield question, [*chat, reply], history, gr.skip(), gr.skip(), gr.skip()
            return
        busy = gr.Button(visible=False), gr.Button(visible=True)
        for html, history in converse(self.assistant, question, history, filters):
            yield "", [*chat, replied(html)], history, gr.skip(), *busy
        yield gr.skip(), gr.skip(), history, self.describe(), *_ready()

    def interrupt(self, chat: list[Message]) -> tuple[Any, ...]:
        """End an answer early and keep what was shown of it."""
        return stopped(chat), *_ready()

    def start_over(self) -> tuple[Any, ...]:
        """Forget the conversation of this tab."""
        return "", [], [], self.describe(), *_ready()

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

    def ask_once(self, question: str) -> dict[str, Any]:
        """Answer one question for a program, with all citations, as `python -m rag --json` does."""
        try:
            *_, answer = self.assistant.stream(question)
        except CitewellError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return dict(to_json(answer))


def _ready() -> tuple[Any, Any]:
    return gr.Button(visible=True), gr.Button(visible=False)


def serve(
    settings: Settings,
    *,
    host: str = HOST,
    port: int = PORT,
    ready: Callable[[str], None] = _log.info,
) -> None:
    """Show the page at once, load the models behind it, and block until Ctrl-C.

    `ready` is told the page's address once it can be opened.

    Raises:
        CitewellError: when there is no usable index, or the port is taken.
    """
    assistant = Assistant(settings)
    assistant.status()
    page = Page(assistant)
    _open(page.blocks, host, port)
    ready(f"http://{host}:{port}")
    threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.blocks.close()


def _open(blocks: gr.Blocks, host: str, port: int) -> None:
    blocks.queue(default_concurrency_limit=CONCURRENT_QUESTIONS)
    try:
        blocks.launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False,
            inbrowser=False, footer_links=[], enable_monitoring=False, ssr_mode=False, pwa=False,
            mcp_server=False, show_error=False, max_file_size="1kb", theme=theme(),
            css_paths=_FOLDER / "page.css",
        )  # fmt: skip
    except OSError as error:
        raise InvalidInput(
            f"The page cannot be served at {host}:{port}: the port is taken or the address is not "
            f"of this computer. Choose another with --port or --host."
        ) from error


def _warm_up(assistant: Assistant) -> None:
    try:
        assistant.warm_up()
    except CitewellError as error:
        # The first question will say the same to whoever asks it.
        _log.warning("%s", error)
