"""Answers questions from an index of articles, each sentence with the sentence it rests on."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from rag.errors import (
    CitewellError,
    CorpusMissing,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    InvalidInput,
    ModelUnavailable,
)
from rag.settings import Settings, load_settings
from rag.types import (
    Answer,
    Article,
    Citation,
    Coverage,
    Disagreement,
    Filters,
    IndexStatus,
    Nearest,
    NearestArticle,
    Outlet,
    Passage,
    Statement,
)

if TYPE_CHECKING:
    from rag.assistant import Assistant, ask, retrieve, stream
    from rag.encoder import Encoder
    from rag.retrieval import HybridRetriever

# Imported when first asked for: these bring Chroma and LangChain along, which take seconds, and
# a run of ingest that finds nothing new needs neither.
_LATER = {
    "Assistant": "rag.assistant",
    "Encoder": "rag.encoder",
    "HybridRetriever": "rag.retrieval",
    "ask": "rag.assistant",
    "retrieve": "rag.assistant",
    "stream": "rag.assistant",
}

__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "Citation",
    "CitewellError",
    "CorpusMissing",
    "Coverage",
    "Disagreement",
    "Encoder",
    "Filters",
    "HybridRetriever",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexStatus",
    "InvalidInput",
    "ModelUnavailable",
    "Nearest",
    "NearestArticle",
    "Outlet",
    "Passage",
    "Settings",
    "Statement",
    "ask",
    "load_settings",
    "retrieve",
    "stream",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value
