// SPDX-License-Identifier: Apache-2.0
// NumPy's arrays and archives of them.
#include "data/npy.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "support/data_file.h"
#include "support/file.h"
#include "support/samples.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

class Memory : public data::ByteSource {
 public:
  explicit Memory(std::string_view bytes) : ByteSource("memory"), left_(bytes) {}
  std::size_t read(std::span<std::uint8_t> to) override {
    const std::size_t n = std::min(to.size(), left_.size());
    if (n > 0) std::memcpy(to.data(), left_.data(), n);
    left_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view left_;
};

// X and y, without an archive around them: its checksums would stop a fuzzer.
class TwoArrays : public data::NpyArrays {
 public:
  TwoArrays(std::string_view x, std::string_view y) : x_(x), y_(y) {}
  bool has(const std::string& name) const override { return name == "X" || name == "y"; }
  data::NpyArray read(const std::string& name) const override {
    Memory bytes(name == "X" ? x_ : y_);
    return data::NpyArray(bytes);
  }

 private:
  std::string_view x_, y_;
};

void check_array(std::string_view bytes) {
  is_read("memory: ", [&] {
    Memory in(bytes);
    const data::NpyArray array(in);
    std::size_t size = 1;
    for (const std::size_t n : array.shape()) size *= n;
    require(size == array.size() && size > 0, "a shape of another size");
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += array.at(i);
    require(sum <= 0 || sum >= 0 || sum != sum, "no number");
  });
}

void check_pair(Stream in) {
  const auto length = in.take<std::uint16_t>();
  const std::string_view bytes = in.rest();
  const std::size_t middle = std::min<std::size_t>(length, bytes.size());
  const TwoArrays arrays(bytes.substr(0, middle), bytes.substr(middle));
  data::Dataset set;
  if (!is_read("memory: ", [&] { set = data::read_arrays("memory", arrays, {}); })) return;
  require_dataset(set);
}

void check_archive(std::string_view bytes) {
  static const File file;
  file.set(bytes);
  data::Dataset set;
  if (!is_read(file.path().string() + ": ", [&] { set = data::read_npz(file.path(), {}); })) return;
  require_samples(set, set.train);
}

void check(Stream in) {
  const std::size_t kind = in.below(3);
  if (kind == 0) return check_array(in.rest());
  if (kind == 1) return check_pair(in);
  check_archive(in.rest());
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
