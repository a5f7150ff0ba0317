"""A small real file of each format, made here: one article, or three records of one."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from email.message import EmailMessage

import docx

TITLE = "Prize awarded in Oslo"
AUTHOR = "Ann Berg"
DATE = "2024-05-06"
FACT = "The Zorblatt prize went to Mirela Quonset in Oslo."
LINES = (
    FACT,
    "The jury met for three days in a lighthouse near the harbour, as it does every year.",
    "Nobody in the town was surprised, for she had been the favourite since the spring.",
)
BODY = "\n".join(f"<p>{text}</p>" for text in LINES)
RECORDS = tuple(
    {"id": f"n{n}", "headline": f"{TITLE} {n}", "byline": AUTHOR, "date": DATE, "body": text}
    for n, text in enumerate(LINES, start=1)
)

# Look-alikes, of which words alone do not tell the one that is asked for.
BRIDGES = """The Alder Bridge was closed in March after divers found cracks in two of its piers.
The Birch Bridge, which had been shut since autumn, carries traffic again since Monday.
A third crossing, the Cedar Bridge, is to be built by 2031 if the county finds the money.
Engineer Mona Aldous, who led the inspection, said that the river had never been lower.
"""


def markdown() -> bytes:
    return f"---\ntitle: {TITLE}\n---\n\n{chr(10).join(LINES)}\n".encode()


def web_page(body: str = BODY) -> bytes:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>
<meta name="author" content="{AUTHOR}"><meta property="article:published_time" content="{DATE}">
<meta property="og:site_name" content="Oslo Courier"><meta property="og:title" content="{TITLE}">
<link rel="canonical" href="https://courier.example/prize"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>{TITLE}</h1>{body}</article>
<footer>Copyright, all rights reserved</footer><script>alert("x")</script></body></html>""".encode()


def pdf(pages: tuple[tuple[str, ...], ...] = (LINES,), title: str = TITLE) -> bytes:
    """Write a PDF by hand: a catalogue, a font, and a page with its stream for each of `pages`."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 11 Tf 40 760 Td {shown}ET"
        parts += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    parts.append(f"<< /Title ({title}) /Author ({AUTHOR}) >>")
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"<< /Size {len(parts) + 1} /Root 1 0 R /Info {len(parts)} 0 R >>"
    return f"{out}trailer\n{trailer}\nstartxref\n{out.index('xref')}\n%%EOF\n".encode()


def word() -> bytes:
    document = docx.Document()
    document.core_properties.author = AUTHOR
    document.add_heading(TITLE, level=0)
    for line in LINES:
        document.add_paragraph(line)
    document.add_paragraph("boats", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Winner", "Mirela Quonset"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mail(html: bool = False) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = TITLE, f"{AUTHOR} <ann@courier.example>"
    message["Date"] = "Mon, 06 May 2024 10:00:00 +0200"
    if html:
        message.set_content(web_page().decode(), subtype="html")
    else:
        message.set_content("\n\n".join(LINES) + "\n\n-- \nAnn, who signs so\n")
    return message.as_bytes()


def book() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="in/book.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
            for n in (1, 2, 3)
        )
        order = "".join(f'<itemref idref="c{n}"/>' for n in (1, 2, 3))
        archive.writestr(
            "in/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/'
            f'1.1/"><metadata><dc:title>Prizes</dc:title><dc:creator>{AUTHOR}</dc:creator>'
            f"<dc:date>{DATE}</dc:date><dc:language>en-GB</dc:language></metadata><manifest>{items}"
            f"</manifest><spine>{order}</spine></package>",
        )
        for number, line in enumerate(LINES, start=1):
            page = f"<html><body><h1>Part {number}</h1><p>{line}</p></body></html>"
            archive.writestr(f"in/c {number}.xhtml", page)
    return out.getvalue()


def table(separator: str = ",") -> bytes:
    rows = [list(RECORDS[0]), *(list(record.values()) for record in RECORDS)]
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    return "\r\n".join(lines).encode()


def saved_page() -> bytes:
    """Write a page in a single file as browsers do."""
    message = EmailMessage()
    message["Subject"], message["Snapshot-Content-Location"] = TITLE, "https://courier.example/p"
    message.set_content(web_page().decode(), subtype="html", cte="quoted-printable")
    message.add_related(b"GIF89a", "image", "gif")
    return message.as_bytes()


def feed(*items: str, title: str = "Oslo Courier") -> bytes:
    """Write an RSS feed of items, by default the three lines with their full text."""
    own = (
        f"<item><title>{TITLE} {n}</title><guid>n{n}</guid><pubDate>Mon, 06 May 2024 10:00:00 GMT"
        f"</pubDate><dc:creator>{AUTHOR}</dc:creator><content:encoded><![CDATA[<p>{text}</p>]]>"
        "</content:encoded></item>"
        for n, text in enumerate(LINES, start=1)
    )
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{title}</title>
<link>https://courier.example/</link>{"".join(items or own)}</channel></rss>""".encode()


SAMPLES: dict[str, bytes] = {
    ".md": markdown(),
    ".txt": "\n\n".join((TITLE, *LINES)).encode(),
    ".html": web_page(),
    ".pdf": pdf(),
    ".docx": word(),
    ".epub": book(),
    ".mhtml": saved_page(),
    ".rss": feed(),
    ".eml": mail(),
    ".json": json.dumps({"articles": RECORDS}).encode(),
    ".jsonl": "\n".join(map(json.dumps, RECORDS)).encode(),
    ".csv": table(),
    ".tsv": table("\t"),
    ".jsonl.gz": gzip.compress("\n".join(map(json.dumps, RECORDS)).encode()),
    ".html.gz": gzip.compress(web_page()),
}
