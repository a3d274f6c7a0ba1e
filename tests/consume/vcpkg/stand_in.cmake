# Runs the port as vcpkg does, on a machine without vcpkg: the functions that it calls, as vcpkg documents them.
# They refuse what is not documented, and touch no network: the source is SOURCE.
#
#   cmake -DPORT_DIR=... -DSOURCE=... -DWORK=... -P stand_in.cmake
#
# What the port installs goes to WORK/packages.
cmake_minimum_required(VERSION 3.20)

file(READ "${PORT_DIR}/vcpkg.json" manifest)
string(JSON PORT GET "${manifest}" name)
string(JSON VERSION GET "${manifest}" version)
set(CURRENT_BUILDTREES_DIR "${WORK}/buildtrees")
set(CURRENT_PACKAGES_DIR "${WORK}/packages")
set(CURRENT_INSTALLED_DIR "${WORK}/installed")

macro(refuse_others)
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "not documented: ${arg_UNPARSED_ARGUMENTS}")
  endif()
endmacro()

function(vcpkg_from_github)
  cmake_parse_arguments(PARSE_ARGV 0 arg ""
    "OUT_SOURCE_PATH;REPO;REF;SHA512;HEAD_REF;GITHUB_HOST;AUTHORIZATION_TOKEN;FILE_DISAMBIGUATOR" "PATCHES")
  refuse_others()
  if(NOT arg_REPO MATCHES "^[^/]+/[^/]+$" OR NOT arg_REF STREQUAL "v${VERSION}" OR NOT arg_HEAD_REF)
    message(FATAL_ERROR "vcpkg_from_github: ${arg_REPO} ${arg_REF} ${arg_HEAD_REF}")
  endif()
  if(NOT arg_SHA512 STREQUAL "0" AND NOT arg_SHA512 MATCHES "^[0-9a-f]+$")
    message(FATAL_ERROR "vcpkg_from_github: SHA512 ${arg_SHA512}")
  endif()
  set(${arg_OUT_SOURCE_PATH} "${SOURCE}" PARENT_SCOPE)
endfunction()

function(vcpkg_configure_meson)
  cmake_parse_arguments(PARSE_ARGV 0 arg "NO_PKG_CONFIG" "SOURCE_PATH" "OPTIONS;OPTIONS_RELEASE;OPTIONS_DEBUG")
  refuse_others()
  execute_process(COMMAND_ERROR_IS_FATAL ANY
    COMMAND meson setup ${arg_OPTIONS} ${arg_OPTIONS_RELEASE} --buildtype plain --backend ninja
      --wrap-mode nodownload --prefix "${CURRENT_PACKAGES_DIR}" --libdir lib
      "${CURRENT_BUILDTREES_DIR}" "${arg_SOURCE_PATH}")
endfunction()

function(vcpkg_install_meson)
  cmake_parse_arguments(PARSE_ARGV 0 arg "ADD_BIN_TO_PATH" "" "")
  refuse_others()
  execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND meson install -C "${CURRENT_BUILDTREES_DIR}")
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg
    "DO_NOT_DELETE_PARENT_CONFIG_PATH;NO_PREFIX_CORRECTION" "PACKAGE_NAME;CONFIG_PATH;TOOLS_PATH" "")
  refuse_others()
  if(NOT arg_PACKAGE_NAME)
    set(arg_PACKAGE_NAME ${PORT})
  endif()
  set(place "${CURRENT_PACKAGES_DIR}/share/${arg_PACKAGE_NAME}")
  file(GLOB files "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*")
  if(NOT files)
    message(FATAL_ERROR "no files in ${arg_CONFIG_PATH}")
  endif()
  file(COPY ${files} DESTINATION "${place}")
  get_filename_component(parent "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}" DIRECTORY)
  file(REMOVE_RECURSE "${parent}")
  file(GLOB files "${place}/*.cmake")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    # The prefix is two folders up now, and nothing may say where the port was built.
    string(REGEX REPLACE "(PACKAGE_PREFIX_DIR \"[^\"/]+)[./]*\"" "\\1/../../\"" text "${text}")
    string(FIND "${text}" "${CURRENT_PACKAGES_DIR}" absolute)
    if(NOT absolute EQUAL -1)
      message(FATAL_ERROR "${file} has an absolute path")
    endif()
    file(WRITE "${file}" "${text}")
  endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
  cmake_parse_arguments(PARSE_ARGV 0 arg "SKIP_CHECK" "" "RELEASE_FILES;DEBUG_FILES")
  refuse_others()
  file(GLOB_RECURSE files "${CURRENT_PACKAGES_DIR}/*.pc")
  if(NOT files)
    message(FATAL_ERROR "no files for pkg-config")
  endif()
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    string(REPLACE "${CURRENT_PACKAGES_DIR}" "\${pcfiledir}/../.." text "${text}")
    file(WRITE "${file}" "${text}")
  endforeach()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "COMMENT" "FILE_LIST")
  refuse_others()
  file(INSTALL ${arg_FILE_LIST} DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}" RENAME copyright)
endfunction()

include("${PORT_DIR}/portfile.cmake")

# What vcpkg refuses after a port was built.
file(GLOB_RECURSE files RELATIVE "${CURRENT_PACKAGES_DIR}" "${CURRENT_PACKAGES_DIR}/*")
list(FILTER files EXCLUDE REGEX "^include/tlsrpt/.*\\.hpp$")
list(SORT files)
set(wanted share/pkgconfig/tlsrpt-record.pc share/pkgconfig/tlsrpt.pc share/tlsrpt/copyright
  share/tlsrpt/tlsrptConfig.cmake share/tlsrpt/tlsrptConfigVersion.cmake share/tlsrpt/tlsrptTargets.cmake
  share/tlsrpt/usage)
if(NOT files STREQUAL wanted)
  message(FATAL_ERROR "the port installs ${files}")
endif()
