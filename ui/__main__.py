"""`python -m ui`: serve the chat page on this computer."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from rag import CitewellError, load_settings


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until Ctrl-C; give 0 then, or 2 when it cannot be served."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(index_dir=options.index)
        print("Starting Citewell…", flush=True)
        from ui.server import serve  # takes seconds: after the options and settings were checked

        serve(settings, host=options.host, port=options.port)
    except CitewellError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    print("Citewell has stopped.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui", description=__doc__)
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder that holds the index")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at (%(default)s)")
    parser.add_argument("--port", type=_port, default=7860, help="port to serve at (%(default)s)")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"{port} is not between 1 and 65535")
    return port


if __name__ == "__main__":
    # Service managers and containers stop a program with SIGTERM: it ends as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
