"""A real browser for tests: the system's Chromium, installed by apt-get where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--lang=zh-CN"]
PACKAGES = ["chromium", "fonts-noto-cjk"]
PHONE = {"width": 390, "height": 844}


def chromium() -> str:
    """Path of Chromium; installs it once when we may.

    A test that needs it is skipped with the reason when it cannot be had.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found and _has_hanzi():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, env=environment, capture_output=True, timeout=600, check=False)
        found = shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium: install the packages chromium and fonts-noto-cjk")
    return found


def _has_hanzi() -> bool:
    fonts = Path("/usr/share/fonts")
    return fonts.exists() and any(fonts.rglob("*CJK*"))


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A running browser; each test opens its own context."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()
