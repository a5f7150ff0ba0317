"""Fit the answerability score: `python -m tests.benchmarks.fit_answerability`.

Logistic regression on CLAP NQ and XQuAD, each of the same weight on the whole; of XQuAD each
question is taken twice, with the paragraph that answers it and without.

First by cross-fitting: each tenth of CLAP NQ is told by weights that were fitted on the other nine,
and on the half of XQuAD that `tests.benchmarks.xquad` does not report on. So no question is told by
weights that have seen it. Then come the weights for `rag/answer_score.py`, fitted on all of CLAP NQ
and that half, and how they tell the other half of XQuAD.

Last, the weights that join that score with the reading model, in a collection. They are fitted on
the same half of XQuAD and on half of the questions about the passages of `tests/reading` that the
reading model was not trained on, each of the same weight on the whole, and tell the other halves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from rag import Assistant, Filters
from rag.answer_score import FEATURES, LEAST, features, score
from rag.choice import choose_sentences, quotable
from rag.claims import FEW
from rag.evidence import DEPTH, Sentence
from rag.metrics import auroc, balanced_accuracy
from rag.parts import parts_of
from rag.query import encode_query
from rag.reading import best_reading
from rag.retrieval import Query, Ranking, rank
from rag.snapshot import Snapshot
from tests.benchmarks.answerability import FOLDS, Case, fold_of, is_fitted, withhold, write
from tests.benchmarks.clapnq import KINDS, load
from tests.benchmarks.common import WIDTH, data_options, figure, indexed
from tests.benchmarks.reading_data import HELD_OUT, indexed_news, read_news
from tests.benchmarks.xquad import Asked, read_questions

REGULARISATION = 0.001  # inverse strength; more tells CLAP NQ as well, and other collections worse
Row = tuple[int, "NDArray[np.float64] | None", bool]  # fold, features if there are any, truth
Joined = tuple[int, float, float, bool]  # fold, score, reading, truth


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
            paragraphs, joined = paragraph_rows(assistant, asked[: arguments.limit])
    fitted = [row for row in paragraphs if is_fitted(row[0])]
    other = [row for row in paragraphs if not is_fitted(row[0])]
    scores, truth = list[float](), list[bool]()
    for fold in range(FOLDS):
        model = fit([row for row in passages if row[0] != fold], fitted)
        held = [row for row in passages if row[0] == fold]
        scores += tell(model, held)
        truth += [row[2] for row in held]
    report("CLAP NQ, each tenth by weights fitted without it", scores, truth)
    print(f"{'  sharpness for a single article':<{WIDTH}} {sharpness(scores, truth):9.3f}")
    model = fit(passages, fitted)
    report("XQuAD, the half not fitted on", tell(model, other), [row[2] for row in other])
    print_weights(model)
    join({"XQuAD": joined, "tests/reading": passages_read(arguments.limit)})


def passage_rows(assistant: Assistant, cases: Sequence[Case]) -> list[Row]:
    """The features of each question with its one passage."""
    snapshot, rows = assistant.index.current(), list[Row]()
    for case in cases:
        query = encode_query(snapshot, assistant.encoder, case.question)
        filters = Filters(sources=(case.id,))
        ranking = rank(snapshot, query, assistant.settings.candidates, filters)
        sentences = _sentences(snapshot, query, ranking)
        rows.append(_row(snapshot, case.id, query, ranking, sentences, case.answerable))
    return rows


def paragraph_rows(assistant: Assistant, asked: Sequence[Asked]) -> tuple[list[Row], list[Joined]]:
    """The features of each question with the paragraph that answers it, and without."""
    snapshot, rows, joined = assistant.index.current(), list[Row](), list[Joined]()
    for question, name, _ in asked:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        withheld = ranking and withhold(snapshot, query, ranking, name)
        for kept, answerable in ((ranking, True), (withheld, False)):
            sentences = _sentences(snapshot, query, kept)
            rows.append(_row(snapshot, question, query, kept, sentences, answerable))
            joined += _joined(snapshot, query, kept, sentences, rows[-1])
    return rows, joined


def passages_read(limit: int | None) -> list[Joined]:
    """Questions about the articles that the reading model has not seen, put to all articles."""
    joined, sets = list[Joined](), dict(read_news())
    with indexed_news(sets) as assistant:
        snapshot = assistant.index.current()
        told = [news for name, news in sets.items() if name.startswith(HELD_OUT)]
        for asked in [asked for news in told for asked in news["questions"]][:limit]:
            query = encode_query(snapshot, assistant.encoder, asked["q"])
            ranking = rank(snapshot, query, assistant.settings.candidates)
            sentences = _sentences(snapshot, query, ranking)
            row = _row(snapshot, asked["q"], query, ranking, sentences, bool(asked["s"]))
            joined += _joined(snapshot, query, ranking, sentences, row)
    return joined


def _sentences(snapshot: Snapshot, query: Query, ranking: Ranking | None) -> list[Sentence]:
    """The sentences that can stand in an answer, best first."""
    return quotable(choose_sentences(snapshot, query, ranking, DEPTH)) if ranking else []


def _joined(
    snapshot: Snapshot,
    query: Query,
    ranking: Ranking | None,
    sentences: Sequence[Sentence],
    row: Row,
) -> Iterator[Joined]:
    """What the reading model makes of the sentences to be shown, beside the score of a row."""
    fold, values, answerable = row
    if ranking is not None and values is not None:
        reading = best_reading(snapshot, query, ranking, sentences[:FEW])
        if reading is not None:
            yield fold, score(values), reading, answerable


def join(sets: Mapping[str, Sequence[Joined]]) -> None:
    """Fit the weights of score and reading on half of each set; print them and the other halves."""
    halves = {name: [row for row in rows if is_fitted(row[0])] for name, rows in sets.items()}
    rows = [row for half in halves.values() for row in half]
    shares = np.concatenate([np.full(len(half), 1 / len(half)) for half in halves.values()])
    known, truth = np.array([row[1:3] for row in rows]), [row[3] for row in rows]
    model = LogisticRegression(C=1e6).fit(known, truth, sample_weight=shares * len(rows))
    for name, asked in sets.items():
        other = [row for row in asked if not is_fitted(row[0])]
        told = model.predict_proba(np.array([row[1:3] for row in other]))[:, 1].tolist()
        answerable = [row[3] for row in other]
        report(f"{name}, the half not fitted on, score and reading", told, answerable)
        figure("  AUROC of the score alone", auroc([row[1] for row in other], answerable))
    for name, weight in zip(("score", "reading"), model.coef_[0].tolist(), strict=True):
        print(f"weight of the {name:<20} {weight:8.3f}")
    print(f"{'bias':<34} {float(model.intercept_[0]):8.3f}")


def _row(
    snapshot: Snapshot,
    key: str,
    query: Query,
    ranking: Ranking | None,
    sentences: Sequence[Sentence],
    answerable: bool,
) -> Row:
    """A row; without features if no sentence can be quoted, for such a question is refused."""
    if ranking is None or not sentences:
        return (fold_of(key), None, answerable)
    parts = parts_of(snapshot, query, sentences)
    values = features(snapshot, query, ranking, sentences[0], parts)
    return (fold_of(key), values, answerable)


def tell(model: Pipeline, rows: Sequence[Row]) -> list[float]:
    """The probability that each row is answerable; 0, as in an answer, where there is nothing."""
    told = [row[1] for row in rows if row[1] is not None]
    found = iter(model.predict_proba(np.array(told))[:, 1].tolist() if told else ())
    return [0.0 if row[1] is None else next(found) for row in rows]


def sharpness(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """By what to multiply the logits of scores so that they are probabilities (Platt 1999)."""
    scored = [(np.log(s / (1 - s)), t) for s, t in zip(scores, truth, strict=True) if s]
    logits, answerable = zip(*scored, strict=True)
    model = LogisticRegression(C=1e6).fit(np.array(logits)[:, None], np.array(answerable))
    return float(model.coef_[0, 0])


def report(label: str, scores: Sequence[float], truth: Sequence[bool]) -> None:
    """Print how well scores tell the answerable rows."""
    print(f"{label}: {len(scores)} rows, {sum(truth)} answerable")
    figure("  AUROC", auroc(scores, truth))
    figure("  balanced accuracy", balanced_accuracy([s > LEAST for s in scores], truth))


def fit(passages: Sequence[Row], paragraphs: Sequence[Row]) -> Pipeline:
    """Fit on both, each of the same weight on the whole."""
    passages, paragraphs = (
        [r for r in rows if r[1] is not None] for rows in (passages, paragraphs)
    )
    rows, share = [*passages, *paragraphs], len(passages) / len(paragraphs)
    weights = np.array([1.0] * len(passages) + [share] * len(paragraphs))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION))
    known, truth = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    return model.fit(known, truth, logisticregression__sample_weight=weights)


def print_weights(model: Pipeline) -> None:
    """Print weights that turn the features as they are into the logit."""
    scaler, logistic = model
    turned = logistic.coef_[0] / scaler.scale_
    for name, weight in zip(FEATURES, turned, strict=True):
        print(f"{name:<34} {weight:8.3f}")
    print(f"{'bias':<34} {float(logistic.intercept_[0] - turned @ scaler.mean_):8.3f}")


if __name__ == "__main__":
    main()
