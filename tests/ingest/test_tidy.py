"""Scraped and machine-translated text: what goes, and above all what stays."""

from __future__ import annotations

import hashlib
import json
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.articles import read_articles
from ingest.clean import plain_text
from ingest.fingerprint import CLEANER
from ingest.tidy import Tidied, tidy
from tests.conftest import ROOT, Library

FIRST = "The drama was sold to Japan in 2021, and a Korean version is being prepared in Seoul."
LAST = "Nobody in Bangkok was surprised by the success of the series."
HAN = "这部电视剧已售往日本，韩国版正在首尔筹备，泰国版于曼谷拍摄完成。"

NAVIGATION = """Share
Share this article
Share on Facebook
Back to top
Click to enlarge
(Click here to enlarge the picture)
Advertisement
Story continues below advertisement
Read more
Read more: Gold Boy opens in Tokyo
See also: Ten dramas of the year
You may also like
Sign up for our daily newsletter
相关阅读：三十而已泰国版开播
点击查看大图""".split("\n")
CAPTIONS = """The picture shows the poster.
The picture shows the poster of Nothing But Thirty
The picture shows the poster of the TV series "Go Where the Wind Is".
Photo shows a still of the Thai version.
图为电视剧《三十而已》海报
Photo credit: Xinhua
图片来源：网络
File photo""".split("\n")
NOTICES = """Please indicate the source when reprinting.
For reprints, please contact the editorial office.
Reproduction in whole or in part without permission is prohibited.
This material may not be published, broadcast or republished without permission.
Copyright © 2024 Oslo Courier. All rights reserved.
© 2024 Oslo Courier
All rights reserved.
The views expressed in this article are those of the author.
转载请注明来源
本文未经授权，不得转载
版权所有 侵权必究""".split("\n")
CREDITS = """(Editor: Fan Jing)
Responsible editor: Fan Jing
Author: Wang Yan Editor: Fan Jing
[Reporter: Wang Yan, Editor: Fan Jing]
By Wang Yan
Written by Wang Yan and Fan Jing
Source: Xinhua
责任编辑：范菁
（编辑：范菁 校对：王彦）""".split("\n")

# Sentences and headings that look like one of these, and are none.
SENTENCES = """Share prices fell by a third.
Share
Print
Comments
Read more books, the minister said.
Read more: the minister said that nobody reads any longer.
Related: the company also sold its shares.
Click to enlarge was the name of her first exhibition.
The picture shows the poster that Kaneko drew in 2019.
The picture shows the poster of Gold Boy, the Japanese film version of The Bad Kids.
The picture shows Mirela Quonset in Oslo.
The picture shows a still from the harbour.
The photo is a screenshot of a chat in which the minister resigned.
图为三十而已主演在东京出席首映。
Please indicate to the source that we are coming.
Reproduction without permission is prohibited under the new law, the court said.
Copyright was the subject of the meeting.
All rights reserved for Japan were sold to Netflix.
The views expressed by voters surprised the party.
Editor: what did you see there?
Reporter: And what happened next?
Author: the person who writes.
By noon Bangkok was under water.
By the end of 2023 the drama had been sold to six countries.
Source code was published on Monday.
编辑认为，这部剧值得一看。
未经许可，记者不得入内的规定已经取消。""".split("\n")
HEADINGS = ("Share", "Print", "Comments")


def article(*blocks: str) -> str:
    return "\n\n".join(blocks)


@pytest.mark.parametrize("leftover", [*NAVIGATION, *CAPTIONS])
def test_leftovers_go_wherever_they_stand(leftover: str) -> None:
    assert tidy(article(leftover, FIRST, leftover, LAST, leftover)).text == article(FIRST, LAST)


@pytest.mark.parametrize("notice", [*NOTICES, *CREDITS])
def test_notices_and_credits_go_only_from_the_end(notice: str) -> None:
    assert tidy(article(FIRST, LAST, notice, "Share")).text == article(FIRST, LAST)
    within = article(FIRST, notice, LAST)
    assert tidy(within).text == within


@pytest.mark.parametrize("notice", NOTICES)
def test_notices_go_from_the_start(notice: str) -> None:
    assert tidy(article(notice, FIRST, LAST)).text == article(FIRST, LAST)


@pytest.mark.parametrize("sentence", [each for each in SENTENCES if each != "Share"])
def test_what_may_be_a_sentence_or_a_heading_stays(sentence: str) -> None:
    for text in (
        article(FIRST, sentence),
        article(sentence, FIRST),
        article(FIRST, sentence, LAST),
    ):
        assert tidy(text).text == text


def test_a_credit_at_the_end_of_the_last_paragraph_goes() -> None:
    assert tidy(article(FIRST, f"{LAST} (Editor: Fan Jing)")).text == article(FIRST, LAST)
    assert tidy(f"{HAN}（责任编辑：范菁）").text == HAN
    for kept in (f"{LAST} (Editor and critic agree.)", "It was she (Editor: Fan Jing)"):
        assert tidy(article(FIRST, kept)).text == article(FIRST, kept)


def test_who_made_it_is_noted_before_it_goes() -> None:
    text = article(FIRST, "Source: Xinhua", "(Reporter: Wang Yan, Editor: Fan Jing)")
    assert tidy(text).fields == {"author": "Wang Yan", "source": "Xinhua"}
    (found,) = read_articles("a.txt", ".txt", text.encode()).articles
    assert (found.text, found.author, found.source) == (FIRST, "Wang Yan", "Xinhua")
    stated = f"---\nauthor: Ann Berg\n---\n{text}".encode()
    assert read_articles("a.md", ".md", stated).articles[0].author == "Ann Berg"


def test_an_interview_is_no_list_of_credits() -> None:
    text = article(FIRST, "Reporter: And then?", "Wang: We left.", "Reporter: Many Thanks")
    assert tidy(text).text == text


@pytest.mark.parametrize("cut", [FIRST[:70], f"{FIRST[:70]}…", f"{FIRST[:68]} [...]", FIRST])
def test_a_lead_that_is_repeated_goes(cut: str) -> None:
    whole = article(f"{FIRST} More of it.", LAST)
    assert tidy(article(cut, whole)).text == whole
    assert tidy(article(cut, "Abroad", whole)).text == article("Abroad", whole)
    assert tidy(article(HAN[:31], HAN, LAST)).text == article(HAN, LAST)


def test_a_lead_that_runs_over_two_paragraphs_goes() -> None:
    assert tidy(article(f"{FIRST} {LAST[:30]}", FIRST, LAST)).text == article(FIRST, LAST)


@pytest.mark.parametrize(
    "lead",
    [
        "The drama was sold to Japan in 2022, and a Korean version is being prepared …",  # a year
        "The drama was sold",  # may be a heading
        f"{FIRST} It says more than what follows.",
        f"- {FIRST[:70]}",
    ],
)
def test_a_lead_of_its_own_stays(lead: str) -> None:
    text = article(lead, FIRST, LAST)
    assert tidy(text).text == text


def test_a_long_paragraph_is_kept_once_and_refrains_rows_and_items_as_often_as_they_come() -> None:
    assert tidy(article(FIRST, LAST, FIRST)).text == article(FIRST, LAST)
    for line in ("He said no.", f"- {FIRST}", f"{FIRST} | 2021"):
        text = article(line, LAST, line)
        assert tidy(text).text == text


def test_a_sentence_that_was_broken_in_two_is_joined() -> None:
    whole = "The drama was sold to Japan in 2021, and to five countries since, the company said."
    for place in ("five", "since,", "the company"):
        start, rest = whole.split(f" {place}", 1)
        assert tidy(article(start, place + rest, LAST)).text == article(whole, LAST)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Streaming", "iQIYI said so."),
        ("What the new rules mean for streaming services abroad", "iQIYI said so on Monday."),
        ("Short lines", "of a poem stay lines."),
        ("a list of many phrases that are no sentence at all", "red wine and cheese"),
        (FIRST, "and this begins in lower case."),
        ("What the new rules mean for streaming services abroad", "Nothing, for now."),
        ("- what the new rules mean for streaming services abroad", "nothing for now."),
        ("a long row of a table of streaming services | and of rules", "nothing for now."),
    ],
)
def test_headings_items_and_whole_sentences_are_not_joined(above: str, below: str) -> None:
    text = article(above, below, LAST)
    assert tidy(text).text == text


def test_a_lost_line_end_gets_its_space_and_names_with_dots_do_not() -> None:
    glued = "It was shown in Japan.The series did well.However it ended!It was over."
    mended = "It was shown in Japan. The series did well. However it ended! It was over."
    assert tidy(glued).text == mended
    for name in (
        "Booking.com",
        "Node.js",
        "The U.S.The",
        "Ph.D.",
        "System.Out",
        "a.At b",
        "Yahoo!In",
    ):
        text = f"{FIRST} They use {name}"
        assert tidy(text).text == text


def test_a_file_of_leftovers_alone_is_not_emptied() -> None:
    assert tidy("Share").text == "Share"
    assert read_articles("a.txt", ".txt", b"Share").articles[0].text == "Share"


PARAGRAPHS = (
    "The Zorblatt series was sold to Thailand last week, and the first trailer was shown at a fair "
    "in Hong Kong, where buyers from six countries and regions asked for the rights to remake it.",
    "Filming in Bangkok began in June 2023 and ended in January 2024.The whole cast is from "
    "Thailand, said Mirela Quonset, who produced the series and has worked in the city for twenty "
    "years, most of them for a small studio near the river.",
)
SCRAPED = f"""Zorblatt goes abroad
Share
{PARAGRAPHS[0][:130]}
{PARAGRAPHS[0]}
The picture shows the poster of the Thai version of Zorblatt.
Click to enlarge
{PARAGRAPHS[1].replace("series and", "series" + chr(10) + "and")}
Read more: Ten series of the year
Author: Wang Yan
(Editor: Fan Jing)
Please indicate the source when reprinting.
"""


@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl"])
def test_a_scraped_article_is_read_and_cited_as_it_was_meant(library: Library, suffix: str) -> None:
    title, _, body = SCRAPED.partition("\n")
    page = "".join(f"<p>\u200b{line}</p>" for line in body.splitlines())
    head = f"<html><head><title>{title}</title></head>"
    library.write(
        f"scraped{suffix}",
        {
            ".txt": SCRAPED.replace(" and ", "  and\u200b "),
            ".html": f"{head}<body><article>{page}</article></body>",
            ".jsonl": json.dumps({"headline": title, "body": body}),
        }[suffix],
    )
    library.reindex()
    answer = library.assistant.ask("When did filming of the Zorblatt series begin in Bangkok?")
    article = library.assistant.article(answer.citations[0].article_id)
    mended = PARAGRAPHS[1].replace("2024.The", "2024. The")
    assert article.text == f"{PARAGRAPHS[0]}\n\n{mended}"
    assert (article.title, article.author) == (title, "Wang Yan")
    for citation in answer.citations:
        assert citation.quote == article.text[citation.start : citation.end]
    assert (
        answer.citations[0].quote
        == "Filming in Bangkok began in June 2023 and ended in January 2024."
    )


PIECES = st.one_of(
    st.sampled_from([*NAVIGATION, *CAPTIONS, *NOTICES, *CREDITS, *SENTENCES, FIRST, LAST, HAN, ""]),
    st.sampled_from(
        [FIRST[:50], f"{FIRST[:70]}…", "goes on, like this", "x.The y", "- item", "a | b"]
    ),
    st.text(max_size=30),
)


@example([f"{FIRST[:40]}", "goes on.The end", "Share", FIRST])
@given(st.lists(PIECES, max_size=12))
def test_what_is_tidy_stays_as_it_is(pieces: list[str]) -> None:
    cleaned = plain_text("\n\n".join(pieces))
    assert plain_text(cleaned) == cleaned
    once = tidy(cleaned).text
    assert tidy(once).text == once
    assert plain_text(once) == once


@given(st.lists(st.sampled_from([*SENTENCES, FIRST, LAST, HAN, FIRST[:50]]), max_size=12))
def test_no_sentence_is_lost(pieces: list[str]) -> None:
    text = tidy("\n\n".join(pieces)).text
    whole = {piece for piece in pieces if piece not in (FIRST[:50], "Share")}
    assert all(piece in text for piece in whole)


def test_files_are_read_again_when_the_rules_change(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("prize.md", article(FIRST, "Click to enlarge"))
    library.write("ferry.md", LAST)
    with monkeypatch.context() as patch:  # as an earlier version would have read them
        patch.setattr("ingest.articles.CLEANER", "")
        patch.setattr(sys.modules["ingest.reindex"], "CLEANER", "")
        patch.setattr("ingest.articles.tidy", Tidied)
        library.reindex()
        assert library.reindex().unchanged == 2
    report = library.reindex()
    assert (report.updated, report.unchanged) == (("prize.md",), 1)
    assert report.chunks_embedded == 1
    assert library.reindex().unchanged == 2


def test_the_version_is_raised_with_the_rules() -> None:
    """Should this fail, what files become has changed: raise CLEANER, and note the new digest."""
    samples = [*NAVIGATION, *CAPTIONS, *NOTICES, *CREDITS, *SENTENCES, FIRST[:50], FIRST, "x.The y"]
    texts = [tidy(article(FIRST, each, LAST, each)).text for each in samples]
    corpus = sorted((ROOT / "corpus").glob("2*.md"))
    texts += [read_articles("a", ".md", file.read_bytes()).articles[0].text for file in corpus]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    assert (CLEANER, digest) == ("tidy-2", "6e5d98b3fada")
