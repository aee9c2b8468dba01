#!/usr/bin/env bash
# Installs what the tests of completion and of the manual need on Debian: two shells beside bash, and what reads manuals.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" zsh fish mandoc groff man-db
