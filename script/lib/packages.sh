# shellcheck shell=bash disable=SC2034
# What is installed for what, by Debian 12's package names.

packages_build=(
  g++ cmake ninja-build ccache mold pkg-config python3
  libboost1.81-dev libfmt-dev libspdlog-dev libabsl-dev libcli11-dev libtomlplusplus-dev libsqlite3-dev libpq-dev libssh-dev libsodium-dev libssl-dev
  libsystemd-dev
)
# zsh and fish: the end-to-end tests source the completion scripts that ipam prints for them.
packages_test=(libgtest-dev libgmock-dev librapidcheck-dev python3-yaml postgresql-15 openssh-server zsh fish dpkg-dev tzdata)
# The real servers that tests/lab runs, and what its scripts look with.
packages_lab=(kea-dhcp4-server kea-dhcp6-server kea-ctrl-agent kea-admin bind9 bind9-utils bind9-dnsutils curl jq sqlite3 freeradius freeradius-utils)
# Builds the console and looks at it. A machine that has Node from elsewhere keeps it: Debian's npm and others do not go together.
packages_console=(chromium)
command -v node >/dev/null && command -v npm >/dev/null || packages_console+=(nodejs npm)
packages_fuzz=(clang-14 libclang-rt-14-dev)
packages_format=(clang-format-14)
packages_tidy=(clang-tidy-14)
