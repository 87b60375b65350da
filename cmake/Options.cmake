# What every target of this project is compiled with. Two interface targets:
#   hw_codegen  what changes the code: sanitizers, floating point, paths. Generated code links it too.
#   hw_options  hw_codegen plus all warnings. Only code that we wrote links it.

include(CheckLinkerFlag)

option(HW_WERROR "Treat warnings as errors" OFF)
option(HW_BUILD_TESTS "Build the tests" ON)
option(HW_BUILD_BENCH "Build the benchmarks" OFF)
option(HW_CLANG_TIDY "Run clang-tidy on our code while it compiles" OFF)
option(HW_CCACHE "Compile through ccache when it is installed" ON)
option(HW_MOLD "Link with mold when it is installed" ON)
set(HW_SANITIZE "" CACHE STRING "Sanitizers to build with, for example address,undefined or thread")

add_library(hw_codegen INTERFACE)
target_compile_features(hw_codegen INTERFACE cxx_std_20)
target_compile_options(hw_codegen INTERFACE
  # The same journal must give the same decisions on every CPU: a fused multiply-add rounds once instead of twice.
  -ffp-contract=off
  # Neither a binary nor an assertion message tells where it was built, and ccache can share between checkouts.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
  # Said for all: some libraries bring it along, and what shares precompiled headers is compiled alike.
  -pthread)
# Containers check their indexes in Debug. One setting for generated and own code, which share inline functions.
target_compile_definitions(hw_codegen INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(HW_SANITIZE)
  target_compile_options(hw_codegen INTERFACE
    -fsanitize=${HW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hw_codegen INTERFACE -fsanitize=${HW_SANITIZE})
endif()

add_library(hw_options INTERFACE)
target_link_libraries(hw_options INTERFACE hw_codegen)
target_compile_options(hw_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wcast-align -Wformat=2
  -Wunused-result -Wimplicit-fallthrough -Wundef
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wduplicated-branches;-Wlogical-op;-Wuseless-cast>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<BOOL:${HW_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (HW_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
  # False alarms of gcc 12 once it optimises or instruments, most of them about its own headers: every
  # istreambuf_iterator "may be null", and a string that grows at its front "overlaps" (PR 105329). The dev build keeps
  # them all.
  target_compile_options(hw_options INTERFACE
    -Wno-maybe-uninitialized -Wno-null-dereference -Wno-restrict)
endif()

if(HW_CCACHE)
  find_program(HW_CCACHE_PROGRAM ccache)
  if(HW_CCACHE_PROGRAM)
    # Paths below the checkout count as relative, so that another worktree finds the same objects. What is sloppy about
    # precompiled headers: a #define before them is not looked for; we have none.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_PCH_EXTSUM=1
      ${HW_CCACHE_PROGRAM})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(hw_options INTERFACE -fpch-preprocess)
    endif()
  endif()
endif()

if(HW_MOLD)
  # Asked of the compiler, not only of the path: gcc before 12.1 does not know the name.
  find_program(HW_MOLD_PROGRAM mold)
  if(HW_MOLD_PROGRAM)
    check_linker_flag(CXX -fuse-ld=mold HW_LINKER_IS_MOLD)
    if(HW_LINKER_IS_MOLD)
      target_link_options(hw_codegen INTERFACE -fuse-ld=mold)
    endif()
  endif()
endif()

if(HW_CLANG_TIDY)
  # Version 14 is what .clang-tidy was checked with; another one knows other checks.
  find_program(HW_CLANG_TIDY_PROGRAM NAMES clang-tidy-14 REQUIRED)
  # Made by cmake/tidy.
  set(HW_OWN_CODE_PLUGIN ${CMAKE_BINARY_DIR}/cmake/tidy/own_code.so)
endif()
