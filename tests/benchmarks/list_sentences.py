"""Are the lines of a list right, each of them? `python -m tests.benchmarks.list_sentences`.

360 list questions to sixty sets of four articles about one thing, of the two subjects that the
reading model was not trained on (`tests/reading`), and 120 to twenty more sets, which served to
choose the margins of a list (`tests/list_sets`). Every sentence that gives an item is marked, so a
line is right if a sentence that it cites is marked, and wrong otherwise; an item is found if a
line gives it. (The lists of `tests.benchmarks.lists` know names that would be wrong, and count a
sentence with none of them as no mistake.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag import Answer, Assistant
from rag.metrics import Overlap, mean, overlap
from rag.types import Statement
from tests.benchmarks.baselines import TOP, Tutorial
from tests.benchmarks.common import only_help, sentences_of, table
from tests.benchmarks.reading_data import (
    FOLDER,
    HELD_OUT,
    Marks,
    News,
    indexed_news,
    items_of,
    place_of,
    read_news,
)

Line = set[str]  # the items that a line gives; empty if it is wrong


def main() -> None:
    """Ask every list question; print what is right."""
    only_help(__doc__)
    for folder in (FOLDER, FOLDER.with_name("list_sets")):
        chosen = {
            name: news
            for name, news in read_news(folder)
            if any("list" in asked for asked in news["questions"])
            and (folder != FOLDER or name.startswith(HELD_OUT))
        }
        with indexed_news(chosen) as assistant:
            report(assistant, chosen)


def report(assistant: Assistant, sets: dict[str, News]) -> None:
    """Print precision, recall and F1 of what is said for sure, of all, and of the tutorial."""
    scores: dict[str, list[Overlap]] = {}
    snapshot = assistant.index.current()
    texts = {entry.id: snapshot.article(entry.id).text for entry in snapshot.manifest.articles}
    sources = {entry.id: entry.source for entry in snapshot.manifest.articles}
    tutorial = Tutorial(texts, assistant.encoder)
    asked = [(name, q) for name, news in sets.items() for q in news["questions"] if "list" in q]
    for name, question in asked:
        news, marks = sets[name], question["s"]
        answer = assistant.ask(question["q"])
        sure = [statement for statement in answer.statements if not statement.near]
        said = {
            "said": list(lines_of(answer, sure, name, news, marks)),
            "with what comes near": list(lines_of(answer, answer.statements, name, news, marks)),
            f"LangChain tutorial, first {TOP} chunks": [
                given(sources[chunk.metadata["article"]], sentence, name, news, marks)
                for chunk in tutorial.search(question["q"], TOP)
                for sentence in sentences_of(chunk.page_content)
            ],
        }
        wanted = {mark[3] for mark in marks}
        for label, lines in said.items():
            found: set[str] = set().union(*lines)
            right = sum(map(bool, lines))
            scores.setdefault(label, []).append(overlap(right, len(lines), len(found), len(wanted)))
    rows = {
        label: [mean([getattr(o, part) for o in of]) for part in ("precision", "recall", "f1")]
        for label, of in scores.items()
    }
    table(f"{len(asked)} list questions, by lines", ["precision", "recall", "F1"], rows)


def lines_of(
    answer: Answer, statements: Sequence[Statement], name: str, news: News, marks: Marks
) -> Iterator[Line]:
    """What each line of an answer gives, if it is right."""
    cited = {citation.number: citation for citation in answer.citations}
    for statement in statements if answer.status == "answered" else ():
        citations = [cited[number] for number in statement.citations]
        yield set().union(*(given(c.source, c.quote, name, news, marks) for c in citations))


def given(source: str, text: str, name: str, news: News, marks: Marks) -> Line:
    """The items that a sentence gives, if it is of the right set."""
    of, article = place_of(source)
    return items_of(news, article, text, marks) if of == name else set()


if __name__ == "__main__":
    main()
