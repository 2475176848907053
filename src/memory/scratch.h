#pragma once
#include <cstddef>
#include <memory>
namespace actfn::memory {
class Scratch {
 public:
  explicit Scratch(std::size_t bytes) : data_(new std::byte[bytes]) {}
  std::byte* data() { return data_.get(); }

 private:
  std::unique_ptr<std::byte[]> data_;
};
}  // namespace actfn::memory
