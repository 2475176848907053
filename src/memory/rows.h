// SPDX-License-Identifier: Apache-2.0
// Visits the rows of tensors along any axis and with any strides. Rows are divided among threads.
#pragma once

#include <actfn/tensor.h>

#include "memory/copy.h"
#include "memory/demand.h"
#include "memory/function_ref.h"
#include "memory/share.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace actfn::memory {

// What an element of a row costs, if nothing else is known.
inline constexpr double kNanosecondsOfRows = 0.4;

// How a tensor's shape divides into rows along `axis`. Up to 16 rows that are neighbours along the
// dimension `fast` are copied together: where the axis is not the innermost dimension, whole cache
// lines are read then.
struct RowLayout {
  const Shape& shape;
  std::size_t axis, fast;  // fast == axis where there is no other dimension
  std::size_t length = 1, neighbours = 1;
  std::size_t others = 1;  // the product of the lengths of all other dimensions

  RowLayout(const Shape& s, std::size_t a);
  std::size_t size() const { return others * neighbours * length; }
  // The offset, in elements, of the row with these two indices. The next neighbour is step()
  // further.
  std::ptrdiff_t offset(const Strides& strides, std::size_t other, std::size_t neighbour) const;
  std::ptrdiff_t step(const Strides& strides) const { return fast == axis ? 0 : strides[fast]; }
};

// Which entries are unmasked, and the value that masked ones read. The strides have one number for
// each dimension of the tensor that is masked: 0 where the mask is broadcast.
struct RowMask {
  const std::uint8_t* data = nullptr;  // null: no mask; a byte of 0: masked
  Strides strides;
  double excluded = 0;
};

// The mask broadcast to x's shape. Throws Error where it does not fit.
RowMask demand_mask(std::string_view who, const std::optional<ConstMask>& mask, const Named& x,
                    double excluded);

// One row of each operand.
struct Row {
  std::array<void*, 5> pointers;
  std::size_t count;  // of unmasked entries after count_unmasked(), else the row's length

  template <class T>
  T* of(std::size_t k) const {
    return static_cast<T*>(pointers[k]);
  }
};

class RowWalk {
 public:
  using Body = FunctionRef<void(const Row&)>;

  // `like` has the shape that is divided into rows. The body gets them as blocks.
  RowWalk(const ConstTensor& like, std::size_t axis, const Copies& copies)
      : layout_(like.shape(), axis), copies_(copies) {}
  // With demand_tensors(): they are added, inputs first.
  RowWalk(std::string_view who, std::size_t axis, const Copies& copies,
          std::initializer_list<Named> inputs, std::initializer_list<Named> outputs);

  // Adds an input or an output, of the type and shape of `like`, or with the length 1 along the
  // axis. Tensors are kept by address.
  void read(const ConstTensor& t) { add(t, false); }
  void write(const ConstTensor& t) { add(t, true); }
  // Masks the first operand. The mask is kept by address.
  void mask(const RowMask& mask) { mask_ = mask.data == nullptr ? nullptr : &mask; }
  void count_unmasked() { counts_ = true; }

  const RowLayout& layout() const { return layout_; }
  // Whether all of the memory is read and written in place, and larger than caches.
  bool exceeds_caches() const;

  // `nanoseconds`: what an element costs.
  void run(const Threads& threads, Body body, double nanoseconds = kNanosecondsOfRows);

 private:
  void run_contiguous(const Crew& crew, Body body) const;
  struct Operand {
    char* data;
    const Strides* strides;
    std::size_t length;
    std::ptrdiff_t stride;
    bool writes, direct;
  };

  void add(const ConstTensor& t, bool writes);
  bool is_direct(std::size_t k) const;
  void choose_tile();
  std::size_t bytes(std::size_t k, std::size_t rows) const {
    return operand_[k].length * rows * copies_.block_size;
  }
  char* place(const Operand& o, std::size_t other, std::size_t neighbour) const;
  std::ptrdiff_t row_bytes(const Operand& o) const;
  void run_tile(std::size_t other, std::size_t neighbour, std::byte* scratch, Body body) const;
  void run_direct(std::size_t other, std::size_t neighbour, std::size_t rows, Body body) const;
  void run_copied(std::size_t other, std::size_t neighbour, std::size_t rows, std::byte* scratch,
                  Body body) const;
  Strided strided(const Operand& o, std::size_t other, std::size_t neighbour,
                  std::size_t rows) const;
  void exclude(std::size_t other, std::size_t neighbour, std::size_t rows, void* x) const;
  template <class B>
  void exclude_from(std::size_t other, std::size_t neighbour, std::size_t rows, B* x) const;
  std::size_t count(std::size_t other, std::size_t neighbour) const;

  RowLayout layout_;
  const Copies& copies_;
  const RowMask* mask_ = nullptr;
  bool counts_ = false;
  bool contiguous_ = true;  // all operands are, and the axis is the last one
  std::size_t operands_ = 0;
  std::array<Operand, 5> operand_;
  std::size_t tile_ = 1;     // rows that are visited together
  std::size_t scratch_ = 0;  // bytes for one tile
};

}  // namespace actfn::memory
