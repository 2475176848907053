# SPDX-License-Identifier: Apache-2.0
# oneDNN by header and library: the package file of Debian's libdnnl-dev asks for OpenCL's headers,
# which nothing here needs.
find_path(ACTFN_ONEDNN_INCLUDE dnnl.h REQUIRED)
find_library(ACTFN_ONEDNN_LIBRARY dnnl REQUIRED)
add_library(actfn_onednn INTERFACE)
target_include_directories(actfn_onednn SYSTEM INTERFACE ${ACTFN_ONEDNN_INCLUDE})
target_link_libraries(actfn_onednn INTERFACE ${ACTFN_ONEDNN_LIBRARY})

# The OpenMP runtime that oneDNN itself links, which is GCC's in Debian. clang's own would be a
# second one in the process: it answers in GCC's place, but allocates memory in each call of oneDNN.
add_library(actfn_openmp INTERFACE)
set(gomp "")
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.so
                  OUTPUT_VARIABLE gomp OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(IS_ABSOLUTE "${gomp}")
  target_link_libraries(actfn_openmp INTERFACE ${gomp})
else()
  target_link_libraries(actfn_openmp INTERFACE OpenMP::OpenMP_CXX)
endif()
