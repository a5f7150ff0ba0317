"""Train the reranker: `python -m tests.benchmarks.fit_reranker --out rag/reranker.npz`.

Without `--out`, the adapters that are there are reported on, and nothing is trained.

It learns from the articles and questions in `tests/reading`, as the reading model does (see
`tests.benchmarks.fit_reading`). Of each question it sees some sentences that answer, some of the
right articles that do not, above all the nearest, and some of others; it learns to tell which
sentence answers, and in it the words that do. Subjects in `HELD_OUT` are not
trained on; what it is worth on them is printed beside late interaction alone. No public data are
used, so that benchmarks over these tell of text that it has not seen. Takes an hour on two cores.
"""

from __future__ import annotations

import math
import random
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from rag import Assistant
from rag.late_interaction import Floats
from rag.metrics import auroc, mean
from rag.reranker import excerpt, pairs_of
from rag.reranker_model import WEIGHTS, Pair, RerankerModel, batch, load, words_of
from tests.benchmarks.common import figure
from tests.benchmarks.reading_data import HELD_OUT, Asked, indexed_news, looked_at, read_news
from tests.benchmarks.training import flat, ranking_loss, report_readers

EPOCHS = 1.7
QUESTIONS = 16  # a step
RATE = 5e-4  # of learning, at its highest
WARM_UP = 100  # steps
DECAY = 0.01
ANSWERS, NEAREST, OTHERS = 2, 2, 1  # sentences that answer, and of the right articles that do not
ELSEWHERE = 0.6  # how often one of another article
ANSWERS_WEIGHT, WORDS_WEIGHT = 1.5, 3.0  # of what is seldom
RANKING_SHARE, WORDS_SHARE = 0.3, 0.7  # of the loss
WITHOUT = 0.3  # what a word counts in a sentence that does not answer
TOGETHER = 16  # pairs of about one length that are read at a time


@dataclass(frozen=True, slots=True)
class Group:
    """A question with sentences: `pairs` as the model takes them, and which answer, (m,).

    `words`: of each pair, (t,), the word pieces of its sentence that are the answer. `score`: (m,),
    what late interaction makes of them. `own`: how many are of the right articles.
    """

    subject: str
    pairs: list[Pair]
    answers: Floats
    words: list[Floats]
    score: Floats
    own: int


Row = tuple[int, Group, int]  # number of the question, its group, number of the pair


def main() -> None:
    """Index the articles, train, report, save."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, help="train, and write the adapters to this file")
    out: Path | None = options.parse_args().out
    sets = dict(read_news())
    with indexed_news(sets) as assistant:
        asked = looked_at(assistant, sets, () if out else HELD_OUT)
        groups = [group_of(assistant, each) for each in asked]
        if out:
            model = train(assistant, [g for g in groups if g.subject not in HELD_OUT])
            save(model, assistant.encoder.digest, out)
        told = load(assistant.encoder.model[0].auto_model, assistant.encoder.digest, out or WEIGHTS)
        if told is None:
            raise SystemExit("the adapters were trained for another embedding model; give --out")
        report(told, [group for group in groups if group.subject in HELD_OUT])


def group_of(assistant: Assistant, asked: Asked) -> Group:
    """A question as the model takes it."""
    told = assistant.encoder.pieces([sentence.text for sentence in asked.sentences])
    excerpts = [excerpt(asked.snapshot, sentence) for sentence in asked.sentences]
    words = [
        [any(start < last and end > first for first, last in spans) for start, end in places]
        for spans, (_, places) in zip(asked.answers, told, strict=True)
    ]
    return Group(
        subject=asked.subject,
        pairs=pairs_of(assistant.encoder, asked.query.text, excerpts),
        answers=asked.right,
        words=[np.array(each, np.float32) for each in words],
        score=asked.score,
        own=asked.own,
    )


def train(assistant: Assistant, groups: Sequence[Group]) -> RerankerModel:
    """Train with AdamW, the rate falling by a cosine; prints the loss as it goes."""
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    drawn = random.Random(0)
    model = RerankerModel(assistant.encoder.model[0].auto_model.float()).eval()  # no dropout
    trained = list(model.adapters().values())
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)
    steps, losses = int(EPOCHS * (len(groups) // QUESTIONS)), list[float]()
    for step, some in enumerate(batches(groups, steps, drawn)):
        falling = (1 + math.cos(math.pi * step / steps)) / 2
        for parameters in optimizer.param_groups:
            parameters["lr"] = RATE * min(1, (step + 1) / WARM_UP) * falling
        rows = [(n, group, place) for n, group in enumerate(some) for place in sample(group, drawn)]
        loss = loss_of(model, rows)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} of {steps}: loss {mean(losses[-50:]):.4f}", flush=True)
    return model


def batches(groups: Sequence[Group], steps: int, drawn: random.Random) -> Iterable[list[Group]]:
    """So many times a few questions, all of them before one comes again."""
    order = list[Group]()
    for _ in range(steps):
        if len(order) < QUESTIONS:
            order = drawn.sample(list(groups), len(groups))
        yield [order.pop() for _ in range(QUESTIONS)]


def sample(group: Group, drawn: random.Random) -> list[int]:
    """Some sentences that answer, the nearest that do not, and some others."""
    right = np.flatnonzero(group.answers).tolist()
    wrong = [place for place in range(group.own) if not group.answers[place]]
    near, far = wrong[:NEAREST], wrong[NEAREST:]
    other = range(group.own, len(group.pairs) if drawn.random() < ELSEWHERE else group.own)
    return [
        *drawn.sample(right, min(ANSWERS, len(right))),
        *near,
        *drawn.sample(far, min(OTHERS, len(far))),
        *drawn.sample(other, min(1, len(other))),
    ]


def loss_of(model: RerankerModel, rows: Sequence[Row]) -> Tensor:
    """Cross-entropy of each pair, of the answers of a question among its pairs, and of words."""
    logits, words = read_rows(model, rows)
    answers = torch.tensor([float(group.answers[place]) for _, group, place in rows])
    loss = binary_cross_entropy_with_logits(
        logits, answers, pos_weight=torch.tensor(ANSWERS_WEIGHT)
    )
    loss = loss + RANKING_SHARE * ranking_loss(logits, answers, [n for n, _, _ in rows])
    return loss + WORDS_SHARE * words_loss(words, rows)


def words_loss(words: Sequence[Tensor], rows: Sequence[Row]) -> Tensor:
    """Cross-entropy of the word pieces of sentences: are they of the answer?"""
    targets = [
        group.words[place][: len(w)] for (_, group, place), w in zip(rows, words, strict=True)
    ]
    weights = [np.full(len(part), 1.0 if part.any() else WITHOUT, np.float32) for part in targets]
    weight = torch.from_numpy(np.concatenate(weights))
    losses = binary_cross_entropy_with_logits(
        torch.cat(list(words)),
        torch.from_numpy(np.concatenate(targets)),
        reduction="none",
        pos_weight=torch.tensor(WORDS_WEIGHT),
    )
    return (losses * weight).sum() / weight.sum()


def read_rows(model: RerankerModel, rows: Sequence[Row]) -> tuple[Tensor, list[Tensor]]:
    """The logits of pairs, (r,), and those of the words of their sentences, (t,) each."""
    pairs = [group.pairs[place] for _, group, place in rows]
    order = sorted(range(len(pairs)), key=lambda r: sum(map(len, pairs[r])))
    logits, words = list[Tensor](), list[Tensor]()
    for first in range(0, len(order), TOGETHER):
        some = [pairs[r] for r in order[first : first + TOGETHER]]
        told, tagged = model(*batch(some))
        logits.append(told)
        words += [words_of(tags, pair) for tags, pair in zip(tagged, some, strict=True)]
    back = np.argsort(order)
    return torch.cat(logits)[torch.from_numpy(back)], [words[place] for place in back]


def report(model: RerankerModel, groups: Sequence[Group]) -> None:
    """Print what the model is worth on articles that it has not seen, beside late interaction."""
    told: dict[str, list[tuple[Floats, Floats]]] = defaultdict(list)
    inside = list[tuple[Floats, Floats]]()
    with torch.inference_mode():
        for group in groups:
            answers = group.answers[: group.own]
            logits, words = read_rows(model, [(0, group, place) for place in range(group.own)])
            told["reranker"].append((logits.numpy(), answers))
            told["late interaction"].append((group.score[: group.own], answers))
            tagged = [(tags.numpy(), group.words[n][: len(tags)]) for n, tags in enumerate(words)]
            inside += [(tags, right) for tags, right in tagged if right.any()]
    report_readers(told)
    figure(
        "AUROC of the words that are the answer, in sentences that have it", auroc(*flat(inside))
    )


def save(model: RerankerModel, digest: str, out: Path) -> None:
    """Write the adapters as float16; a digest says which encoder they go with."""
    parts = {name: part.detach().numpy() for name, part in model.adapters().items()}
    halves = {name: part.astype(np.float16) for name, part in parts.items()}
    np.savez_compressed(out, digest=digest, **halves)  # type: ignore[arg-type]
    print(f"wrote {out}: {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
