#!/bin/sh
# Chromium for the browser suite, from Debian's packages. Where that can't be, the tests run without
# it, and their last line says so.
set -u
[ -z "${AFTERGLOW_TEST_BROWSER:-}" ] || [ "$AFTERGLOW_TEST_BROWSER" = required ] || exit 0
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
[ "$(id -u)" = 0 ] && grep -q '^ID=debian' /etc/os-release 2>/dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
{ apt-get -q -o Acquire::Retries=3 update &&
    apt-get -q -o Acquire::Retries=3 install -y --no-install-recommends chromium fonts-dejavu-core; } >&2 || true
