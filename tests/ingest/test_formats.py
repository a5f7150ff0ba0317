"""Each format: what is read from a real small file, and what is told when that cannot be."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
import pypdf
import pytest

from ingest.articles import Reading, read_articles
from ingest.errors import Unreadable
from ingest.formats import READERS, ReadOptions
from ingest.formats.markup import markup_text
from rag import Article
from tests.samples import (
    AUTHOR,
    BODY,
    FACT,
    LINES,
    RECORDS,
    SAMPLES,
    TITLE,
    book,
    mail,
    pdf,
    table,
    web_page,
    word,
)

DAY = datetime.date(2024, 5, 6)


def read(suffix: str, content: bytes, **options: Any) -> Reading:
    return read_articles(f"file{suffix}", suffix, content, ReadOptions(**options))


def only(suffix: str, content: bytes) -> Article:
    (article,) = read(suffix, content).articles
    return article


def lines(*records: Any) -> bytes:
    return "\n".join(r if isinstance(r, str) else json.dumps(r) for r in records).encode()


@pytest.mark.parametrize("suffix", SAMPLES)
def test_every_format_yields_its_text_and_nothing_else(suffix: str) -> None:
    reading = read(suffix, SAMPLES[suffix])
    text = "\n\n".join(article.text for article in reading.articles)
    assert reading.problem == ""
    for line in LINES:
        assert line in " ".join(text.split())
    assert reading.articles[0].title.startswith((TITLE, "Prizes: Part 1"))
    assert len({article.id for article in reading.articles}) == len(reading.articles)
    for foreign in ("Home", "Copyright", "alert", "signs so", "<", "{"):
        assert foreign not in text


def test_there_is_a_sample_of_every_reader() -> None:
    tried = {READERS[suffix.removesuffix(".gz")][0] for suffix in SAMPLES}
    assert tried == {called for called, _ in READERS.values()}


def test_a_web_page_states_its_fields() -> None:
    article = only(".html", web_page())
    assert (article.title, article.author, article.published) == (TITLE, AUTHOR, DAY)
    assert (article.source, article.url) == ("Oslo Courier", "https://courier.example/prize")


def test_a_web_page_is_decoded_as_it_says() -> None:
    page = web_page("<p>La remise du prix a été fêtée à Genève.</p>").decode()
    content = page.replace("utf-8", "iso-8859-1").encode("iso-8859-1")
    assert "été fêtée à Genève" in only(".html", content).text


FARES = (("Ticket", "Old", "New"), ("Single | return", "1.80", "2.10"), ("Day", "", "4.60"))


def html_table(rows: Sequence[Sequence[str]], head: str = "th", caption: str = "") -> str:
    tags = [head, *["td"] * len(rows)]
    lines = (
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row)
        for tag, row in zip(tags, rows, strict=False)
    )
    title = f"<caption>{caption}</caption>" if caption else ""
    return f"<table>{title}{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


@pytest.mark.parametrize("head", ["th", "td"])
def test_a_table_of_a_page_reads_as_one_of_markdown(head: str) -> None:
    text = only(".html", web_page(f"{BODY}{html_table(FARES, head)}<p>Dogs pay half.</p>")).text
    rows = "Ticket | Old | New\nSingle | return | 1.80 | 2.10\nDay | | 4.60"
    assert text.endswith(f"{LINES[-1]}\n\n{rows}\n\nDogs pay half.")


def test_what_a_table_of_a_page_is_called_is_none_of_its_rows() -> None:
    tables = html_table(FARES[::2], caption="Fares") + html_table(FARES[::2], caption="More fares")
    text = only(".html", web_page(BODY + tables)).text
    rows = "Ticket | Old | New\nDay | | 4.60"
    assert text.endswith(f"\n\nFares\n\n{rows}\n\nMore fares\n\n{rows}")


def test_markup_that_is_no_page_is_read_whole() -> None:
    text, heading = markup_text(f"<h2>{TITLE}</h2><p>{FACT}<b> So</b>.</p>x<ul><li>boats</ul>")
    assert (text, heading) == (f"{FACT} So.\n\nx\n\n- boats", TITLE)
    assert "boats" in only(".html", b"<ul><li>boats</ul>").text


def test_a_date_that_a_page_does_not_state_is_not_guessed() -> None:
    page = f"<html><body><article><p>{FACT} It was founded on 3 March 1999.</p></article></body>"
    assert only(".html", page.encode()).published is None


def test_a_page_without_text_is_told() -> None:
    with pytest.raises(Unreadable, match="save the page as it is shown"):
        read(".html", b"<html><body><script>render()</script></body></html>")


def test_pages_of_a_pdf_are_joined_without_running_lines() -> None:
    pages = tuple(
        (
            f"The Oslo Courier, page {n}",
            f"Part {n} tells of the old harb-",
            "our and its boats.",
            f"{n}",
        )
        for n in range(1, 5)
    )
    text = only(".pdf", pdf(pages)).text
    assert "Courier" not in text
    assert "Part 2 tells of the old harbour and its boats." in text


def test_a_pdf_names_no_program_as_its_title_and_no_date() -> None:
    article = only(".pdf", pdf(title="Microsoft Word - prize.docx"))
    assert (article.title, article.author, article.published) == ("", AUTHOR, None)


def test_a_pdf_of_pictures_or_with_a_password_is_told() -> None:
    with pytest.raises(Unreadable, match="text recognition"):
        read(".pdf", pdf(((),)))
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    locked.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    locked.write(out)
    with pytest.raises(Unreadable, match="locked with a password"):
        read(".pdf", out.getvalue())


def test_a_word_document_keeps_lists_and_tables() -> None:
    article = only(".docx", word())
    assert (article.title, article.author) == (TITLE, AUTHOR)
    assert article.text.endswith("- boats\n\nWinner | Mirela Quonset")


def test_cells_of_a_word_table_may_be_equal_or_span_columns() -> None:
    rows = [("Stall", "2023", "2024"), ("Honey", "31", "31"), ("Fair of the town", "", "")]
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[2].cells[0].merge(table.rows[2].cells[1])
    out = io.BytesIO()
    document.save(out)
    text = only(".docx", out.getvalue()).text
    assert text == "Stall | 2023 | 2024\nHoney | 31 | 31\nFair of the town | |"


def test_a_book_is_an_article_for_each_chapter() -> None:
    reading = read(".epub", book())
    assert [article.title for article in reading.articles] == [
        f"Prizes: Part {n}" for n in (1, 2, 3)
    ]
    assert {(a.author, a.published, a.language) for a in reading.articles} == {(AUTHOR, DAY, "en")}


def test_mail_is_read_as_text_or_as_a_page() -> None:
    for content in (mail(), mail(html=True)):
        article = only(".eml", content)
        assert (article.title, article.author, article.published) == (TITLE, AUTHOR, DAY)
        assert FACT in article.text
    with pytest.raises(Unreadable, match="not an e-mail"):
        read(".eml", b"\n\nno header")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_an_article_for_each_line(separator: str) -> None:
    articles = read(".csv", table(separator)).articles
    assert [(a.path, a.text, a.published) for a in articles] == [
        (f"file.csv#{record['id']}", record["body"], DAY) for record in RECORDS
    ]


@pytest.mark.parametrize(
    "value",
    [
        list(RECORDS),
        {"articles": RECORDS},
        {"status": "ok", "response": {"docs": RECORDS}},
    ],
)
def test_records_are_found_where_json_has_them(value: Any) -> None:
    articles = read(".json", json.dumps(value).encode()).articles
    assert [article.text for article in articles] == list(LINES)


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"author": [{"name": "Ann"}, {"name": "Bea"}]}, "author", "Ann, Bea"),
        ({"source": {"id": 1, "name": "Courier"}}, "source", "Courier"),
        ({"datePublished": "2024-05-06T10:00:00Z"}, "published", DAY),
        ({"pubDate": "Mon, 06 May 2024 10:00:00 GMT"}, "published", DAY),
        ({"created_utc": 1714990000}, "published", DAY),
        ({"published": {"$date": "2024-05-06"}}, "published", DAY),
        ({"date": "last Tuesday"}, "published", None),
        ({"keywords": "boats; nets"}, "tags", ("boats", "nets")),
        ({"web_url": "https://courier.example/1"}, "url", "https://courier.example/1"),
        ({"标题": "奖项"}, "title", "奖项"),
    ],
)
def test_names_in_use_are_recognised(fields: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(only(".jsonl", lines({"text": FACT, **fields})), name) == expected


def test_markup_in_a_record_is_taken_off() -> None:
    record = {"content": f"<p>{FACT}</p><p>5 &lt; 6<br>boats</p><script>x()</script>"}
    assert only(".jsonl", lines(record)).text == f"{FACT}\n\n5 < 6\n\nboats"


def test_options_name_other_fields() -> None:
    record = {"meta": {"story": FACT}, "kicker": TITLE, "text": "teaser"}
    mapping = {"text": "meta.story", "title": "kicker"}
    (article,) = read(".jsonl", lines(record), fields=mapping).articles
    assert (article.text, article.title) == (FACT, TITLE)


def test_a_record_keeps_its_id_when_its_text_changes() -> None:
    for stable in ({"id": 7}, {"url": "https://courier.example/a b"}, {"title": TITLE}):
        before, after = (only(".jsonl", lines({"text": text, **stable})) for text in LINES[:2])
        assert before.id == after.id
    same = read(".jsonl", lines(*[{"id": 7, "text": text} for text in LINES])).articles
    assert [article.path[10:] for article in same] == ["#7", "#7-2", "#7-3"]


def test_records_that_cannot_be_read_do_not_keep_others_from_it() -> None:
    reading = read(".jsonl", lines(RECORDS[0], '{"id": 2, "bo', {"id": 3}, [], RECORDS[1]))
    assert [article.text for article in reading.articles] == list(LINES[:2])
    assert reading.problem.startswith("3 of 5 records cannot be read: line 2 is not valid JSON")


@pytest.mark.parametrize(
    ("suffix", "content", "reason"),
    [
        (".json", b"{", "not valid JSON"),
        (".json", b"3", "holds no records"),
        (".json", b"[" * 100_000, "nested too deeply|not valid JSON"),
        (".json", b"[]", "no records"),
        (".jsonl", b"\n\n", "no records"),
        (".jsonl", b'{"headline": "x", "lead": "y"}', "fields are headline, lead.*--field text="),
        (".csv", b"a,b\n1,2\n", "--field text=NAME"),
        (".csv", b"text\n", "no records"),
        (".pdf", b"%PDF-1.4 garbage", "cannot be read as PDF"),
        (".docx", b"PK garbage", "not a whole Word"),
        (".docx", book(), "cannot be read as a Word document"),
        (".epub", word(), "no list of its parts"),
        (".epub", b"", "not a whole EPUB"),
        (".txt.gz", b"plain", "not a whole gzip file"),
        (".txt.gz", gzip.compress(b"boats " * 100)[:-12], "its end is missing"),
        (".eml", b"Subject: x\n" + b"Content-Type: a; boundary=b\n" * 201, "nested parts"),
    ],
)
def test_what_is_wrong_is_told(suffix: str, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(suffix, content)


def zip_bomb(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(2_000_000))
    return out.getvalue()


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".txt.gz", gzip.compress(bytes(2_000_000))),
        (".txt.gz", gzip.compress(bytes(600_000)) * 2),
        (".docx", zip_bomb("word/document.xml")),
        (".epub", zip_bomb("META-INF/container.xml")),
    ],
)
def test_what_unpacks_to_too_much_is_not_unpacked(suffix: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"more than 1\.0 MB.*CITEWELL_MAX_UNPACKED_BYTES"):
        read(suffix, content, max_unpacked=1_000_000)


def test_gzip_of_several_members_is_read_whole() -> None:
    content = gzip.compress(FACT.encode()) + gzip.compress(b" And boats.") + bytes(20)
    assert only(".txt.gz", content).text == f"{FACT} And boats."
