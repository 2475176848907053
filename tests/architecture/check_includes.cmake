# SPDX-License-Identifier: Apache-2.0
# Compares the table "Folders" of docs/architecture.md with what the sources include:
# cmake -D SOURCE=ROOT -P check_includes.cmake
cmake_minimum_required(VERSION 3.25)
file(STRINGS ${SOURCE}/docs/architecture.md rows REGEX "^\\| `(src|apps|bindings)/")
if(NOT rows)
  message(FATAL_ERROR "docs/architecture.md has no table of folders")
endif()

set(folders)
foreach(row IN LISTS rows)
  string(REGEX MATCH "^\\| `([a-z_/]+)/` \\|([^|]*)\\|" matched "${row}")
  set(folder ${CMAKE_MATCH_1})
  string(REGEX MATCHALL "src/[a-z_]+" may_use "${CMAKE_MATCH_2}")
  list(APPEND folders ${folder})
  set(may_use_${folder} ${folder} ${may_use})
endforeach()

# A folder that the table does not know.
file(GLOB known RELATIVE ${SOURCE} ${SOURCE}/src/*)
foreach(folder IN LISTS known)
  if(IS_DIRECTORY ${SOURCE}/${folder} AND NOT folder IN_LIST folders)
    message(SEND_ERROR "docs/architecture.md does not say what ${folder}/ may use")
  endif()
endforeach()

foreach(folder IN LISTS folders)
  file(GLOB_RECURSE files ${SOURCE}/${folder}/*.h ${SOURCE}/${folder}/*.cc
       ${SOURCE}/${folder}/*.cc.in)
  if(NOT files)
    message(SEND_ERROR "docs/architecture.md names ${folder}/, which has no sources")
  endif()
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include \"[a-z_]+/")
    foreach(include IN LISTS includes)
      string(REGEX MATCH "\"([a-z_]+)/" matched "${include}")
      set(used src/${CMAKE_MATCH_1})
      if(IS_DIRECTORY ${SOURCE}/${used} AND NOT used IN_LIST may_use_${folder})
        message(SEND_ERROR "${file} has ${include}: ${folder}/ may not use ${used}/ "
                           "(docs/architecture.md)")
      endif()
    endforeach()
  endforeach()
endforeach()
