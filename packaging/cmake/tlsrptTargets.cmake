# The targets, for tlsrptConfig.cmake and for CMakeLists.txt:
#
#   tlsrpt::record  for programs that read TXT records only: the headers, and nothing to link
#   tlsrpt::tlsrpt  all of the library, with simdjson and zlib; only if tlsrpt_WITH_REPORT
#
# Takes tlsrpt_INCLUDE_DIR, and tlsrpt_SCOPE, which is GLOBAL or empty. Where something is missing,
# tlsrpt_NOT_FOUND_MESSAGE says what, and there is no tlsrpt::tlsrpt. Headers of imported targets
# count as those of the system: no warnings of theirs reach the parent.

unset(tlsrpt_NOT_FOUND_MESSAGE)  # of an earlier search

if(NOT TARGET tlsrpt::record)
  add_library(tlsrpt::record INTERFACE IMPORTED ${tlsrpt_SCOPE})
  set_target_properties(tlsrpt::record PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${tlsrpt_INCLUDE_DIR}"
    INTERFACE_COMPILE_FEATURES cxx_std_20)
endif()

if(NOT tlsrpt_WITH_REPORT OR TARGET tlsrpt::tlsrpt)
  return()
endif()

set(tlsrpt_SIMDJSON simdjson::simdjson)
if(NOT TARGET simdjson::simdjson)
  find_package(simdjson CONFIG QUIET)  # its version file would refuse later major versions
  if(NOT simdjson_FOUND)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(tlsrpt_SIMDJSON_PC QUIET IMPORTED_TARGET ${tlsrpt_SCOPE} simdjson)
      set(simdjson_FOUND ${tlsrpt_SIMDJSON_PC_FOUND})
      set(simdjson_VERSION ${tlsrpt_SIMDJSON_PC_VERSION})
      set(tlsrpt_SIMDJSON PkgConfig::tlsrpt_SIMDJSON_PC)
    endif()
  endif()
  if(NOT simdjson_FOUND)
    set(tlsrpt_NOT_FOUND_MESSAGE "tlsrpt needs simdjson, which was not found")
    return()
  endif()
  if(simdjson_VERSION AND simdjson_VERSION VERSION_LESS 3.0.1)
    set(tlsrpt_NOT_FOUND_MESSAGE "tlsrpt needs simdjson 3.0.1 or newer, not ${simdjson_VERSION}")
    return()
  endif()
endif()
if(NOT TARGET ZLIB::ZLIB)
  find_package(ZLIB QUIET)
  if(NOT TARGET ZLIB::ZLIB)
    set(tlsrpt_NOT_FOUND_MESSAGE "tlsrpt needs zlib, which was not found")
    return()
  endif()
endif()

add_library(tlsrpt::tlsrpt INTERFACE IMPORTED ${tlsrpt_SCOPE})
set_target_properties(tlsrpt::tlsrpt PROPERTIES
  INTERFACE_LINK_LIBRARIES "tlsrpt::record;${tlsrpt_SIMDJSON};ZLIB::ZLIB")
