#include "api/row_loops.h"

#include "api/parallel.h"
#include "kernels/blocks.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <atomic>

namespace actfn {
namespace {

// The addresses of the first elements of up to 16 neighbouring rows.
constexpr std::size_t kMaxNeighbours = 16;
using Places = std::array<void*, kMaxNeighbours>;

// Whether kernels::Blocks converts between T and C with vector instructions.
template <class T, class C>
inline constexpr bool kByBlocks = sizeof(T) == 2 && std::is_same_v<C, float>;

// Copies `rows` rows of n elements: to[r * n + i] = from[r][i * stride].
template <class T, class C>
void gather(const Places& from, std::size_t rows, std::ptrdiff_t stride, void* to, std::size_t n) {
  auto* const out = static_cast<C*>(to);
  if constexpr (kByBlocks<T, C>) {
    if (stride == 1) {
      const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
      for (std::size_t r = 0; r < rows; ++r) {
        blocks.widen(static_cast<const T*>(from[r]), out + r * n, n);
      }
      return;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i) * stride;
    for (std::size_t r = 0; r < rows; ++r) {
      const T x = static_cast<const T*>(from[r])[at];
      if constexpr (sizeof(T) == 2) {
        out[r * n + i] = static_cast<float>(x);
      } else {
        out[r * n + i] = static_cast<C>(x);
      }
    }
  }
}

// to[r][i * stride] = from[r * n + i]
template <class T, class C>
void scatter(const void* from, const Places& to, std::size_t rows, std::ptrdiff_t stride,
             std::size_t n) {
  const auto* const in = static_cast<const C*>(from);
  if constexpr (kByBlocks<T, C>) {
    if (stride == 1) {
      const kernels::Blocks& blocks = kernels::blocks(kernels::active_target());
      for (std::size_t r = 0; r < rows; ++r) blocks.narrow(in + r * n, static_cast<T*>(to[r]), n);
      return;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i) * stride;
    for (std::size_t r = 0; r < rows; ++r) {
      const C y = in[r * n + i];
      if constexpr (sizeof(T) == 2) {
        static_cast<T*>(to[r])[at] = T(static_cast<float>(y));
      } else {
        static_cast<T*>(to[r])[at] = static_cast<T>(y);
      }
    }
  }
}

// Copies for a pair of types: the one in memory and the one that kernels compute in.
struct Memory {
  decltype(&gather<float, float>) gather;
  decltype(&scatter<float, float>) scatter;
  std::size_t size, computed;  // of an element of each type, in bytes
};

template <class T>
Memory memory_as(bool in_double) {
  if constexpr (sizeof(T) < 8) {
    if (!in_double) return {gather<T, float>, scatter<T, float>, sizeof(T), sizeof(float)};
  }
  return {gather<T, double>, scatter<T, double>, sizeof(T), sizeof(double)};
}

Memory memory_of(Type type, bool in_double) {
  switch (type) {
    case Type::float64:
      return memory_as<double>(true);
    case Type::bfloat16:
      return memory_as<bfloat16>(in_double);
    case Type::float16:
      return memory_as<float16>(in_double);
    default:
      return memory_as<float>(in_double);
  }
}

// A number of neighbouring rows that are processed together: up to 16 where rows are copied.
class RowTile {
 public:
  explicit RowTile(const RowWork& work)
      : work_(work), memory_(memory_of(work.operands[0].tensor.type(), work.in_double)) {
    bool all_direct = true;
    for (std::size_t k = 0; k < work.operands.size(); ++k) {
      direct_[k] = is_direct(k);
      all_direct = all_direct && direct_[k];
    }
    // A tile takes short rows together, which share its overhead. It is limited so that it stays in
    // the cache.
    const std::size_t elements = std::size_t{1} << (all_direct ? 12 : 18);
    const std::size_t max_rows = elements / std::max<std::size_t>(work.layout.length, 1);
    const std::size_t places = all_direct ? elements : kMaxNeighbours;
    rows_ = std::min({places, std::max<std::size_t>(max_rows, 1), work.layout.neighbours});
    for (std::size_t k = 0; k < work.operands.size(); ++k) {
      scratch_ += direct_[k] ? 0 : bytes(k, rows_);
    }
  }

  std::size_t rows() const { return rows_; }
  // The bytes of scratch memory that run() needs.
  std::size_t scratch() const { return scratch_; }

  void run(std::size_t other, std::size_t neighbour, std::byte* scratch,
           const RowBody& body) const {
    const std::size_t rows = std::min(rows_, work_.layout.neighbours - neighbour);
    if (scratch_ == 0) return run_direct(other, neighbour, rows, body);
    std::array<Places, kMaxRowOperands> places;
    std::array<std::byte*, kMaxRowOperands> buffers{};
    for (std::size_t k = 0; k < work_.operands.size(); ++k) {
      const RowOperand& o = work_.operands[k];
      places[k] = places_of(o, other, neighbour, rows);
      if (direct_[k]) continue;
      buffers[k] = scratch;
      scratch += bytes(k, rows_);
      if (k < inputs()) memory_.gather(places[k], rows, o.stride, buffers[k], o.length);
    }
    if (work_.mask.data != nullptr) exclude(other, neighbour, rows, buffers[0]);
    for (std::size_t r = 0; r < rows; ++r) {
      std::array<void*, kMaxRowOperands> pointers{};
      for (std::size_t k = 0; k < work_.operands.size(); ++k) {
        pointers[k] = direct_[k] ? places[k][r] : buffers[k] + bytes(k, r);
      }
      body(pointers, count(other, neighbour + r));
    }
    for (std::size_t k = inputs(); k < work_.operands.size(); ++k) {
      const RowOperand& o = work_.operands[k];
      if (!direct_[k]) memory_.scatter(buffers[k], places[k], rows, o.stride, o.length);
    }
  }

 private:
  std::size_t inputs() const { return work_.operands.size() - work_.outputs; }
  std::size_t bytes(std::size_t k, std::size_t rows) const {
    return work_.operands[k].length * rows * memory_.computed;
  }
  bool is_direct(std::size_t k) const {
    const bool masked = k == 0 && work_.mask.data != nullptr;
    const bool dense = work_.operands[k].stride == 1 || work_.operands[k].length == 1;
    return memory_.size == memory_.computed && dense && !masked;
  }

  void run_direct(std::size_t other, std::size_t neighbour, std::size_t rows,
                  const RowBody& body) const {
    std::array<void*, kMaxRowOperands> pointers{};
    std::array<std::ptrdiff_t, kMaxRowOperands> steps{};
    for (std::size_t k = 0; k < work_.operands.size(); ++k) {
      const ConstTensor& tensor = work_.operands[k].tensor;
      pointers[k] = place_of(tensor, other, neighbour);
      steps[k] = work_.layout.step(tensor.strides()) * static_cast<std::ptrdiff_t>(memory_.size);
    }
    for (std::size_t r = 0; r < rows; ++r) {
      body(pointers, work_.layout.length);
      for (std::size_t k = 0; k < pointers.size(); ++k) {
        if (steps[k] != 0) pointers[k] = static_cast<char*>(pointers[k]) + steps[k];
      }
    }
  }

  // The address of a row's first element.
  char* place_of(const ConstTensor& tensor, std::size_t other, std::size_t neighbour) const {
    auto* const data = const_cast<char*>(static_cast<const char*>(tensor.address()));
    return data + work_.layout.offset(tensor.strides(), other, neighbour) *
                      static_cast<std::ptrdiff_t>(memory_.size);
  }

  Places places_of(const RowOperand& o, std::size_t other, std::size_t neighbour,
                   std::size_t rows) const {
    const std::ptrdiff_t step =
        work_.layout.step(o.tensor.strides()) * static_cast<std::ptrdiff_t>(memory_.size);
    char* const first = place_of(o.tensor, other, neighbour);
    Places places;
    for (std::size_t r = 0; r < rows; ++r) {
      places[r] = first + static_cast<std::ptrdiff_t>(r) * step;
    }
    return places;
  }

  std::ptrdiff_t mask_stride() const {
    const Strides& strides = work_.mask.strides;
    return strides.count() == 0 ? 0 : strides[work_.layout.axis];
  }
  const std::uint8_t* mask_at(std::size_t other, std::size_t neighbour) const {
    return work_.mask.data + work_.layout.offset(work_.mask.strides, other, neighbour);
  }
  std::size_t count(std::size_t other, std::size_t neighbour) const {
    if (!work_.counts || work_.mask.data == nullptr) return work_.layout.length;
    const std::uint8_t* at = mask_at(other, neighbour);
    std::size_t all = 0;
    for (std::size_t i = 0; i < work_.layout.length; ++i, at += mask_stride()) all += *at != 0;
    return all;
  }

  void exclude(std::size_t other, std::size_t neighbour, std::size_t rows, std::byte* x) const {
    if (memory_.computed == 8) {
      exclude_from(other, neighbour, rows, reinterpret_cast<double*>(x));
    } else {
      exclude_from(other, neighbour, rows, reinterpret_cast<float*>(x));
    }
  }
  template <class C>
  void exclude_from(std::size_t other, std::size_t neighbour, std::size_t rows, C* x) const {
    const RowLayout& layout = work_.layout;
    const std::ptrdiff_t stride = mask_stride();
    const auto excluded = static_cast<C>(work_.mask.excluded);
    for (std::size_t r = 0; r < rows; ++r, x += layout.length) {
      const std::uint8_t* at = mask_at(other, neighbour + r);
      for (std::size_t i = 0; i < layout.length; ++i, at += stride)
        x[i] = *at != 0 ? x[i] : excluded;
    }
  }

  const RowWork& work_;
  Memory memory_;
  std::size_t rows_ = 1;
  std::size_t scratch_ = 0;
  std::array<bool, kMaxRowOperands> direct_{};
};

}  // namespace

RowLayout::RowLayout(const Shape& s, std::size_t a) : shape(s), axis(a), fast(a) {
  if (shape.count() == 0) return;
  length = shape[axis];
  for (std::size_t i = shape.count(); i-- > 0 && fast == axis;) {
    if (i != axis && shape[i] > 1) fast = i;
  }
  if (fast != axis) neighbours = shape[fast];
  for (std::size_t i = 0; i < shape.count(); ++i) {
    if (i != axis && i != fast) others *= shape[i];
  }
}

std::ptrdiff_t RowLayout::offset(const Strides& strides, std::size_t other,
                                 std::size_t neighbour) const {
  std::ptrdiff_t at = step(strides) * static_cast<std::ptrdiff_t>(neighbour);
  for (std::size_t i = shape.count(); i-- > 0 && other > 0;) {
    if (i == axis || i == fast) continue;
    at += static_cast<std::ptrdiff_t>(other % shape[i]) * strides[i];
    other /= shape[i];
  }
  return at;
}

RowMask broadcast(std::string_view who, const std::optional<ConstMask>& mask, const NamedTensor& x,
                  double excluded) {
  if (!mask) return {};
  const Shape& have = mask->shape();
  const Shape& want = x.data.shape();
  const auto misfit = [&] {
    fail(who, {"mask has the shape " + text(have) + ", which does not broadcast to " +
               std::string(x.name) + "'s " + text(want)});
  };
  if (have.count() > want.count()) misfit();
  RowMask out = {mask->data(), x.data.strides(), excluded};
  const std::size_t missing = want.count() - have.count();
  for (std::size_t i = 0; i < want.count(); ++i) {
    out.strides[i] = 0;
    if (i < missing || have[i - missing] == 1) continue;
    if (have[i - missing] != want[i]) misfit();
    out.strides[i] = mask->strides()[i - missing];
  }
  return out;
}

RowWork::RowWork(const RowLayout& o, std::initializer_list<ConstTensor> tensors, std::size_t out,
                 const RowMask& m)
    : layout(o), outputs(out), mask(m), in_double(tensors.begin()->type() == Type::float64) {
  for (const ConstTensor& t : tensors) {
    const bool scalar = t.dimensions() == 0;
    operands.push_back({t, scalar ? 1 : t.shape()[o.axis], scalar ? 1 : t.strides()[o.axis]});
  }
}

bool RowWork::exceeds_caches() const {
  constexpr std::size_t kBytes = std::size_t{1} << 24;
  std::size_t elements = 0;
  for (const RowOperand& o : operands) {
    if (o.stride != 1 || o.tensor.type() != Type::float32) return false;
    elements += o.tensor.size();
  }
  return elements * sizeof(float) >= kBytes;
}

void for_rows(const RowWork& work, Threads threads, const RowBody& body) {
  const RowLayout& layout = work.layout;
  const std::size_t size = layout.others * layout.neighbours * layout.length;
  if (size == 0) return;
  const RowTile tile(work);
  const std::size_t per_other = (layout.neighbours + tile.rows() - 1) / tile.rows();
  const std::size_t tiles = layout.others * per_other;
  const std::size_t workers = std::min(thread_count(threads, size, false), tiles);
  // Allocated before the threads start: if memory runs out, no output has been written.
  std::vector<std::byte> scratch(tile.scratch() * workers);
  std::atomic<std::size_t> workers_at_work = 0;
  share(tiles, 1, workers, [&](std::size_t begin, std::size_t end) {
    std::byte* const own = scratch.data() + tile.scratch() * workers_at_work.fetch_add(1);
    for (std::size_t t = begin; t < end; ++t) {
      tile.run(t / per_other, t % per_other * tile.rows(), own, body);
    }
    hwy::FlushStream();  // completes non-temporal stores before the thread ends
  });
}

}  // namespace actfn
