# SPDX-License-Identifier: Apache-2.0
# Depends on the core as a user does: cmake -D STEP=… -D BUILD=… -D SCRATCH=… … -P check.cmake
#   install           installs the core and moves the prefix
#   find_package      builds and runs the consumer of that name against the moved prefix
#   pkg_config        likewise
#   find_package_c, pkg_config_c  the same in C
#   add_subdirectory  builds and runs the consumer together with the core, from its sources;
#                     without optimisation, for this machine, in few files and with one function,
#                     which takes a fraction of the time
#   options           likewise, with few functions, types and instruction sets, in C++ and C
# Each consumer is copied out of the source tree first.
cmake_minimum_required(VERSION 3.25)
set(prefix ${SCRATCH}/moved)
set(build_type Release)
set(from_sources add_subdirectory options)
if(STEP IN_LIST from_sources)
  set(build_type Debug)
endif()

function(run)
  string(JOIN " " command ${ARGN})
  message(STATUS "${command}")
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${SCRATCH}/${STEP} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(configure)
  run(${CMAKE_COMMAND} -S . -B build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
      -DCMAKE_C_COMPILER=${C_COMPILER}
      -DCMAKE_BUILD_TYPE=${build_type} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} ${ARGN})
endfunction()

# A path of this machine in a package file would break the prefix when it moves.
function(check_relocatable)
  file(GLOB_RECURSE files ${prefix}/*.cmake ${prefix}/*.pc ${prefix}/*.h)
  foreach(file IN LISTS files)
    file(READ ${file} text)
    foreach(path ${SOURCE} ${BUILD} ${SCRATCH})
      string(FIND "${text}" ${path} at)
      if(NOT at EQUAL -1)
        message(FATAL_ERROR "${file} names ${path}")
      endif()
    endforeach()
  endforeach()
endfunction()

if(STEP IN_LIST from_sources)
  file(REMOVE ${SCRATCH}/${STEP}/CMakeLists.txt)  # what is built stays
else()
  file(REMOVE_RECURSE ${SCRATCH}/${STEP})
endif()
file(MAKE_DIRECTORY ${SCRATCH}/${STEP})

if(STEP STREQUAL "install")
  file(REMOVE_RECURSE ${prefix})
  run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${SCRATCH}/install/prefix)
  file(RENAME ${SCRATCH}/install/prefix ${prefix})
  check_relocatable()
  return()
endif()

file(GLOB files ${CMAKE_CURRENT_LIST_DIR}/${STEP}/* ${CMAKE_CURRENT_LIST_DIR}/app.c*)
file(COPY ${files} DESTINATION ${SCRATCH}/${STEP})
if(STEP MATCHES "find_package")
  configure(-DCMAKE_PREFIX_PATH=${prefix})
  file(STRINGS ${SCRATCH}/${STEP}/build/CMakeCache.txt found REGEX "^actfn_DIR:PATH=${prefix}/")
  if(NOT found)
    message(FATAL_ERROR "Another actfn than that of ${prefix} was found")
  endif()
elseif(STEP IN_LIST from_sources)
  file(CREATE_LINK ${SOURCE} ${SCRATCH}/${STEP}/actfn SYMBOLIC)
  # As a part of another project, the core asks for no package.
  set(refused)
  foreach(package OpenMP Threads ZLIB PNG JPEG fmt nlohmann_json CLI11 GTest benchmark PkgConfig)
    list(APPEND refused -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
  endforeach()
  if(STEP STREQUAL "add_subdirectory")
    list(APPEND refused -DACTFN_NATIVE=ON -DCMAKE_UNITY_BUILD=ON -DACTFN_FUNCTIONS=gelu)
  endif()
  configure(-DACTFN_HIGHWAY_INCLUDE=${HIGHWAY_INCLUDE} ${refused})
endif()

if(STEP MATCHES "pkg_config")
  file(GLOB_RECURSE pc ${prefix}/actfn.pc)
  cmake_path(GET pc PARENT_PATH pc_dir)
  set(ENV{PKG_CONFIG_PATH} ${pc_dir})
  set(ENV{CXX} ${COMPILER})
  set(ENV{CC} ${C_COMPILER})
  run(sh -e build.sh)
  run(pkg-config --exact-version=${VERSION} actfn)
  run(./app)
else()
  run(${CMAKE_COMMAND} --build build --config ${build_type})
  set(apps app)
  if(STEP STREQUAL "options")
    list(APPEND apps app_c)
  endif()
  foreach(name IN LISTS apps)
    find_program(${name} ${name} REQUIRED NO_DEFAULT_PATH NO_CACHE
                 PATHS ${SCRATCH}/${STEP}/build ${SCRATCH}/${STEP}/build/${build_type})
    run(${${name}})
  endforeach()
endif()
