# How rooms and tools are built, and how they become the package ConvEinsum.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(CONVEINSUM_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/ConvEinsum)

# conveinsum_link(NAME PUBLIC|PRIVATE LIBS...)
# `MLIR` and `LLVM` mean the shared libraries with their headers.
function(conveinsum_link name scope)
  list(TRANSFORM ARGN REPLACE "^(MLIR|LLVM)$" "ConvEinsum::\\1")
  target_link_libraries(${name} ${scope} ${ARGN})
endfunction()

# conveinsum_export_room(NAME)
# A room that clients link: ConvEinsumPlanTree is their ConvEinsum::PlanTree.
# Whoever stands on MLIR goes into the second of two sets of targets, so that the
# first can be used without it.
function(conveinsum_export_room name)
  string(REGEX REPLACE "^ConvEinsum" "" component ${name})
  add_library(ConvEinsum::${component} ALIAS ${name})

  set(set CORE)
  get_target_property(libraries ${name} INTERFACE_LINK_LIBRARIES)
  foreach(library IN LISTS libraries)
    if(library STREQUAL "ConvEinsum::MLIR")
      set(set COMPILER)
    elseif(TARGET ${library})
      get_target_property(below ${library} CONVEINSUM_SET)
      if(below STREQUAL "COMPILER")
        set(set COMPILER)
      endif()
    endif()
  endforeach()
  set_target_properties(${name} PROPERTIES
    EXPORT_NAME ${component} CONVEINSUM_SET ${set})
  set_property(GLOBAL APPEND PROPERTY CONVEINSUM_${set}_COMPONENTS ${component})

  if(CONVEINSUM_INSTALL)
    install(TARGETS ${name} EXPORT ConvEinsum${set}
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
endfunction()

# conveinsum_add_library(NAME SOURCES... [LINK_LIBS ...] [DEPENDS ...])
# One static library per room. LINK_LIBS names rooms below it and `MLIR` / `LLVM`;
# DEPENDS names the targets that generate headers of this room.
# Libraries below lib/, where CONVEINSUM_EXPORT_ROOMS is set, are exported.
function(conveinsum_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  llvm_update_compile_flags(${name})
  target_compile_features(${name} PUBLIC cxx_std_17)
  # Internal headers are named from lib/, or by their file name in their folder.
  target_include_directories(${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/lib)
  conveinsum_link(${name} PUBLIC ${ARG_LINK_LIBS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
    target_include_directories(${name}
      PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
  endif()
  if(CONVEINSUM_EXPORT_ROOMS)
    conveinsum_export_room(${name})
  endif()
endfunction()

# conveinsum_match_statistics(NAME)
# For a room that defines passes: their counters are those of the LLVM that is
# linked, whether or not our build has assertions.
function(conveinsum_match_statistics name)
  if(NOT LLVM_ENABLE_ASSERTIONS)
    target_compile_options(${name} PRIVATE
      "SHELL:-include ${PROJECT_SOURCE_DIR}/tools/cmake/StatisticsOfLLVM.h")
  endif()
endfunction()

# conveinsum_add_tool(NAME SOURCES... [LINK_LIBS ...])
function(conveinsum_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  llvm_update_compile_flags(${name})
  conveinsum_link(${name} PRIVATE ${ARG_LINK_LIBS})
endfunction()

# conveinsum_install_tool(NAME)
# Installs a tool or a plugin, which finds LLVM's libraries where the build did.
function(conveinsum_install_tool name)
  set_target_properties(${name} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
  if(CONVEINSUM_INSTALL)
    install(TARGETS ${name}
      RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
endfunction()

# conveinsum_export_package()
# The package of all rooms: in the build tree at once, installed on request. All
# its files lie beside each other and name each other so, in both.
function(conveinsum_export_package)
  set(package ${PROJECT_BINARY_DIR}/lib/cmake/ConvEinsum)
  set(CONVEINSUM_LLVM_VERSION ${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR})
  foreach(set CORE COMPILER)
    get_property(CONVEINSUM_${set}_COMPONENTS GLOBAL PROPERTY CONVEINSUM_${set}_COMPONENTS)
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/tools/cmake/ConvEinsumConfig.cmake.in
    ${package}/ConvEinsumConfig.cmake @ONLY)
  # Before 1.0 a minor version may change anything.
  write_basic_package_version_file(${package}/ConvEinsumConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  configure_file(${PROJECT_SOURCE_DIR}/tools/cmake/ConvEinsumDependencies.cmake
    ${package}/ConvEinsumDependencies.cmake COPYONLY)
  export(EXPORT ConvEinsumCORE NAMESPACE ConvEinsum::
    FILE ${package}/ConvEinsumCoreTargets.cmake)
  export(EXPORT ConvEinsumCOMPILER NAMESPACE ConvEinsum::
    FILE ${package}/ConvEinsumCompilerTargets.cmake)

  install(EXPORT ConvEinsumCORE NAMESPACE ConvEinsum::
    FILE ConvEinsumCoreTargets.cmake DESTINATION ${CONVEINSUM_PACKAGE_DIR})
  install(EXPORT ConvEinsumCOMPILER NAMESPACE ConvEinsum::
    FILE ConvEinsumCompilerTargets.cmake DESTINATION ${CONVEINSUM_PACKAGE_DIR})
  install(FILES ${package}/ConvEinsumConfig.cmake
    ${package}/ConvEinsumConfigVersion.cmake
    ${package}/ConvEinsumDependencies.cmake DESTINATION ${CONVEINSUM_PACKAGE_DIR})
  # Whoever extends the dialect needs the .td files; the .inc files are generated.
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/conveinsum
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
  install(DIRECTORY ${PROJECT_BINARY_DIR}/include/conveinsum
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.inc" PATTERN CMakeFiles EXCLUDE)
endfunction()
