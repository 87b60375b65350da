# The one list of what has to be installed, and what the scripts in tools/ share. Sourced, not run.

# To build and to run. The libraries for running come with their -dev packages.
hw_build_packages=(
  build-essential cmake ninja-build pkg-config
  protobuf-compiler protobuf-compiler-grpc
  libabsl-dev libgrpc++-dev libicu-dev libprotobuf-dev librocksdb-dev libssl-dev
  libbenchmark-dev libgmock-dev libgtest-dev
  # Avatars are decoded, and their QR codes read.
  libjpeg62-turbo-dev libpng-dev libwebp-dev libzbar-dev
  # Not needed, but a build takes half the time with them.
  ccache mold
)

# To test: the parser of .proto files, for the tests of the vocabulary; openssl, for the certificates of tools/certs.
hw_test_packages=(libprotoc-dev openssl)

# For the tidy stage: the second compiler, its checks, and its headers for a plugin of ours.
hw_tidy_packages=(clang-14 clang-tidy-14 libclang-14-dev)

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# ensure_packages NAME...: installs those that are missing, and asks nobody.
ensure_packages() {
  local missing=() name
  command -v dpkg-query >/dev/null || die "this is not Debian, so nothing can be installed for you." \
    "Needed, by their Debian names: $*"
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "packages are missing, and there is no sudo to install them with." \
      "As root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "the packages could not be installed; what apt-get said stands above." \
      "Without a network: install them on a machine that has one, or from a mirror: ${missing[*]}" \
      "Hallwarden is built against the versions of Debian 12 (bookworm)."
  fi
  rm -f "$log"
}

# Seconds as people say them: 42 s, 3 min 5 s.
duration() {
  if [ "$1" -lt 60 ]; then
    printf '%d s' "$1"
  else
    printf '%d min %d s' $(($1 / 60)) $(($1 % 60))
  fi
}

# progress: passes nothing on but a line at every tenth of the way, from the counters of ninja and ctest.
progress() {
  awk '
    { if (match($0, /^\[[0-9]+\/[0-9]+\]/)) counter = substr($0, 2, RLENGTH - 2)
      else if (match($0, /^ *[0-9]+\/[0-9]+ Test/)) counter = substr($0, 1, RLENGTH - 5)
      else next
      gsub(/ /, "", counter)
      split(counter, part, "/")
      if (part[2] < 30) next
      tenth = int(part[1] * 10 / part[2])
      if (tenth > last) { last = tenth; printf "  %d of %d\n", part[1], part[2]; fflush() } }'
}

# show_errors LOG: what one reads first of a build log: each error with the line of code that it is about. Where no
# error can be told apart, the end.
show_errors() {
  if grep -qE '([^a-z]error:|CMake Error)' "$1"; then
    grep -E -A 2 '([^a-z]error:|CMake Error)' "$1" | awk '!seen[$0]++' | cut -c 1-300 | head -n 60
  else
    tail -n 20 "$1" | cut -c 1-300
  fi
}
