#!/usr/bin/env bash
# tools/up starts once, plays the demo once, shows what came of it, and stops what it started.
. "$(dirname "$0")/script_test_lib.sh" "$1"

export HALLWARDEN_HOME=$tree/home
bin=$tree/build/release/bin
mkdir -p "$bin"
stub cmake <<<'exit 0'

# program NAME: a binary of ours.
program() {
  stub "$1"
  mv "$tree/stubs/$1" "$bin/$1"
}
program hallwardend <<'END'
while [ $# -gt 0 ]; do
  case $1 in
    --store) store=$2 ;;
    --pid-file) pid_file=$2 ;;
  esac
  shift 2
done
echo "$$" >"$pid_file"
echo secret >"$store/admin.token"
echo "$$" >>"$store/starts"
# Killed by the test, or gone by itself when the test was.
for _ in $(seq 300); do sleep 0.1; done
END
program gmctl <<<'echo "gmctl saw: $*"'
program hallsim <<<'echo "playing"'
trap '"$tree/tools/up" --stop >/dev/null 2>&1; rm -rf "$tree"' EXIT

run 1 "$tree/tools/up" --status
says "is not running"

run 0 "$tree/tools/up"
says "playing"
says "gmctl saw: --server 127.0.0.1:7700 --token-file $tree/home/store/admin.token tail"
says "tools/up --stop stops it"
run 0 "$tree/tools/up" --status
says "runs as process"
run 0 stat -c '%a' "$tree/home/store"
says 700

# Again: nothing is started or played twice.
run 0 "$tree/tools/up"
says "runs already"
says_not "playing"
run 0 wc -l "$tree/home/store/starts"
says "1 "

run 0 "$tree/tools/up" --stop
says "has stopped"
run 0 "$tree/tools/up" --stop
says "is not running"

# The number in a stale pid file may belong to somebody else by now.
echo "$$" >"$tree/home/hallwardend.pid"
run 1 "$tree/tools/up" --status
run 0 "$tree/tools/up" --stop
says "is not running"

# A daemon that ends at once: its last words are shown.
program hallwardend <<<'echo "the port is taken"; exit 1'
rm -f "$tree/home/hallwardend.pid"
run 1 "$tree/tools/up"
says "the port is taken"
says "did not start"

stub cmake <<<'echo "CMake Error: no compiler"; exit 1'
run 1 "$tree/tools/up"
says "no compiler"

run 2 "$tree/tools/up" --bogus
run 0 "$tree/tools/up" --help
says "Usage: tools/up"

finish
