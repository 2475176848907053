// Brings the rows of tensors, along any axis and with any strides, before kernels that want them
// contiguous and of float32 or float64, and shares them out by threads.
#pragma once

#include <actfn/tensor.h>
#include <actfn/threads.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <vector>

namespace actfn {

// The dimensions of a tensor apart from an axis: one, `fast`, along which neighbouring rows are
// taken together, so that whole cache lines are read where the axis is not the densest.
struct RowOrder {
  Shape shape;
  std::size_t axis = 0, fast = 0;  // fast == axis: there is no other
  std::size_t length = 1, neighbours = 1;
  std::size_t others = 1;  // elements of the dimensions apart from both

  RowOrder(const Shape& s, std::size_t a);
  // Of the row that `other` and `neighbour` name; the next neighbour is step() behind it.
  std::ptrdiff_t offset(const Strides& strides, std::size_t other, std::size_t neighbour) const;
  std::ptrdiff_t step(const Strides& strides) const { return fast == axis ? 0 : strides[fast]; }
};

// Which entries take part, and what stands for those that don't. Strides are those of the tensor
// that the mask belongs to, 0 where it stretches.
struct RowMask {
  const std::uint8_t* data = nullptr;  // null: all do
  Strides strides;
  double excluded = 0;
};

// One tensor's part: where its elements lie along the axis. Of logsumexp's y the length is 1.
struct RowOperand {
  ConstTensor tensor;
  std::size_t length;
  std::ptrdiff_t stride;
};

// Tensors of one type, the last `outputs` of which are written. The mask is the first one's.
struct RowWork {
  RowOrder order;
  std::vector<RowOperand> operands;
  std::size_t outputs;
  RowMask mask;
  bool in_doubles;      // what kernels get: for float64 always, else floats unless set
  bool counts = false;  // whether the body is told how many entries of a row take part

  RowWork(const RowOrder& o, std::initializer_list<ConstTensor> tensors, std::size_t out,
          const RowMask& m = {});
  // Whether rows are where tensors have them, and more of them than caches hold.
  bool past_caches() const;
};

inline constexpr std::size_t kMostOperands = 5;

// Pointers to contiguous elements, doubles or floats: one an operand. `count`: how many entries of
// the row the mask leaves, where the work counts them; else the row's length.
using RowBody =
    std::function<void(const std::array<void*, kMostOperands>& pointers, std::size_t count)>;

// body(pointers, count) for each row.
void for_rows(const RowWork& work, Threads threads, const RowBody& body);

}  // namespace actfn
