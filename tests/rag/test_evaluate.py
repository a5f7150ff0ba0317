"""Evaluation: figures from known outcomes, two runs compared, and the command."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import Answer, Settings
from rag.__main__ import main
from rag.evaluate import Outcome, measure
from rag.evaluation_report import figures_table, misses_text
from rag.evaluation_run import SavedRun, compare, describe, outcome_json
from rag.gold import Gold, Question
from rag.scoring import ListScore

Run = Callable[..., tuple[int, str, str]]
GOLD = (Gold("a", "It is."),)
LINES: list[dict[str, Any]] = [
    {
        "id": "fact",
        "question": "Who directed Gold Boy?",
        "gold": [
            {"article": "2023-11-03-gold-boy-tokyo", "sentence": "Gold Boy, directed by Shusuke"}
        ],
    },
    {"id": "list", "question": "Which dramas were remade abroad?", "items": [{"names": ["Misty"]}]},
    {"id": "none", "question": "What is Quentin Tarantino's blood type?", "answerable": False},
    {"id": "next", "question": "And who wrote it?", "history": ["Who directed Gold Boy?"]},
]


def outcome(
    question: Question,
    *,
    refused: bool = False,
    answerability: float | None = None,
    articles: tuple[int, ...] = (),
    sentence: int | None = None,
    listed: ListScore | None = None,
) -> Outcome:
    """An outcome with the figures of one's choice."""
    answer = Answer(
        question.text,
        question.text,
        "factoid",
        "refused" if refused else "answered",
        "…",
        answerability=answerability,
    )
    return Outcome(question, answer, len(question.gold), articles, sentence, listed, 0.02)


def outcomes() -> list[Outcome]:
    fact, other = Question("f", "Who?", gold=GOLD), Question("g", "Who else?", gold=GOLD)
    listing = Question("l", "Which?", items=(("x",), ("y",)), count=2)
    absent, answered = Question("u", "Why?", answerable=False), Question("v", "How?", False)
    listed = ListScore(("x",), ("y",), ("z",), 1, False)
    return [
        outcome(fact, answerability=0.9, articles=(1,), sentence=2),
        outcome(other, answerability=0.3, articles=(5,), refused=True),
        outcome(listing, listed=listed),
        outcome(absent, answerability=0.4, refused=True),
        outcome(dataclasses.replace(answered, answerable=False), answerability=0.2),
    ]


def test_figures_by_hand() -> None:
    figures = measure(outcomes())
    assert figures["retrieval"]["questions"] == 2
    assert figures["retrieval"]["hit_at_1"] == figures["retrieval"]["hit_at_4"] == 0.5
    assert figures["retrieval"]["hit_at_10"] == 1.0
    assert figures["retrieval"]["ndcg_at_10"] == pytest.approx((1 + 0.38685) / 2, abs=1e-4)
    assert figures["sentence_choice"] == {"questions": 2, "first": 0.0, "first_three": 0.5}
    expected = {"precision": 0.5, "recall": 0.5, "f1": 0.5, "counts_right": 0.0}
    assert figures["lists"] == {"questions": 1, **expected}
    refusal = figures["refusal"]
    assert (refusal["questions"], refusal["answerable"], refusal["judged"]) == (5, 3, 4)
    assert refusal["auroc"] == 0.75  # 0.9 and 0.3 against 0.4 and 0.2
    assert refusal["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert (refusal["precision"], refusal["recall"]) == (0.5, 0.5)
    assert refusal["answerable_refused"] == pytest.approx(1 / 3)
    assert figures["latency"]["median_ms"] == pytest.approx(20)


def test_only_what_there_is_gold_for_is_measured() -> None:
    figures = measure([outcome(Question("q", "Who?"))])
    assert list(figures) == ["refusal", "latency"]
    assert list(figures["refusal"]) == ["questions", "answerable", "answerable_refused"]
    unjudged = measure([outcome(Question("q", "Who?")), outcome(Question("u", "?", False))])
    assert unjudged["refusal"]["auroc"] is None
    assert unjudged["refusal"]["precision"] is None  # nothing was refused
    cells = [str(cell) for cell in figures_table(unjudged, None).columns[1].cells]
    assert "n/a" in cells


def test_the_score_is_by_the_strictest_gold() -> None:
    scores = [found.score for found in outcomes()]
    assert scores == [0.5, 0.0, 0.5, 1.0, 0.0]
    article = Question("q", "Who?", gold=(Gold("a"),))
    assert outcome(article, articles=(4,)).score == 0.25
    assert outcome(article, articles=(4,), refused=True).score == 0.0
    assert outcome(Question("q", "Who?")).score == 1.0


def test_what_became_of_a_question_in_words() -> None:
    assert [describe(found) for found in outcomes()] == [
        "gold sentence in place 2",
        "refused",
        "1 of 2 named, 1 wrong",
        "refused",
        "answered",
    ]
    missed = outcome(Question("q", "Who?", gold=GOLD), articles=(1,))
    assert describe(missed) == "gold sentence not among the statements"
    told = str(misses_text([*outcomes(), missed]))
    assert "Not as wanted: 5 of 6" in told
    assert "wrong: z" in told and "wanted: It is.  (a)" in told and "wanted: a refusal" in told


def saved(found: list[Outcome]) -> SavedRun:
    return SavedRun.model_validate(
        {"measures": measure(found), "outcomes": [outcome_json(one) for one in found]}
    )


def test_two_runs_side_by_side() -> None:
    before, after = outcomes(), outcomes()
    after[0] = dataclasses.replace(after[0], sentence_rank=1)
    after[3] = outcome(after[3].question)
    new = outcome(Question("new", "What?"))
    comparison = compare(saved(before[:4]), saved([*after[:2], after[3], new]))
    assert [(c.id, c.before, c.now) for c in comparison.better] == [
        ("f", "gold sentence in place 2", "gold sentence in place 1")
    ]
    assert [(c.id, c.before, c.now) for c in comparison.worse] == [("u", "refused", "answered")]
    assert (comparison.only_now, comparison.only_earlier) == (("new",), ("l",))
    assert comparison.differences["sentence_choice"]["first"] == 0.5
    assert "lists" not in comparison.differences
    same = compare(saved(before), saved(before))
    assert not same.better and not same.worse
    assert set(same.differences["retrieval"].values()) == {0.0}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A question file with one question of each kind."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    return questions


def test_the_command_prints_a_table(run: Run, file: Path) -> None:
    code, out, err = run("evaluate", file, "--show-misses")
    assert (code, err) == (0, "")
    for told in ("Retrieval (1 question)", "Lists (1 question)", "Refusal (4 questions)", "median"):
        assert told in out
    assert "missed: Misty" in out


def test_the_command_saves_and_compares(run: Run, file: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    code, out, _ = run("evaluate", file, "--json", "--save", before)
    assert code == 0
    record = json.loads(out)
    assert record == json.loads(before.read_text(encoding="utf-8"))
    assert [found["id"] for found in record["outcomes"]] == ["fact", "list", "none", "next"]
    assert record["measures"]["retrieval"]["hit_at_1"] == 1.0
    assert record["outcomes"][3]["standalone_question"] != LINES[3]["question"]
    for found in record["outcomes"]:
        found["score"] = 0.0 if found["id"] == "fact" else found["score"]
    before.write_text(json.dumps(record), encoding="utf-8")
    _, out, _ = run("evaluate", file, "--json", "--compare", before)
    assert [change["id"] for change in json.loads(out)["comparison"]["better"]] == ["fact"]
    _, out, _ = run("evaluate", file, "--compare", before)
    assert "since then" in out and "Better: 1" in out and "Worse: 0" in out


def test_what_cannot_be_used_is_2_with_the_fix(run: Run, file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"question": "Who?", "gold": [{"article": "nowhere"}]}', encoding="utf-8")
    for arguments, told in (
        ((tmp_path / "none.jsonl",), "cannot be read"),
        ((bad,), "line 1: the index holds no article 'nowhere'"),
        ((file, "--compare", bad), "is not a saved evaluation (measures: Field required)"),
        ((file, "--compare", tmp_path / "none.json"), "written with --save"),
        ((file, "--save", tmp_path / "no" / "folder.json"), "cannot be saved"),
    ):
        code, out, err = run("evaluate", *arguments)
        assert (code, out) == (2, "")
        assert err.startswith("citewell: ") and told in err


def test_evaluate_alone_or_after_options_is_a_question(
    run: Run,
    corpus_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CITEWELL_INDEX_DIR", str(corpus_settings.index_dir))
    assert main(["evaluate"]) in (0, 3)
    assert capsys.readouterr().out
    assert main(["--json", "evaluate"]) in (0, 3)
    assert json.loads(capsys.readouterr().out)["question"] == "evaluate"
