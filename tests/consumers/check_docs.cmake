# SPDX-License-Identifier: Apache-2.0
# docs/using.md shows the consumers as they are, without the line of the licence:
# cmake -D PAGE=… -P check_docs.cmake
cmake_minimum_required(VERSION 3.25)
file(READ ${PAGE} page)
foreach(file app.cc app.c find_package/CMakeLists.txt find_package_c/CMakeLists.txt
        add_subdirectory/CMakeLists.txt pkg_config/build.sh pkg_config_c/build.sh)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${file} text)
  string(REGEX REPLACE "(//|#) SPDX-License-Identifier: [^\n]*\n" "" text "${text}")
  string(FIND "${page}" "\n${text}```\n" at)
  if(at EQUAL -1)
    message(SEND_ERROR "${PAGE} does not show tests/consumers/${file} as it is")
  endif()
endforeach()
