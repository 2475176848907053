// Loops over the rows of tensors, along any axis and with any strides. Kernels get rows that are
// contiguous and of float32 or float64. Rows are divided among threads.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include "api/tensors.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace actfn {

// How a tensor's shape divides into rows along `axis`. Up to 16 rows that are neighbours along the
// dimension `fast` are processed together: where the axis is not the innermost dimension, whole
// cache lines are read then.
struct RowLayout {
  Shape shape;
  std::size_t axis = 0, fast = 0;  // fast == axis where there is no other dimension
  std::size_t length = 1, neighbours = 1;
  std::size_t others = 1;  // the product of the lengths of all other dimensions

  RowLayout(const Shape& s, std::size_t a);
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
RowMask broadcast(std::string_view who, const std::optional<ConstMask>& mask, const NamedTensor& x,
                  double excluded);

// One tensor, and the length and stride of its rows. logsumexp's y has the length 1.
struct RowOperand {
  ConstTensor tensor;
  std::size_t length;
  std::ptrdiff_t stride;
};

// Tensors of one type. The last `outputs` of them are written. The mask is for the first one.
struct RowWork {
  RowLayout layout;
  std::vector<RowOperand> operands;
  std::size_t outputs;
  RowMask mask;
  bool in_double;       // whether kernels get doubles, not floats; always true for float64
  bool counts = false;  // whether the body needs the number of unmasked entries

  RowWork(const RowLayout& o, std::initializer_list<ConstTensor> tensors, std::size_t out,
          const RowMask& m = {});
  // Whether kernels work on the tensors' own memory, in float32, and all of it is larger than
  // caches.
  bool exceeds_caches() const;
};

inline constexpr std::size_t kMaxRowOperands = 5;

// One pointer to contiguous doubles or floats for each operand. `count` is the number of unmasked
// entries where RowWork::counts is set, else the row's length.
using RowBody =
    std::function<void(const std::array<void*, kMaxRowOperands>& pointers, std::size_t count)>;

// Calls body(pointers, count) for each row.
void for_rows(const RowWork& work, Threads threads, const RowBody& body);

}  // namespace actfn
