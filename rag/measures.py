"""What a number must measure, where the question says so: an age, a length, a share, a price."""

from __future__ import annotations

import re

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SPELLED = (
    rf"(?:(?:{_TENS})(?:-\w+)?|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|two|three|four|five|six|seven|eight|nine)"
)
_ASKS_AGE = re.compile(r"\bhow old\b", re.I)
_AGE = re.compile(
    rf"\b(?:\d+|{_SPELLED})[- ]years?[- ]olds?\b|, (?:\d\d|{_SPELLED}),"
    rf"|\b(?:aged?|turn(?:s|ed)|is|was|at|be|am|are|were) (?:\d{{1,3}}|{_SPELLED})\b(?! per)"
    r"|\bage of\b|\bborn\b|\bbirthday\b|\bdate[sd]?\b|\bcentur|\b\d{3,4}\b|\b\d+\)",
    re.I,
)
_ASKS_LENGTH = re.compile(r"\bhow long\b", re.I)
_LENGTH = re.compile(
    r"\b(?:second|minute|hour|day|night|week|fortnight|month|season|year|decade|generation|metre"
    r"|meter|kilomet(?:re|er)|mile|inche|centimet(?:re|er)|page|episode|lap)s?\b"
    r"|\b(?:feet|foot|inch|centur(?:y|ies)|km|cm|mm|m|ft|term|life|lifetime|forever|ever"
    r"|permanent\w*|until|since|from)\b|-(?:year|month|week|day|hour|minute)\b",
    re.I,
)
# For how long or since when, not how far: "how long is the bridge" has no verb at its end.
_ASKS_DURATION = re.compile(
    r"\bhow long (?:has|have|had|will|would|did|does|do|must|should|can|may)\b(?!.* be\W*$)"
    r"|\bhow long (?:is|was|are|were) .*\b(?:\w+ed|\w+ing|shut|open|valid|ill|away|absent)\W*$"
    r"|多长时间|多久",
    re.I,
)
_ASKS_SHARE = re.compile(
    r"\b(?:what|which) (?:percentage|share|proportion|percent|per cent)\b", re.I
)
_SHARE = re.compile(
    r"%|\bper ?cent\b|\b(?:half|halves|thirds?|quarters?|fifths?|tenths?|majority|all|none)\b"
    r"|\b(?:in|of|out of) (?:every |the )?(?:\d+|ten|five|four|three|hundred)\b",
    re.I,
)
_ASKS_PRICE = re.compile(
    r"\bhow much (?:did|does|do|will|would|has|have|had|was|were|is|are) .*"
    r"\b(?:pay|paid|paying|cost|costs|spend|spent|charge|charged|earn|earned|worth|sell|sold)\b"
    r"|\b(?:how much|what sum of) money\b"
    r"|\bwhat (?:did|does|do|will|would) .* (?:pay|cost|earn|charge)\b",
    re.I,
)
_PRICE = re.compile(
    r"[$€£¥₩₹₽]|\b(?:hundred|thousand|million|billion|trillion)s?\b|\b\d{1,3}(?:[,. ]\d{3})+\b"
    r"|\b(?:euro|dollar|pound|yuan|franc|crown|krone|krona|rupee|rouble|ruble|peso|dinar|dirham|cent"
    r"|shilling|rand|baht|dong|ringgit|lira|florin|guilder)s?\b|\b(?:yen|won|kronor|kroner|pence)\b"
    r"|\b(?:free|nothing)\b|\d[元万亿]",
    re.I,
)
_MEASURES = (
    (_ASKS_AGE, _AGE),
    (_ASKS_LENGTH, _LENGTH),
    (_ASKS_SHARE, _SHARE),
    (_ASKS_PRICE, _PRICE),
)


def asks_age(question: str) -> bool:
    """Tell a question that a year answers as well as a number of years."""
    return _ASKS_AGE.search(question) is not None


def asks_duration(question: str) -> bool:
    """Tell a question that "since 2019" or "until May" answers as well as a number of years."""
    return _ASKS_DURATION.search(question) is not None


def asks_price(question: str) -> bool:
    """Tell a question that a sum of money answers."""
    return _ASKS_PRICE.search(question) is not None


def has_measure(sentence: str, question: str) -> bool:
    """Tell whether a sentence has the measure that a question asks for, if it says which."""
    return all(says.search(sentence) for asks, says in _MEASURES if asks.search(question))
