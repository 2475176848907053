# SPDX-License-Identifier: Apache-2.0
# What the program and the code behind it, which reads files and arguments, are hardened with: what
# the compiler has of stack protectors, checked string functions, control-flow protection, read-only
# relocations. tests/apps/check_hardening.cmake looks for them in the program.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)

check_pie_supported()
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()
add_library(actfn_hardening INTERFACE)
if(ACTFN_SANITIZE)
  return()  # the sanitizers replace the checked functions
endif()
set(CMAKE_REQUIRED_FLAGS -Werror)  # clang only warns of a flag of another processor
foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection
             -mbranch-protection=standard)
  string(MAKE_C_IDENTIFIER "ACTFN_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(actfn_hardening INTERFACE ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)
set(optimized $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
target_compile_options(actfn_hardening INTERFACE
  $<${optimized}:-U_FORTIFY_SOURCE> $<${optimized}:-D_FORTIFY_SOURCE=3>)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_link_options(actfn_hardening INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
