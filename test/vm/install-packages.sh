#!/usr/bin/env bash
# Installs what `npm run test:vm` needs on Debian: the emulator, and what the guest is made of. The kernel is not
# installed: build-system-image.sh downloads its package and takes it apart.
set -euo pipefail
exec bash "$(dirname "$0")/../support/install-debian-packages.sh" \
  qemu-system-x86 bluez bluez-test-tools dbus busybox-static cpio kmod
