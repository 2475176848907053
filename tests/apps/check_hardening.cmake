# SPDX-License-Identifier: Apache-2.0
# What cmake/ActfnHardening.cmake asks for is in the program: -D PROGRAM=… -D READELF=…
function(demand what pattern)
  execute_process(COMMAND ${READELF} ${ARGN} ${PROGRAM} OUTPUT_VARIABLE text
                  COMMAND_ERROR_IS_FATAL ANY)
  if(NOT text MATCHES "${pattern}")
    message(SEND_ERROR "${PROGRAM} is not hardened: no ${what}")
  endif()
endfunction()

demand("position-independent code" "Type: +DYN" -hW)
demand("read-only relocations" "GNU_RELRO" -lW)
demand("binding at the start" "FLAGS_1[^\n]* NOW" -dW)  # GNU's and LLVM's spelling
demand("stack that cannot be executed" "GNU_STACK[ 0-9a-fx]+RW " -lW)
demand("stack protectors" "__stack_chk_fail" -sW --dyn-syms)
demand("checked functions of the C library" "_chk@" -sW --dyn-syms)
