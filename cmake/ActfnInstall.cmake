# SPDX-License-Identifier: Apache-2.0
# Installs the core: library, headers, package files for CMake and pkg-config. Every path in them is
# relative to the file it stands in, so that the prefix may be moved.
#
# actfn::nn and actfn::onnx stay in the build tree. What installs nn has to find oneDNN on the
# consumer's machine.
# The core is a static library whatever BUILD_SHARED_LIBS says: symbols are hidden, and there is no
# export macro that would show the public ones.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/actfn)
install(TARGETS actfn EXPORT actfn
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/actfn DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.h PATTERN nn EXCLUDE PATTERN onnx.h EXCLUDE)
install(FILES ${PROJECT_BINARY_DIR}/generated/include/actfn/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/actfn)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT actfn NAMESPACE actfn:: FILE actfn-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/actfn-config.cmake.in ${PROJECT_BINARY_DIR}/actfn-config.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break what depends on it.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/actfn-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/actfn-config.cmake
              ${PROJECT_BINARY_DIR}/actfn-config-version.cmake
        DESTINATION ${package_dir})

# From the full paths: some distributions set CMAKE_INSTALL_LIBDIR to an absolute one.
function(actfn_path_from_pc out path)
  file(RELATIVE_PATH relative ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${path})
  string(REGEX REPLACE "/$" "" relative ${relative})
  set(${out} ${relative} PARENT_SCOPE)
endfunction()
actfn_path_from_pc(ACTFN_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
actfn_path_from_pc(ACTFN_PC_LIBDIR ${CMAKE_INSTALL_FULL_LIBDIR})
actfn_path_from_pc(ACTFN_PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_INCLUDEDIR})
# The C++ library, for programs that a C compiler links.
set(ACTFN_PC_PRIVATE ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(FILTER ACTFN_PC_PRIVATE INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+|c\\+\\+abi|m)$")
list(REMOVE_DUPLICATES ACTFN_PC_PRIVATE)
list(TRANSFORM ACTFN_PC_PRIVATE PREPEND -l)
list(JOIN ACTFN_PC_PRIVATE " " ACTFN_PC_PRIVATE)
configure_file(${CMAKE_CURRENT_LIST_DIR}/actfn.pc.in ${PROJECT_BINARY_DIR}/actfn.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/actfn.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
