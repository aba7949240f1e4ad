#!/bin/sh
# install-packages.sh PACKAGE... - installs the Debian packages that are missing; needs root for it.
set -eu

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "Missing packages. As root: apt-get install$missing" >&2
	exit 3
fi
echo "Installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086 # a list of names
apt-get -qq install --no-install-recommends $missing >&2
