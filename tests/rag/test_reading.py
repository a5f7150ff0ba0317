"""The model that reads question and sentence together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch

from rag import reading
from rag.answer_score import Answerability, answerability
from rag.evidence import Sentence, score_sentences
from rag.parts import parts_of
from rag.query import Query, encode_query
from rag.reading import (
    BEFORE,
    MOST_TOKENS,
    batch,
    best_reading,
    load,
    pairs_of,
    read_together,
    turn_to,
)
from rag.retrieval import Ranking, rank
from rag.snapshot import Snapshot
from rag.tokens import project
from tests.conftest import Library
from tests.samples import BRIDGES

ASKED = "Which bridge can be driven over once more?"

Found = tuple[Snapshot, Query, Ranking, list[Sentence]]


def find_in(library: Library, question: str) -> Found:
    """The sentences of a library that are looked at for a question."""
    snapshot = library.assistant.index.current()
    query = encode_query(snapshot, library.encoder, question)
    ranking = rank(snapshot, query, 100)
    assert ranking
    return snapshot, query, ranking, score_sentences(snapshot, query, ranking)


@pytest.fixture
def find(library: Library) -> Callable[[str], Found]:
    """Finds the sentences about the bridges for a question."""
    library.write("bridges.txt", BRIDGES.replace("\n", "\n\n"))
    library.reindex()
    return lambda question: find_in(library, question)


def judged(library: Library, question: str) -> Answerability:
    """How likely a library answers a question."""
    snapshot, query, ranking, sentences = find_in(library, question)
    ranked = sorted(sentences, key=lambda s: -s.score)
    parts = parts_of(snapshot, query, ranked)
    return answerability(snapshot, query, ranking, ranked[0], parts, ranked[:3])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (ASKED, "The Birch Bridge"),
        ("What is planned for 2031?", "A third crossing"),
        ("Who headed the inspection?", "Engineer Mona Aldous"),
    ],
)
def test_the_sentence_that_answers_reads_best(
    find: Callable[[str], Found], question: str, said: str
) -> None:
    snapshot, query, ranking, sentences = find(question)
    logits = read_together(snapshot, query, ranking, sentences)
    assert logits is not None
    assert logits.shape == (4,)
    assert sentences[int(logits.argmax())].text.startswith(said)
    assert best_reading(snapshot, query, ranking, sentences) == pytest.approx(
        float(np.clip(logits.max(), -8, 4))
    )


def test_what_is_not_said_reads_worse_than_what_is(find: Callable[[str], Found]) -> None:
    said = best_reading(*find("When was the Alder Bridge closed?"))
    unsaid = best_reading(*find("Who designed the Alder Bridge?"))
    assert said is not None
    assert unsaid is not None
    assert said > unsaid + 1


def test_a_reading_does_not_depend_on_what_is_read_beside_it(
    find: Callable[[str], Found],
) -> None:
    snapshot, query, ranking, sentences = find(ASKED)
    together = read_together(snapshot, query, ranking, sentences)
    alone = [read_together(snapshot, query, ranking, [s]) for s in sentences]
    assert together is not None
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-4)  # type: ignore[arg-type]


def test_nothing_is_read_with_vectors_of_another_model(
    find: Callable[[str], Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = dataclasses.replace(load(), digest="of another model")
    monkeypatch.setattr(reading, "load", lambda: other)
    assert best_reading(*find(ASKED)) is None


def test_nothing_is_read_in_a_script_that_the_model_does_not_know(
    find: Callable[[str], Found],
) -> None:
    assert best_reading(*find("哪座桥 Birch Bridge 重新开放？")) is None


def test_an_index_on_the_basis_of_the_model_needs_no_turning(
    find: Callable[[str], Found],
) -> None:
    basis = load().basis
    _, query, _, _ = find(ASKED)  # a small index stores whole vectors
    turned = project(query.tokens, turn_to(basis, None))
    again = project(turned, turn_to(basis, basis))
    np.testing.assert_allclose(again, turned, atol=0.02)


def test_in_a_collection_reading_tells_what_words_do_not(library: Library) -> None:
    library.write("bridges.txt", BRIDGES.replace("\n", "\n\n"))
    library.reindex()
    alone = judged(library, "Who designed the Alder Bridge?")
    assert alone.whole == alone.by_words  # there, the score by itself was found to be better
    library.write("weather.txt", "Rain is expected in the north from Tuesday on.\n")
    library.reindex()
    said = judged(library, "When was the Alder Bridge closed?")
    unsaid = judged(library, "Who designed the Alder Bridge?")
    assert said.whole - unsaid.whole > said.by_words - unsaid.by_words
    assert said.whole > unsaid.whole


def test_a_long_sentence_is_cut_and_a_short_one_filled_up(library: Library) -> None:
    library.write(
        "long.txt", f"It named {'one village after another, ' * 20}and went home.\n\nYes."
    )
    library.reindex()
    snapshot, query, ranking, sentences = find_in(library, "Which village did it name?")
    turn = turn_to(load().basis, snapshot.tokens.basis)
    pairs = pairs_of(snapshot, query, ranking, sentences, turn)
    assert sorted(len(each.tokens) for each in pairs)[-1] == MOST_TOKENS
    inputs = batch([project(query.tokens, turn)] * len(pairs), pairs)
    tokens, mask = inputs[3], inputs[5]
    assert tokens.shape == (len(pairs), MOST_TOKENS, turn.shape[1])
    assert mask.sum(dim=1).tolist() == [len(each.tokens) for each in pairs]
    assert not torch.any(tokens[~mask])


def test_what_stands_before_a_sentence_is_read_with_it(find: Callable[[str], Found]) -> None:
    snapshot, query, ranking, sentences = find(ASKED)
    turn = turn_to(load().basis, snapshot.tokens.basis)
    pairs = pairs_of(snapshot, query, ranking, sentences, turn)
    lengths = [0, len(pairs[0].tokens), BEFORE, BEFORE]
    assert [len(pair.before) for pair in pairs] == lengths
    np.testing.assert_array_equal(pairs[1].before, pairs[0].tokens)
    *_, before, there = batch([project(query.tokens, turn)] * len(pairs), pairs)
    assert there.sum(dim=1).tolist() == lengths
    assert not torch.any(before[~there])


def test_rows_of_tables_are_left_to_the_score(library: Library) -> None:
    table = "Fare | Until June | From July\nSingle ticket | 18 | 21\nMonthly pass | 520 | 580"
    library.write("fares.txt", f"The trams have new fares.\n\n{table}\n\nChildren go free.")
    library.reindex()
    found = find_in(library, "What does a single ticket cost?")
    assert best_reading(*found) is None
