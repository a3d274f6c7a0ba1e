# Only headers: a debug build would install the same.
set(VCPKG_BUILD_TYPE release)

# The hash of the release's archive; vcpkg prints it when it finds 0.
vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO tlsrpt/tlsrpt
    REF "v${VERSION}"
    SHA512 0
    HEAD_REF main
)

vcpkg_configure_meson(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -Dreport=disabled
        -Dtests=disabled
        -Dexamples=disabled
        -Dbenchmarks=disabled
)
vcpkg_install_meson()

vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/tlsrpt)
vcpkg_fixup_pkgconfig()

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
