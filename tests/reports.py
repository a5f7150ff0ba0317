"""One report of an agency, as outlets carry it."""

from __future__ import annotations

import json
from collections.abc import Sequence

SENTENCES = (
    "The Zorblatt prize went to Mirela Quonset on Monday, the jury in Oslo announced.",
    "She is the 17th winner of the prize, which is worth 250,000 kroner.",
    "Quonset was born in Tromso and has written four novels about the sea.",
    "The jury praised her last book, Nets, for its patience with small things.",
    "It met for three days in a lighthouse near the harbour, as it does every year.",
    "Nobody in the town was surprised, for she had been the favourite since the spring.",
    "Her publisher in Bergen wants to print another 12,000 copies before the winter.",
    "The prize will be handed over on 9 December in the old town hall.",
)
TITLE = "Zorblatt prize goes to Mirela Quonset"
CHINESE = (
    "佐布拉特文学奖评委会周一在奥斯陆宣布，米雷拉·昆塞特获得本年度奖项。"
    "她是该奖项的第十七位得主，奖金为二十五万克朗。"
    "昆塞特出生于特罗姆瑟，写过四部关于大海的小说。"
    "评委会称赞她的新书对微小事物充满耐心。"
    "颁奖典礼将于十二月九日在旧市政厅举行。"
)


def report(
    sentences: Sequence[str] = SENTENCES, *, before: str = "", after: str = "", **fields: str
) -> str:
    """Write a report as a Markdown file, two sentences a paragraph."""
    front = "".join(
        f"{name}: {value if name == 'published' else json.dumps(value)}\n"
        for name, value in ({"title": TITLE} | fields).items()
    )
    pairs = [" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2)]
    body = "\n\n".join(part for part in (before, *pairs, after) if part)
    return f"---\n{front}---\n\n{body}\n"
