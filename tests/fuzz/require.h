// What a fuzz target says when something that always holds does not.
#ifndef HALLWARDEN_TESTS_FUZZ_REQUIRE_H_
#define HALLWARDEN_TESTS_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace hallwarden::fuzz {

inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace hallwarden::fuzz

#endif  // HALLWARDEN_TESTS_FUZZ_REQUIRE_H_
