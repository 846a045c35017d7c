#!/bin/sh
# Install what builds and runs images where there is no Docker, and see whether they may run here. On Debian and
# Ubuntu as root it does so; elsewhere it says what is missing, and ends with 1.
set -eu

PATH="$PATH:/usr/sbin:/sbin"
missing=''

for program in buildah podman runc mmdebstrap iptables; do
    command -v "$program" >/dev/null || missing="$missing $program"
done
for program in netavark aardvark-dns; do
    [ -e "/usr/lib/podman/$program" ] || [ -e "/usr/libexec/podman/$program" ] || missing="$missing $program"
done

if [ "$(id -u)" -ne 0 ] || { [ -n "$missing" ] && ! command -v apt-get >/dev/null; }; then
    echo "The proof of the images needs root${missing:+, and programs that are not on this machine:$missing}" >&2
    echo '    Debian, Ubuntu:  sudo make test-images' >&2
    exit 1
fi

if [ -n "$missing" ]; then
    echo "installing$missing ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # several words are meant
    apt-get install -qq -y --no-install-recommends $missing >/dev/null
fi

# Even root may not do what containers are made of, where it is in a container itself.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! unshare --mount --uts --ipc --net --pid --fork sh -eu -c "
    mount -t tmpfs tmpfs '$folder'
    cd '$folder'
    mkdir lower upper work merged
    mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged" 2>"$folder/why"; then
    echo "No container can run on this machine: $(cat "$folder/why")" >&2
    exit 1
fi
