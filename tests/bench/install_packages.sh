#!/bin/sh
# Install what the bench starts beside the tests' own: wrk, mariadb-slap, and Node with the original's libraries.
# On Debian and Ubuntu as root it does so; elsewhere it says what to install. When nothing is missing it does nothing.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"
missing=''

command -v wrk >/dev/null || missing="$missing wrk"
command -v mariadb-slap >/dev/null || missing="$missing mariadb-client"
command -v mariadbd >/dev/null || missing="$missing mariadb-server"
command -v node >/dev/null || missing="$missing nodejs"
[ -d /usr/share/nodejs/express ] || missing="$missing node-express"
[ -d /usr/share/nodejs/mysql ] || missing="$missing node-mysql"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    cat >&2 <<MESSAGE
The bench needs Debian's packages$missing. Install them and run \`make bench\` again:
    sudo apt-get install --no-install-recommends$missing
MESSAGE
    exit 1
fi

echo "installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # several words are meant
apt-get install -qq -y --no-install-recommends $missing >/dev/null
