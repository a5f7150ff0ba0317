"""E-mail as saved by mail programs (.eml), for example newsletters."""

from __future__ import annotations

import email
import email.policy
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.clean import plain_text
from ingest.decoding import decode
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.html import page

MOST_PARTS = 200


def read_mail(content: bytes, options: ReadOptions) -> Contents:
    """Read subject, sender, date and the text of a message; attachments are left out."""
    if content.count(b"boundary=") > MOST_PARTS:  # the parser takes minutes for thousands
        raise Unreadable(f"has more than {MOST_PARTS} nested parts; save its text instead")
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable("is not an e-mail: it has no header lines; save the message anew as .eml")
    body = message.get_body(preferencelist=("plain", "html"))
    text = _text(body) if isinstance(body, EmailMessage) else ""
    fields: dict[str, Any] = {"title": message["subject"], "author": _sender(message)}
    if isinstance(body, EmailMessage) and body.get_content_type() == "text/html" and text.strip():
        draft = page(text)
        text, fields = draft.text, {**draft.fields, **{k: v for k, v in fields.items() if v}}
    else:
        text = plain_text(text.partition("\n-- \n")[0])  # what follows is a signature
    with suppress(TypeError, ValueError):  # a date that is none
        fields["published"] = parsedate_to_datetime(str(message["date"]))
    return Contents((Draft(text, fields),))


def _text(part: EmailMessage) -> str:
    """Decode a part; the charset that it states may be unknown or wrong."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = decode(content)
    return text.replace("\r\n", "\n")


def _sender(message: EmailMessage) -> str:
    header = message["from"]
    addresses = getattr(header, "addresses", ())
    return ", ".join(address.display_name or str(address) for address in addresses)
