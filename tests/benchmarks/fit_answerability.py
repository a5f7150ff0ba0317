"""Fit the answerability score: `python -m tests.benchmarks.fit_answerability`.

Logistic regression on two halves, each of the same weight on the whole: that of CLAP NQ which
`tests.benchmarks.clapnq` does not report on alone, and that of XQuAD which `tests.benchmarks.xquad`
does not, where each question is taken twice, with the paragraph that answers it and without. Prints
the weights for `rag/answer_score.py`, and what they reach on the same halves when nine tenths are
fitted and the last tenth is told, in turn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from rag import Assistant, Filters
from rag.answer_score import FEATURES, features
from rag.evidence import choose_sentences, quotable
from rag.metrics import auroc, balanced_accuracy
from rag.query import encode_query
from rag.reader import DEPTH
from rag.retrieval import Query, Ranking, rank
from tests.benchmarks.answerability import Case, is_fitted, withhold, write
from tests.benchmarks.clapnq import KINDS, load
from tests.benchmarks.common import data_options, figure, indexed
from tests.benchmarks.xquad import Asked, read_questions

REGULARISATION = 0.3  # inverse strength; of 0.03, 0.3 and 3 all do about the same
Row = tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", bool]


def main() -> None:
    """Index the passages of both halves, take the features, fit, print."""
    arguments = data_options(__doc__).parse_args()
    every = [case for kind in KINDS for case in load(arguments.data / "clapnq", kind)]
    cases = [case for case in every if is_fitted(case.id)][: arguments.limit]
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            write(Path(folder), case)
        with indexed(Path(folder), "CLAP NQ, half to fit on") as assistant:
            passages = passage_rows(assistant, cases)
    with tempfile.TemporaryDirectory() as folder:
        asked = [one for one in read_questions(arguments.data, Path(folder)) if is_fitted(one[0])]
        with indexed(Path(folder), "XQuAD-en") as assistant:
            paragraphs = paragraph_rows(assistant, asked[: arguments.limit])
    fit(passages, paragraphs)


def passage_rows(assistant: Assistant, cases: Sequence[Case]) -> list[Row]:
    """The features of each question that its one passage has a sentence for."""
    rows: list[Row] = []
    for case in cases:
        query = encode_query(assistant.index.current(), assistant.encoder, case.question)
        filters = Filters(sources=(case.id,))
        ranking = rank(assistant.index.current(), query, assistant.settings.candidates, filters)
        rows += _row(assistant, query, ranking, case.answerable)
    return rows


def paragraph_rows(assistant: Assistant, asked: Sequence[Asked]) -> list[Row]:
    """The features of each question with the paragraph that answers it, and without."""
    snapshot, rows = assistant.index.current(), list[Row]()
    for question, name, _ in asked:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        rows += _row(assistant, query, ranking, True)
        if ranking is not None:
            rows += _row(assistant, query, withhold(snapshot, query, ranking, name), False)
    return rows


def _row(
    assistant: Assistant, query: Query, ranking: Ranking | None, answerable: bool
) -> list[Row]:
    snapshot = assistant.index.current()
    sentences = choose_sentences(snapshot, query, ranking, DEPTH) if ranking else []
    return [
        (features(snapshot, query, ranking, best), answerable)
        for best in quotable(sentences)[:1]
        if ranking is not None
    ]


def fit(passages: Sequence[Row], paragraphs: Sequence[Row]) -> None:
    """Print weights that turn the features as they are into the logit."""
    known = np.array([values for values, _ in (*passages, *paragraphs)])
    actual = np.array([answerable for _, answerable in (*passages, *paragraphs)])
    share = len(passages) / len(paragraphs)
    weights = np.array([1.0] * len(passages) + [share] * len(paragraphs))
    told = np.zeros(len(actual))
    for fitted, rest in StratifiedKFold(10, shuffle=True, random_state=0).split(known, actual):
        model = _fitted(known[fitted], actual[fitted], weights[fitted])
        told[rest] = model.predict_proba(known[rest])[:, 1]
    for name, part in (("CLAP NQ", slice(len(passages))), ("XQuAD", slice(len(passages), None))):
        scores, truth = told[part].tolist(), actual[part].tolist()
        figure(f"{name}: AUROC, ten-fold", auroc(scores, truth))
        likely = [score > 0.5 for score in scores]
        figure(f"{name}: balanced accuracy, ten-fold", balanced_accuracy(likely, truth))
    scaler, logistic = _fitted(known, actual, weights)
    turned = logistic.coef_[0] / scaler.scale_
    for name, weight in zip(FEATURES, turned, strict=True):
        print(f"{name:<34} {weight:8.3f}")
    print(f"{'bias':<34} {float(logistic.intercept_[0] - turned @ scaler.mean_):8.3f}")


def _fitted(
    known: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    actual: np.ndarray[tuple[int], np.dtype[np.bool_]],
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> Pipeline:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))
    return model.fit(known, actual, logisticregression__sample_weight=weights)


if __name__ == "__main__":
    main()
