# SPDX-License-Identifier: Apache-2.0
# Public headers include each other and the standard library, nothing else:
# cmake -D HEADERS=FOLDER -P check_headers.cmake
cmake_minimum_required(VERSION 3.25)
file(GLOB_RECURSE headers ${HEADERS}/*.h ${HEADERS}/*.h.in)
if(NOT headers)
  message(FATAL_ERROR "No header in ${HEADERS}")
endif()
foreach(header IN LISTS headers)
  file(STRINGS ${header} includes REGEX "^[ \t]*#[ \t]*include")
  # Of other headers, only the standard library's have neither a folder nor an extension. c.h
  # includes one of C.
  list(FILTER includes EXCLUDE REGEX "^#include <(actfn/[a-z0-9_/]+\\.h|[a-z_]+|stddef\\.h)>")
  if(includes)
    message(SEND_ERROR "${header}: ${includes}")
  endif()
endforeach()
