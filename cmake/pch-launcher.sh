#!/bin/sh
# Compiles a precompiled header so that ccache can share what is built with it.
#
#   pch-launcher.sh SOURCE_DIR LAUNCHER... COMPILER ARGUMENTS...
#
# A .gch is a dump of the compiler's memory: two builds of the same headers differ in their bytes, and every object
# would miss the cache after each. ccache takes the sum beside it instead (CCACHE_PCH_EXTSUM): of the preprocessed text
# that the dump was made from, with paths below the checkout counted as relative.
set -eu
source=$1
shift
gch=
header=no
previous=
for argument in "$@"; do
  [ "$previous" = -o ] && gch=$argument
  [ "$argument" = c++-header ] && header=yes
  previous=$argument
done
[ "$header" = yes ] || exec "$@"

# The old one stands beside the header that is read now, and would be read in its place.
rm -f "$gch" "$gch.sum"
"$@"

# The same command, preprocessing only: without what names outputs. All before the compiler is the launcher.
preprocess() {
  skip=0
  count=$#
  while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    if [ "$skip" = 1 ]; then skip=0; continue; fi
    case $argument in
      -o | -MT | -MF) skip=1 ;;
      -MD) ;;
      -c) set -- "$@" -E ;;
      *) set -- "$@" "$argument" ;;
    esac
  done
  CCACHE_DISABLE=1 "$@"
}
mv "$gch" "$gch.new"  # or it would be read again
preprocess "$@" | sed "s|$source|.|g" | sha256sum >"$gch.sum"
mv "$gch.new" "$gch"
