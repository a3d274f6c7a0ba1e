# The test package of ../../../conanfile.py: the project in ../cmake, with tlsrpt from Conan.
import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout

HERE = os.path.dirname(os.path.abspath(__file__))


class TlsrptTestConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeToolchain", "CMakeDeps"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure(build_script_folder="../cmake")
        cmake.build()

    def test(self):
        if can_run(self):
            program = os.path.join(self.cpp.build.bindir, "consume")
            report = os.path.join(HERE, "../../../examples/reports/google-failure.json")
            self.run(f'"{program}" "{report}" 57 6', env="conanrun")
