# SPDX-License-Identifier: Apache-2.0
# Files of a folder, and others that are named, as strings of the program: NAME.css becomes
# actfn::lab::assets::NAME_css, declared in lab/assets.h.
function(actfn_embed folder out)
  set(generated ${PROJECT_BINARY_DIR}/generated/assets/lab)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set(declarations "")
  set(definitions "")
  foreach(file IN LISTS files ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "[.-]" "_" name ${name})
    file(READ ${file} text)
    # A raw string literal has a limit of 64 KiB with some compilers: glue pieces.
    set(pieces "")
    string(LENGTH "${text}" left)
    set(at 0)
    while(left GREATER 0)
      string(SUBSTRING "${text}" ${at} 12000 piece)
      string(APPEND pieces "R\"~~~(${piece})~~~\"\n")
      math(EXPR at "${at} + 12000")
      math(EXPR left "${left} - 12000")
    endwhile()
    string(APPEND declarations "extern const std::string_view ${name};\n")
    string(APPEND definitions "const std::string_view ${name} =\n${pieces};\n")
  endforeach()
  set(head "#include <string_view>\n\nnamespace actfn::lab::assets {\n")
  file(CONFIGURE OUTPUT ${generated}/assets.h @ONLY
       CONTENT "#pragma once\n${head}${declarations}}  // namespace actfn::lab::assets\n")
  file(CONFIGURE OUTPUT ${generated}/assets.cc @ONLY
       CONTENT "#include \"lab/assets.h\"\n${head}${definitions}}\n")
  set(${out} ${generated}/assets.cc PARENT_SCOPE)
endfunction()
