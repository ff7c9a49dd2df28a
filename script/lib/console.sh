# shellcheck shell=bash
# Building the web console. Source it after common.sh.

# Debian 12 has a Node that is too old for Vite; then the npm package `node`, which carries the program itself, is put into build/node.
use_node() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && return 0
  if [[ ! -x build/node/node_modules/.bin/node ]]; then
    mkdir -p build/node
    npm install --silent --no-save --prefix build/node node@22.23.3 || fail "Node 22 cannot be installed by npm: see above."
  fi
  PATH=$PWD/build/node/node_modules/.bin:$PATH
  export PATH
}

# The packages of the console, as its lock file has them; nothing is done when they are there.
install_console() {
  use_node
  if ! cmp -s console/package-lock.json console/node_modules/.installed-lock; then
    (cd console && npm ci --silent) || fail "The packages of the console cannot be installed: see above."
    cp console/package-lock.json console/node_modules/.installed-lock
  fi
}

# console/dist, from what is there now.
build_console() {
  install_console
  (cd console && npm run --silent build) >build/console.log 2>&1 || { tail -n 40 build/console.log >&2; fail "The console does not build: see above."; }
}
