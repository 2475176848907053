# SPDX-License-Identifier: Apache-2.0
# cmake -D FILE=… -D MAX_BYTES=… -P check_size.cmake
cmake_minimum_required(VERSION 3.25)
file(SIZE ${FILE} bytes)
message(STATUS "${FILE}: ${bytes} bytes, at most ${MAX_BYTES} allowed")
if(bytes GREATER MAX_BYTES)
  message(FATAL_ERROR "The library is too large")
endif()
