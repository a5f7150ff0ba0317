"""Answers questions from an index of articles, each sentence with the sentence it rests on."""

from rag.assistant import Assistant, ask, retrieve, stream
from rag.encoder import Encoder
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
from rag.retrieval import HybridRetriever
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
    Passage,
    Statement,
)

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
    "Passage",
    "Settings",
    "Statement",
    "ask",
    "load_settings",
    "retrieve",
    "stream",
]
