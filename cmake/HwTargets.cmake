# The few shapes a target of this project can have. Sources are listed by name: a file that is not listed is not
# built, and one that is listed but missing stops the configure step.

# What every target of ours shares: warnings, the include root (the top of the tree), precompiled headers (Pch.cmake)
# and clang-tidy.
function(hw_own_target target)
  set_property(GLOBAL APPEND PROPERTY HW_TARGETS ${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE hw_options)
  hw_reuse_pch(${target} ${ARGN})
  if(HW_CLANG_TIDY)
    set_target_properties(${target} PROPERTIES
      CXX_CLANG_TIDY "${HW_CLANG_TIDY_PROGRAM};--quiet;--load=${HW_OWN_CODE_PLUGIN}")
    add_dependencies(${target} hw_own_code)
  endif()
endfunction()

# hw_add_library(rules SRCS ladder.cc ladder.h DEPS hw::proto)
# Static library hw_rules with the alias hw::rules. DEPS reach whoever links it.
function(hw_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  hw_check_arguments(hw_add_library ${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_DEPS}")
  add_library(hw_${name} STATIC ${ARG_SRCS})
  add_library(hw::${name} ALIAS hw_${name})
  target_include_directories(hw_${name} INTERFACE ${PROJECT_SOURCE_DIR})
  target_link_libraries(hw_${name} PUBLIC ${ARG_DEPS})
  hw_own_target(hw_${name} hw_pch)
endfunction()

# hw_add_program(gmctl SRCS gmctl_main.cc DEPS hw::grpc_proto)
# The binary lies in bin/ of the build directory, where tools/up looks for it.
function(hw_add_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  hw_check_arguments(hw_add_program ${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_DEPS}")
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  hw_own_target(${name})
endfunction()

# hw_add_test(ladder_test SRCS ladder_test.cc DEPS hw::rules LABELS rules)
# Whatever links gRPC carries the label grpc: the thread sanitizer leaves it out (see CMakePresets.json).
# Tests are found when ctest starts, not after each link: a build stays a build, and a crash in a static initialiser
# is a failed test. The timeout is for what hangs: the longest tests take a minute, with a sanitizer on a busy machine five.
function(hw_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;LABELS")
  hw_check_arguments(hw_add_test ${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_DEPS}")
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  hw_own_target(${name} hw_pch_test)
  gtest_discover_tests(${name}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    PROPERTIES TIMEOUT 600)
  set_target_properties(${name} PROPERTIES HW_LABELS "${ARG_LABELS}")
  # gtest_discover_tests keeps only the first of several labels, so they are set when it has listed the tests.
  set(labels ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
  file(WRITE ${labels} "foreach(test IN LISTS ${name}_TESTS)\n"
    "  set_tests_properties(\"\${test}\" PROPERTIES LABELS \"${ARG_LABELS}\")\nendforeach()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels})
endfunction()

# hw_add_fuzz(hall_event_fuzz SRCS hall_event_fuzz.cc DEPS hw::rules LABELS rules)
# A fuzz target, with a corpus in the folder corpus/<name> beside it. In the preset fuzz it is a libFuzzer program; in
# every other one a small main of ours feeds it the corpus, as a test.
function(hw_add_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;LABELS")
  hw_check_arguments(hw_add_fuzz ${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_DEPS}")
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  hw_own_target(${name})
  if(HW_SANITIZE MATCHES "fuzzer")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    # No new inputs: the corpus only.
    add_test(NAME Fuzz.${name} COMMAND ${name} -runs=0 ${corpus})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/replay_corpus_main.cc)
    add_test(NAME Fuzz.${name} COMMAND ${name} ${corpus})
  endif()
  set_target_properties(${name} PROPERTIES HW_LABELS "${ARG_LABELS}")
  set_tests_properties(Fuzz.${name} PROPERTIES TIMEOUT 120 LABELS "${ARG_LABELS}")
endfunction()

# hw_add_bench(screen_bench SRCS screen_bench.cc DEPS hw::rules)
function(hw_add_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  hw_check_arguments(hw_add_bench ${name} "${ARG_UNPARSED_ARGUMENTS}" "${ARG_DEPS}")
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} benchmark::benchmark benchmark::benchmark_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  hw_own_target(${name})
endfunction()

# Refuses what would go wrong silently: a misspelt keyword becomes a source of the list before it, and the target
# RocksDB::rocksdb is a static archive, which links slowly and which tests/tsan.supp cannot name.
function(hw_check_arguments function name unparsed deps)
  if(unparsed)
    message(FATAL_ERROR "${function}(${name}): do not know what to do with: ${unparsed}")
  endif()
  if("RocksDB::rocksdb" IN_LIST deps)
    message(FATAL_ERROR "${function}(${name}): link RocksDB::rocksdb-shared, not the archive RocksDB::rocksdb")
  endif()
endfunction()
