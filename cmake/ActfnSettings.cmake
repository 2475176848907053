# SPDX-License-Identifier: Apache-2.0
# What every target of the project is compiled with.
add_library(actfn_settings INTERFACE)
target_compile_features(actfn_settings INTERFACE cxx_std_20)
# No contraction of a * b + c behind our back: the same bits from every compiler.
target_compile_options(actfn_settings INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic
                                                -Wshadow -Wconversion -Wsign-conversion)
# GCC 12 sees overlaps in std::string that are not there (GCC bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(actfn_settings INTERFACE -Wno-restrict)
endif()
# In a unity build every source is an included file, whose anonymous namespaces GCC takes for
# shared.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(actfn_settings INTERFACE -Wno-subobject-linkage)
endif()
if(ACTFN_WERROR)
  target_compile_options(actfn_settings INTERFACE -Werror)
endif()

option(ACTFN_NATIVE "Build the kernels for the instruction set of this machine only" OFF)
set(ACTFN_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
set(precompile OFF)
if(ACTFN_SANITIZE)
  set(precompile ON)
endif()
option(ACTFN_PRECOMPILE "Precompile headers: for builds from nothing, which ccache cannot help"
       ${precompile})

# Highway, its headers alone: one pass of a source file for every instruction set.
find_path(ACTFN_HIGHWAY_INCLUDE hwy/highway.h)
if(NOT ACTFN_HIGHWAY_INCLUDE)
  message(FATAL_ERROR "actfn is built with Highway's headers, and hwy/highway.h is missing: \
install libhwy-dev (Debian) or name its directory by -DACTFN_HIGHWAY_INCLUDE=…")
endif()
add_library(actfn_highway INTERFACE)
target_include_directories(actfn_highway SYSTEM INTERFACE ${ACTFN_HIGHWAY_INCLUDE})
# Calls mask floating-point exceptions, so the conversion of a parameter may move out of a loop.
target_compile_options(actfn_highway INTERFACE -fno-trapping-math)
# HWY_COMPILE_ALL_ATTAINABLE brings the portable EMU128 beside the better ones. Highway avoids it
# with GCC before 12.3 for a wrong high half of integer products (GCC bug 106322): there are none
# here, and the tests compare its bits with the others'. SSSE3 would add nothing; SVE's vectors
# cannot be members of a struct, on which the kernels are built: 64-bit ARM gets NEON.
if(ACTFN_SANITIZE AND ACTFN_TARGETS STREQUAL "")
  # One instruction set: with all of them, the sanitizers' checks of inlined code take hours to
  # compile. The loops over memory are the same for every set.
  target_compile_definitions(actfn_highway INTERFACE HWY_COMPILE_ONLY_STATIC)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(actfn_highway INTERFACE -mavx2 -mfma -mbmi -mbmi2 -mf16c -maes -mpclmul)
  endif()
elseif(ACTFN_NATIVE)
  target_compile_definitions(actfn_highway INTERFACE HWY_COMPILE_ONLY_STATIC)
  target_compile_options(actfn_highway INTERFACE -march=native)
else()
  list(JOIN ACTFN_DISABLED_TARGETS "|" disabled)
  target_compile_definitions(actfn_highway INTERFACE
    HWY_COMPILE_ALL_ATTAINABLE HWY_BROKEN_EMU128=0 "HWY_DISABLED_TARGETS=(${disabled})")
  # Without portable code, a CPU may be able to run no kernel at all.
  if(ACTFN_BASELINE_TARGET MATCHES "AVX|SSE")
    target_compile_definitions(actfn_highway INTERFACE
      HWY_BASELINE_TARGETS=${ACTFN_BASELINE_TARGET} ACTFN_MAY_LACK_TARGET)
  endif()
endif()

# GCC before 13 copies structs of vectors in pieces of 128 bits, which the loads behind them wait
# for.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-mmove-max=256 ACTFN_HAS_MOVE_MAX)
  if(ACTFN_HAS_MOVE_MAX)
    target_compile_options(actfn_highway INTERFACE -mmove-max=256)
  endif()
endif()

find_program(ACTFN_CCACHE ccache)
if(ACTFN_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ACTFN_CCACHE})
endif()

# actfn_precompile(TARGET what target_precompile_headers takes…). Of precompiled headers GCC forgets
# which are the system's, and warns of what it inlines from them. Where other flags keep it from
# using them, it reads the headers.
function(actfn_precompile target)
  if(ACTFN_PRECOMPILE)
    target_precompile_headers(${target} ${ARGN})
    set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-maybe-uninitialized
        -Wno-stringop-overflow -Wno-stringop-overread -Wno-null-dereference)
    endif()
  endif()
endfunction()

if(ACTFN_SANITIZE)
  add_compile_options(-fsanitize=${ACTFN_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ACTFN_SANITIZE})
endif()

option(ACTFN_CLANG_TIDY "Check the sources with clang-tidy while building" OFF)
if(ACTFN_CLANG_TIDY)
  find_program(ACTFN_CLANG_TIDY_PROGRAM NAMES clang-tidy-16 clang-tidy REQUIRED)
endif()

# Generated translation units and tests are left out: they repeat what is checked already.
function(actfn_tidy target)
  if(ACTFN_CLANG_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY ${ACTFN_CLANG_TIDY_PROGRAM})
  endif()
endfunction()
