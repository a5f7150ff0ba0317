"""`python -m ui`: serve the chat page on this computer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rag import CitewellError, IndexMissing, load_settings


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until Ctrl-C; give 0 then, or 2 when it cannot be served."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(index_dir=options.index)
        print("Starting Citewell…", flush=True)
        from ui.app import serve  # takes seconds; a wrong option is told before that

        serve(settings, host=options.host, port=options.port, ready=_announce)
    except IndexMissing as error:
        print(f"{error}\nBuild the index first: python -m ingest", file=sys.stderr)
        return 2
    except CitewellError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    print("Citewell has stopped.")
    return 0


def _announce(address: str) -> None:
    print(f"Citewell is at {address} (Ctrl-C stops it)", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui", description=__doc__)
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder that holds the index")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at (%(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to serve at (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
