"""Which files are meant as articles, by their names."""

from __future__ import annotations

import re
from pathlib import PurePath

# What editors, browsers and synchronisers write for a moment beside the file that they save.
_TEMPORARY = re.compile(
    r"^~\$"  # Word's mark of an open document
    r"|^4913$"  # vim tries whether it may write
    r"|^sed[A-Za-z0-9]{6}$"
    r"|~$|^#.*#$"  # backups of vim and Emacs
    r"|\.(swp|swo|swx|tmp|temp|part|partial|filepart|crdownload|download)$"
    r"|___jb_(tmp|old)___$",  # JetBrains
    re.IGNORECASE,
)


def is_meant(relative: PurePath) -> bool:
    """Tell whether a file, named relative to a folder of articles, is meant as one.

    Hidden files, files whose name begins with an underscore, temporary files of editors, and a
    folder's README and LICENSE are not.
    """
    if any(part.startswith((".", "_")) for part in relative.parts):
        return False
    return not _TEMPORARY.search(relative.name) and relative.stem.upper() not in (
        "README",
        "LICENSE",
    )
