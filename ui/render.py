"""A question and its answer as HTML for the chat.

Pure functions. Everything that comes from a person or an article goes through `escape`. Each
result is one line: the chat reads messages as Markdown, which leaves a block of HTML alone up to
its first empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

from rag.compose import ALSO_NEAR
from rag.copies import tell_outlets
from rag.disagreement_text import heading, tell_disagreement
from rag.sentences import is_row
from rag.types import Answer, Citation, Disagreement, NearestArticle, Statement
from ui.links import Place
from ui.text import count, lines, meta, title

_NUMBER = re.compile(r"\[(\d+)\]")
_STATES = {
    "added": "added",
    "updated": "updated",
    "unchanged": "there already",
    "failed": "not added",
    "kept": "waiting",
}
_BREAK = "\x1f"  # no line ends here for `splitlines`
_BULLET = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+")


def question_html(question: str) -> str:
    """Render what the user asked."""
    return f'<div class="question">{lines(question)}</div>'


def note_html(text: str, kind: str) -> str:
    """Render a line from the page itself; `kind` is `waiting`, `stopped` or `problem`."""
    return f'<div class="note {kind}">{lines(text)}</div>'


def results_html(results: Iterable[tuple[str, str, str]]) -> str:
    """Render what became of each file: its name, its state, and what there is to say about it."""
    rows = "".join(
        f'<li class="{state}"><span class="name">{lines(name)}</span> '
        f'<span class="state">{_STATES[state]}</span>{_remark(told)}</li>'
        for name, state, told in results
    )
    return f'<ul class="added" aria-live="polite">{rows}</ul>'


def _remark(told: str) -> str:
    return f'<span class="told">{lines(told)}</span>' if told else ""


def answer_html(answer: Answer, *, final: bool = True) -> str:
    """Render an answer; while it grows it is not final, and its statements are not yet checked."""
    understood = ""
    if answer.standalone_question.strip() != answer.question.strip():
        understood = f'<p class="understood">Understood as: {lines(answer.standalone_question)}</p>'
    understood += "".join(f'<p class="understood">{lines(said)}</p>' for said in answer.assumed)
    body = _refusal(answer) if answer.status == "refused" else _answered(answer, final)
    return f'<div class="answer {answer.status}">{understood}{body}</div>'


def _answered(answer: Answer, final: bool) -> str:
    numbered = {citation.number: citation for citation in answer.citations}
    notes = "".join(_disagreement(one, numbered) for one in answer.disagreements)
    if final:
        notes += "".join(_unconfirmed(one) for one in answer.statements if not one.supported)
    return (
        _prose(_unwrapped(answer), numbered)
        + notes
        + _sources(answer.citations)
        + _coverage(answer)
    )


def _refusal(answer: Answer) -> str:
    missing = "".join(f"<li>{lines(word)}</li>" for word in answer.nearest.missing)
    articles = "".join(_nearest(article) for article in answer.nearest.articles)
    numbered = {citation.number: citation for citation in answer.citations}
    parts = [_prose(answer.text, numbered), _sources(answer.citations)]
    if missing:
        label = '<p class="label">The closest articles do not mention</p>'
        parts.append(f'{label}<ul class="missing">{missing}</ul>')
    if articles:
        parts.append(f'<p class="label">Closest articles</p><ul class="nearest">{articles}</ul>')
    return "".join(parts)


def _nearest(article: NearestArticle) -> str:
    place = Place(article.article_id, article.quote, article.start, article.end)
    link = _link(place, title(article.title), f"Open {title(article.title)}")
    quote = f"<q>{lines(article.quote)}</q>" if article.quote else ""
    return f"<li>{link}{meta(article.source, article.published)}{quote}</li>"


def _unwrapped(answer: Answer) -> str:
    """Give the text with each statement on one line: a quoted sentence may be broken in two.

    Rows of a list or a table keep to lines of their own, by a mark.
    """
    text = answer.text
    for one in answer.disagreements:  # shown apart, with links
        text = text.replace(tell_disagreement(one, answer.citations), "")
    for statement in answer.statements:
        rows = statement.text.splitlines()
        if len(rows) > 1:
            joint = _BREAK if any(map(is_row, rows)) else " "
            text = text.replace(statement.text, joint.join(row.strip() for row in rows if row))
    return text


def _prose(text: str, numbered: Mapping[int, Citation]) -> str:
    """Turn plain lines into paragraphs and lists; `[n]` becomes a link where n is a citation."""
    blocks = []
    rows = [line for line in text.splitlines() if line.strip()]
    for is_list, group in groupby(rows, key=lambda line: bool(_BULLET.match(line))):
        if is_list:
            items = (
                f"<li>{_cited(_BULLET.sub('', line, count=1), numbered)}</li>" for line in group
            )
            blocks.append(f"<ul>{''.join(items)}</ul>")
        else:
            blocks.extend(_paragraph(line, numbered) for line in group)
    return "".join(blocks)


def _paragraph(line: str, numbered: Mapping[int, Citation]) -> str:
    label = ' class="label"' if line == ALSO_NEAR else ""
    return f"<p{label}>{_cited(line, numbered)}</p>"


def _cited(line: str, numbered: Mapping[int, Citation]) -> str:
    # `split` on a pattern with one group alternates between text and the captured numbers.
    parts = _NUMBER.split(line.strip())
    shown = [escape(parts[0])]
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        citation = numbered.get(int(number))
        shown.append(_mark(citation) if citation else f"[{number}]")
        shown.append(escape(text))
    return "".join(shown).replace(_BREAK, "<br>")


def _mark(citation: Citation) -> str:
    hint = f"Source {citation.number}: {title(citation.title)}. {citation.quote}"
    return _link(Place.of(citation), f"[{citation.number}]", hint, "cite")


def _link(place: Place, text: str, hint: str, kind: str = "open") -> str:
    hint = escape(" ".join(hint.split()))
    return f'<a class="{kind}" href="{escape(place.href())}" title="{hint}">{lines(text)}</a>'


def _sources(citations: Iterable[Citation]) -> str:
    """List the sources, one line for each article, with all the numbers that point into it."""
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.article_id, []).append(citation)
    rows = []
    for group in articles.values():
        first, numbers = group[0], "".join(_mark(citation) for citation in group)
        link = _link(Place.of(first), title(first.title), f"Open {title(first.title)}")
        told = f"<span>{link}{meta(first.source, first.published)}{_outlets(group)}</span>"
        rows.append(f'<li><span class="numbers">{numbers}</span>{told}</li>')
    return f'<ul class="sources" aria-label="Sources">{"".join(rows)}</ul>' if rows else ""


def _outlets(citations: Sequence[Citation]) -> str:
    """Name those who carried the same report."""
    most = max(citations, key=lambda citation: len(citation.also))
    told = tell_outlets(most)
    return f'<span class="also">{lines(told)}</span>' if told else ""


def _coverage(answer: Answer) -> str:
    if answer.kind != "list" or not answer.coverage.searched:
        return ""
    searched, cover = count(answer.coverage.searched, "article"), answer.coverage
    verb = "matches" if cover.matched == 1 else "match"
    return (
        f'<p class="coverage">Searched {searched}, {cover.matched} {verb}, {cover.used} cited</p>'
    )


def _unconfirmed(statement: Statement) -> str:
    told = lines(_NUMBER.sub("", statement.text).strip())
    return f'<p class="unconfirmed"><strong>Not confirmed by its source</strong> {told}</p>'


def _disagreement(one: Disagreement, numbered: Mapping[int, Citation]) -> str:
    told = [
        f"{lines(value)} {_mark(cited)} {meta(cited.source, cited.published)}"
        for value, number in zip(one.values, one.citations, strict=True)
        if (cited := numbered.get(number))
    ]
    return f'<p class="disagreement"><strong>{heading(one)}</strong> {" / ".join(told)}</p>'
