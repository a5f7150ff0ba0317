"""A small transformer that reads a question and a sentence together.

With them it reads some words that stand before the sentence, for what it owes to them. All come as
the token vectors that the embedding model made of question and text alone, those of the text from
the index, as in PreTTR (MacAvaney et al. 2020): only the last two layers see both.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rag.reading import (
    BEFORE,
    MOST_QUESTION_TOKENS,
    MOST_TOKENS,
    QUESTION_FEATURES,
    TOKEN_FEATURES,
)


class ReadingModel(nn.Module):
    """m pairs of a question and a sentence to m logits: does the sentence answer the question?"""

    def __init__(
        self,
        dimension: int = 128,
        width: int = 128,
        layers: int = 2,
        heads: int = 4,
        inner: int = 256,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
    ) -> None:
        """Take the length of the token vectors, and the sizes of the layers."""
        super().__init__()
        self.scale = dimension**0.5  # token vectors have unit length; the layers want unit variance
        self.vectors = nn.Linear(dimension, width)
        self.question_features = nn.Linear(QUESTION_FEATURES, width)
        self.token_features = nn.Linear(TOKEN_FEATURES, width)
        self.start = nn.Parameter(torch.randn(width) * 0.1)
        self.question_places = nn.Parameter(torch.randn(MOST_QUESTION_TOKENS, width) * 0.02)
        self.places = nn.Parameter(torch.randn(MOST_TOKENS, width) * 0.02)
        self.before = nn.Parameter(torch.randn(width) * 0.1)
        self.before_places = nn.Parameter(torch.randn(BEFORE, width) * 0.02)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(input_dropout)
        layer = nn.TransformerEncoderLayer(
            width, heads, inner, dropout, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 1))

    def forward(
        self,
        question: Tensor,
        question_features: Tensor,
        question_mask: Tensor,
        tokens: Tensor,
        token_features: Tensor,
        token_mask: Tensor,
        before: Tensor,
        before_mask: Tensor,
    ) -> Tensor:
        """Read m pairs, (m,).

        Of the question (m, n, d), (m, n, 6), (m, n) bool; of the sentence (m, t, d), (m, t, 3),
        (m, t) bool; of what stands before it (m, b, d), (m, b) bool.
        """
        asked = self.vectors(question * self.scale) + self.question_features(question_features)
        said = self.vectors(tokens * self.scale) + self.token_features(token_features)
        asked = asked + self.question_places[: question.shape[1]]
        said = said + self.places[: tokens.shape[1]]
        known = self.vectors(before * self.scale) + self.before
        known = known + self.before_places[: before.shape[1]]
        start = self.start.expand(len(question), 1, -1)
        read = self.dropout(self.norm(torch.cat([start, asked, said, known], dim=1)))
        there = torch.ones(len(question), 1, dtype=torch.bool)
        unread = ~torch.cat([there, question_mask, token_mask, before_mask], dim=1)
        read = self.layers(read, src_key_padding_mask=unread)
        logits: Tensor = self.out(read[:, 0]).squeeze(-1)
        return logits
