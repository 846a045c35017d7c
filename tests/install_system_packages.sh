#!/bin/sh
# Install the programs that the tests start and pip does not have: a MariaDB server, and a browser with Korean
# letters. On Debian and Ubuntu as root it does so; elsewhere it says what to install. When nothing is missing it
# does nothing.
set -eu

PATH="$PATH:/usr/sbin:/usr/local/sbin"
missing=''

command -v mariadbd >/dev/null || missing="$missing mariadb-server"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    missing="$missing chromium"
if [ "$(uname)" = Linux ] && ! find /usr/share/fonts "${HOME:-/root}/.fonts" "${HOME:-/root}/.local/share/fonts" \
    -iname '*noto*cjk*' 2>/dev/null | grep -q .; then
    missing="$missing fonts-noto-cjk"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    cat >&2 <<MESSAGE
The tests need programs that are not on this machine:$missing
Install them and run \`make test\` again:
    Debian, Ubuntu:  sudo apt-get install --no-install-recommends$missing
    Fedora:          sudo dnf install mariadb-server chromium google-noto-sans-cjk-fonts
    macOS:           brew install mariadb && brew install --cask chromium
Only the programs are used: no server needs to run.
MESSAGE
    exit 1
fi

# Debian starts a server that it installs, unless this file forbids it. The tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi

echo "installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # several words are meant
apt-get install -qq -y --no-install-recommends $missing >/dev/null
