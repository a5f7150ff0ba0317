"""Plain courtesies: greetings, thanks, goodbyes, and what is said between two questions."""

from __future__ import annotations

import re

_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|[你您]好|嗨|早上好|下午好"
    r"|晚上好)(?: there| all| everyone| again)?(?:\W+(?:and )?(?:how are (?:you|things)"
    r"|how(?: is|['’]s) it going|how do you do)(?: doing)?(?: today)?)?\W*$"
    r"|^how are you(?: doing)?(?: today)?\W*$",
    re.I,
)
_THANKS = (
    r"thanks?(?: you)?(?: (?:very|so) much| a lot)?|thx|cheers|(?:非常|多)?[谢感]谢(?:[你您]们?)?"
)
_APPROVAL = (
    r"ok(?:ay)?|cool|great|nice|good|perfect|fine|all ?right|wonderful|excellent|i see|got it"
    r"|well done|interesting|(?:that|this|it)(?:['’]s| is| was)? (?:(?:very|really|all|most) )?"
    r"(?:helps?|helped|helpful|useful|good to know|all|enough)(?: a lot| me)?(?: for now)?"
    r"|好的?|明白了?|知道了|不错|很好|太好了"
)
_FAREWELL = r"bye(?: bye)?|goodbye|good ?night|see you(?: later| soon)?|再见|拜拜|晚安"
_CLOSING = re.compile(rf"^(?:(?:{_THANKS}|{_APPROVAL}|{_FAREWELL})(?:\W+|[了啦啊吧]\W*|$))+$", re.I)
_SAYS_THANKS = re.compile(rf"(?:^|\b){_THANKS}", re.I)
_SAYS_FAREWELL = re.compile(rf"(?:^|\b)(?:{_FAREWELL})", re.I)


def reply_to_courtesy(text: str, example: str) -> str:
    """What to say to a courtesy, with an example of a question; empty if the text is none."""
    if _GREETING.match(text):
        hint = f" For example: {example}" if example else ""
        return f"Hello. Ask me about the articles.{hint}"
    if not _CLOSING.match(text):
        return ""
    if _SAYS_FAREWELL.search(text):
        return "Goodbye."
    return "You are welcome." if _SAYS_THANKS.search(text) else "Ask me more about the articles."
