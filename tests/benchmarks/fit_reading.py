"""Train the reading model: `python -m tests.benchmarks.fit_reading --out rag/reading.npz`.

Without `--out`, the weights that are there are reported on, and nothing is trained.

The articles and questions in `tests/reading` were written for it: passages of ten sentences or so
with eight questions, and sets of four articles about one thing with fourteen, six of them lists. A
third of the questions is answered by none; of the others, every sentence that answers is named, and
the words in it that do. Every question is put to one index of all. The model sees the sentences of
the right articles, some more often than others (those that answer, and the nearest that do not),
and the nearest of other articles. Subjects in `HELD_OUT` are not trained on; what it is worth on
them is printed beside late interaction alone. No public data are used, so that benchmarks over
these tell of text that it has not seen. Takes an hour on two cores.
"""

from __future__ import annotations

import math
import random
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from rag.late_interaction import Floats
from rag.metrics import mean
from rag.reading import MOST_QUESTION_TOKENS, Pair, batch, load, pairs_of
from rag.reading_model import ReadingModel
from tests.benchmarks.reading_data import HELD_OUT, Asked, indexed_news, looked_at, read_news
from tests.benchmarks.training import ranking_loss, report_readers

EPOCHS = 4
QUESTIONS = 32  # a step
RATE = 1e-3  # of learning, at its highest
DECAY = 0.05
DROPOUT, INPUT_DROPOUT = 0.15, 0.2
ANSWERS_WEIGHT = 2.0  # one sentence in ten answers
RANKING_WEIGHT = 0.3
NEGATIVES = 6  # of the right articles, two in three the nearest
ELSEWHERE = 2  # of other articles
TOGETHER = 160  # pairs of about one length that are read at a time


@dataclass(frozen=True, slots=True)
class Group:
    """A question with sentences: `pairs` as the model takes them, and which answer, (m,).

    `score`: (m,), what late interaction makes of them. `own`: how many are of the right articles.
    """

    subject: str
    question: Floats
    pairs: list[Pair]
    answers: Floats
    score: Floats
    own: int


def main() -> None:
    """Index the articles, train, report, save."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, help="train, and write the weights to this file")
    out: Path | None = options.parse_args().out
    groups, basis, digest = read_groups(only=() if out else HELD_OUT)
    if out:
        model = train([group for group in groups if group.subject not in HELD_OUT])
        save(model, basis, digest, out)
    else:
        model = load().model
    report(model, [group for group in groups if group.subject in HELD_OUT])


def read_groups(only: Sequence[str]) -> tuple[list[Group], Floats, str]:
    """The groups of some subjects, or of all, their basis (d, k), and the encoder's digest."""
    sets = dict(read_news())
    with indexed_news(sets) as assistant:
        basis = assistant.index.current().tokens.basis
        if basis is None:
            raise LookupError("the articles are too few to fit a basis to")
        groups = [group_of(asked) for asked in looked_at(assistant, sets, only)]
        return groups, basis, assistant.encoder.digest


def group_of(asked: Asked) -> Group:
    """A question as the model takes it."""
    tokens = asked.query.tokens
    turn = np.eye(tokens.shape[1], dtype=np.float32)  # the basis is the model's
    return Group(
        subject=asked.subject,
        question=tokens[:MOST_QUESTION_TOKENS],
        pairs=pairs_of(asked.snapshot, asked.query, asked.ranking, asked.sentences, turn),
        answers=asked.right,
        score=asked.score,
        own=asked.own,
    )


def train(groups: Sequence[Group]) -> ReadingModel:
    """Train with AdamW, the rate falling by a cosine; prints the loss of each epoch."""
    torch.manual_seed(0)
    drawn = random.Random(0)
    model = ReadingModel(groups[0].question.shape[1], dropout=DROPOUT, input_dropout=INPUT_DROPOUT)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    steps, step = EPOCHS * (len(groups) // QUESTIONS), 0
    for epoch in range(EPOCHS):
        order = drawn.sample(list(groups), len(groups))
        losses = []
        model.train()
        for first in range(0, len(order) - QUESTIONS + 1, QUESTIONS):
            rate = RATE * min(1, step / 100) * (1 + math.cos(math.pi * step / steps)) / 2
            for parameters in optimizer.param_groups:
                parameters["lr"] = rate
            step += 1
            rows = [
                (n, group, place)
                for n, group in enumerate(order[first : first + QUESTIONS])
                for place in sample(group, drawn)
            ]
            loss = loss_of(model, rows)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {mean(losses):.4f}", flush=True)
    return model.eval()


def sample(group: Group, drawn: random.Random) -> list[int]:
    """The sentences that answer, the nearest that do not, some others, and two of elsewhere."""
    right = np.flatnonzero(group.answers).tolist()
    wrong = [place for place in range(group.own) if not group.answers[place]]
    near = NEGATIVES * 2 // 3
    if len(wrong) > NEGATIVES:
        wrong = wrong[:near] + drawn.sample(wrong[near:], NEGATIVES - near)
    other = range(group.own, len(group.pairs))
    return [*right, *wrong, *drawn.sample(other, min(ELSEWHERE, len(other)))]


def loss_of(model: ReadingModel, rows: Sequence[tuple[int, Group, int]]) -> Tensor:
    """Cross-entropy of each pair, and of the answers of a question among all its sentences."""
    logits, answers = read_rows(model, rows)
    weight = torch.tensor(ANSWERS_WEIGHT)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, answers, pos_weight=weight)
    return loss + RANKING_WEIGHT * ranking_loss(logits, answers, [n for n, _, _ in rows])


def read_rows(model: ReadingModel, rows: Sequence[tuple[int, Group, int]]) -> tuple[Tensor, Tensor]:
    """Logits and answers, (r,) each; pairs of about one length are read together."""
    order = sorted(range(len(rows)), key=lambda r: len(rows[r][1].pairs[rows[r][2]].tokens))
    logits, answers = [], []
    for first in range(0, len(order), TOGETHER):
        some = [rows[r] for r in order[first : first + TOGETHER]]
        inputs = batch([g.question for _, g, _ in some], [g.pairs[p] for _, g, p in some])
        logits.append(model(*inputs))
        answers += [float(g.answers[p]) for _, g, p in some]
    back = torch.tensor(np.argsort(order))
    return torch.cat(logits)[back], torch.tensor(answers)[back]


def report(model: ReadingModel, groups: Sequence[Group]) -> None:
    """Print what the model is worth on articles that it has not seen, beside late interaction."""
    told: dict[str, list[tuple[Floats, Floats]]] = defaultdict(list)
    with torch.inference_mode():
        for group in groups:
            answers = group.answers[: group.own]
            rows = [(0, group, place) for place in range(group.own)]
            told["reading model"].append((read_rows(model, rows)[0].numpy(), answers))
            told["late interaction"].append((group.score[: group.own], answers))
    report_readers(told)


def save(model: ReadingModel, basis: Floats, digest: str, out: Path) -> None:
    """Write weights and basis as float16; a digest says which encoder they go with."""
    parts = {name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez_compressed(out, basis=basis.astype(np.float16), digest=digest, **parts)
    print(f"wrote {out}: {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
