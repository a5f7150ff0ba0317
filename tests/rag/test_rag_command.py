"""`python -m rag`: exit codes, JSON, and the same answer as the function's."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rag
from rag import Answer, Filters, Settings, load_settings
from rag.types import to_json

LIST = "Which dramas were remade abroad?"
FACT = "Who directed Gold Boy?"
Run = Callable[..., tuple[int, str, str]]


def as_json(printed: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(printed)
    return record


def test_an_answer_is_0_and_shows_its_sources(run: Run) -> None:
    code, out, _ = run(FACT)
    assert code == 0
    assert "Shusuke Kaneko" in out
    assert "[1] " in out.splitlines()[-1] or "\n[1] " in out
    assert "2023-11-03" in out


def test_what_was_assumed_comes_first(run: Run) -> None:
    code, out, _ = run("Who directed Gold Boi?")
    assert code == 0
    assert out.startswith("Taking “Boi” for “Boy”")
    assert "Taking" not in run(FACT)[1]


def test_a_refusal_is_3_and_names_the_nearest_articles(run: Run) -> None:
    code, out, _ = run("What did Quentin Tarantino say about Gold Boy?")
    assert code == 3
    assert "The nearest articles:" in out
    code, out, _ = run("What did Quentin Tarantino say about Gold Boy?", "--json")
    assert (code, as_json(out)["status"]) == (3, "refused")


def test_json_has_the_fields_of_an_answer(run: Run) -> None:
    code, out, _ = run(FACT, "--json")
    record = as_json(out)
    assert code == 0
    assert list(record) == [field.name for field in dataclasses.fields(Answer)]
    assert record["citations"][0]["published"] == "2023-11-03"
    assert record["kind"] == "factoid"


@pytest.mark.parametrize("question", [LIST, FACT])
def test_the_command_and_the_function_answer_alike(
    run: Run, corpus_settings: Settings, question: str
) -> None:
    _, out, _ = run(question, "--json")
    answer = rag.ask(question, settings=load_settings(index_dir=corpus_settings.index_dir))
    assert as_json(out) | {"seconds": 0} == to_json(answer) | {"seconds": 0}
    *_, streamed = rag.stream(question, settings=load_settings(index_dir=corpus_settings.index_dir))
    assert to_json(streamed) | {"seconds": 0} == to_json(answer) | {"seconds": 0}


def test_filters_are_passed_on(run: Run, corpus_settings: Settings) -> None:
    arguments = ["--after", "2024-01-01", "--before", "2024-12-31", "--source", "screen trade WIRE"]
    _, out, _ = run(LIST, "--json", *arguments, "--source", "Screen Trade Weekly: Asia")
    filters = Filters(
        sources=("Screen Trade Wire", "Screen Trade Weekly: Asia"),
        after=datetime.date(2024, 1, 1),
        before=datetime.date(2024, 12, 31),
    )
    settings = load_settings(index_dir=corpus_settings.index_dir)
    answer = rag.ask(LIST, filters=filters, settings=settings)
    assert as_json(out) | {"seconds": 0} == to_json(answer) | {"seconds": 0}
    assert 0 < answer.coverage.searched < 28
    assert rag.retrieve(LIST, k=2, filters=filters, settings=settings)[0].published is not None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["?"], "there is no question"),
        ([FACT, "--index", "/nowhere/at/all"], "python -m ingest --index /nowhere/at/all"),
        ([FACT, "--index", "/no where"], "python -m ingest --index '/no where'"),
        ([FACT, "--source", "Wire"], "no article is of the source 'Wire'; there are Screen Trade"),
        ([FACT, "--after", "2024-03-02", "--before", "2024-03-01"], "swap --after and --before"),
    ],
)
def test_an_error_is_2_and_says_what_to_do(run: Run, arguments: list[str], told: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_a_wrong_option_is_2(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(FACT, "--after", "last week")
    assert stopped.value.code == 2
    assert "not a date" in capsys.readouterr().err
    monkeypatch.setenv("CITEWELL_INDEX", str(Path.cwd()))
    code, _, err = run(FACT)
    assert code == 2
    assert "CITEWELL_INDEX_DIR" in err
