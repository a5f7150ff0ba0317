"""The chat page of Citewell, served from this computer to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag import Settings

__all__ = ["launch"]


def launch(settings: Settings | None = None) -> None:
    """Serve the page on this computer until it is stopped with Ctrl-C.

    Raises:
        CitewellError: when there is no usable index, or the port is taken.

    """
    # Gradio takes seconds to import; whoever only imports this package does not pay for it.
    from rag import load_settings
    from ui.server import serve

    serve(settings if settings is not None else load_settings())
