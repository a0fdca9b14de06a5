# What the rooms stand on, as targets. The build and the installed package both
# include this file after they found LLVM or MLIR, so that both say the same and
# no path of one machine is written into the package:
#
#   ConvEinsum::LLVM     libLLVM, its headers and definitions
#   ConvEinsum::MLIR     libMLIR, the same      (where MLIR was found)
#   ConvEinsum::OpenMP   libomp beside libLLVM  (where it exists)

if(NOT TARGET ConvEinsum::LLVM)
  add_library(ConvEinsum::LLVM INTERFACE IMPORTED)
  # LLVM_DEFINITIONS is one string; unsplit it would redefine a macro in every file.
  separate_arguments(conveinsum_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
  list(TRANSFORM conveinsum_definitions REPLACE "^-D" "")
  set_target_properties(ConvEinsum::LLVM PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${LLVM_INCLUDE_DIRS}"
    INTERFACE_COMPILE_DEFINITIONS "${conveinsum_definitions}"
    INTERFACE_LINK_LIBRARIES LLVM)
  unset(conveinsum_definitions)
endif()

# Only ever the shared library: an archive of one component beside it would bring
# a second copy of every type's identity.
if(MLIR_FOUND AND NOT TARGET ConvEinsum::MLIR)
  add_library(ConvEinsum::MLIR INTERFACE IMPORTED)
  set_target_properties(ConvEinsum::MLIR PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${MLIR_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "MLIR;ConvEinsum::LLVM")
endif()

if(NOT TARGET ConvEinsum::OpenMP)
  find_library(CONVEINSUM_OPENMP omp PATHS ${LLVM_LIBRARY_DIRS} NO_DEFAULT_PATH)
  mark_as_advanced(CONVEINSUM_OPENMP)
  if(CONVEINSUM_OPENMP)
    add_library(ConvEinsum::OpenMP UNKNOWN IMPORTED)
    set_target_properties(ConvEinsum::OpenMP PROPERTIES
      IMPORTED_LOCATION "${CONVEINSUM_OPENMP}")
  endif()
endif()
