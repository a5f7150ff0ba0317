"""Written pairs of articles that disagree, or must not be said to: precision and recall."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest import reindex
from rag import Answer, Assistant, Encoder, load_settings

_TESTS = Path(__file__).parents[1]
PAIRS = _TESTS / "disagreement_pairs.jsonl"
# Written after the rules stood. On first sight 4 of 6 that were told were right, and 4 of 5 found;
# the rules were then mended with them, so neither file says how unseen articles fare.
LATER = _TESTS / "disagreement_pairs_later.jsonl"
_ARTICLE = '---\ntitle: "{title}"\nsource: "{source}"\npublished: {published}\n---\n\n{text}\n'
Record = dict[str, Any]


def load_pairs(file: Path = PAIRS) -> list[Record]:
    """Read the pairs."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def articles_of(pairs: list[Record]) -> dict[str, str]:
    """Files of one library that holds the articles of all pairs, by name."""
    return {
        f"{pair['id']}-{number}.md": _ARTICLE.format(**article)
        for pair in pairs
        for number, article in enumerate(pair["articles"])
    }


@contextmanager
def indexed_pairs(pairs: list[Record], encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over the articles of all pairs."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for name, text in articles_of(pairs).items():
            (corpus / name).write_text(text, encoding="utf-8")
        settings = load_settings(corpus_dir=corpus, index_dir=Path(folder) / "index")
        reindex(settings=settings, encoder=encoder)
        yield Assistant(settings, encoder=encoder)


def is_right(pair: Record, answer: Answer) -> bool:
    """Tell whether an answer shows exactly the values that disagree, newest first."""
    if not pair["disagree"] or not answer.disagreements:
        return bool(answer.disagreements) is pair["disagree"]
    found = answer.disagreements[0]
    shown = len(found.values) == len(pair["values"]) and all(
        wanted.lower() in value.lower()
        for wanted, value in zip(pair["values"], found.values, strict=True)
    )
    return shown and found.corrected is bool(pair["correction"])
