# What the script tests share: a tree of its own with copies of the scripts, stubs before everything else in PATH, and
# checks that tell what they saw. Sourced, with the folder of the scripts as argument.

set -uo pipefail
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tools/lib" "$tree/stubs"
cp "$1"/test "$1"/up "$tree/tools/"
cp "$1"/lib/deps.sh "$tree/tools/lib/"
export PATH=$tree/stubs:$PATH
failures=0

# stub NAME: a program that does what stands on the standard input.
stub() {
  # Not through env: the process must carry the name of the stub.
  { printf '#!/bin/bash\n'; cat; } >"$tree/stubs/$1"
  chmod +x "$tree/stubs/$1"
}

# Every package is there.
stub dpkg-query <<<'echo installed'

# run CODE COMMAND...: runs it, expects its exit code, and keeps what it said in $said.
run() {
  local want=$1 code=0
  shift
  said=$("$@" 2>&1) || code=$?
  if [ "$code" -ne "$want" ]; then
    printf 'FAILED: "%s" ended with %s instead of %s and said:\n%s\n\n' "$*" "$code" "$want" "$said"
    failures=$((failures + 1))
  fi
}

# says TEXT, says_not TEXT: what the last command said.
says() {
  [[ $said == *"$1"* ]] && return
  printf 'FAILED: expected "%s" in:\n%s\n\n' "$1" "$said"
  failures=$((failures + 1))
}
says_not() {
  [[ $said != *"$1"* ]] && return
  printf 'FAILED: did not expect "%s" in:\n%s\n\n' "$1" "$said"
  failures=$((failures + 1))
}

# finish: the exit code of the test.
finish() {
  [ "$failures" -eq 0 ] && exit 0
  printf '%s checks failed\n' "$failures"
  exit 1
}
