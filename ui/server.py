"""The server that shows the page: it opens at once, while the models load behind it."""

from __future__ import annotations

import ipaddress
import logging
import os
import sys
import tempfile
import threading
from pathlib import Path

import gradio as gr

from rag import Assistant, CitewellError, Settings
from rag.errors import InvalidInput
from ui.app import CONCURRENT_QUESTIONS, Page
from ui.theme import theme

HOST = "127.0.0.1"
PORT = 7860

# Gradio drops all files that are sent at once when one is over its limit; we drop only that one.
UPLOAD_ROOM = 2

_STYLE = Path(__file__).with_name("page.css")
_log = logging.getLogger(__name__)


def serve(settings: Settings, *, host: str = HOST, port: int = PORT) -> None:
    """Show the page at once, load the models behind it, and block until Ctrl-C.

    Raises:
        CitewellError: when there is no usable index, or the port is taken.

    """
    assistant = Assistant(settings)
    assistant.status()
    uploads = is_this_computer(host) if settings.uploads is None else settings.uploads
    with tempfile.TemporaryDirectory(prefix="citewell-") as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder  # nobody else's, and gone at the end
        page = Page(assistant, uploads=uploads)
        _open(page.blocks, host, port, UPLOAD_ROOM * settings.max_file_bytes if uploads else 1000)
        _serve(assistant, page, host, port)


def is_this_computer(host: str) -> bool:
    """Tell whether only programs on this computer can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _serve(assistant: Assistant, page: Page, host: str, port: int) -> None:
    sys.stdout.write(f"Citewell is at http://{host}:{port} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.blocks.close(verbose=False)


def _open(blocks: gr.Blocks, host: str, port: int, most: int) -> None:
    """Start to serve; `most`: bytes of a file that is sent to the page."""
    blocks.queue(default_concurrency_limit=CONCURRENT_QUESTIONS)
    try:
        blocks.launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False,
            inbrowser=False, footer_links=[], enable_monitoring=False, ssr_mode=False, pwa=False,
            mcp_server=False, show_error=False, max_file_size=most, theme=theme(),
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
