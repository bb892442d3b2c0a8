#!/bin/sh
# chromium.sh: print the path of a Chromium for the browser tests: an installed one, else Debian's package when root,
# else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

installed() {
    if [ -n "${CONSILIUM_CHROMIUM:-}" ]; then
        if ! [ -x "$CONSILIUM_CHROMIUM" ]; then
            echo "CONSILIUM_CHROMIUM names no program: $CONSILIUM_CHROMIUM" >&2
            exit 1
        fi
        echo "$CONSILIUM_CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then return; fi
    done
    .venv/bin/python -m scripts.playwright_chromium
}

# The program that drives the browser comes with the lock and needs a library that the smallest Debian lacks.
drives() {
    .venv/bin/playwright --version >/dev/null 2>&1
}

if ! drives && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's package libatomic1 …" >&2
    scripts/debian.sh libatomic1 >&2
fi
if ! drives; then
    echo "The driver of the browser tests does not start: $(.venv/bin/playwright --version 2>&1 | tail -1)" >&2
    echo "Install what it names (on Debian: apt-get install libatomic1), then try again." >&2
    exit 1
fi
if installed; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's package chromium …" >&2
    if scripts/debian.sh chromium >&2 && command -v chromium; then exit 0; fi
fi
echo "Installing Playwright's own Chromium …" >&2
.venv/bin/playwright install chromium >&2 || true # the sentence below says what to do
if installed; then exit 0; fi
echo "No Chromium was found or could be installed. Install one and name it in CONSILIUM_CHROMIUM, then try again." >&2
exit 1
