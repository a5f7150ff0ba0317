"""The assistant: question in, answer out, as one LangChain chain."""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from langchain_core.messages import MessageLikeRepresentation
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda

from rag.about import answer_about
from rag.checks import check_filters, check_passages, check_question
from rag.chroma_server import ChromaServer
from rag.compose import write_text
from rag.copies import name_outlets
from rag.dated_search import (
    Search,
    count_searched,
    keep_to,
    newest_day,
    state_as_of,
    tell_dates,
    tell_newest,
)
from rag.dates import Dated
from rag.disagreement import show_disagreement
from rag.encoder import Encoder
from rag.followup import stand_alone
from rag.index import Index
from rag.reader import read, refuse, tell_unsure
from rag.reading import load as load_reading_model
from rag.reranker import Excerpt, read_excerpts
from rag.retrieval import HybridRetriever, Query, Ranking, encode_query, rank
from rag.settings import Settings, load_settings
from rag.snapshot import Snapshot
from rag.types import Answer, Article, Filters, IndexStatus, Passage


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """A question on its way through the chain."""

    question: str
    history: Sequence[MessageLikeRepresentation]
    filters: Filters | None
    started: float


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A question with what was retrieved for it.

    `question`: it stands alone, with its dates; `dated` is what was read from them, and `filters`
    what both it and the caller keep to. `newest`: the
    day of the newest article that answers, if that is what was asked for.
    """

    request: Request
    question: str
    snapshot: Snapshot
    query: Query
    ranking: Ranking | None
    filters: Filters | None
    searched: int
    dated: Dated
    newest: datetime.date | None

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken for what in the question, for the person who asked."""
        source = self.dated.source
        kept = (f"Only articles of {source} were searched.",) if source else ()
        return (*map(str, self.query.corrections), *kept)


class Assistant(Runnable[str, Answer]):
    """Answers questions from one index; holds the model, and may be shared between threads.

    It is a LangChain `Runnable` from a question to an `Answer`; `invoke` is `ask`.
    """

    def __init__(self, settings: Settings | None = None, *, encoder: Encoder | None = None) -> None:
        """Take settings (from the environment if not given); models load on first use."""
        self.settings = settings or load_settings()
        self.encoder = encoder or Encoder(self.settings.embedding_model, self.settings.precision)
        server = ChromaServer.of(self.settings)
        self.index = Index(self.settings.index_dir, self.encoder, server)
        self._chain: Runnable[Request, Answer] = RunnableLambda(self._retrieve) | RunnableGenerator(
            self._read
        )

    def ask(
        self,
        question: str,
        *,
        history: Sequence[MessageLikeRepresentation] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """Answer a question; the last item of `stream`."""
        *_, answer = self.stream(question, history=history, filters=filters)
        return answer

    def stream(  # type: ignore[override]  # our own keywords beside LangChain's
        self,
        input: str,
        config: RunnableConfig | None = None,
        *,
        history: Sequence[MessageLikeRepresentation] = (),
        filters: Filters | None = None,
        **kwargs: Any,
    ) -> Iterator[Answer]:
        """Yield growing answers; the last one is final.

        Args:
            input: the question.
            config: of LangChain, for callbacks and tracing.
            history: earlier messages, oldest first, in any form LangChain takes for messages.
            filters: which articles may be searched.
            kwargs: ignored; LangChain passes them.

        Raises:
            InvalidInput: for no question, far too long a one, or filters that cannot be met.
            IndexMissing, IndexMismatch, IndexDamaged, ModelUnavailable.
        """
        asked, kept = check_question(input), check_filters(filters)
        request = Request(asked, tuple(history), kept, time.perf_counter())
        yield from self._chain.stream(request, config)

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer a question (LangChain `Runnable`)."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def retrieve(
        self, question: str, *, k: int = 10, filters: Filters | None = None
    ) -> list[Passage]:
        """Find the k best passages, best first.

        Raises:
            InvalidInput: for no question, k below 1, or filters that cannot be met.
        """
        return self.retriever(k=k, filters=filters).passages(question)

    def retriever(self, *, k: int = 10, filters: Filters | None = None) -> HybridRetriever:
        """The retriever on its own, a LangChain `BaseRetriever`.

        Raises:
            InvalidInput: for k below 1, or filters that cannot be met.
        """
        return HybridRetriever(
            index=self.index,
            encoder=self.encoder,
            candidates=self.settings.candidates,
            k=check_passages(k),
            filters=check_filters(filters),
        )

    def article(self, article_id: str) -> Article:
        """Read an article of the current index.

        Raises:
            KeyError: if the index does not hold it.
        """
        return self.index.current().article(article_id)

    def status(self) -> IndexStatus:
        """Summarise the current index; looks for a newer one first."""
        return self.index.current().status()

    def examples(self) -> tuple[str, ...]:
        """Questions to start with: those that the corpus brings along, else made from titles."""
        manifest = self.index.current().manifest
        titles = [entry.title for entry in reversed(manifest.articles) if entry.title]
        return manifest.examples or tuple(f"Tell me about: {title}" for title in titles[:4])

    def warm_up(self) -> None:
        """Load the models and the index ahead of the first question."""
        encode_query(self.index.current(), self.encoder, "warm up")
        load_reading_model()
        read_excerpts(self.encoder, "warm up", [Excerpt("warm up", "")])

    def _retrieve(self, request: Request) -> Found:
        snapshot = self.index.current()
        question = stand_alone(request.question, request.history)
        dated = keep_to(self._search(snapshot, request.filters), question)
        filters = dated.narrow(request.filters)
        query = encode_query(snapshot, self.encoder, dated.question)
        ranking = rank(snapshot, query, self.settings.candidates, filters)
        newest = newest_day(snapshot, query, ranking) if ranking and dated.latest else None
        if newest:
            filters = dataclasses.replace(filters or Filters(), after=newest)
            ranking = rank(snapshot, query, self.settings.candidates, filters)
        searched = count_searched(snapshot, filters)
        return Found(request, question, snapshot, query, ranking, filters, searched, dated, newest)

    def _search(self, snapshot: Snapshot, filters: Filters | None) -> Search:
        return Search(snapshot, self.encoder, self.settings.candidates, filters)

    def _read(self, inputs: Iterator[Found]) -> Iterator[Answer]:
        for found in inputs:
            question = found.request.question
            about = answer_about(found.snapshot, question, found.request.filters)
            answer = about or name_outlets(found.snapshot, self._answer(found), found.filters)
            seconds = time.perf_counter() - found.request.started
            answer = dataclasses.replace(
                answer,
                question=question,
                seconds=round(seconds, 4),
                assumed=() if about else found.assumed,
            )
            yield from grow(answer)

    def _answer(self, found: Found) -> Answer:
        """Read the answer from what was found, and say which dates it kept to."""
        snapshot, dated = found.snapshot, found.dated
        if found.ranking is None:
            answer = refuse(snapshot, found.query, None, found.searched)
        else:
            answer = read(snapshot, found.query, found.ranking, found.searched)
            answer = show_disagreement(snapshot, found.query, found.ranking, answer)
        if answer.status == "refused" and dated.as_of:
            search = self._search(snapshot, found.request.filters)
            later = state_as_of(search, dated, found.question)
            if later:
                return later
        standing = found.question
        for slip in found.query.corrections:
            standing = standing.replace(slip.typed, slip.taken)
        answer = dataclasses.replace(answer, standalone_question=standing)
        answer = tell_dates(tell_unsure(answer), dated, snapshot)
        return tell_newest(answer, found.newest) if found.newest else answer


def grow(answer: Answer) -> Iterator[Answer]:
    """Yield an answer statement by statement; the last item is the answer itself."""
    if answer.status == "answered":
        for count in range(1, len(answer.statements)):
            shown = answer.statements[:count]
            last = max(number for statement in shown for number in statement.citations)
            yield dataclasses.replace(
                answer,
                text=write_text(shown, as_list=answer.kind == "list"),
                statements=shown,
                citations=answer.citations[:last],
            )
    yield answer


@cache
def shared_assistant(settings: Settings) -> Assistant:
    """One assistant for each settings in a process: models are loaded once."""
    return Assistant(settings)


def ask(
    question: str,
    *,
    history: Sequence[MessageLikeRepresentation] = (),
    filters: Filters | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer a question from the index; see `Assistant.stream`."""
    assistant = shared_assistant(settings or load_settings())
    return assistant.ask(question, history=history, filters=filters)


def stream(
    question: str,
    *,
    history: Sequence[MessageLikeRepresentation] = (),
    filters: Filters | None = None,
    settings: Settings | None = None,
) -> Iterator[Answer]:
    """Yield growing answers, the last one final; see `Assistant.stream`."""
    assistant = shared_assistant(settings or load_settings())
    return assistant.stream(question, history=history, filters=filters)


def retrieve(
    question: str, *, k: int = 10, filters: Filters | None = None, settings: Settings | None = None
) -> list[Passage]:
    """Find the k best passages, best first; see `Assistant.retrieve`."""
    return shared_assistant(settings or load_settings()).retrieve(question, k=k, filters=filters)
