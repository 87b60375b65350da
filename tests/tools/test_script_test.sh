#!/usr/bin/env bash
# tools/test counts what ctest says over all stages, goes on where that makes sense, and ends with the right code.
. "$(dirname "$0")/script_test_lib.sh" "$1"

stub cmake <<<'exit 0'
stub ninja <<<'echo "[40/40] done $*"'
stub ctest <<<'echo "100% tests passed, 0 tests failed out of 12"'

run 0 "$tree/tools/test"
says "dev tests"
says_not "asan"
says_not "tidy"
says_not "tsan"
[[ $said == *$'\n12 passed, 0 failed' ]] || says "12 passed, 0 failed as the last line"

run 0 "$tree/tools/test" --quick
says "12 passed, 0 failed"
says_not "asan"

run 0 "$tree/tools/test" --all
says "36 passed, 0 failed"

run 0 "$tree/tools/test" --tidy
says "0 passed, 0 failed"
says_not "dev build"

# A failed test is counted, its output is shown, and the next stage still runs.
stub ctest <<'END'
[[ $* == *--preset\ dev* ]] || { echo "100% tests passed, 0 tests failed out of 12"; exit 0; }
echo "1/12 Test #1: LadderTest.Climbs ...   Passed    0.01 sec"
echo "2/12 Test #2: LadderTest.Forgives ...***Failed    0.01 sec"
echo "ladder_test.cc:7: Failure"
echo "92% tests passed, 1 tests failed out of 12"
exit 8
END
run 1 "$tree/tools/test" --all
says "ladder_test.cc:7: Failure"
says_not "LadderTest.Climbs"
says "ctest --preset dev --rerun-failed"
says "35 passed, 1 failed"

# One failed test is "1 test failed" in newer versions of ctest.
stub ctest <<<'echo "50% tests passed, 1 test failed out of 2"; exit 8'
run 1 "$tree/tools/test" --quick
says "1 passed, 1 failed"

# ctest that finds nothing is a failure, not a success without tests.
stub ctest <<<'echo "No tests were found!!!"; exit 8'
run 1 "$tree/tools/test" --quick --filter NoSuchTest
says "No tests were found"
says "0 passed, 1 failed"

stub ctest <<<'printf "%s\n" "$*" >"$0.saw"; echo "100% tests passed, 0 tests failed out of 3"'
run 0 "$tree/tools/test" --quick --filter 'Ladder|Text'
run 0 grep -F -e '-R Ladder|Text' "$tree/stubs/ctest.saw"

# What does not build is one failure; with dev, everything ends.
stub ninja <<<'echo "FAILED: rules/ladder.cc.o"; echo "ladder.cc:3: error: no"; exit 1'
run 1 "$tree/tools/test" --all
says "ladder.cc:3: error: no"
says "0 passed, 1 failed"
says_not "asan"

stub ninja <<<'echo "event.proto:3:1: Expected \\";\\"."; exit 1'
run 1 "$tree/tools/test" --quick
says "event.proto:3:1"

stub cmake <<<'echo "CMake Error at CMakeLists.txt:1"; exit 1'
run 1 "$tree/tools/test" --asan
says "CMake Error at CMakeLists.txt:1"
says "asan does not configure"

run 2 "$tree/tools/test" --quikc
says "unknown option --quikc"
run 2 "$tree/tools/test" --filter
run 0 "$tree/tools/test" --help
says "Usage: tools/test"

# Packages that cannot be installed are named.
stub dpkg-query <<<'[ "${@: -1}" != cmake ] && echo installed'
stub sudo <<<'exec "$@"'
stub apt-get <<<'echo "Could not resolve the host"; exit 100'
run 1 "$tree/tools/test" --quick
says "Installing 1 packages: cmake"
says "Could not resolve the host"
says "Without a network"

finish
