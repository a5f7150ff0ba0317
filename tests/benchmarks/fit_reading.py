"""Train the reading model: `python -m tests.benchmarks.fit_reading --out rag/reading.npz`.

Without `--out`, the weights that are there are reported on, and nothing is trained.

The passages and questions in `tests/reading` were written for it: each passage of ten sentences or
so with eight questions, of which five or six are answered by the sentences that are named and the
others by none. Every question is put to one index of all passages. The model sees the sentences of
the right passage, some more often than others (those that answer, and the nearest that do not), and
the nearest of other passages. Two of the fourteen subjects, `HELD_OUT`, are not trained on; what it
is worth on them is printed beside late interaction alone. No public data are used, so that
benchmarks over these tell of text that it has not seen. Takes half an hour on two cores.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rag import Assistant
from rag.evidence import DEPTH, score_sentences
from rag.late_interaction import Floats
from rag.metrics import auroc, mean
from rag.query import encode_query
from rag.reading import MOST_QUESTION_TOKENS, Pair, batch, load, pairs_of
from rag.reading_model import ReadingModel
from rag.retrieval import rank
from tests.benchmarks.common import TESTS, article_text, figure, indexed

PASSAGES = TESTS / "reading"
HELD_OUT = ("science", "society")
EPOCHS = 5
QUESTIONS = 32  # a step
RATE = 1e-3  # of learning, at its highest
DECAY = 0.05
DROPOUT, INPUT_DROPOUT = 0.15, 0.2
ANSWERS_WEIGHT = 2.0  # one sentence in ten answers
RANKING_WEIGHT = 0.3
NEGATIVES = 6  # of the right passage, two in three the nearest
FOREIGN = 3  # kept of other passages
TOGETHER = 160  # pairs of about one length that are read at a time

Passage = dict[str, Any]  # its title, date, sentences and questions


@dataclass(frozen=True, slots=True)
class Group:
    """A question with sentences: `pairs` as the model takes them, and which answer, (m,).

    `score`: (m,), what late interaction makes of them. `own`: how many are of the right passage.
    """

    subject: str
    question: Floats
    pairs: list[Pair]
    answers: Floats
    score: Floats
    own: int


def main() -> None:
    """Index the passages, train, report, save."""
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
    """The groups of some subjects, or of all, their basis (d, k), and the encoder's digest.

    Each question is put to the passages of all subjects.
    """
    with indexed_passages() as (assistant, passages):
        basis = assistant.index.current().tokens.basis
        if basis is None:
            raise LookupError("the passages are too few to fit a basis to")
        found = [
            group
            for name, passage in passages.items()
            if not only or name.startswith(tuple(only))
            for asked in passage["questions"]
            for group in take(assistant, name, passage["sentences"], asked["q"], asked["a"])
        ]
        return found, basis, assistant.encoder.digest


@contextmanager
def indexed_passages() -> Iterator[tuple[Assistant, dict[str, Passage]]]:
    """An assistant over all passages, each an article whose source is its name; and these."""
    with tempfile.TemporaryDirectory() as folder:
        passages = dict(read_passages())
        for name, passage in passages.items():
            write(Path(folder), name, passage)
        with indexed(Path(folder), "passages of tests/reading") as assistant:
            yield assistant, passages


def read_passages() -> Iterator[tuple[str, Passage]]:
    """All passages with their names, which begin with their subject."""
    for file in sorted(PASSAGES.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            yield f"{file.stem}-{number:03}", json.loads(line)


def write(folder: Path, name: str, passage: Passage) -> None:
    """Write a passage as an article, three sentences to a paragraph."""
    said = passage["sentences"]
    text = "\n\n".join(" ".join(said[i : i + 3]) for i in range(0, len(said), 3))
    content = article_text(text, title=passage["title"], published=passage["date"], source=name)
    (folder / f"{name}.txt").write_text(content, encoding="utf-8")


def take(
    assistant: Assistant, name: str, said: Sequence[str], text: str, answers: Sequence[int]
) -> Iterator[Group]:
    """A question with the sentences that the reader would look at; nothing if none is right."""
    snapshot = assistant.index.current()
    query = encode_query(snapshot, assistant.encoder, text)
    ranking = rank(snapshot, query, assistant.settings.candidates)
    if ranking is None or query.literal.any():
        return
    ranked = sorted(score_sentences(snapshot, query, ranking, DEPTH), key=lambda s: -s.score)
    own = [s for s in ranked if snapshot.entries[s.article_id].source == name]
    gold = [said[place] for place in answers]
    right = [any(s.text in g or g in s.text for g in gold) for s in own]
    if not own or (gold and not any(right)):
        return
    other = [s for s in ranked if snapshot.entries[s.article_id].source != name][:FOREIGN]
    turn = np.eye(query.tokens.shape[1], dtype=np.float32)  # the basis is the model's
    sentences = [*own, *other]
    yield Group(
        subject=name.partition("-")[0],
        question=query.tokens[:MOST_QUESTION_TOKENS],
        pairs=pairs_of(snapshot, query, ranking, sentences, turn),
        answers=np.array([*right, *[False] * len(other)], np.float32),
        score=np.array([s.score for s in sentences], np.float32),
        own=len(own),
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
    return [*right, *wrong, *drawn.sample(other, min(2, len(other)))]


def loss_of(model: ReadingModel, rows: Sequence[tuple[int, Group, int]]) -> Tensor:
    """Cross-entropy of each pair, and of the answers of a question among all its sentences."""
    logits, answers = read_rows(model, rows)
    weight = torch.tensor(ANSWERS_WEIGHT)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, answers, pos_weight=weight)
    asked = torch.tensor([n for n, _, _ in rows])
    size = int(asked.max()) + 1
    raised = torch.exp(logits - logits.detach().max())
    all_of = torch.zeros(size).index_add(0, asked, raised)
    right = torch.zeros(size).index_add(0, asked, raised * answers)
    has = torch.zeros(size).index_add(0, asked, answers) > 0
    if has.any():
        loss = loss - RANKING_WEIGHT * torch.log((right[has] + 1e-9) / all_of[has]).mean()
    return loss


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
    """Print what the model is worth on passages that it has not seen, beside late interaction."""
    told: dict[str, list[tuple[Floats, Floats]]] = defaultdict(list)
    with torch.inference_mode():
        for group in groups:
            rows = [(0, group, place) for place in range(group.own)]
            answers = group.answers[: group.own]
            told["reading model"].append((read_rows(model, rows)[0].numpy(), answers))
            told["late interaction"].append((group.score[: group.own], answers))
    print(f"{len(groups)} questions on subjects not trained on: {', '.join(HELD_OUT)}")
    for name, pairs in told.items():
        print(name)
        has = [(scores, answers) for scores, answers in pairs if answers.any()]
        first = [float(answers[scores.argmax()]) for scores, answers in has]
        figure("  answering sentence first in its passage", mean(first))
        figure("  AUROC of sentences of a passage that answers", auroc(*flat(has)))
        best = [float(scores.max()) for scores, _ in pairs]
        figure("  AUROC of answerable questions", auroc(best, [bool(a.any()) for _, a in pairs]))


def flat(pairs: Iterable[tuple[Floats, Floats]]) -> tuple[list[float], list[bool]]:
    """All scores and answers in one list each."""
    taken = list(pairs)
    scores = [float(score) for scores, _ in taken for score in scores]
    return scores, [bool(answer) for _, answers in taken for answer in answers]


def save(model: ReadingModel, basis: Floats, digest: str, out: Path) -> None:
    """Write weights and basis as float16; a digest says which encoder they go with."""
    parts = {name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez_compressed(out, basis=basis.astype(np.float16), digest=digest, **parts)
    print(f"wrote {out}: {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
