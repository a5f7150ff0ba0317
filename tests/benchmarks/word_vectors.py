"""The packaged model without its layers: the same words and sizes in a fraction of the time.

It stands in where a benchmark is about memory, disk, or time that does not depend on what vectors
mean: each token has the vector of its word piece, and a text their mean. An index that it made can
be asked with the whole model, for the weights are the same.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import torch

from rag import Encoder


class WordVectors(Encoder):
    """Looks tokens up in the model's table of word pieces, and computes no more."""

    @cached_property
    def _table(self) -> torch.Tensor:
        layers: Any = self.model[0]
        table: torch.Tensor = layers.auto_model.embeddings.word_embeddings.weight.detach()
        # Moved to their centre, for raw ones lie in a narrow cone, unlike those of the last layer.
        return table - table.mean(dim=0)

    def _run(self, texts: list[str]) -> list[dict[str, torch.Tensor]]:
        pieces: Any = self._tokenize(texts, truncation=True)["input_ids"]
        outputs = []
        for found in pieces:
            tokens = self._table[torch.tensor(found, dtype=torch.long)]
            mean = tokens.mean(dim=0) if len(tokens) else torch.zeros(self._table.shape[1])
            # A row for the special token at the beginning, as the model has it.
            whole = torch.cat([torch.zeros(1, tokens.shape[1]), tokens])
            outputs.append({"token_embeddings": whole, "sentence_embedding": mean})
        return outputs
