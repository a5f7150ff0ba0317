"""Does a sentence answer a question? What a small model says that has read both together.

Likeness of words cannot tell "the bridge that was closed" from the one that was to be. The model
(`rag/reading_model.py`) was trained on passages that are dense in look-alikes, with questions that
they answer in other words and questions that they do not; `tests/benchmarks/fit_reading.py` trains
it, and says what it is worth. Its weights, 0.6 MB, lie beside this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.evidence import Sentence
from rag.late_interaction import Floats
from rag.query import Query
from rag.retrieval import Ranking
from rag.sentences import has_cells
from rag.snapshot import Snapshot
from rag.threads import one_thread
from rag.tokens import Tokens, project, quantize

if TYPE_CHECKING:
    from rag.reading_model import ReadingModel

WEIGHTS = Path(__file__).with_name("reading.npz")
MOST_QUESTION_TOKENS = 24
MOST_TOKENS = 56  # of a sentence; what is longer is cut
BEFORE = 20  # tokens that stand before the sentence in its chunk
QUESTION_FEATURES = 6
TOKEN_FEATURES = 3
READINGS = -8.0, 4.0  # the least and the most that a logit counts


@dataclass(frozen=True, slots=True)
class Pair:
    """A question of n tokens and a sentence of t, as the model takes them.

    `question_features`: (n, 6); of each token of the question, its best cosine in the sentence,
    with what stands before it, in the title and in the article, its rarity among them, and whether
    the sentence has it to the letter. `tokens`: (t, k) unit vectors times 127. `token_features`:
    (t, 3); best cosine with the question, weighted by rarity too, and whether it has it. `before`:
    (b, k), as `tokens`, of what stands before the sentence.
    """

    question_features: Floats
    tokens: NDArray[np.int8]
    token_features: Floats
    before: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Weights:
    """The trained model, the basis (d, k) of its vectors, and the encoder they are made by."""

    model: ReadingModel
    basis: Floats
    digest: str


def read_together(
    snapshot: Snapshot, query: Query, ranking: Ranking, sentences: Sequence[Sentence]
) -> Floats | None:
    """How surely each of m ≥ 1 sentences answers, as a logit, (m,).

    `None` where the model cannot tell: of vectors of another embedding model than it was trained
    with, and of languages that this one does not know.
    """
    weights = load()
    if snapshot.manifest.fingerprint.digest != weights.digest or query.literal.any():
        return None
    turn = turn_to(weights.basis, snapshot.tokens.basis)
    question = project(query.tokens, turn)[:MOST_QUESTION_TOKENS]
    pairs = pairs_of(snapshot, query, ranking, sentences, turn)
    import torch

    with one_thread(), torch.inference_mode():
        logits: Floats = weights.model(*batch([question] * len(pairs), pairs)).numpy()
    return logits


def best_reading(
    snapshot: Snapshot, query: Query, ranking: Ranking, sentences: Sequence[Sentence]
) -> float | None:
    """How surely one of some sentences answers, a logit within `READINGS`; `None` as above.

    And where one is a row of a table: the model has seen none.
    """
    readable = sentences and not any(has_cells(sentence.text) for sentence in sentences)
    logits = read_together(snapshot, query, ranking, sentences) if readable else None
    return None if logits is None else float(np.clip(logits.max(), *READINGS))


@cache
def load() -> Weights:
    """Read the weights, once."""
    import torch

    from rag.reading_model import ReadingModel

    with np.load(WEIGHTS) as stored:
        parts = {name: stored[name] for name in stored.files}
    basis, digest = parts.pop("basis").astype(np.float32), str(parts.pop("digest"))
    model = ReadingModel(dimension=basis.shape[1])
    model.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in parts.items()})
    return Weights(model.eval(), basis, digest)


def turn_to(basis: Floats, stored: Floats | None) -> Floats:
    """From the basis that an index is projected on, if any, to the model's: (j, k).

    Multiplied by torch for the reason given in `late_interaction.cosines`.
    """
    if stored is None:
        return basis
    import torch

    with one_thread():
        turn: Floats = (torch.from_numpy(stored).T @ torch.from_numpy(basis)).numpy()
    return turn


def pairs_of(
    snapshot: Snapshot,
    query: Query,
    ranking: Ranking,
    sentences: Sequence[Sentence],
    turn: Floats,
) -> list[Pair]:
    """What the model is told of a question and each sentence; `turn` as `turn_to` makes it."""
    rows = {sentence.row: snapshot.chunks[sentence.row] for sentence in sentences}
    tokens = {row: snapshot.tokens.gather([chunk.key]) for row, chunk in rows.items()}
    turned = {row: _turned(told.vectors, turn) for row, told in tokens.items()}
    found = []
    for sentence in sentences:
        told = tokens[sentence.row]
        starts = told.spans[:, 0].astype(np.int64) + rows[sentence.row].start
        inside = slice(*np.searchsorted(starts, [sentence.start, sentence.end]))
        found.append(_pair(query, ranking, sentence, told, turned[sentence.row], inside))
    return found


def _pair(
    query: Query,
    ranking: Ranking,
    sentence: Sentence,
    tokens: Tokens,
    turned: NDArray[np.int8],
    inside: slice,
) -> Pair:
    """A pair of which the sentence is some tokens of its chunk; `turned`: their vectors, (t, k)."""
    inside = slice(inside.start, min(inside.stop, inside.start + MOST_TOKENS))
    cosines = ranking.tokens_of(sentence.row)[0][inside]
    same = tokens.pieces[inside][:, None] == query.pieces[query.kept][None, :]
    rarity = query.weights / max(float(query.weights.max()), 1e-6)
    title = np.maximum(ranking.titles[sentence.article_id], 0)
    article = np.maximum(ranking.articles[sentence.article_id], sentence.own)
    columns = [sentence.own, sentence.carried, title, rarity, same.any(axis=0), article]
    best, heaviest = (each.max(axis=1, initial=-1) for each in (cosines, cosines * rarity))
    return Pair(
        question_features=np.stack(columns, axis=1)[:MOST_QUESTION_TOKENS].astype(np.float32),
        tokens=turned[inside],
        token_features=np.stack([best, heaviest, same.any(axis=1)], axis=1).astype(np.float32),
        before=turned[max(0, inside.start - BEFORE) : inside.start],
    )


def _turned(vectors: NDArray[np.int8], turn: Floats) -> NDArray[np.int8]:
    """Token vectors of the index, (t, j), as the model takes them, (t, k)."""
    return quantize(project(vectors.astype(np.float32) / np.float32(127), turn))


def batch(questions: Sequence[Floats], pairs: Sequence[Pair]) -> tuple[Any, ...]:
    """Pairs with their questions, (n, k) each, as the tensors that the model takes, filled up."""
    import torch

    def filled(parts: Sequence[NDArray[Any]], scale: float = 1.0) -> Any:
        longest = max(1, *(len(part) for part in parts))
        whole = np.zeros((len(parts), longest, parts[0].shape[1]), np.float32)
        for row, part in enumerate(parts):
            whole[row, : len(part)] = part / np.float32(scale)
        return torch.from_numpy(whole)

    def there(parts: Sequence[NDArray[Any]]) -> Any:
        lengths = np.array([len(part) for part in parts])
        return torch.from_numpy(np.arange(max(1, lengths.max())) < lengths[:, None])

    tokens, before = [pair.tokens for pair in pairs], [pair.before for pair in pairs]
    return (
        filled(questions),
        filled([pair.question_features for pair in pairs]),
        there(questions),
        filled(tokens, 127),
        filled([pair.token_features for pair in pairs]),
        there(tokens),
        filled(before, 127),
        there(before),
    )
