# Precompiled headers: the library headers and the vocabulary, which take three quarters of the time of most compiles.
# They only save time: every file includes what it uses, and the presets without HW_PCH (tidy, fuzz) check that.
#
# Two carriers, which own targets reuse: hw_pch for libraries and programs, hw_pch_test with GoogleTest. Whoever
# reuses one is compiled with the same options, which gcc checks (-Winvalid-pch).

option(HW_PCH "Compile against precompiled headers" ON)

# hw_add_pch(hw_pch HEADERS <string> ... DEPS hw::proto)
function(hw_add_pch name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "HEADERS;DEPS")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE hw_options ${ARG_DEPS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER
      "${PROJECT_SOURCE_DIR}/cmake/pch-launcher.sh;${PROJECT_SOURCE_DIR};${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
endfunction()

# Called once the vocabulary is known.
function(hw_add_carriers)
  if(NOT HW_PCH)
    return()
  endif()
  set(headers
    <algorithm> <array> <cstddef> <cstdint> <deque> <functional> <map> <memory> <optional> <set> <span> <string>
    <string_view> <utility> <variant> <vector>
    <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
    <google/protobuf/arena.h> <google/protobuf/message.h>)
  file(GLOB protos RELATIVE ${PROJECT_SOURCE_DIR}/proto ${PROJECT_SOURCE_DIR}/proto/hallwarden/v1/*.proto)
  foreach(proto IN LISTS protos)
    string(REGEX REPLACE "\\.proto$" ".pb.h" header ${proto})
    list(APPEND headers <${header}>)
  endforeach()
  hw_add_pch(hw_pch HEADERS ${headers} DEPS hw::proto)
  if(HW_BUILD_TESTS)
    hw_add_pch(hw_pch_test
      HEADERS ${headers} <gmock/gmock.h> <gtest/gtest.h>
      DEPS hw::proto GTest::gmock GTest::gtest)
  endif()
endfunction()

# hw_reuse_pch(target [carrier])
function(hw_reuse_pch target)
  if(HW_PCH)
    if(NOT ARGN)
      set(ARGN hw_pch)
    endif()
    target_precompile_headers(${target} REUSE_FROM ${ARGN})
    # The headers of the vocabulary are made by the build.
    add_dependencies(${target} hw_proto)
  endif()
endfunction()
