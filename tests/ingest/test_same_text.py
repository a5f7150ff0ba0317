"""What counts as a copy, and above all what does not."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from ingest.articles import read_articles
from ingest.same_text import Reading, is_copy
from rag.types import Article
from tests.reports import CHINESE, SENTENCES, TITLE, report

DAY = "2024-03-12"


def article(content: str) -> Article:
    (found,) = read_articles("a.md", ".md", content.encode()).articles
    return found


def copies(one: str, other: str) -> bool:
    return is_copy(Reading.of(article(one)), Reading.of(article(other)))


def changed(old: str, new: str) -> tuple[str, ...]:
    assert any(old in sentence for sentence in SENTENCES)
    return tuple(sentence.replace(old, new) for sentence in SENTENCES)


ORIGINAL = report(published=DAY, source="Wire")


@pytest.mark.parametrize(
    "copy",
    [
        report(published=DAY, source="Star"),
        report(title="A prize for the sea", source="Star", author="Ann Berg"),
        report(title="Oslo Jury Honours Novelist Of The Sea"),
        report(published="2024-03-30"),
        report(SENTENCES[:5], published="2024-03-13"),
        report((*SENTENCES[:3], *SENTENCES[4:]), published=DAY),
        report(before="By Ann Berg", after="Reporting by Ann Berg; editing by Bo Lind."),
        report(before="# Zorblatt prize goes to Mirela Quonset\n\nBy ANN BERG, Oslo", title=TITLE),
        report((f"OSLO, March 12 (Wire) - {SENTENCES[0]}", *SENTENCES[1:])),
        report((f"OSLO — {SENTENCES[0]}", *SENTENCES[1:])),
        report(before="Oslo Post, 12 March 2024", source="Star"),
        report(before="By Ann Berg\n\n12 March 2024", published=DAY),
        report([" ".join(SENTENCES)]),
        report(changed("Nets, for its", "“Nets”, for its")),
    ],
    ids=[
        "same", "headline and byline", "headline in capitals", "weeks later", "end cut",
        "sentence cut", "credits", "headline in the text", "dateline", "short dateline",
        "outlet and date", "byline and date", "one paragraph", "quotation marks",
    ],
)  # fmt: skip
def test_a_copy(copy: str) -> None:
    assert copies(copy, ORIGINAL)


@pytest.mark.parametrize(
    "other",
    [
        report(changed("17th", "19th")),
        report(changed("250,000", "25,000")),
        report(changed("9 December", "8 December")),
        report(changed("9 December", "9 November")),
        report(changed("Mirela Quonset", "Mirela Quansit")),
        report(changed("four novels", "five novels")),
        report(changed("Nobody in the town was", "Nobody in the town but one was")),
        report(changed("wants to print", "does not want to print")),
        report((*SENTENCES, "She will not come to Oslo.")),
        report((*SENTENCES[:3], "Her sister paints.", *SENTENCES[3:])),
        report(after="- Tickets are free"),
        report(after="Age | Prize"),
        report(before="Winner of the year: Olga Tverd"),
        report(before="Oslo Post, 19 March 2024", published=DAY),
        report(before="Oslo Station, 12 March 2024", published=DAY),
        report(title="Zorblatt prize of 300,000 kroner awarded"),
        report(title="Zorblatt prize goes to Olga Tverd again"),
        report(title=f"Correction: {TITLE}"),
        report(SENTENCES[:2]),
        report(published="2025-03-12"),
        report(published="2024-03-11"),
        report(title="It rains", before="It rains in Bergen today."),
    ],
    ids=[
        "ordinal", "amount", "day", "month", "name", "number word", "exception", "negation",
        "sentence at the end", "sentence within", "list item", "table row", "line before",
        "another date", "place and date",
        "figure in the headline", "name in the headline", "correction in the headline", "brief",
        "a year later", "the day before", "sentence before",
    ],
)  # fmt: skip
def test_no_copy(other: str) -> None:
    assert not copies(other, ORIGINAL)


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: the amount has been set right.",
        "An earlier version of this report said wrongly that the prize is worth 25,000 kroner.",
    ],
)
def test_what_lacks_a_correction_is_no_copy_of_what_has_it(notice: str) -> None:
    assert not copies(report(), report((*SENTENCES, notice)))
    assert copies(report(), report((*SENTENCES, "The lighthouse is open to visitors.")))


def test_the_headline_of_a_short_text_has_to_agree() -> None:
    rain = ("It will rain in the morning, and the wind comes from the west.",)
    assert not copies(report(rain, title="Oslo"), report(rain, title="Bergen"))
    assert copies(report(rain, title="Oslo"), report(rain, title="Weather in Oslo"))


def test_chinese() -> None:
    original = article(CHINESE)
    cut = article(
        "新华社奥斯陆3月12日电（记者王小明）"
        + CHINESE.replace("评委会称赞她的新书对微小事物充满耐心。", "")
    )
    other = article(CHINESE.replace("第十七位", "第十九位"))
    assert is_copy(Reading.of(cut), Reading.of(original))
    assert not is_copy(Reading.of(other), Reading.of(original))


def test_a_minus_counts() -> None:
    cold = dataclasses.replace(article(ORIGINAL), text="It was -5 degrees in Oslo, the jury said.")
    warm = dataclasses.replace(cold, text=cold.text.replace("-5", "5"))
    assert not is_copy(Reading.of(warm), Reading.of(cold))
    assert cold.published == datetime.date(2024, 3, 12)
