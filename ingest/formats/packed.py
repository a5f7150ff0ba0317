"""Unpacking, with a bound: a few kilobytes may unpack to a disk full of zeros."""

from __future__ import annotations

import io
import zipfile
import zlib

from ingest.errors import Unreadable
from ingest.formats.draft import ReadOptions

GZIP = ".gz"


def unpack_gzip(content: bytes, options: ReadOptions) -> bytes:
    """Unpack gzip, also of several members.

    Raises:
        Unreadable: if it is damaged or unpacks to more than is allowed.
    """
    parts: list[bytes] = []
    room = options.max_unpacked
    rest = content
    while rest.strip(b"\0"):  # some writers pad with zeros
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(rest, room + 1)
        except zlib.error as error:
            raise Unreadable("is not a whole gzip file; pack it anew") from error
        room -= len(part)
        if room < 0:
            raise _too_large(options)
        if not member.eof:
            raise Unreadable("is not a whole gzip file, its end is missing; copy or pack it anew")
        parts.append(part)
        rest = member.unused_data
    return b"".join(parts)


def open_zip(content: bytes, called: str, options: ReadOptions) -> zipfile.ZipFile:
    """Open a zip archive (DOCX and EPUB are such).

    Raises:
        Unreadable: if it is none, or unpacks to more than is allowed.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        # Python reads no more of a member than is stated here.
        sizes = [member.file_size for member in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(
            f"is not a whole {called} file; copy it again, or open it and save it anew"
        ) from error
    if sum(sizes) > options.max_unpacked:
        raise _too_large(options)
    return archive


def _too_large(options: ReadOptions) -> Unreadable:
    return Unreadable(
        f"unpacks to more than {options.max_unpacked / 1e6:.1f} MB; split the file or raise "
        "CITEWELL_MAX_UNPACKED_BYTES"
    )
