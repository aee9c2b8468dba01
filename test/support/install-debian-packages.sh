#!/usr/bin/env bash
# Installs the Debian packages that it is given. Does nothing when all are there.
set -euo pipefail

missing=()
for package in "$@"; do
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
    missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

run=()
[[ $EUID -eq 0 ]] || run=(sudo --non-interactive)
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
