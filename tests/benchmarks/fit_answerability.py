"""Fit the answerability score: `python -m tests.benchmarks.fit_answerability`.

Logistic regression on CLAP NQ and XQuAD, each of the same weight on the whole; of XQuAD each
question is taken twice, with the paragraph that answers it and without. Prints the weights for
`rag/answer_score.py`, which are fitted on one half of the questions, that which the benchmarks do
not report on alone; and how well each half is told by weights that were fitted on the other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from rag import Assistant, Filters
from rag.answer_score import FEATURES, features
from rag.answerability import parts_of
from rag.choice import choose_sentences, quotable
from rag.evidence import DEPTH
from rag.metrics import auroc, balanced_accuracy
from rag.query import encode_query
from rag.retrieval import Query, Ranking, rank
from tests.benchmarks.answerability import Case, is_fitted, withhold, write
from tests.benchmarks.clapnq import KINDS, load
from tests.benchmarks.common import data_options, figure, indexed
from tests.benchmarks.xquad import Asked, read_questions

REGULARISATION = 0.01  # inverse strength; 0.003 to 0.3 do about the same
Row = tuple[bool, "np.ndarray[tuple[int], np.dtype[np.float64]]", bool]  # half, features, truth


def main() -> None:
    """Index the passages and the paragraphs, take the features, fit, print."""
    arguments = data_options(__doc__).parse_args()
    cases = [case for kind in KINDS for case in load(arguments.data / "clapnq", kind)]
    with tempfile.TemporaryDirectory() as folder:
        for case in cases[: arguments.limit]:
            write(Path(folder), case)
        with indexed(Path(folder), "CLAP NQ") as assistant:
            passages = passage_rows(assistant, cases[: arguments.limit])
    with tempfile.TemporaryDirectory() as folder:
        asked = read_questions(arguments.data, Path(folder))
        with indexed(Path(folder), "XQuAD-en") as assistant:
            paragraphs = paragraph_rows(assistant, asked[: arguments.limit])
    scores, truth = list[float](), list[bool]()
    for half in (True, False):
        model = fit(only(passages, half), only(paragraphs, half))
        told = tell("CLAP NQ", model, only(passages, not half))
        scores, truth = scores + told[0], truth + told[1]
        tell("XQuAD", model, only(paragraphs, not half))
    figure("CLAP NQ, all, by weights fitted on the other half: AUROC", auroc(scores, truth))
    print_weights(*(only(rows, True) for rows in (passages, paragraphs)))


def passage_rows(assistant: Assistant, cases: Sequence[Case]) -> list[Row]:
    """The features of each question that its one passage has a sentence for."""
    rows: list[Row] = []
    for case in cases:
        query = encode_query(assistant.index.current(), assistant.encoder, case.question)
        filters = Filters(sources=(case.id,))
        ranking = rank(assistant.index.current(), query, assistant.settings.candidates, filters)
        rows += _row(assistant, case.id, query, ranking, case.answerable)
    return rows


def paragraph_rows(assistant: Assistant, asked: Sequence[Asked]) -> list[Row]:
    """The features of each question with the paragraph that answers it, and without."""
    snapshot, rows = assistant.index.current(), list[Row]()
    for question, name, _ in asked:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        rows += _row(assistant, question, query, ranking, True)
        if ranking is not None:
            withheld = withhold(snapshot, query, ranking, name)
            rows += _row(assistant, question, query, withheld, False)
    return rows


def _row(
    assistant: Assistant, key: str, query: Query, ranking: Ranking | None, answerable: bool
) -> list[Row]:
    snapshot = assistant.index.current()
    if ranking is None:
        return []
    sentences = quotable(choose_sentences(snapshot, query, ranking, DEPTH))
    if not sentences:
        return []
    parts = parts_of(snapshot, query, sentences)
    values = features(snapshot, query, ranking, sentences[0], parts)
    return [(is_fitted(key), values, answerable)]


def only(rows: Sequence[Row], half: bool) -> list[Row]:
    """The rows of one half of the questions."""
    return [row for row in rows if row[0] == half]


def tell(name: str, model: Pipeline, rows: Sequence[Row]) -> tuple[list[float], list[bool]]:
    """Print how well a model tells rows that it was not fitted on; returns scores and truth."""
    scores = model.predict_proba(np.array([row[1] for row in rows]))[:, 1].tolist()
    truth = [row[2] for row in rows]
    print(f"{name}: {len(rows)} rows of the half that was not fitted on")
    figure("  AUROC", auroc(scores, truth))
    figure("  balanced accuracy", balanced_accuracy([s > 0.5 for s in scores], truth))
    return scores, truth


def fit(passages: Sequence[Row], paragraphs: Sequence[Row]) -> Pipeline:
    """Fit on both, each of the same weight on the whole."""
    rows, share = [*passages, *paragraphs], len(passages) / len(paragraphs)
    weights = np.array([1.0] * len(passages) + [share] * len(paragraphs))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))
    known, truth = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    return model.fit(known, truth, logisticregression__sample_weight=weights)


def print_weights(passages: Sequence[Row], paragraphs: Sequence[Row]) -> None:
    """Print weights that turn the features as they are into the logit."""
    scaler, logistic = fit(passages, paragraphs)
    turned = logistic.coef_[0] / scaler.scale_
    for name, weight in zip(FEATURES, turned, strict=True):
        print(f"{name:<34} {weight:8.3f}")
    print(f"{'bias':<34} {float(logistic.intercept_[0] - turned @ scaler.mean_):8.3f}")


if __name__ == "__main__":
    main()
