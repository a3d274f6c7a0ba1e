import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class TlsrptConan(ConanFile):
    name = "tlsrpt"
    description = "SMTP TLS Reporting (RFC 8460): records and reports"
    license = "MIT"
    homepage = "https://github.com/tlsrpt/tlsrpt"
    url = homepage
    topics = ("tlsrpt", "rfc8460", "smtp", "mta-sts", "dane", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"report": [True, False]}
    default_options = {"report": True}
    options_description = {"report": "Reports, which need simdjson and zlib; without, records only"}
    exports_sources = "CMakeLists.txt", "packaging/cmake/*", "include/*", "LICENSE"
    no_copy_source = True
    test_package_folder = "tests/consume/conan"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include", "tlsrpt", "version.hpp"))
        self.version = re.search(r'VERSION_STRING "(.*)"', header)[1]

    def requirements(self):
        if self.options.report:
            self.requires("simdjson/[>=3.0.1 <6]", transitive_headers=True, transitive_libs=True)
            self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True, transitive_libs=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def generate(self):
        CMakeToolchain(self).generate()

    def package(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        # CMake reads the package's own files, which find simdjson and zlib wherever they come from.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.set_property("pkg_config_name", "none")  # the components have their own
        package = [os.path.join("share", "cmake", "tlsrpt")]
        self.cpp_info.builddirs = package  # for CMakeConfigDeps; CMakeToolchain reads the component's

        record = self.cpp_info.components["record"]
        record.builddirs = package
        record.set_property("pkg_config_name", "tlsrpt-record")
        record.bindirs = record.libdirs = []
        if self.options.report:
            report = self.cpp_info.components["report"]
            report.set_property("pkg_config_name", "tlsrpt")
            report.bindirs = report.libdirs = report.includedirs = []
            # Those of the platform are no dependencies that Conan could link.
            there = {dependency.ref.name for dependency in self.dependencies.host.values()}
            needed = [f"{name}::{name}" for name in ("simdjson", "zlib") if name in there]
            report.requires = ["record"] + needed
