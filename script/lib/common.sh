# shellcheck shell=bash
# What the scripts share: progress, the time each part took, and packages. Source it first; it changes to the project's folder.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=script/lib/packages.sh
source script/lib/packages.sh

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; else bold='' red='' plain=''; fi

# The comment at the top of the script that runs, as its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; }

fail() {
  printf '%s%s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# step NAME: begins a part. Set steps_total before the first.
steps_total=0 steps_done=0 step_name='' step_began=0 step_times=()
step() {
  step_end
  steps_done=$((steps_done + 1)) step_name=$1 step_began=$SECONDS
  printf '%s[%d of %d] %s%s\n' "$bold" "$steps_done" "$steps_total" "$step_name" "$plain"
}
step_end() {
  [[ -n $step_name ]] || return 0
  step_times+=("$(printf '%4d s  %s' $((SECONDS - step_began)) "$step_name")")
  step_name=''
}
print_times() {
  step_end
  printf '\nTime taken:\n'
  printf '  %s\n' "${step_times[@]}" "$(printf '%4d s  in all' "$SECONDS")"
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}
can_be_root() { ((EUID == 0)) || { command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; }; }

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_packages NAME…: installs those that are missing; touches nothing when none is. No daemon is started by it: a package that wants to start one
# asks policy-rc.d first, and ours says no.
install_packages() {
  local missing=() name
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: taking for granted that these are here, by whatever name: $*"
    return
  fi
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  local advice="Run as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  can_be_root || fail "Packages are missing, and neither are you root nor does sudo work. $advice"
  echo "Installing ${missing[*]}"
  apt_get update || fail "The package lists cannot be fetched: see above. When the network is back, run this again."
  with_daemons_kept_still apt_get install -y --no-install-recommends "${missing[@]}" || fail "The packages cannot be installed: see above. $advice"
}

# Says nothing unless it fails.
apt_get() {
  local output
  output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" 2>&1) || {
    tail -n 40 <<<"$output" >&2
    return 1
  }
}

with_daemons_kept_still() (
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  "$@"
)
