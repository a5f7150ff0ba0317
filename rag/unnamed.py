"""Sentences whose subject or speaker is a pronoun though they do not open with it.

"'It is over,' she said" and "According to a poll, she would win": who she is stands before.
"""

from __future__ import annotations

import re

from rag.lexicon import MONTHS

_PERSON = r"(?:he|she|they)\b"
# '"We will not stop," she said', also if it was cut in the middle of what she said.
_SPEAKER = re.compile(
    r"^(?:[\"“]?[^\"“”]*[,.?!…–—][\"”]|['‘](?:[^'’]|['’](?=\w))*[,.?!…–—]['’]) "
    rf"(?:{_PERSON}|(?:said|says|asked|asks|added|adds|replied|answered|wrote|told) {_PERSON})"
)
# What goes on being said: whose words they are stands before.
_ONLY_QUOTED = re.compile(r"^(?:\"[^\"]*[.?!…]\"|“[^“”]*[.?!…]”)$")
# "According to a poll by Meridian, she would win": nobody is the subject of such a phrase. Where
# somebody may be ("When Berg won, she"), the pronoun is taken to be explained.
_DAYS = "|".join(sorted(MONTHS))
_UNITS = "years?|months?|weeks?|days?|hours?"
_WHEN = (
    rf"(?:only |just )?(?:last|next|this|that) (?:{_UNITS}|night|morning|evening|spring|summer"
    rf"|autumn|winter|{_DAYS})|(?:in|on|by|since|until|before|after) (?:(?:early|late) )?"
    rf"(?:\d{{1,2}} )?(?:{_DAYS}|\d{{4}})(?: \d{{1,4}})?|today|yesterday"
    rf"|(?:[a-z]+|\d+) (?:{_UNITS}) (?:later|earlier|ago|before)"
)
_PHRASE = (
    r"(?:in|at|on|during|within)\b"
    r"|(?:according to|as|by|for|with|from|despite|without|under|over|through|against|like|unlike)"
    r" (?-i:[a-z\d])"
    rf"|(?:when|while|if|because|although|though|once|before|after|until) {_PERSON}"
    r"|(?:asked|born)\b"
)
_NOBODY_YET = re.compile(
    rf"^(?:(?:but|and|so|yet) )?(?:(?:{_WHEN}|but|and|so|yet|then|still|later|now|there),? "
    rf"|(?:{_PHRASE})[^,;:\"“”]{{0,100}}, )"
    rf"(?-i:{_PERSON}) (?-i:[a-z])",
    re.IGNORECASE,
)


def names_nobody(sentence: str) -> bool:
    """Tell a sentence that does not say who does or says something, only "she" or nothing."""
    return any(p.match(sentence) for p in (_SPEAKER, _ONLY_QUOTED, _NOBODY_YET))
