#!/usr/bin/env bash
# Installs what `npm run test:vm` needs on Debian: the emulator, and what the guest is made of. The kernel is not
# installed: build-system-image.sh downloads its package and takes it apart. Does nothing when all is there.
set -euo pipefail

packages=(qemu-system-x86 bluez bluez-test-tools dbus busybox-static cpio kmod)

missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
    missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

run=()
[[ $EUID -eq 0 ]] || run=(sudo --non-interactive)
export DEBIAN_FRONTEND=noninteractive
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null
