"""A cross-encoder (Nogueira and Cho 2019) made of the embedding model.

Its layers see question and sentence at once. The vocabulary and the first layers are those of the
embedding model, and shared with it; the others are copies with low-rank adapters (LoRA, Hu et al.
2022), which are all that has to be stored.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

WEIGHTS = Path(__file__).with_name("reranker.npz")
SHARED = 2  # layers that are left as they are
RANK = 16
SCALE = 2.0  # of what an adapter adds
START, SEPARATOR = 101, 102  # word pieces of BERT
KINDS = 3  # of tokens: of the question, the sentence, and the title of its article

Pieces = Sequence[int]
Pair = tuple[Pieces, Pieces, Pieces]  # a part of each kind


class Adapted(nn.Module):
    """A linear layer with an adapter of low rank, which is all that is trained of it."""

    def __init__(self, linear: nn.Linear) -> None:
        """Wrap a layer; at first, nothing is added to what it gives."""
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, values: Tensor) -> Tensor:
        """Apply both, (…, in) to (…, out)."""
        added = functional.linear(functional.linear(values, self.down), self.up)
        whole: Tensor = self.linear(values) + SCALE * added
        return whole

    def merged(self) -> nn.Linear:
        """One layer that gives the same."""
        added = (SCALE * self.up @ self.down).to(self.linear.weight.dtype)
        self.linear.weight = nn.Parameter(self.linear.weight + added, requires_grad=False)
        return self.linear


class RerankerModel(nn.Module):
    """Pairs of a question and a sentence to a logit each: does the sentence answer the question?

    And for each token a logit: is it of the words that are the answer?
    """

    def __init__(self, bert: Any) -> None:
        """Build on the BERT of an embedding model, which is left as it is."""
        super().__init__()
        self.shared = [bert.embeddings, *bert.encoder.layer[:SHARED]]  # no modules of our own
        self.layers = copy.deepcopy(bert.encoder.layer[SHARED:]).requires_grad_(False)
        _replace(self.layers, nn.Linear, Adapted)
        width = bert.config.hidden_size
        self.kinds = nn.Parameter(torch.zeros(KINDS, width))
        self.answers = nn.Linear(width, 1)
        self.words = nn.Linear(width, 1)

    def forward(self, pieces: Tensor, kinds: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """Read m pairs of up to t tokens: (m, t) each to (m,) and (m, t)."""
        embed, *shared = self.shared
        known = embed.word_embeddings(pieces)
        read = embed(inputs_embeds=known + self.kinds.to(known.dtype)[kinds])
        mask = None if there.all() else there[:, None, None, :]
        for layer in [*shared, *self.layers]:
            read = layer(read, attention_mask=mask)
        read = read.float()
        return self.answers(read[:, 0]).squeeze(-1), self.words(read).squeeze(-1)

    def adapters(self) -> dict[str, Tensor]:
        """What was trained, by name."""
        return {name: part for name, part in self.named_parameters() if part.requires_grad}

    def merge(self) -> RerankerModel:
        """Make the adapters one with their layers, to read with."""
        _replace(self.layers, Adapted, Adapted.merged)
        return self.requires_grad_(False).eval()


def _replace(whole: nn.Module, kind: type[nn.Module], make: Any) -> None:
    """Put something else in the place of all modules of a kind."""
    for module in list(whole.modules()):
        for name, part in list(module.named_children()):
            if isinstance(part, kind):
                setattr(module, name, make(part))


def load(bert: Any, digest: str, file: Path = WEIGHTS) -> RerankerModel | None:
    """The trained model; `None` if its adapters go with other weights than BERT has.

    `digest`: that of its weights.
    """
    with np.load(file) as stored:
        parts = {name: stored[name] for name in stored.files}
    if str(parts.pop("digest")) != digest:
        return None
    model = RerankerModel(bert)
    for name, part in model.adapters().items():
        part.data = torch.from_numpy(parts[name].astype(np.float32))
    return model.merge()


def batch(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """Pairs as the tensors that the model takes, filled up to the longest: pieces, kinds, mask."""
    rows = [
        [(START, 0), *((p, kind) for kind in range(KINDS) for p in [*pair[kind], SEPARATOR])]
        for pair in pairs
    ]
    longest = max(map(len, rows))
    filled = [row + [(0, 0)] * (longest - len(row)) for row in rows]
    pieces, kinds = torch.tensor(filled).unbind(dim=-1)
    there = torch.arange(longest) < torch.tensor([[len(row)] for row in rows])
    return pieces, kinds, there


def words_of(tags: Tensor, pair: Pair) -> Tensor:
    """Of the logits of a pair's tokens, those of its sentence."""
    first = len(pair[0]) + 2
    return tags[first : first + len(pair[1])]
