#!/usr/bin/env bash
# Installs what `npm run test:browser` needs on Debian: the browser, and a font that has the letters of its pages.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" chromium fonts-dejavu-core
