"""Programs that the tests want and the machine doesn't have, put there where that is possible."""

from __future__ import annotations

import os
import platform
import subprocess


def from_debian(package: str) -> bool:
    """Install one of Debian's packages, where this is Debian and we are root; whether that is so."""
    on_debian = is_root() and "debian" in platform.freedesktop_os_release().values()
    return (
        on_debian
        and ran("apt-get", "update", "--quiet")
        and ran("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", package)
    )


def is_root() -> bool:
    return platform.system() == "Linux" and os.geteuid() == 0


def ran(*command: str) -> bool:
    """Run it in the open, so that whoever waits sees what is being installed; whether it went well."""
    try:
        return (
            subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, check=False).returncode == 0
        )
    except FileNotFoundError:
        return False
