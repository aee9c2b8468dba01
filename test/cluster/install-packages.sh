#!/usr/bin/env bash
# Installs what `npm run test:cluster` needs on Debian: the proxy, and the engines of directories.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" haproxy nats-server redis-server
