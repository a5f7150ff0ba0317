"""What the programs that train a model on `tests/reading` share: a loss, and the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from rag.late_interaction import Floats
from rag.metrics import auroc, mean
from tests.benchmarks.common import figure
from tests.benchmarks.reading_data import HELD_OUT

Told = tuple[Floats, Floats]  # scores of some sentences or words, and which of them answer


def ranking_loss(logits: Tensor, answers: Tensor, asked: Sequence[int]) -> Tensor:
    """Cross-entropy of the answers among all pairs of their question, the mean of a question.

    `asked`: the number of the question of each pair. Questions without an answer do not count.
    """
    numbers, size = torch.tensor(asked), max(asked) + 1
    raised = torch.exp(logits - logits.detach().max())
    every = torch.zeros(size).index_add(0, numbers, raised)
    right = torch.zeros(size).index_add(0, numbers, raised * answers)
    has = torch.zeros(size).index_add(0, numbers, answers) > 0
    return -torch.log((right[has] + 1e-9) / every[has]).sum() / max(1, int(has.sum()))


def report_readers(readers: Mapping[str, Sequence[Told]]) -> None:
    """Print what each reader makes of the sentences of the right articles, question by question."""
    print(f"questions on subjects not trained on: {', '.join(HELD_OUT)}")
    for name, told in readers.items():
        print(f"{name}, {len(told)} questions")
        has = [(scores, answers) for scores, answers in told if answers.any()]
        first = [float(answers[scores.argmax()]) for scores, answers in has]
        figure("  answering sentence first of the right articles", mean(first))
        figure("  AUROC of their sentences", auroc(*flat(has)))
        best = [float(scores.max()) for scores, _ in told]
        figure("  AUROC of answerable questions", auroc(best, [bool(a.any()) for _, a in told]))


def flat(told: Iterable[Told]) -> tuple[list[float], list[bool]]:
    """All scores and answers in one list each."""
    taken = list(told)
    scores = [float(score) for scores, _ in taken for score in scores]
    return scores, [bool(answer) for _, answers in taken for answer in answers]
