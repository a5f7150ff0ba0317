"""A question as the index sees it: spelled as its articles do, encoded, weighed word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rag.encoder import UNKNOWN_BASE, Encoder
from rag.keyword import CJK_STOPWORDS, keywords
from rag.late_interaction import Floats, inverse_document_frequency, is_punctuation
from rag.question import topic_of_summary
from rag.sentences import CJK, Span
from rag.snapshot import Snapshot
from rag.spelling import Correction, correct
from rag.titles import find_titles

CHARACTER = 0.5  # of a word: most Chinese words have two


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index sees it: q tokens (no punctuation), their vectors and weights.

    `text`: with `corrections` of what was typed. `pieces`: (p,) ids of all its word pieces; `kept`:
    (p,), the q that are tokens here. `weights`: (q,), rarity in the corpus. `spans`: (q, 2),
    characters of `text`. `literal`: (q,), tokens that are compared letter by letter, for the model
    does not know their script. `titles`: where Chinese titles stand that the index knows.
    `encoder`: the model that made the vectors.
    """

    text: str
    vector: Floats
    tokens: Floats
    pieces: NDArray[np.uint32]
    kept: NDArray[np.bool_]
    weights: Floats
    spans: tuple[tuple[int, int], ...]
    literal: NDArray[np.bool_]
    terms: tuple[str, ...]
    encoder: Encoder = field(repr=False)
    corrections: tuple[Correction, ...] = ()
    titles: tuple[Span, ...] = ()

    @property
    def words(self) -> list[str]:
        """The characters of each token."""
        return [self.text[start:end] for start, end in self.spans]

    def tokens_in(self, start: int, end: int) -> list[int]:
        """Numbers of the tokens that begin within some characters of `text`."""
        return [i for i, (first, _) in enumerate(self.spans) if start <= first < end]


def encode_query(snapshot: Snapshot, encoder: Encoder, typed: str) -> Query:
    """Encode a question, slips in names set right; weigh its tokens by their rarity."""
    text, corrections = correct(snapshot, encoder, typed)
    topic = topic_of_summary(text)
    (encoded,) = encoder.encode([topic])
    before = text.rindex(topic)
    all_spans = [(before + int(start), before + int(end)) for start, end in encoded.spans]
    keep = tokens_that_tell(text, all_spans)
    spans = tuple(span for span, kept in zip(all_spans, keep, strict=True) if kept)
    pieces = encoded.pieces[keep]
    literal = literal_tokens(pieces, [text[start:end] for start, end in spans])
    rarity = inverse_document_frequency(snapshot.token_frequency(pieces), len(snapshot.chunks))
    return Query(
        text=text,
        vector=encoded.vector,
        tokens=snapshot.tokens.project(encoded.tokens[keep]),
        pieces=encoded.pieces,
        kept=keep,
        weights=rarity * np.where(literal, CHARACTER, 1).astype(np.float32),
        spans=spans,
        literal=literal,
        terms=tuple(keywords(topic)),
        encoder=encoder,
        corrections=corrections,
        titles=find_titles(snapshot, text) if CJK.search(text) else (),
    )


def literal_tokens(pieces: NDArray[np.uint32], words: Sequence[str]) -> NDArray[np.bool_]:
    """Which tokens have a vector that says nothing: unknown ones, and the rest of their script.

    A model of English knows a few Chinese characters, but not what they mean.
    """
    unknown = pieces >= UNKNOWN_BASE
    chinese = np.array([bool(CJK.match(word)) for word in words], dtype=bool)
    return unknown | chinese if (unknown & chinese).any() else unknown


def tokens_that_tell(text: str, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which tokens of a question say something: no punctuation, no Chinese question words.

    Chinese has no stop words that the model would know; a 谁 is not met by any answer.
    """
    empty = [match.span() for match in CJK_STOPWORDS.finditer(text)]
    keep = np.array([not is_punctuation(text[start:end]) for start, end in spans], dtype=bool)
    plain = [any(a <= start and end <= b for a, b in empty) for start, end in spans]
    telling = keep & ~np.array(plain, dtype=bool)
    return telling if telling.any() else keep
