"""Make sure that there is a Chromium for the browser tests: `python -m tests.browser.install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = "chromium fonts-noto-cjk"


def find_chromium() -> str | None:
    """Path of the browser: the one named by CHROMIUM, else the system's."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install Chromium where that needs nobody's leave; else say the one command that does it."""
    if find_chromium():
        return 0
    command = f"apt-get update && apt-get install -y {PACKAGES}"
    if shutil.which("apt-get") and os.geteuid() == 0:
        return subprocess.run(["sh", "-c", command], check=False).returncode
    sys.stderr.write(
        "The browser tests need Chromium. Install it with:\n"
        f'  sudo sh -c "{command}"\n'
        "or set CHROMIUM to the path of a Chromium or Chrome.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
