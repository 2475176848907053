# SPDX-License-Identifier: Apache-2.0
# oneDNN by header and library: the package file of Debian's libdnnl-dev asks for OpenCL's headers,
# which nothing here needs.
find_path(ACTFN_ONEDNN_INCLUDE dnnl.h REQUIRED)
find_library(ACTFN_ONEDNN_LIBRARY dnnl REQUIRED)
add_library(actfn_onednn INTERFACE)
target_include_directories(actfn_onednn SYSTEM INTERFACE ${ACTFN_ONEDNN_INCLUDE})
target_link_libraries(actfn_onednn INTERFACE ${ACTFN_ONEDNN_LIBRARY})
