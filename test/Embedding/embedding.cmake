# Installs the package, moves it, and builds the programs of this folder against
# it; then one inside whose project our source tree stands. Variables: see
# CMakeLists.txt.

set(moved ${SCRATCH}/moved)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

function(execute what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result
    OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
  message(STATUS "${what}: done")
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(options)
foreach(variable CMAKE_C_COMPILER CMAKE_CXX_COMPILER CMAKE_EXE_LINKER_FLAGS
    CMAKE_MAKE_PROGRAM LLVM_DIR MLIR_DIR)
  list(APPEND options "-D${variable}=${${variable}}")
endforeach()
string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
set(compiled_alike)
foreach(variable CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER_LAUNCHER CMAKE_CXX_FLAGS
    CMAKE_CXX_FLAGS_${type})
  list(APPEND compiled_alike "-D${variable}=${${variable}}")
endforeach()

# configure(PROJECT OPTIONS...), make(PROJECT TARGET), run(PROJECT TARGET TEXT)
function(configure project)
  execute("configuring ${project}" ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR}
    -S ${CMAKE_CURRENT_LIST_DIR}/${project} -B ${SCRATCH}/${project} ${options} ${ARGN})
endfunction()
function(make_and_run project target text)
  execute("building ${project}"
    ${CMAKE_COMMAND} --build ${SCRATCH}/${project} --target ${target})
  execute("running ${project}" ${SCRATCH}/${project}/${target})
  if(NOT output STREQUAL text)
    message(FATAL_ERROR "${target} printed '${output}', expected '${text}'")
  endif()
endfunction()

# The package says nothing of where it was built or installed.
execute("installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/installed)
file(RENAME ${SCRATCH}/installed ${moved})
file(GLOB package ${moved}/lib*/cmake/ConvEinsum/*.cmake)
list(LENGTH package files)
if(files LESS 5)
  message(FATAL_ERROR "expected the package's files, got '${package}'")
endif()
foreach(file IN LISTS package)
  file(READ ${file} text)
  foreach(path ${BUILD} ${SOURCE} ${SCRATCH} /usr/lib)
    string(FIND "${text}" "${path}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${file} names ${path}")
    endif()
  endforeach()
endforeach()

set(installed -DCMAKE_PREFIX_PATH=${moved} ${compiled_alike})
configure(Plan ${installed})
make_and_run(Plan plans "((0,1),2) 280 MACs\n")
configure(Driver ${installed})
make_and_run(Driver layer "16 24\n")

# What was installed runs where it is.
execute("the command" ${moved}/bin/conveinsum plan "ij,jk->ik" 2x3 3x4)
execute("the optimizer" ${moved}/bin/conveinsum-opt --version)

# A component that does not exist is named.
execute_process(COMMAND ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR}
  -S ${CMAKE_CURRENT_LIST_DIR}/Unknown -B ${SCRATCH}/Unknown ${options} ${installed}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0 OR NOT output MATCHES "there is no component 'Cuda'")
  message(FATAL_ERROR "expected a refusal of the component 'Cuda', got ${result}:\n${output}")
endif()

# The source tree inside another project: once with nothing chosen, so that
# whatever we chose would show, then as we were compiled, which ccache knows.
configure(Subproject -DCONVEINSUM_SOURCE=${SOURCE})
configure(Subproject -DCONVEINSUM_SOURCE=${SOURCE} ${compiled_alike})
make_and_run(Subproject plans "((0,1),2) 280 MACs\n")
