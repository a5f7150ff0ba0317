"""The server that shows the page: it opens at once, while the models load behind it."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import gradio as gr

from rag import Assistant, CitewellError, Settings
from rag.errors import InvalidInput
from ui.app import CONCURRENT_QUESTIONS, Page
from ui.theme import theme

HOST = "127.0.0.1"
PORT = 7860

_STYLE = Path(__file__).with_name("page.css")
_log = logging.getLogger(__name__)


def serve(settings: Settings, *, host: str = HOST, port: int = PORT) -> None:
    """Show the page at once, load the models behind it, and block until Ctrl-C.

    Raises:
        CitewellError: when there is no usable index, or the port is taken.

    """
    assistant = Assistant(settings)
    assistant.status()
    page = Page(assistant)
    _open(page.blocks, host, port)
    sys.stdout.write(f"Citewell is at http://{host}:{port} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.blocks.close(verbose=False)


def _open(blocks: gr.Blocks, host: str, port: int) -> None:
    blocks.queue(default_concurrency_limit=CONCURRENT_QUESTIONS)
    try:
        blocks.launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False,
            inbrowser=False, footer_links=[], enable_monitoring=False, ssr_mode=False, pwa=False,
            mcp_server=False, show_error=False, max_file_size="1kb", theme=theme(),
            css_paths=_STYLE,
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
