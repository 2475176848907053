# What every target of the project is compiled with.
add_library(actfn_settings INTERFACE)
target_compile_features(actfn_settings INTERFACE cxx_std_20)
# No contraction of a * b + c behind our back: the same bits from every compiler.
target_compile_options(actfn_settings INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic
                                                -Wshadow -Wconversion -Wsign-conversion)
# GCC 12 sees overlaps in std::string that are not there (GCC bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(actfn_settings INTERFACE -Wno-restrict)
endif()
if(ACTFN_WERROR)
  target_compile_options(actfn_settings INTERFACE -Werror)
endif()

find_program(ACTFN_CCACHE ccache)
if(ACTFN_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ACTFN_CCACHE})
endif()
