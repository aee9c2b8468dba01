#!/usr/bin/env bash
# Installs what `npm run test:dialog` needs on Debian: the browser, a screen that nobody sees, a bus, and a font.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" chromium xvfb dbus fonts-dejavu-core
