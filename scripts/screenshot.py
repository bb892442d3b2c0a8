"""Take docs/screenshot.png: a question page of the demo in a real Chromium, for the README."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "screenshot.png"
SIZE = {"width": 1180, "height": 860}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "CONSILIUM_DATA": folder, "PYTHONUNBUFFERED": "1"}
        demo = subprocess.Popen(
            [sys.executable, "-m", "consilium.cli", "demo", "--port", "0"], env=environ, stdout=subprocess.PIPE, text=True
        )
        try:
            assert demo.stdout is not None
            address = next(found[0] for line in demo.stdout if (found := re.search(r"http://\S+", line)))
            _take(address)
        finally:
            demo.terminate()
            demo.wait()


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CONSILIUM_CHROMIUM") or None, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.goto(f"{address}/?tab=answered")
        page.get_by_role("main").locator("h3 a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET)
        chromium.close()


if __name__ == "__main__":
    main()
