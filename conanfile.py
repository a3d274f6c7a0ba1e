import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class TlsrptConan(ConanFile):
    name = "tlsrpt"
    description = "SMTP TLS Reporting (RFC 8460): records and reports"
    license = "MIT"
    topics = ("tlsrpt", "rfc8460", "smtp", "mta-sts", "dane", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "include/*", "LICENSE"
    exports = "include/tlsrpt/version.hpp"
    no_copy_source = True

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include", "tlsrpt", "version.hpp"))
        self.version = re.search(r'VERSION_STRING "(.*)"', header)[1]

    def requirements(self):
        self.requires("simdjson/[>=3.13 <5]")
        self.requires("zlib/[>=1.2.11 <2]")

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"),
             os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "tlsrpt")
        self.cpp_info.set_property("cmake_target_name", "tlsrpt::tlsrpt")
        self.cpp_info.set_property("pkg_config_name", "tlsrpt")
