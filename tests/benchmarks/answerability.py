"""Does a passage answer a question? What `clapnq` and `squad2` share.

Every passage is one article of ONE index, and a question is asked with a filter that leaves its own
passage alone to be searched. That is quick, but the rarity of words (IDF) then comes from all
passages together, not from the one.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import Answer, Assistant, Filters
from rag.answer_score import SURE
from rag.metrics import auroc, balanced_accuracy, mean
from rag.retrieval import Query, Ranking, rerank
from rag.snapshot import Snapshot
from tests.benchmarks.common import article_text, figure, indexed, share

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the one passage that answers it or does not.

    `gold`: the sentences that a person chose for the answer, if the data have them.
    """

    id: str
    question: str
    title: str
    text: str
    answerable: bool
    gold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its answer, and the cosine of the question and the nearest chunk."""

    case: Case
    answer: Answer
    dense: float


def ask_all(cases: Sequence[Case], name: str) -> list[Judged]:
    """Index the passages and ask every question of its own one."""
    source = {case.text: case.id for case in reversed(cases)}  # one article for equal passages
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            if source[case.text] == case.id:
                write(Path(folder), case)
        with indexed(Path(folder), name) as assistant:
            return [ask(assistant, case, source[case.text]) for case in cases]


def write(folder: Path, case: Case) -> None:
    """Write a passage as an article whose source is the id of its question."""
    content = article_text(case.text, title=case.title, source=case.id)
    (folder / f"{case.id}.txt").write_text(content, encoding="utf-8")


def ask(assistant: Assistant, case: Case, source: str) -> Judged:
    """Ask a question of one passage, and compare it with the passage's chunks by cosine."""
    answer = assistant.ask(case.question, filters=Filters(sources=(source,)))
    if not answer.coverage.searched:
        raise LookupError(f"the index holds no article of source {source}")
    snapshot = assistant.index.current()
    (entry,) = (e for e in snapshot.manifest.articles if e.source == source)
    (store,) = snapshot.vector_stores
    near = store.similarity_search_with_score(
        case.question, k=1, filter={"article_id": entry.copy_of or entry.id}
    )
    return Judged(case, answer, 1 - near[0][1])


def fold_of(key: str) -> int:
    """Which tenth of some questions one belongs to, 0 to 9."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS


def is_fitted(fold: int) -> bool:
    """Tell the tenths of XQuAD on which the answerability score was fitted."""
    return fold % 2 == 0


def withhold(snapshot: Snapshot, query: Query, ranking: Ranking, path: str) -> Ranking | None:
    """What is found if one article is not there; `None` if that leaves nothing."""
    owners = {row: snapshot.chunks[row].article_id for row in ranking.rows.tolist()}
    rows = [row for row, owner in owners.items() if snapshot.entries[owner].path != path]
    return rerank(snapshot, query, rows) if rows else None


def report(judged: Sequence[Judged], label: str) -> None:
    """Print AUROC and balanced accuracy of some cases.

    A question that has no answerability (a list, say) counts 1 if it is answered and 0 if refused;
    how many those are is printed.
    """
    actual = [j.case.answerable for j in judged]
    answered = [j.answer.status == "answered" for j in judged]
    scores = [
        float(said) if j.answer.answerability is None else j.answer.answerability
        for j, said in zip(judged, answered, strict=True)
    ]
    scored = sum(j.answer.answerability is not None for j in judged)
    print(f"{label}: {len(judged)} questions, {sum(actual)} answerable")
    share("  questions with an answerability", scored, len(judged))
    figure("  AUROC of answerability (others: answered or not)", auroc(scores, actual))
    figure("  AUROC of the dense score (baseline)", auroc([j.dense for j in judged], actual))
    sure = [a and score >= SURE for a, score in zip(answered, scores, strict=True)]
    figure("  balanced accuracy: answered or refused", balanced_accuracy(answered, actual))
    figure("  balanced accuracy: answered for sure or not", balanced_accuracy(sure, actual))
    for kind, name in ((True, "answerable answered"), (False, "unanswerable refused")):
        told = [said == kind for said, is_kind in zip(answered, actual, strict=True)
                if is_kind == kind]  # fmt: skip
        figure(f"  {name}", mean(told))
