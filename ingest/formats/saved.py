"""A web page in a single file (MHTML, RFC 2557): as browsers save it, and as we keep what we fetch.

Such a file is a message: the address, the type and what the server said of its version stand in
header lines, and the bytes of the page follow.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft
from ingest.formats.kinds import FEED, TYPE_OF, TYPES
from ingest.formats.mail import MOST_PARTS

_POLICY = email.policy.default.clone(max_line_length=0, linesep="\r\n")  # browsers need CR LF
FIELDS = {
    "title": "Subject",
    "author": "Citewell-Author",
    "published": "Citewell-Published",
    "source": "Citewell-Source",
}
_TEXTUAL = (".html", ".txt", ".md", ".json", ".jsonl", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """What an address gave.

    `charset`, `etag` and `modified` are the server's words. `fields`: what the feed that named the
    page says of it. `feed`: address of the feed whose own text this is, for the page itself could
    not be fetched.
    """

    address: str
    suffix: str
    body: bytes
    charset: str = ""
    etag: str = ""
    modified: str = ""
    feed: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write as a file; the bytes of the page stay as they came."""
        kind = TYPE_OF[self.suffix] + (f"; charset={self.charset}" if self.charset else "")
        headers = {
            "MIME-Version": "1.0",
            "Content-Location": self.address,
            "Content-Type": kind,
            "Content-Transfer-Encoding": "8bit",
            "ETag": self.etag,
            "Last-Modified": self.modified,
            "Citewell-Feed": self.feed,
            **{header: self.fields.get(name, "") for name, header in FIELDS.items()},
        }
        message = EmailMessage(_POLICY)
        for name, value in headers.items():
            if value:
                message[name] = " ".join(str(value).split())
        return message.as_bytes() + self.body

    @classmethod
    def from_bytes(cls, content: bytes) -> SavedPage:
        """Read such a file.

        Raises:
            Unreadable: if there is no page in it.
        """
        if content.count(b"boundary=") > MOST_PARTS:  # the parser takes minutes for thousands
            raise Unreadable(f"has more than {MOST_PARTS} nested parts; save the page as HTML")
        message = email.message_from_bytes(content, policy=_POLICY)
        part = message.get_body(("html", "plain")) if message.is_multipart() else message
        kind = part.get_content_type() if part is not None else ""
        if not isinstance(part, EmailMessage) or kind not in TYPES or TYPES[kind] == FEED:
            raise Unreadable("there is no page in it; save the page anew, or as HTML")
        body = part.get_payload(decode=True)
        found = {name: message[header] for name, header in FIELDS.items()}
        return cls(
            str(message["Snapshot-Content-Location"] or part["Content-Location"] or ""),
            TYPES[kind],
            body if isinstance(body, bytes) else b"",
            part.get_content_charset() or "",
            str(message["ETag"] or ""),
            str(message["Last-Modified"] or ""),
            str(message["Citewell-Feed"] or ""),
            {name: str(value) for name, value in found.items() if value},
        )

    @property
    def readable(self) -> bytes:
        """The bytes for a reader: text as UTF-8 marked as such, if the server names its charset."""
        if self.charset and self.suffix in _TEXTUAL:
            for charset in ("utf-8-sig", self.charset):  # many servers name one for all they have
                try:
                    return self.body.decode(charset).encode("utf-8-sig")
                except (LookupError, UnicodeError):
                    continue
        return self.body

    def described(self, contents: Contents) -> Contents:
        """Add what is known of the page to what its reader found."""
        single = len(contents.drafts) == 1
        return replace(
            contents, drafts=tuple(self._described(draft, single) for draft in contents.drafts)
        )

    def _described(self, draft: Draft, single: bool) -> Draft:
        stated = {name: value for name, value in draft.fields.items() if value}
        said = dict(self.fields)
        fields = stated | said if self.feed else said | stated
        if single or "url" not in fields:
            fields["url"] = self.address
        return Draft(draft.text, fields | {"address": self.address}, "" if single else draft.name)
