# SPDX-License-Identifier: Apache-2.0
# How much a stripped program grows by what it calls:
# cmake -D PROGRAM=… -D EMPTY=… -D STRIP=… -D MAX_BYTES=… -P check_linked.cmake
cmake_minimum_required(VERSION 3.25)
foreach(program ${PROGRAM} ${EMPTY})
  execute_process(COMMAND ${STRIP} -o ${program}.stripped ${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND ${PROGRAM} COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${PROGRAM}.stripped bytes)
file(SIZE ${EMPTY}.stripped empty)
math(EXPR more "${bytes} - ${empty}")
message(STATUS "${PROGRAM}: ${bytes} bytes, ${more} more than an empty program, at most "
               "${MAX_BYTES} allowed")
if(more GREATER MAX_BYTES)
  message(FATAL_ERROR "The program links what it does not call")
endif()
