"""The articles of each round of a trial, and what a reader has to see of them.

All articles name the round's winner, so that an answer tells which round it is from.
"""

from __future__ import annotations

from pathlib import Path

# One for each round, and then from the first again: there are so many states to build from nothing
# and compare with, however many rounds a trial has.
WINNERS = ("Mirela Quonset", "Olga Tverd", "Pia Lund", "Runa Skagen", "Teo Brandt")
TALE = "People there make boats and nets, and sell them all summer to their neighbours. " * 5
QUESTIONS = {
    "prize.md": "Who won the Zorblatt prize?",
    "ferry.md": "Who was captain of the Kelvane ferry?",
    "deep/whale.md": "Who saw the whale Tobbit?",
}

Seen = tuple[frozenset[str], frozenset[str]]  # paths in the index, names in the answers


def articles(number: int) -> dict[str, str]:
    """The articles of a round: some changed, one renamed, one that comes and goes."""
    number %= len(WINNERS)
    winner = WINNERS[number]
    files = {
        "prize.md": f"# Prize {number}\n\nThe Zorblatt prize went to {winner} in Oslo.",
        "ferry.md": f"The captain of the Kelvane ferry was {winner}, who lives in Bergen.",
        "deep/whale.md": f"The whale Tobbit was seen by {winner} in the harbour of Tromso.",
        f"renamed-{number}.md": "The lighthouse keeper writes a letter to his sister every week.",
        "long.md": "\n\n".join(f"Part {n} of tale {number}. {TALE}" for n in "ab"),
        "same.md": "The old mill of Arvik grinds no more.",
    }
    # A report of which another outlet is the original in every other round.
    report = f"{TALE}\n\nThe net makers met at the mill of Arvik before it was closed."
    files["wire.md"] = f"---\npublished: 2024-03-1{2 + number % 2}\n---\n{report}"
    files["star.md"] = f"---\npublished: 2024-03-1{3 - number % 2}\n---\n{report}"
    if number % 2:
        files["odd.md"] = f"The jury met in round {number}, in a lighthouse."
    return files


def expected(number: int) -> Seen:
    """What a reader has to see of a round."""
    return frozenset(articles(number)), frozenset({WINNERS[number % len(WINNERS)]})


def write(corpus: Path, number: int) -> None:
    """Make a corpus that of a round."""
    wanted = articles(number)
    for name, text in wanted.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_text(text, encoding="utf-8")
    for file in corpus.rglob("*.md"):
        if file.relative_to(corpus).as_posix() not in wanted:
            file.unlink()
