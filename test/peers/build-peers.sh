#!/usr/bin/env bash
# Installs and builds the peers of `npm run test:peers` that package managers bring, into `.built`; cargo builds libwebauthn in its test.
# A peer whose tools are missing is left out, and its cells say so.
set -euo pipefail
cd "$(dirname "$0")"

# Runs a command, and goes on without it where it fails.
without() {
  local peer=$1
  shift
  "$@" || echo "$peer cannot be had: its cells are skipped and say so."
}

python() {
  local wanted=relying-parties/python/requirements.txt
  if cmp --silent "$wanted" .built/python/installed.txt; then return; fi
  python3 -m venv .built/python &&
    .built/python/bin/pip install --quiet --require-hashes --requirement "$wanted" &&
    cp "$wanted" .built/python/installed.txt
}

go_webauthn() { (cd relying-parties/go-webauthn && go build -buildvcs=false -o ../../.built/go-webauthn .); }

webauthn4j() { mvn --quiet --batch-mode --file relying-parties/webauthn4j/pom.xml compile dependency:copy-dependencies; }

mkdir -p .built
without nid-webauthn-emulator npm ci --prefix nid-webauthn-emulator --ignore-scripts --no-audit --no-fund
without 'python-fido2 and py_webauthn' python
without go-webauthn go_webauthn
without webauthn4j webauthn4j
