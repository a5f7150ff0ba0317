"""From files to articles: encodings, front matter, and what is never made up."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import find_files, read_articles, read_bytes
from ingest.decoding import decode
from ingest.errors import Unreadable
from ingest.formats.stated import parse_date
from rag import Article

ENGLISH = "The Zorblatt prize went to Mirela Quonset. Nobody in Oslo was surprised by the news."
CHINESE = "泰国版《三十而已》于九月四日在曼谷开播，共四十三集，每周播出三集。主演是三位泰国女演员。"
GERMAN = (
    "Die Serie läuft seit Februar in Österreich und wird über größere Sender verkauft. Die Gäste "
    "müssen früh kommen, weil das Café um zwölf schließt. Für die Zuschauer ist das schön."
)

FRENCH = (
    "Le film a été tourné à Paris. L'actrice, très émue, a déclaré que le succès dépassait ses "
    "espérances. Où est-ce que ça mène ? Mère inquiète, fenêtre ouverte."
)
PORTUGUESE = "A produção começou em São Paulo. A emissora não comentou. O coração é nosso."
SWEDISH = "Färjan sjönk nära Bergen på våren. Människor från hela världen såg på från hamnen."
HUNGARIAN = "Árvíztűrő tükörfúrógép. A sorozatot Budapesten forgatták, és díjat kapott érte."
POLISH = "Nagroda trafiła do Łodzi. Książka została wydana w zeszłym roku. Zażółć gęślą jaźń."
RUSSIAN = "Премию вручили в Осло. Фильм был снят в прошлом году, и успех превзошёл ожидания."


def read(content: str | bytes, suffix: str = ".md") -> Article:
    raw = content if isinstance(content, bytes) else content.encode()
    (article,) = read_articles(f"2024-05-06-article{suffix}", suffix, raw).articles
    return article


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (ENGLISH, "utf-16"),
        (CHINESE, "gb18030"),
        (GERMAN, "latin-1"),
        (GERMAN, "cp1252"),
        (FRENCH, "latin-1"),
        (FRENCH, "cp1252"),
        ("Le Grand Prix du théâtre a été décerné à Hélène à Genève.", "cp1252"),
        (PORTUGUESE, "cp1252"),
        (SWEDISH, "cp1252"),
        ("“The prize” – so they say – went to Quonset’s café.", "cp1252"),
        (HUNGARIAN, "cp1250"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_text_is_decoded_whatever_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), bytes(range(256)) * 4, bytes(64)],
    ids=["picture", "all bytes", "zeros"],
)
def test_a_binary_file_is_told_from_text(content: bytes) -> None:
    with pytest.raises(Unreadable, match="binary"):
        decode(content)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text


def test_front_matter_is_optional() -> None:
    article = read(ENGLISH)
    assert article.text == ENGLISH
    assert (article.title, article.source, article.author, article.url) == ("", "", "", "")
    assert article.published is None
    assert (article.tags, article.references) == ((), ())


def test_all_fields_of_the_front_matter_are_kept() -> None:
    article = read(
        "---\ntitle: Prize\n  awarded\nauthor: [Mina Park, Li Wei]\nsource: Courier\n"
        "date: 2024-02-03\nurl: https://example.org/a\nlanguage: en\ntags: one, two words\n"
        f"references:\n  - 'seed: a book'\n---\n\n{ENGLISH}\n"
    )
    assert article == Article(
        id=article.id,
        path="2024-05-06-article.md",
        text=ENGLISH,
        title="Prize awarded",
        source="Courier",
        author="Mina Park, Li Wei",
        published=datetime.date(2024, 2, 3),
        url="https://example.org/a",
        language="en",
        tags=("one", "two words"),
        references=("seed: a book",),
    )


def test_title_author_and_date_are_taken_from_lines_that_state_them() -> None:
    article = read(f"# Prize awarded\n\nBy Mina Park\n\nPublished: 3 February 2024\n\n{ENGLISH}")
    assert article.title == "Prize awarded"
    assert article.author == "Mina Park"
    assert article.published == datetime.date(2024, 2, 3)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Eastmoor Post, 3 February 2024", "Eastmoor Post"),
        ("3 February 2024, Eastmoor Post", "Eastmoor Post"),
        ("The Guardian, February 3, 2024", "The Guardian"),
        ("St. Louis Post-Dispatch – Saturday, 3 February 2024", "St. Louis Post-Dispatch"),
        ("Times of India | 3 Feb 2024", "Times of India"),
        ("Reuters · 2024-02-03", "Reuters"),
        ("《人民日报》，2024年2月3日", "人民日报"),
        ("2024年2月3日 新华社", "新华社"),
    ],
)
def test_a_line_of_outlet_and_date_states_both(line: str, source: str) -> None:
    article = read(f"Prize awarded\n\nBy Mina Park\n{line}\n\n{ENGLISH}", ".txt")
    assert (article.source, article.author) == (source, "Mina Park")
    assert article.published == datetime.date(2024, 2, 3)


@pytest.mark.parametrize(
    "line",
    [
        "Oslo, 3 February 2024",
        "LONDON, 3 February 2024",
        "World News, 3 February 2024",
        "Press Release, 3 February 2024",
        "Eastmoor Post, 3 February",
        "Eastmoor Post, page 3, 3 February 2024",
        "The prize was announced in the Eastmoor Post, 3 February 2024",
        "天气预报 2024年2月3日",
    ],
)
def test_a_date_beside_what_may_be_no_outlet_states_nothing(line: str) -> None:
    article = read(f"Prize awarded\n\n{line}\n\n{ENGLISH}", ".txt")
    assert (article.source, article.published) == ("", None)


def test_an_outlet_below_the_top_states_nothing() -> None:
    article = read(f"{ENGLISH}\n\n" * 5 + "Eastmoor Post, 3 February 2024")
    assert (article.source, article.published) == ("", None)


def test_the_first_line_of_plain_text_is_its_title_if_it_is_no_sentence() -> None:
    assert read(f"Prize awarded\n\n{ENGLISH}", ".txt").title == "Prize awarded"
    untitled = read(f"It rained in Oslo.\n\n{ENGLISH}", ".txt")
    assert untitled.title == ""
    assert untitled.text == f"It rained in Oslo.\n\n{ENGLISH}"


@pytest.mark.parametrize(
    "prose",
    [
        "The show, written by Mina Park, opened on 3 February 2024 in Oslo.",
        "By Mina Park's account, the show opened late, and it closed on 3 February 2024.",
        "On 3 February 2024, the show opened.",
        "Published reports disagree about 2024.",
        "## By the numbers\n\nThe show has 24 episodes.",
    ],
)
def test_prose_states_neither_author_nor_date(prose: str) -> None:
    article = read(prose)
    assert article.author == ""
    assert article.published is None
    assert article.title == ""


def test_front_matter_outranks_lines_of_the_text() -> None:
    article = read(f"---\ntitle: A\nauthor: B\n---\n# C\n\nBy Mina Park\n\n{ENGLISH}")
    assert (article.title, article.author) == ("A", "B")


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_dates_are_read_in_usual_forms(date: datetime.date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%Y年%m月%d日", "%Y-%m-%dT12:30"):
        assert parse_date(date.strftime(form)) == date
    assert parse_date(date) == date
    assert parse_date(datetime.datetime(date.year, date.month, date.day, 23)) == date


@pytest.mark.parametrize("value", ["03/04/2024", "last May", "2024", "spring 2024", "", None, 2024])
def test_a_date_in_doubt_is_no_date(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"---\ntitle: [unclosed\n---\n{ENGLISH}", r"not valid YAML \(line \d\)"),
        (f"---\npublished: 2024-02-30\n---\n{ENGLISH}", "not valid YAML"),
        ("", "no text"),
        ("---\ntitle: Only this\n---\n", "no text"),
        ("---\n\n* * *\n\n…", "no text"),
    ],
    ids=["unclosed list", "impossible date", "empty file", "only front matter", "only marks"],
)
def test_what_is_wrong_with_a_file_is_told(content: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(content)


def test_text_between_rules_that_is_no_mapping_is_not_lost() -> None:
    content = f"---\nThe jury met in a lighthouse.\n---\n\n{ENGLISH}"
    try:
        text = read(content).text
    except Unreadable:
        return  # told, which is as good
    assert "lighthouse" in text


def test_large_and_unknown_files_are_not_read(tmp_path: Path) -> None:
    large, picture = tmp_path / "large.md", tmp_path / "picture.jpg"
    large.write_text(ENGLISH)
    picture.write_bytes(b"x")
    with pytest.raises(Unreadable, match="CITEWELL_MAX_FILE_BYTES"):
        read_bytes(large, limit=len(ENGLISH) - 1)
    assert read_bytes(large, limit=len(ENGLISH)) == ENGLISH.encode()
    with pytest.raises(Unreadable, match=r"\.jpg is not a known format; use .*\.md"):
        read_bytes(picture, limit=10)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened: No such file"):
        read_bytes(tmp_path / "gone.md", limit=10)


def test_only_articles_are_found_in_a_folder(tmp_path: Path) -> None:
    wanted = ["a.md", "b.TXT", "folder/c.markdown", "folder/d.pdf"]
    others = [".hidden.md", "_notes.md", "README.md", "LICENSE", ".git/e.md", "_drafts/f.md"]
    for name in [*wanted, *others]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    assert [file.relative_to(tmp_path).as_posix() for file in find_files(tmp_path)] == wanted
