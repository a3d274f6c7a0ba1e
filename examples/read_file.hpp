/// @file
/// Reads a whole file, for the small programs.

#ifndef TLSRPT_EXAMPLES_READ_FILE
#define TLSRPT_EXAMPLES_READ_FILE

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

/// The octets of a file. When there are none to be had, says why on standard error and returns
/// nothing.
inline std::optional<std::string> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  for (char part[4096]; file.read(part, sizeof part), file.gcount() != 0;)
    bytes.append(part, static_cast<std::size_t>(file.gcount()));
  if (file.eof()) return bytes;
  // Not opened, or a directory, which can be opened but not read.
  std::cerr << "cannot read " << path << ": " << std::strerror(errno) << '\n';
  return std::nullopt;
}

#endif
