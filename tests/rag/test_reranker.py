"""The cross-encoder that orders what the score cannot tell apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from rag import Encoder, reranker
from rag.evidence import Sentence, score_sentences
from rag.query import Query, encode_query
from rag.reranker import (
    LOGITS,
    MOST_PIECES,
    NEAR,
    SHARE,
    TOGETHER,
    Excerpt,
    excerpt,
    pairs_of,
    read_excerpts,
    rerank,
    rerank_nearest,
    weighed,
)
from rag.reranker_model import SEPARATOR, START, Adapted, RerankerModel, batch, load, words_of
from rag.retrieval import rank
from rag.snapshot import Snapshot
from tests.conftest import Library
from tests.samples import BRIDGES

ASKED = "Who headed the inspection?"

Found = tuple[Snapshot, Query, list[Sentence]]


def find_in(library: Library, question: str) -> Found:
    """The sentences of a library that are looked at for a question, all of the same score."""
    snapshot = library.assistant.index.current()
    query = encode_query(snapshot, library.encoder, question)
    ranking = rank(snapshot, query, 100)
    assert ranking
    found = score_sentences(snapshot, query, ranking)
    return snapshot, query, [dataclasses.replace(sentence, score=1.0) for sentence in found]


@pytest.fixture
def find(library: Library) -> Callable[[str], Found]:
    """Finds the sentences about the bridges for a question."""
    library.write("bridges.txt", BRIDGES.replace("\n", "\n\n"))
    library.reindex()
    return lambda question: find_in(library, question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("When was the Alder Bridge closed?", "The Alder Bridge"),
        ("What is planned for 2031?", "A third crossing"),
        (ASKED, "Engineer Mona Aldous"),
    ],
)
def test_the_sentence_that_answers_comes_first(
    find: Callable[[str], Found], question: str, said: str
) -> None:
    ordered = rerank(*find(question))
    assert ordered is not None
    assert len(ordered) == 4
    assert ordered[0].text.startswith(said)
    assert ordered[0].score == 1


def test_what_is_not_said_reads_worse_than_what_is(encoder: Encoder) -> None:
    excerpts = [Excerpt(line, "Bridges") for line in BRIDGES.splitlines()]
    said = read_excerpts(encoder, "When was the Alder Bridge closed?", excerpts)
    unsaid = read_excerpts(encoder, "Who designed the Alder Bridge?", excerpts)
    assert said is not None
    assert unsaid is not None
    assert said.max() > unsaid.max() + 1


def test_a_reading_does_not_depend_on_what_is_read_beside_it(encoder: Encoder) -> None:
    lines = BRIDGES.splitlines()
    excerpts = [Excerpt(line, "Bridges"[:n]) for n in range(3) for line in lines]
    assert len(excerpts) > TOGETHER
    together = read_excerpts(encoder, ASKED, excerpts)
    alone = [read_excerpts(encoder, ASKED, [each]) for each in excerpts]
    assert together is not None
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-4)  # type: ignore[arg-type]
    assert LOGITS[0] <= together.min() <= together.max() <= LOGITS[1]


def test_only_what_the_score_cannot_tell_apart_is_reranked(
    find: Callable[[str], Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, query, level = find(ASKED)
    best = level[3]
    near = [level[0], dataclasses.replace(best, score=1 - NEAR / 2)]
    far = dataclasses.replace(level[1], score=1 - 2 * NEAR)
    ordered = rerank_nearest(snapshot, query, [*near, far], 3)
    assert [s.start for s in ordered] == [best.start, level[0].start, far.start]
    assert [s.score for s in ordered] == [1, 1, far.score]
    monkeypatch.setattr(reranker, "rerank", lambda *_: pytest.fail("nothing is to be read"))
    apart = [level[0], dataclasses.replace(best, score=1 - 2 * NEAR)]
    assert rerank_nearest(snapshot, query, apart, 3) == apart
    assert rerank_nearest(snapshot, query, near, 1) == near


def test_what_reads_best_keeps_its_score_and_others_lose(find: Callable[[str], Found]) -> None:
    _, _, level = find(ASKED)
    ordered = weighed(level[:3], np.array([-3, 2, 0], np.float32), 0.1)
    assert [s.start for s in ordered] == [level[n].start for n in (1, 2, 0)]
    assert [s.score for s in ordered] == pytest.approx([1.0, 0.8, 0.5])


def test_what_is_not_read_loses_what_others_do_in_the_mean(find: Callable[[str], Found]) -> None:
    _, _, level = find(ASKED)
    ordered = weighed(level, np.array([-3, 2, 0], np.float32), 0.1)
    assert [s.start for s in ordered] == [level[n].start for n in (1, 2, 3, 0)]
    assert [s.score for s in ordered] == pytest.approx([1.0, 0.8, 2.3 / 3, 0.5])
    snapshot, query, _ = find(ASKED)
    some = rerank(snapshot, query, level, SHARE, most=2)
    assert some is not None
    assert len(some) == 4
    read = {s.start: s.score for s in some}
    assert read[level[2].start] == pytest.approx((read[level[0].start] + read[level[1].start]) / 2)


def test_rows_of_tables_lose_what_others_do_in_the_mean(library: Library) -> None:
    table = "Fare | Until June | From July\nSingle ticket | 18 | 21\nMonthly pass | 520 | 580"
    library.write("fares.txt", f"The trams have new fares.\n\n{table}\n\nChildren go free.")
    library.reindex()
    _, _, level = find_in(library, "What does a single ticket cost?")
    rows = {sentence.start: " | " in sentence.text for sentence in level}
    ordered = weighed(level, np.arange(len(level), dtype=np.float32), 0.1)
    others = float(np.mean([s.score for s in ordered if not rows[s.start]]))
    assert any(rows.values())
    assert [s.score for s in ordered if rows[s.start]] == pytest.approx(
        [others] * sum(rows.values())
    )


def test_nothing_is_read_in_a_script_that_the_model_does_not_know(
    find: Callable[[str], Found],
) -> None:
    snapshot, query, sentences = find("哪座桥 Birch Bridge 重新开放？")
    assert rerank(snapshot, query, sentences) is None
    assert rerank_nearest(snapshot, query, sentences, 3) == sentences


def test_nothing_is_read_with_another_embedding_model(
    find: Callable[[str], Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, query, sentences = find(ASKED)
    monkeypatch.setattr(query.encoder, "reranker", None)
    assert rerank(snapshot, query, sentences, SHARE) is None


def test_adapters_go_with_one_embedding_model(encoder: Encoder, tmp_path: Path) -> None:
    bert = encoder.model[0].auto_model
    assert load(bert, encoder.digest) is not None
    assert load(bert, "of another model") is None
    parts = {name: part.detach().numpy() for name, part in RerankerModel(bert).adapters().items()}
    parts["kinds"][:] = 0.25
    np.savez(tmp_path / "other.npz", digest="ours", **parts)  # type: ignore[arg-type]
    model = load(bert, "ours", tmp_path / "other.npz")
    assert model is not None
    assert (model.kinds == 0.25).all()


def test_a_sentence_is_read_with_its_title(find: Callable[[str], Found]) -> None:
    snapshot, query, sentences = find(ASKED)
    told = excerpt(snapshot, sentences[1])
    assert told == (sentences[1].text, snapshot.entries[sentences[1].article_id].title)
    (pair,) = pairs_of(query.encoder, ASKED, [told])
    assert pair == tuple(pieces for pieces, _ in query.encoder.pieces([ASKED, *told]))


def test_a_pair_is_laid_out_for_the_model_and_filled_up(encoder: Encoder) -> None:
    long = "It named one village after another, " * 20
    pairs = pairs_of(encoder, "Which one?", [Excerpt(long, "News"), Excerpt("Yes.", "")])
    asked, said, title = pairs[0]
    assert len(said) == MOST_PIECES[1]
    pieces, kinds, there = batch(pairs)
    assert pieces[0].tolist() == [START, *asked, SEPARATOR, *said, SEPARATOR, *title, SEPARATOR]
    assert kinds[0].bincount().tolist() == [len(asked) + 2, len(said) + 1, len(title) + 1]
    assert there[0].all()
    assert there[1].sum() == len(pairs[1][0]) + len(pairs[1][1]) + 4
    assert words_of(pieces[0], pairs[0]).tolist() == said


def test_merged_adapters_read_as_they_did_apart() -> None:
    torch.manual_seed(0)
    apart = Adapted(torch.nn.Linear(8, 4))
    values = torch.randn(3, 8)
    torch.testing.assert_close(apart(values), apart.linear(values))  # adds nothing at first
    torch.nn.init.normal_(apart.up)
    wanted = apart(values).detach()
    torch.testing.assert_close(apart.merged()(values), wanted)


def test_the_embedding_model_stays_as_it_is(encoder: Encoder) -> None:
    text = "The Birch Bridge carries traffic again."
    (before,) = encoder.encode([text])
    model = RerankerModel(encoder.model[0].auto_model)
    for part in model.adapters().values():
        torch.nn.init.normal_(part.data)
    model.merge()
    (after,) = encoder.encode([text])
    np.testing.assert_array_equal(after.vector, before.vector)
    assert not any(name.startswith("shared") for name, _ in model.named_parameters())
