// SPDX-License-Identifier: Apache-2.0
// NumPy's files for tests.
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace actfn::testing {

// What numpy.save() writes of version 1: the header, padded to a multiple of 64 bytes, and data.
inline std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                       const std::string& fortran = "False") {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
  while ((header.size() + 11) % 64 != 0) header += ' ';
  header += '\n';
  std::string all("\x93NUMPY\x01\0", 8);
  all += static_cast<char>(header.size() % 256);
  all += static_cast<char>(header.size() / 256);
  return all + header + data;
}

// The numbers as the processor has them, the least significant byte first.
template <class T>
std::string raw(const std::vector<T>& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

// An archive of these files, as numpy.savez_compressed() has them.
inline void write_zip(const std::filesystem::path& file,
                      const std::map<std::string, std::string>& content) {
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  ASSERT_NE(archive, nullptr);
  for (const auto& [name, bytes] : content) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    ASSERT_GE(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8), 0);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

}  // namespace actfn::testing
