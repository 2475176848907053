# SPDX-License-Identifier: Apache-2.0
# The list of functions' files for src/catalogue/files.cc: cmake -D SOURCE=… -D OUT=… -P
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/ActfnFunctions.cmake)
actfn_file_list(${SOURCE} ${OUT})
