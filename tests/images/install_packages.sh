#!/bin/sh
# Install what builds and runs images where there is no Docker. On Debian and Ubuntu as root it does so; elsewhere
# it says what to install. When nothing is missing it does nothing.
set -eu

PATH="$PATH:/usr/sbin:/sbin"
missing=''

for program in buildah podman runc mmdebstrap iptables; do
    command -v "$program" >/dev/null || missing="$missing $program"
done
for program in netavark aardvark-dns; do
    [ -e "/usr/lib/podman/$program" ] || [ -e "/usr/libexec/podman/$program" ] || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "The proof of the images needs root, and programs that are not on this machine:$missing" >&2
    echo "    Debian, Ubuntu:  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

echo "installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # several words are meant
apt-get install -qq -y --no-install-recommends $missing >/dev/null
