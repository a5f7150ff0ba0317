"""The type of answer a question wants, the names in it, and sentences that have them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.keyword import STOPWORDS
from rag.lexicon import AUXILIARY, is_place
from rag.measures import asks_age, asks_duration, asks_price, has_measure
from rag.sentences import CJK, guess_language

AnswerType = Literal["date", "number", "name", ""]

_DATE_QUESTION = re.compile(
    rf"^(?:(?:since|until|by|from|and) )?when (?:{AUXILIARY})\b"
    r"|^(?:\w+ ){0,2}(?:what|which) (?:exact |specific )?(?:year|date|day|month|century|decade)\b"
    r"|什么时候|何时|哪一?[年天日]|哪个月|几[月号]",
    re.I,
)
_NUMBER_QUESTION = re.compile(
    r"^(?:\w+ ){0,2}how (?:many|much|long|high|far|often|old|big|large|fast|tall|deep)\b"
    r"|^(?:\w+ )?(?:what|which) (?:was |is |were |are )?(?:the )?(?:\w+ ){0,2}"
    r"(?:number|percentage|percent|share|proportion|ratings?|score|budget|price|cost|amount|"
    r"population)\b|多少|几|多长",
    re.I,
)
_CREDIT = re.compile(
    r"\bwho(?:se)? (?:\w+ )*(?:direct|writ|wrote|compos|produc|starr?|play|sing|sang)"
    r"|\b(?:director|writer|composer|producer|actor|actress|star|lead)s?\b",
    re.I,
)
_TWO_PARTS = re.compile(
    r"\w,? and (?:(?:then|also|for|from|to|by|with|in|on|at) )?"
    r"(?:who(?:m|se)?|what|which|when|where|why|how)\b"
    r"|(?:什么时候|何时|哪|谁|多少|几).*(?:[，,；]|以及|并且).*(?:什么时候|何时|哪|谁|多少|几)",
    re.I,
)
_NAME_OF = re.compile(r"^(?:and )?what (?:is|was) the (?:\w+ )?name of\b", re.I)
_NAME_QUESTION = re.compile(r"^(?:and )?who(?:m|se)?\b|谁", re.I)

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b{_MONTH}\.? ?\d|\d ?(?:st|nd|rd|th)? {_MONTH}\b|\b\d{{3,4}}(?:s|\b)"
    rf"|\b(?:in|since|of|by|until|last|next|early|late) {_MONTH}\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+月|\d+年|\bcentury\b|\b(?:ago|bc|ad|bp)\b"
    r"|\b(?:spring|summer|autumn|winter|yesterday|today|tomorrow)\b",
    re.I,
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|"
    r"thirty|forty|fifty|hundreds?|thousands?|millions?|billions?|half|third|quarter|once|twice|"
    r"doubled|tripled|tenfold|dozens?)\b|[一二三四五六七八九十百千万亿两]",
    re.I,
)
_CALENDAR = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH}\b(?: \d{{1,2}}\b)?(?:,? \d{{4}}\b)?"
    r"|\b(?:1[0-9]|20)\d\d\b|\d+年|\d+月|\d+日",
    re.I,
)
_TERM = re.compile(  # "until at least 2032", "since Monday": where a span of time begins or ends
    r"\b(?:since|until|till|from|through|up to)"
    r"(?: (?:at least|the|end|middle|beginning|start|of|early|mid|late|last|next|this|about"
    r"|around|\d{1,2}))*[ -]"
    rf"(?:{_MONTH}\b|(?:1[0-9]|20)\d\d\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:spring|summer|autumn|winter|christmas|easter)\b)"
    r"|(?:自|从|到|至)\d+年|\d+年(?:\d+月)?(?:以来|起|底|为止)",
    re.I,
)
_RUN = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*)+")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_ENGLISH_OPENING = re.compile(
    rf"(?:who(?:m|se)?|what|which|when|where|why|how|{AUXILIARY})\b", re.I
)
_ASKS_IN_CHINESE = re.compile("什么|哪|多少|几|谁|何时|为何|如何|怎么|怎样|是否|有没有|吗|呢")
_BOOK_TITLE = re.compile(r"《[^》]+》")


def answer_type(question: str) -> AnswerType:
    """Tell what an answer must contain; empty if the wording does not say, or asks two things."""
    if _TWO_PARTS.search(question):
        return ""
    if _DATE_QUESTION.search(question):
        return "date"
    if _NUMBER_QUESTION.search(question) or asks_price(question):
        return "number"
    named = _NAME_QUESTION.search(question) or _NAME_OF.search(question)
    return "name" if named else ""


def has_answer_type(kind: AnswerType, sentence: str, question: str) -> bool:
    """Tell whether a sentence contains a date, a new number or a new name, as asked for."""
    if kind == "date":
        return bool(_DATE.search(sentence))
    if kind == "number":
        figure = _has_number(sentence, question) or _has_term(sentence, question)
        return has_measure(sentence, question) and figure
    if kind == "name":
        return bool(new_names(sentence, question))
    return True


def _has_number(sentence: str, question: str) -> bool:
    asked = {number.lower() for number in _NUMBER.findall(question)}
    return any(number.lower() not in asked for number in _NUMBER.findall(sentence))


def _has_term(sentence: str, question: str) -> bool:
    """Tell whether a date tells how long: "since 2019", if that is asked."""
    return asks_duration(question) and _TERM.search(sentence) is not None


def new_names(sentence: str, question: str) -> list[str]:
    """Capitalised words of a sentence that the question does not have.

    The first word counts only before another capitalised one, for any sentence begins so.
    """
    asked, words = question.lower(), _WORD.findall(sentence)
    capital = [word[0].isupper() or bool(CJK.match(word)) for word in words]
    return [
        word
        for i, word in enumerate(words)
        if capital[i]
        and word.lower() not in asked
        and (i > 0 or (len(words) > 1 and capital[1]) or bool(CJK.match(word)))
    ]


def name_tokens(
    question: str, spans: tuple[tuple[int, int], ...], texts: Sequence[str] = ()
) -> NDArray[np.bool_]:
    """Which tokens of a question belong to names: capitalised words, titles in 《》, CJK words.

    What a question is about is named once in an article and then taken as known, while what it
    asks must be said by the sentence that answers it; so names may come from the context. A
    question typed without capitals takes them from `texts`, the articles that were found.
    """
    titles = [match.span() for match in _BOOK_TITLE.finditer(question)]
    if titles:
        return np.array([any(a <= start < b for a, b in titles) for start, _ in spans], dtype=bool)
    words = [whole_word(question, start) for start, _ in spans]
    first = whole_word(question, 0)  # which any question writes with a capital
    foreign = is_english(question)  # a Chinese word is a name among English ones only
    typed = [
        (question[word[0]].isupper() and (word != first or not foreign))
        or (foreign and bool(CJK.match(question[word[0]])))
        for word in words
    ]
    if not any(typed) and texts:
        lower = sorted({question[a:b] for a, b in words if question[a].islower()} - STOPWORDS)
        names = _written_as_names(lower, texts)
        typed = [question[a:b] in names for a, b in words]
    return np.array(typed, dtype=bool)


def is_english(question: str) -> bool:
    """Tell a question in English, whatever script its names are in, from one in Chinese."""
    if not CJK.search(question) or _ENGLISH_OPENING.match(question):
        return True
    words = _WORD.findall(question)  # "To the Wonder是哪天开播的" has an English title
    return not _ASKS_IN_CHINESE.search(question) and any(word in STOPWORDS for word in words)


def whole_word(text: str, start: int) -> tuple[int, int]:
    """Span of the word around a position; Chinese characters and letters are words apart."""
    chinese = bool(CJK.match(text[start]))

    def within(place: int) -> bool:
        return text[place].isalnum() and bool(CJK.match(text[place])) == chinese

    end = start + 1
    while start > 0 and (within(start - 1) or text[start - 1] in "-'’"):
        start -= 1
    while end < len(text) and within(end):
        end += 1
    return start, end


def _written_as_names(words: Sequence[str], texts: Sequence[str]) -> set[str]:
    """The words that texts write with a capital more often than not, other than to open sentences.

    In one pass for all words: to look for each takes as long as to find the answer.
    """
    if not words:
        return set()
    pattern = re.compile(rf"(?<=[\w,;:] )\b(?:{'|'.join(map(re.escape, words))})\b", re.I)
    forms = Counter(form for text in texts for form in pattern.findall(text))
    capitals: Counter[str] = Counter()
    for form, count in forms.items():
        capitals[form.lower()] += count if form[0].isupper() else -count
    return {word for word in words if capitals[word] > 0}


def stated_type(kind: AnswerType, sentence: str, question: str) -> bool | None:
    """A stricter test, for refusal: `None` where the type of the answer cannot be told.

    A number that belongs to a date counts for an age or a duration only, but one may measure
    anything, save for an age: there are too many ways to tell a price. Who directed or plays is a
    person, two capitalised words; who won may be a team, and who lived there a people.
    """
    if not is_english(question) and (kind == "name" or guess_language(sentence) != "zh"):
        return None  # names look like any words; and what is in English, was found by names alone
    if kind == "name":
        if _NAME_OF.search(question):
            return bool(new_names(sentence, question))
        return bool(_people(sentence, question)) if _CREDIT.search(question) else None
    if kind == "date":
        return bool(_DATE.search(sentence))
    if kind == "number" and _NUMBER_QUESTION.search(question):
        if asks_age(question):
            return has_answer_type(kind, sentence, question)
        told = _CALENDAR.sub(" ", sentence)
        return _has_number(told, question) or _has_term(sentence, question)
    return None


def _people(sentence: str, question: str) -> list[str]:
    """Capitalised words that may be a person: no place, no abbreviation, no article before."""
    asked, found = question.lower(), []
    for match in _RUN.finditer(sentence):
        before = re.search(r"(\w+) $", sentence[: match.start()])
        if before and before[1].lower() in ("the", "a", "an", "in", "at", "on"):
            continue
        words = [w for w in match[0].split() if not is_place(w) and not w.isupper()]
        words = [w for w in words if w.lower() not in asked and not _CALENDAR.fullmatch(w)]
        if len(words) >= 2:
            found.append(" ".join(words))
    return found
