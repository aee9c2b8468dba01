#!/usr/bin/env bash
# Installs what `npm run test:peers` needs on Debian: what libwebauthn is compiled with, a bus, and namespaces.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" gcc libdbus-1-dev pkg-config libudev-dev dbus util-linux iproute2
