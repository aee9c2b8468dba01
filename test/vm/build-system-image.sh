#!/usr/bin/env bash
# Makes FOLDER/vmlinuz and FOLDER/system.cpio: Debian's kernel, and an initramfs with its Bluetooth modules and with
# this machine's bluetoothd, btvirt, dbus-daemon, busybox and Node. Does nothing when all of that is as last time.
#   build-system-image.sh FOLDER
# Exit code 69: the kernel cannot be downloaded; the reason is on stderr.
set -euo pipefail
umask 022

mkdir -p "$1/kernels"
folder=$(realpath "$1")
readonly folder EX_UNAVAILABLE=69

# What bluetoothd, btvirt and the kernel's Bluetooth need; modprobe adds what these depend on.
# Addresses that change need random numbers, and the ciphers of those, before Bluetooth is loaded.
readonly modules=(drbg jitterentropy_rng ctr sha512_generic bluetooth hci_vhci algif_skcipher algif_hash ecb cmac)
readonly configuration=(
  /usr/share/dbus-1/system.conf /etc/dbus-1/system.d/bluetooth.conf /etc/bluetooth/main.conf
)
readonly programs=(busybox node dbus-daemon dbus-send btvirt btmgmt /usr/libexec/bluetooth/bluetoothd)

kernel_package() {
  apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1
}

# Prints the folder that has the kernel and its modules, numbered in the order of loading.
fetch_kernel() {
  local package target
  package=$(kernel_package)
  # Without package lists the kernel of last time will do.
  target=$folder/kernels/${package:-$(ls "$folder/kernels" | sort --version-sort | tail -n 1)}
  [[ $(cat "$target/modules.list" 2>/dev/null) == "${modules[*]}" ]] ||
    unpack_kernel "${package:-linux-image-amd64}" "$target"
  echo "$target"
}

unpack_kernel() {
  local package=$1 target=$2 work=$folder/download version number=100
  rm -rf "$work" "$target"
  mkdir "$work" "$target"
  # The account that apt sinks to may not write here.
  (cd "$work" && apt-get download -qq --option APT::Sandbox::User=root "$package" 2>&1) >&2 || exit $EX_UNAVAILABLE
  dpkg-deb --fsys-tarfile "$work"/*.deb | tar --extract --directory "$work" ./boot ./lib/modules
  version=$(ls "$work/lib/modules")
  depmod --basedir "$work" "$version"
  for module in "${modules[@]}"; do
    modprobe --dirname "$work" --set-version "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$target/$((number++))-$(basename "$file")"
  done
  cp "$work/boot/vmlinuz-$version" "$target/vmlinuz"
  echo "${modules[*]}" >"$target/modules.list"
  rm -rf "$work"
}

where_is() {
  realpath "$(command -v "$1")"
}

# Nothing for a static program, which ldd calls a failure.
libraries_of() {
  { ldd "$(where_is "$1")" 2>/dev/null || true; } | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p'
}

# Prints a hash of everything that the image is made of.
hash_of_sources() {
  { for program in "${programs[@]}"; do where_is "$program"; done
    printf '%s\n' "$0" "$kernel"/* "${libraries[@]}" "${configuration[@]}"
  } | sort | xargs --delimiter='\n' sha256sum | sha256sum
}

fill() {
  local root=$1
  mkdir -p "$root"/{bin,sbin,dev,proc,sys,run/dbus,modules,usr/bin,usr/sbin,var/lib/bluetooth,home/ada}
  mkdir --mode=1777 "$root/tmp"
  for program in "${programs[@]}"; do
    install "$(where_is "$program")" "$root/usr/bin/$(basename "$program")"
  done
  cp --parents --dereference "${libraries[@]}" "${configuration[@]}" "$root"
  # Else the kernel mixes channels that the phone takes with those of bluetoothd.
  sed -i 's/^#Channels = 3/Channels = 1/' "$root/etc/bluetooth/main.conf"
  cp "$kernel"/*.ko "$root/modules"
  ln -s ../run "$root/var/run"
  printf '%s\n' root:x:0:0::/:/bin/sh messagebus:x:101:101::/: ada:x:1000:1000::/home/ada:/bin/sh >"$root/etc/passwd"
  printf '%s\n' root:x:0: messagebus:x:101: bluetooth:x:102: ada:x:1000: >"$root/etc/group"
  echo '127.0.0.1 localhost' >"$root/etc/hosts"
}

kernel=$(fetch_kernel)
mapfile -t libraries < <(for program in "${programs[@]}"; do libraries_of "$program"; done | sort --unique)
key=$(hash_of_sources)
[[ $(cat "$folder/system.key" 2>/dev/null) != "$key" ]] || exit 0

rm -rf "$folder/system" "$folder/system.key"
fill "$folder/system"
(cd "$folder/system" && find . -mindepth 1 | cpio --create --format=newc --quiet --owner=0:0) >"$folder/system.cpio"
cp "$kernel/vmlinuz" "$folder/vmlinuz"
rm -rf "$folder/system"
echo "$key" >"$folder/system.key"
