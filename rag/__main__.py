"""`python -m rag "question"`: ask from the command line; `python -m rag evaluate …`: measure."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.assistant import ask, shared_assistant
from rag.checks import check_days, check_sources
from rag.command import run_command
from rag.copies import tell_outlets
from rag.errors import CitewellError
from rag.settings import Settings, load_settings
from rag.types import Answer, Filters, to_json

EVALUATE = "evaluate"


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask and print; exit code 0 if answered, 3 if refused, 2 on an error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == [EVALUATE] and len(words) > 1:
        return _evaluate(words[1:])
    options = _parser().parse_args(words)
    try:
        settings = load_settings(index_dir=options.index)
        filters = _filters(options, settings)
        answer = ask(options.question, filters=filters or None, settings=settings)
    except CitewellError as error:
        print(f"citewell: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(to_json(answer), ensure_ascii=False, indent=2))
    else:
        print(format_answer(answer))
    return 0 if answer.status == "answered" else 3


def _filters(options: argparse.Namespace, settings: Settings) -> Filters:
    """Which articles are to be searched; what fits none is an error, and no refusal to answer."""
    check_days(options.after, options.before, "--after and --before")
    sources: tuple[str, ...] = ()
    if options.source:
        sources = check_sources(options.source, shared_assistant(settings).status().sources)
    return Filters(sources=sources, after=options.after, before=options.before)


def _evaluate(arguments: Sequence[str]) -> int:
    from rag.evaluate_command import main as evaluate  # whoever asks need not wait for its imports

    try:
        return evaluate(arguments)
    except CitewellError as error:
        print(f"citewell: {error}", file=sys.stderr)
        return 2


def format_answer(answer: Answer) -> str:
    """Write an answer for a terminal: the text, then its sources."""
    lines = [*answer.assumed, answer.text, ""]
    for citation in answer.citations:
        about = [citation.title or citation.path, citation.source, str(citation.published or "")]
        about.append(tell_outlets(citation))
        lines.append(f"[{citation.number}] {' · '.join(part for part in about if part)}")
    if answer.status == "refused" and answer.nearest.articles:
        lines.append("The nearest articles:")
        for near in answer.nearest.articles:
            about = [near.title, near.source, str(near.published or "")]
            lines.append(f"  {' · '.join(part for part in about if part)}")
            lines += [f"    “{near.quote}”"] if near.quote else []
    if answer.kind == "list" and answer.status == "answered":
        found = answer.coverage
        lines.append(f"\nSearched {found.searched} articles, cited {found.used}.")
    return "\n".join(lines).strip()


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2024-03-12") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag",
        description="Ask a question of your articles.",
        epilog="python -m rag evaluate QUESTIONS.jsonl measures how well your own questions are "
        "answered (see python -m rag evaluate --help). The word evaluate alone, or after the "
        "options, is a question like any other.",
    )
    parser.add_argument("question")
    parser.add_argument("--index", type=Path, help="folder of the index (default ./.citewell)")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--after", type=_date, help="only articles published on DATE or later")
    parser.add_argument("--before", type=_date, help="only articles published on DATE or before")
    parser.add_argument(
        "--source", action="append", default=[], help="only articles of this source; may repeat"
    )
    return parser


if __name__ == "__main__":
    run_command(main)
