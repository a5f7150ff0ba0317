"""Retrieval and sentence choice on XQuAD English: `python -m tests.benchmarks.xquad`.

Protocol: each of the 240 paragraphs is one article. nDCG@10 and Hit@1 are by article, the first
hit of each article counting. A sentence is right if it is from the right paragraph and contains a
gold answer. `chosen` takes the sentences of the five best chunks as they are ranked; `rag.ask` the
statements of the answer, a refusal being a miss. The baseline is the LangChain tutorial with the
best sentences by sentence embedding of its five best paragraphs. The data are CC BY-SA 4.0 and not
part of this repository.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rag import Assistant
from rag.answer_score import SURE
from rag.choice import choose_sentences
from rag.metrics import auroc, balanced_accuracy, hit, mean, ndcg
from rag.reader import read
from rag.retrieval import encode_query, rank
from rag.sentences import is_complete
from rag.snapshot import Snapshot
from tests.benchmarks.answerability import fold_of, is_fitted, withhold
from tests.benchmarks.baselines import DEPTH, Tutorial, load_txtai, ranked_rows, search_txtai
from tests.benchmarks.common import data_options, figure, indexed, need, share, shares, table

PARAGRAPHS = 5  # whose sentences are looked at, as in the design's measurements
Asked = tuple[str, str, list[str]]  # question, file name, gold answers
Ranks = dict[str, list[int | None]]  # by method, place of the right one from 1, for each question


def main() -> None:
    """Index the paragraphs, ask all 1,190 questions, print the shares of right answers."""
    arguments = data_options(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        questions = read_questions(arguments.data, Path(folder))[: arguments.limit]
        with indexed(Path(folder), "XQuAD-en") as assistant:
            measure(assistant, questions)
            refusal(assistant, [asked for asked in questions if not is_fitted(fold_of(asked[0]))])


def read_questions(data_folder: Path, folder: Path) -> list[Asked]:
    """Write each paragraph as a text file; returns (question, file name, gold answers)."""
    source = "the XQuAD repository of Google DeepMind"
    file = need(data_folder / "xquad" / "xquad.en.json", source)
    questions = []
    data = json.loads(file.read_text(encoding="utf-8"))["data"]
    for number, paragraph in enumerate(p for topic in data for p in topic["paragraphs"]):
        name = f"p{number:03}.md"
        (folder / name).write_text(paragraph["context"], encoding="utf-8")
        for asked in paragraph["qas"]:
            gold = [answer["text"] for answer in asked["answers"]]
            questions.append((asked["question"], name, gold))
    return questions


def measure(assistant: Assistant, questions: Sequence[Asked]) -> None:
    """Rank and choose for each question with each method, in one run and with the same weights."""
    snapshot = assistant.index.current()
    texts = {entry.path: snapshot.article(entry.id).text for entry in snapshot.manifest.articles}
    tutorial = Tutorial(texts, assistant.encoder)
    found: Ranks = defaultdict(list)
    chosen: Ranks = defaultdict(list)
    refused = 0
    for question, path, gold in questions:
        near = tutorial.articles(question, DEPTH)
        found["LangChain tutorial"].append(place([article == path for article in near]))
        for method, rows in ranked_rows(assistant, snapshot, question).items():
            found[method].append(place([p == path for p in paths(snapshot, rows)]))
        sentences = tutorial.sentences(question, near[:PARAGRAPHS])
        chosen["LangChain tutorial"].append(place([is_right(s, path, gold) for s in sentences]))
        rows, sentences = own(assistant, snapshot, question)
        found["Citewell"].append(place([p == path for p in paths(snapshot, rows)]))
        chosen["Citewell, chosen"].append(place([is_right(s, path, gold) for s in sentences]))
        said = answered(assistant, question)
        refused += said is None
        chosen["Citewell, rag.ask"].append(
            place([any(is_right(s, path, gold) for s in statement) for statement in said or ()])
        )
    txtai = load_txtai(texts)
    if txtai:
        results = search_txtai(txtai, [question for question, _, _ in questions], 10)
        found["txtai hybrid"] = [
            place([key == path for key in keys])
            for keys, (_, path, _) in zip(results, questions, strict=True)
        ]
    table(
        f"{len(questions)} questions",
        ["nDCG@10", "Hit@1"],
        {
            method: [mean([ndcg([p] if p else [], 1) for p in r]), mean([hit(p, 1) for p in r])]
            for method, r in found.items()
        },
    )
    rows_of = {method: shares(ranks, 1, 3) for method, ranks in chosen.items()}
    table("sentences: the right one is", ["first", "in three"], rows_of)
    share("refused by rag.ask, all being answerable", refused, len(questions))


def refusal(assistant: Assistant, questions: Sequence[Asked]) -> None:
    """Print what becomes of questions whose paragraph is withheld, and of the same with it."""
    snapshot = assistant.index.current()
    answered, sure, scores, actual = [], [], [], []
    for question, path, _ in questions:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        without = withhold(snapshot, query, ranking, path) if ranking else None
        for found, there in ((ranking, True), (without, False)):
            if found is not None:
                answer = read(snapshot, query, found, 0)
                answered.append(answer.status == "answered")
                scores.append(answer.answerability or 0.0)
                sure.append(answered[-1] and scores[-1] >= SURE)
                actual.append(there)
    print(f"{len(questions)} questions the score was not fitted on, with and without the paragraph")
    figure("  AUROC of answerability", auroc(scores, actual))
    figure("  balanced accuracy: answered or refused", balanced_accuracy(answered, actual))
    figure("  balanced accuracy: answered for sure or not", balanced_accuracy(sure, actual))
    for there, name in ((True, "answerable answered"), (False, "withheld refused")):
        told = [said == there for said, t in zip(answered, actual, strict=True) if t == there]
        figure(f"  {name}", mean(told))


def own(
    assistant: Assistant, snapshot: Snapshot, question: str
) -> tuple[list[int], list[tuple[str, str]]]:
    """Reranked rows, and the sentences (path, text) of the best chunks, best first."""
    query = encode_query(snapshot, assistant.encoder, question)
    ranking = rank(snapshot, query, assistant.settings.candidates)
    if ranking is None:
        return [], []
    sentences = choose_sentences(snapshot, query, ranking, PARAGRAPHS)
    complete = [s for s in sentences if is_complete(s.text)]
    return ranking.rows.tolist(), [(snapshot.entries[s.article_id].path, s.text) for s in complete]


def answered(assistant: Assistant, question: str) -> list[list[tuple[str, str]]] | None:
    """What each statement of the answer quotes, as (path, quote); `None` if it is a refusal."""
    answer = assistant.ask(question)
    if answer.status == "refused":
        return None
    quotes = {citation.number: (citation.path, citation.quote) for citation in answer.citations}
    return [[quotes[number] for number in said.citations] for said in answer.statements]


def paths(snapshot: Snapshot, rows: Sequence[int]) -> list[str]:
    """Paths of the articles that chunks are from, each once, in order."""
    found = [snapshot.entries[snapshot.chunks[row].article_id].path for row in rows]
    return list(dict.fromkeys(found))


def is_right(sentence: tuple[str, str], path: str, gold: Sequence[str]) -> bool:
    """Tell whether a sentence (path, text) is of the right paragraph and has a gold answer."""
    return sentence[0] == path and any(answer in sentence[1] for answer in gold)


def place(right: Sequence[bool]) -> int | None:
    """Place of the first right one, from 1."""
    return right.index(True) + 1 if True in right else None


if __name__ == "__main__":
    main()
