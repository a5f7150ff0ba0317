"""A run of `evaluate` as tables and text for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from rag.evaluate import Measures, Outcome
from rag.evaluation_run import Comparison, describe

# Group and its heading, figures and how they are called; what ends in _ms is told in milliseconds.
LABELS: dict[str, tuple[str, dict[str, str]]] = {
    "retrieval": (
        "Retrieval",
        {
            "ndcg_at_10": "nDCG@10",
            "hit_at_1": "gold article first",
            "hit_at_4": "… among the first 4",
            "hit_at_10": "… among the first 10",
        },
    ),
    "sentence_choice": (
        "Sentence choice",
        {"first": "gold sentence first", "first_three": "… among the first three"},
    ),
    "lists": (
        "Lists",
        {
            "precision": "precision",
            "recall": "recall",
            "f1": "F1",
            "counts_right": "counts that are right",
        },
    ),
    "refusal": (
        "Refusal",
        {
            "auroc": "AUROC of answerability",
            "balanced_accuracy": "balanced accuracy",
            "precision": "refusals that are right",
            "recall": "unanswerable refused",
            "answerable_refused": "answerable refused",
        },
    ),
    "latency": ("Time to answer", {"median_ms": "median", "p95_ms": "95th percentile"}),
}
LOWER_IS_BETTER = {
    ("refusal", "answerable_refused"),
    ("latency", "median_ms"),
    ("latency", "p95_ms"),
}


def figures_table(measures: Measures, differences: Measures | None) -> Table:
    """The figures, and beside them by how much they differ from an earlier run."""
    table = Table(box=None, pad_edge=False)
    table.add_column("measure")
    table.add_column("figure", justify="right")
    if differences is not None:
        table.add_column("since then", justify="right")
    for group, (heading, labels) in LABELS.items():
        if group not in measures:
            continue
        figures = measures[group]
        count = int(figures["questions"] or 0)
        table.add_row(Text(f"{heading} ({count} question{'s' * (count != 1)})", style="bold"))
        for key, label in labels.items():
            if key in figures:
                cells = [Text(f"  {label}"), Text(_figure(key, figures[key]))]
                if differences is not None:
                    cells.append(_difference(group, key, differences.get(group, {}).get(key)))
                table.add_row(*cells)
    return table


def _figure(key: str, value: float | None) -> str:
    if value is None:
        return "n/a"
    return f"{value:.0f} ms" if key.endswith("_ms") else f"{100 * value:.1f} %"


def _difference(group: str, key: str, value: float | None) -> Text:
    if value is None:
        return Text("n/a")
    shown = f"{value:+.0f} ms" if key.endswith("_ms") else f"{100 * value:+.1f}"
    better = value < 0 if (group, key) in LOWER_IS_BETTER else value > 0
    return Text(shown, style="green" if better else "red" if value else "")


def changes_text(comparison: Comparison) -> Text:
    """The questions that fared better or worse than in an earlier run."""
    lines: list[str] = []
    for heading, changes in (("Better", comparison.better), ("Worse", comparison.worse)):
        lines.append(f"{heading}: {len(changes)}")
        lines += [f"  {c.id}  {c.question}  ({c.before} → {c.now})" for c in changes]
    if comparison.only_now:
        lines.append(f"Only in this run: {', '.join(comparison.only_now)}")
    if comparison.only_earlier:
        lines.append(f"Only in the earlier run: {', '.join(comparison.only_earlier)}")
    return Text("\n".join(lines))


def misses_text(outcomes: Sequence[Outcome]) -> Text:
    """Every question that is not answered as its gold wants, with what was said and wanted."""
    missed = [outcome for outcome in outcomes if outcome.score < 1]
    lines = [f"Not as wanted: {len(missed)} of {len(outcomes)}"]
    for outcome in missed:
        question, answer = outcome.question, outcome.answer
        lines += ["", f"{question.id}  {question.text}  ({describe(outcome)})"]
        if answer.standalone_question != question.text:
            lines.append(f"  understood as: {answer.standalone_question}")
        if outcome.listed:
            told = {"missed": outcome.listed.missed, "wrong": outcome.listed.wrong}
            lines += [f"  {key}: {', '.join(names)}" for key, names in told.items() if names]
        elif not question.answerable:
            lines.append("  wanted: a refusal")
        for gold in question.gold:
            lines.append(f"  wanted: {gold.sentence or 'an answer'}  ({gold.article})")
        said = answer.statements[0].text if answer.statements else answer.text
        lines.append(f"  said: {said}")
    return Text("\n".join(lines))
