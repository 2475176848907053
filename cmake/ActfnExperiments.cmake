# SPDX-License-Identifier: Apache-2.0
# The list of experiments from the files of a folder: NAME.cc defines
# actfn::lab::experiments::NAME(). lab/experiments_list.h declares the list.
function(actfn_experiments folder out)
  set(generated ${PROJECT_BINARY_DIR}/generated/experiments/experiments_list.cc)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.cc)
  set(text "#include \"lab/experiments_list.h\"\n\nnamespace actfn::lab::experiments {\n\n")
  set(calls "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    string(APPEND text "Experiment ${name}();\n")
    string(APPEND calls "  made.push_back(${name}());\n")
  endforeach()
  string(APPEND text "\nstd::vector<Experiment> all() {\n  std::vector<Experiment> made;\n")
  string(APPEND text "${calls}  return made;\n}\n\n}  // namespace actfn::lab::experiments\n")
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT "${text}")
  set(${out} ${generated} ${files} PARENT_SCOPE)
endfunction()
