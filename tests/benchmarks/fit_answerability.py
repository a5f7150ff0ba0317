"""Fit the answerability score: `python -m tests.benchmarks.fit_answerability`.

Logistic regression on the half of CLAP NQ that `tests.benchmarks.clapnq` does not report on alone.
Prints the weights for `rag/answer_score.py`, and what they reach on the same half when nine tenths
are fitted and the last tenth is told, in turn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from rag import Assistant, Filters
from rag.answer_score import FEATURES, features
from rag.evidence import choose_sentences, quotable
from rag.metrics import auroc, balanced_accuracy
from rag.query import encode_query
from rag.reader import DEPTH
from rag.retrieval import rank
from tests.benchmarks.answerability import Case, write
from tests.benchmarks.clapnq import KINDS, is_fitted, load
from tests.benchmarks.common import data_options, figure, indexed

REGULARISATION = 0.3  # inverse strength; of 0.03, 0.3 and 3 all do about the same


def main() -> None:
    """Index the passages of the half, take the features, fit, print."""
    arguments = data_options(__doc__).parse_args()
    every = [case for kind in KINDS for case in load(arguments.data / "clapnq", kind)]
    cases = [case for case in every if is_fitted(case.id)][: arguments.limit]
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            write(Path(folder), case)
        with indexed(Path(folder), "CLAP NQ, half to fit on") as assistant:
            fit(assistant, cases)


def fit(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Print weights that turn the features as they are into the logit."""
    rows = list(_rows(assistant, cases))
    known = np.array([values for values, _ in rows])
    actual = np.array([answerable for _, answerable in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    told = cross_val_predict(model, known, actual, cv=folds, method="predict_proba")[:, 1]
    figure("AUROC, ten-fold", auroc(told.tolist(), actual.tolist()))
    figure("balanced accuracy, ten-fold", balanced_accuracy((told > 0.5).tolist(), actual.tolist()))
    scaler, logistic = model.fit(known, actual)
    weights = logistic.coef_[0] / scaler.scale_
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name:<34} {weight:8.3f}")
    print(f"{'bias':<34} {float(logistic.intercept_[0] - weights @ scaler.mean_):8.3f}")


def _rows(
    assistant: Assistant, cases: Sequence[Case]
) -> Iterator[tuple[np.ndarray[tuple[int], np.dtype[np.float64]], bool]]:
    """The features of each question that its passage has a sentence for."""
    snapshot = assistant.index.current()
    for case in cases:
        query = encode_query(snapshot, assistant.encoder, case.question)
        filters = Filters(sources=(case.id,))
        ranking = rank(snapshot, query, assistant.settings.candidates, filters)
        if ranking is None:
            continue
        sentences = quotable(choose_sentences(snapshot, query, ranking, DEPTH))
        if sentences:
            yield features(snapshot, query, ranking, sentences[0]), case.answerable


if __name__ == "__main__":
    main()
