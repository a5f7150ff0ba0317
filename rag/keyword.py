"""The keyword side of retrieval: BM25 over stemmed words and, for CJK scripts, character bigrams.

BM25 as in Lucene (Robertson & Zaragoza 2009; Lù 2024, "BM25S"), on disk as a sparse matrix.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray
from scipy.sparse import csc_array

from rag.errors import IndexDamaged
from rag.manifest import REBUILD
from rag.sentences import CJK
from rag.term_counts import TermCounts

CJK_CHARACTERS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(
    rf"[{CJK_CHARACTERS}]+|[^\W_{CJK_CHARACTERS}]+"
)  # "Gold Boy的导演" is three words
_OTHER = re.compile(r"[^\x00-\x7f]+")
_STEMMER = Stemmer.Stemmer("english")
STOPWORDS = frozenset(STOPWORDS_EN) | frozenset(
    """
    what which who whom whose when where why how did do does done has have had having can could
    would should were am been being he she her him his hers we our us you your i me my its them
    so than from about also both any all each other some such own there here
    """.split()
)
CJK_STOPWORDS = re.compile(
    "什么时候|为什么|有?什么|哪里|哪儿|有?哪些|哪个|哪年|哪|有?多少|有?几|谁|何时|如何|怎么样|怎么|怎样|"
    "有没有|是否|是不是|吗|呢|吧|的|了|是|在|由|被|和|与|请问"
)
BLOCK = 1 << 20


def fold(text: str) -> str:
    """Lower-case, with accents dropped: a reader types Gio ngang for Gió ngang.

    Character by character only where it has to be, for whole articles are folded for a list.
    """
    return _OTHER.sub(lambda run: _fold_run(run[0]), text.casefold())


@lru_cache(maxsize=4096)
def _fold_run(text: str) -> str:
    # Before and after: 𝑨 is a capital only once it is taken apart, and folding may join again.
    folded = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Split into folded words; a run of CJK characters is one word, whatever it adjoins."""
    # NFC again, for decomposition takes Korean syllables apart.
    return _WORD.findall(unicodedata.normalize("NFC", fold(text)))


@lru_cache(maxsize=65_536)  # the words of a language come up again and again
def stem(word: str) -> str:
    """Stem one folded English word (Snowball)."""
    return str(_STEMMER.stemWord(word))


def keywords(text: str) -> list[str]:
    """Turn text into index terms: stems without stop words, bigrams of CJK runs."""
    terms: list[str] = []
    for word in words(text):
        if CJK.match(word):
            terms += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        elif word not in STOPWORDS:
            terms.append(stem(word))
    return terms


def bm25_scores(table: csc_array, k1: float, b: float) -> NDArray[np.float32]:
    """Score each count of an (n, m) table of texts and terms, by BM25 as in Lucene.

    In blocks, so that no second table of that size is held.
    """
    texts, frequency = table.shape[0], np.diff(table.indptr)
    idf = np.log(1 + (texts - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    lengths = table.sum(axis=1, dtype=np.int64)
    norm = (k1 * (1 - b + b * lengths / lengths.mean())).astype(np.float32)
    scores = np.repeat(idf, frequency)
    for start in range(0, table.nnz, BLOCK):
        block = slice(start, start + BLOCK)
        counts = table.data[block].astype(np.float32)
        scores[block] *= counts / (counts + norm[table.indices[block]])
    return scores


class KeywordIndex:
    """BM25 scores of n chunks for a question."""

    def __init__(
        self, bm25: bm25s.BM25 | None, size: int, counts: TermCounts | None = None
    ) -> None:
        """Wrap a built index; `None` stands for an index without a single term.

        `counts`: what it was built from, to be saved beside it.
        """
        self._bm25 = bm25
        self._counts = counts
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> KeywordIndex:
        """Index texts; row i is the i-th text."""
        counts = TermCounts()
        for text in texts:
            counts.add(keywords(text))
        return cls.from_counts(counts)

    @classmethod
    def from_counts(cls, counts: TermCounts) -> KeywordIndex:
        """Index texts whose terms are counted.

        The same as `bm25s.BM25.index`, but that it takes no list of words for each text.
        """
        table, vocabulary = counts.finish()
        if not vocabulary:
            return cls(None, len(counts))
        bm25 = bm25s.BM25()
        bm25.scores = {
            "data": bm25_scores(table, bm25.k1, bm25.b),
            "indices": table.indices,
            "indptr": table.indptr,
            "num_docs": len(counts),
        }
        bm25.nonoccurrence_array = None  # other kinds of BM25 have one
        bm25.vocab_dict = vocabulary | {"": len(vocabulary)}
        bm25.unique_token_ids_set = set(bm25.vocab_dict.values())
        return cls(bm25, len(counts), counts)

    @classmethod
    def load(cls, folder: Path, size: int) -> KeywordIndex:
        """Open a saved index, memory-mapped.

        Raises:
            IndexDamaged: if it is missing or incomplete.
        """
        try:
            saved = any(folder.iterdir())
            return cls(bm25s.BM25.load(folder, mmap=True) if saved else None, size)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise IndexDamaged(f"the keyword index cannot be read ({error}); {REBUILD}") from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._bm25 is not None:
            self._bm25.save(folder, show_progress=False)
        if self._bm25 is not None and self._counts is not None:
            self._counts.save(folder)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Score all rows, shape (n,); 0 where no term occurs."""
        known = [] if self._bm25 is None else [t for t in terms if t in self._bm25.vocab_dict]
        if self._bm25 is None or not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    @cached_property
    def vocabulary(self) -> list[str]:
        """Every term of the index."""
        return [] if self._bm25 is None else list(self._bm25.vocab_dict)

    def knows(self, term: str) -> bool:
        """Tell whether a term occurs in any text."""
        return self._bm25 is not None and term in self._bm25.vocab_dict

    def rows_with(self, term: str) -> NDArray[np.int64]:
        """Rows of the texts in which a term occurs, ascending; empty for an unknown term."""
        if self._bm25 is None or term not in self._bm25.vocab_dict:
            return np.empty(0, dtype=np.int64)
        place = self._bm25.vocab_dict[term]
        first, last = self._bm25.scores["indptr"][place : place + 2]
        return np.sort(self._bm25.scores["indices"][first:last]).astype(np.int64)
