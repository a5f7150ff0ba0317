"""`python -m rag evaluate QUESTIONS.jsonl`: how well a question file is answered."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from rag.assistant import shared_assistant
from rag.errors import InvalidInput
from rag.evaluate import Measures, check_gold, evaluate
from rag.evaluation_report import changes_text, figures_table, misses_text
from rag.evaluation_run import Comparison, SavedRun, compare, load_run, run_json
from rag.gold import load_questions
from rag.settings import load_settings


def main(arguments: Sequence[str]) -> int:
    """Ask every question of a file and print the figures; 0 whatever they are.

    Raises:
        CitewellError: if the file, the index or an earlier run cannot be used.
    """
    options = _parser().parse_args(arguments)
    earlier = load_run(options.compare) if options.compare else None
    questions = load_questions(options.questions)
    if options.save:
        _save(options.save, "")  # better to fail before an hour of questions than after it
    assistant = shared_assistant(load_settings(index_dir=options.index))
    check_gold(assistant, questions, str(options.questions))
    aside = Console(stderr=True)
    asked = track(
        evaluate(assistant, questions),
        "asking",
        total=len(questions),
        console=aside,
        transient=True,
        disable=not aside.is_terminal,
    )
    outcomes = list(asked)
    run = run_json(options.questions, assistant.status(), outcomes)
    if options.save:
        _save(options.save, json.dumps(run, ensure_ascii=False, indent=1) + "\n")
    comparison = compare(earlier, SavedRun.model_validate(run)) if earlier else None
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if options.json:
        whole = run | ({"comparison": dataclasses.asdict(comparison)} if comparison else {})
        console.print(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        _show(console, run["measures"], comparison)
        if options.show_misses:
            console.print("", misses_text(outcomes), sep="\n")
    return 0


def _show(
    console: Console,
    measures: Measures,
    comparison: Comparison | None,
) -> None:
    console.print(figures_table(measures, comparison.differences if comparison else None))
    if comparison:
        console.print("", changes_text(comparison), sep="\n")


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"the figures cannot be saved to {file} ({error.strerror}); name a file in a folder "
            "that exists and can be written to"
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag evaluate",
        description="Measure how well the index answers your own questions: retrieval, choice of "
        "sentences, lists, refusal and time, each where the file has what it needs.",
        epilog='One JSON object a line: {"question": "…", "answerable": true, "gold": [{"article": '
        '"file name", "sentence": "…"}], "items": [{"names": ["…"]}], "count": 3, "history": '
        '["earlier question"]}; only the question is needed.',
    )
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--index", type=Path, help="folder of the index (default ./.citewell)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write that object to a file")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="a saved run: show what changed since then"
    )
    parser.add_argument(
        "--show-misses", action="store_true", help="show each question that went wrong"
    )
    return parser
