"""What is the name of an outlet by its form: "Eastmoor Post", "Radio Oslo", Reuters, 人民日报.

A name that only might be one is none: a place, a rubric or a company stands before a date, too.
"""

from __future__ import annotations

import re

_KINDS = "|".join(
    "Agency Argus Broadcasting Chronicle Courier Dispatch Echo Enquirer Examiner Express Gazette "
    "Globe Guardian Herald Independent Inquirer Journal Ledger Mail Mercury Messenger Mirror "
    "Monitor News Newspaper Observer Post Press Radio Sentinel Standard Star Sun Telegraph "
    "Television Times Tribune TV Weekly Wire".split()
)
_WORD = r"[^\W\d_a-z][\w.&'’-]*"
_NO_NAME = r"(?!(?:By|From|For|In|On|At|To|As) )"
_ENGLISH = re.compile(
    # The kind comes last: "Press Release" and "Post Office" are none.
    rf"{_NO_NAME}(?:{_WORD} (?:(?:of|for|the|and|&) )*){{1,5}}(?:\w+-)?(?:{_KINDS})"
    rf"|(?:The )?(?:Radio|TV|Times of|Voice of)(?: {_WORD}){{1,3}}"
    r"|BBC|CNN|NPR|AFP|AP|Reuters|Bloomberg|Xinhua|(?i:[a-z\d-]+\.(?:com|org|net|co\.uk))"
)
_CHINESE = re.compile(
    r"《?(?:[\u4e00-\u9fff]{1,10}(?:[日晚早晨时商]报|青年报|都市报|通讯社|电视台|电台|新闻网|周刊)"
    r"|新华社|中新社|人民网|新华网)》?"
)
_RUBRIC = re.compile(
    r"(?:(?:World|Local|National|Foreign|Home|Business|Financial|Political|Sports?|Breaking|Latest"
    r"|Top|Good|Bad|Other|More) )+News"
)


def is_outlet(name: str) -> bool:
    """Tell the name of a newspaper, agency, broadcaster or site."""
    fits = _ENGLISH.fullmatch(name) or _CHINESE.fullmatch(name)
    return bool(fits) and not _RUBRIC.fullmatch(name)
