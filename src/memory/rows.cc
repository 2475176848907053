// SPDX-License-Identifier: Apache-2.0
#include "memory/rows.h"

#include "catalogue/size.h"
#include "memory/scratch.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <optional>

namespace actfn::memory {
namespace {

// Neighbouring rows that are copied together, at most.
constexpr std::size_t kMaxNeighbours = 16;

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

RowMask demand_mask(std::string_view who, const std::optional<ConstMask>& mask, const Named& x,
                    double excluded) {
  if (!mask) return {};
  const Shape &have = mask->shape(), &want = x.data.shape();
  const auto misfit = [&] {
    fail(who, {"mask has the shape ", text(have), ", which does not broadcast to ", x.name, "'s ",
               text(want)});
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

RowWalk::RowWalk(std::string_view who, std::size_t axis, const Copies& copies,
                 std::initializer_list<Named> inputs, std::initializer_list<Named> outputs)
    : RowWalk(inputs.begin()->data, axis, copies) {
  demand_tensors(who, inputs, outputs);
  for (const Named& t : inputs) read(t.data);
  for (const Named& t : outputs) write(t.data);
}

void RowWalk::add(const ConstTensor& t, bool writes) {
  const bool scalar = t.dimensions() == 0;
  contiguous_ = contiguous_ && t.is_contiguous() && layout_.axis + 1 >= t.dimensions();
  operand_[operands_++] = {static_cast<char*>(const_cast<void*>(t.address())),
                           &t.strides(),
                           scalar ? 1 : t.shape()[layout_.axis],
                           scalar ? 1 : t.strides()[layout_.axis],
                           writes,
                           false};
}

bool RowWalk::exceeds_caches() const {
  constexpr std::size_t kBytes = std::size_t{1} << 24;
  std::size_t elements = 0;
  for (std::size_t k = 0; k < operands_; ++k) {
    if (operand_[k].stride != 1 || copies_.size != sizeof(float)) return false;
    elements += operand_[k].length * layout_.neighbours * layout_.others;
  }
  return elements * sizeof(float) >= kBytes;
}

bool RowWalk::is_direct(std::size_t k) const {
  const bool masked = k == 0 && mask_ != nullptr;
  const bool dense = operand_[k].stride == 1 || operand_[k].length == 1;
  return !copies_.converts() && dense && !masked;
}

// A tile takes short rows together, which share its overhead. It is limited so that it stays in the
// cache.
void RowWalk::choose_tile() {
  bool all_direct = true;
  for (std::size_t k = 0; k < operands_; ++k) {
    operand_[k].direct = is_direct(k);
    all_direct = all_direct && operand_[k].direct;
  }
  const std::size_t elements = std::size_t{1} << (all_direct ? 12 : 18);
  const std::size_t max_rows = elements / std::max<std::size_t>(layout_.length, 1);
  const std::size_t places = all_direct ? elements : kMaxNeighbours;
  tile_ = std::min({places, std::max<std::size_t>(max_rows, 1), layout_.neighbours});
  // A row of one element that is repeated may be longer than memory.
  Size scratch = 0;
  for (std::size_t k = 0; k < operands_; ++k) {
    const Size bytes_of_row = Size(operand_[k].length) * copies_.block_size;
    if (!operand_[k].direct) scratch = scratch + bytes_of_row * tile_;
  }
  scratch_ = scratch.value();
}

void RowWalk::run(const Threads& threads, Body body, double nanoseconds) {
  if (layout_.size() == 0) return;
  Crew crew = crew_for(threads, layout_.size(), nanoseconds);
  if (contiguous_ && mask_ == nullptr && !copies_.converts()) return run_contiguous(crew, body);
  choose_tile();
  const std::size_t per_other = (layout_.neighbours + tile_ - 1) / tile_;
  const std::size_t tiles = layout_.others * per_other;
  crew.workers = std::min(crew.workers, tiles);
  // Taken before threads begin: if memory runs out, no output has been written.
  std::optional<Scratch> scratch;
  if (scratch_ != 0) scratch.emplace((Size(scratch_) * crew.workers).value());
  std::byte* const memory = scratch ? scratch->data() : nullptr;
  share(tiles, 1, crew, [&](std::size_t worker, std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      run_tile(t / per_other, t % per_other * tile_, memory + scratch_ * worker, body);
    }
    hwy::FlushStream();  // completes non-temporal stores before the thread ends
  });
}

void RowWalk::run_contiguous(const Crew& crew, Body body) const {
  const std::size_t rows = layout_.others * layout_.neighbours;
  share(rows, 1, crew, [&](std::size_t, std::size_t begin, std::size_t end) {
    Row row;
    row.count = layout_.length;
    for (std::size_t k = 0; k < operands_; ++k) {
      row.pointers[k] = operand_[k].data + begin * operand_[k].length * copies_.size;
    }
    for (std::size_t r = begin; r < end; ++r) {
      body(row);
      for (std::size_t k = 0; k < operands_; ++k) {
        row.pointers[k] = static_cast<char*>(row.pointers[k]) + operand_[k].length * copies_.size;
      }
    }
    hwy::FlushStream();  // completes non-temporal stores before the thread ends
  });
}

void RowWalk::run_tile(std::size_t other, std::size_t neighbour, std::byte* scratch,
                       Body body) const {
  const std::size_t rows = std::min(tile_, layout_.neighbours - neighbour);
  if (scratch_ == 0) {
    run_direct(other, neighbour, rows, body);
  } else {
    run_copied(other, neighbour, rows, scratch, body);
  }
}

// The address of a row's first element.
char* RowWalk::place(const Operand& o, std::size_t other, std::size_t neighbour) const {
  return o.data +
         layout_.offset(*o.strides, other, neighbour) * static_cast<std::ptrdiff_t>(copies_.size);
}

std::ptrdiff_t RowWalk::row_bytes(const Operand& o) const {
  return layout_.step(*o.strides) * static_cast<std::ptrdiff_t>(copies_.size);
}

void RowWalk::run_direct(std::size_t other, std::size_t neighbour, std::size_t rows,
                         Body body) const {
  Row row;
  row.count = layout_.length;
  std::array<std::ptrdiff_t, 5> steps;
  for (std::size_t k = 0; k < operands_; ++k) {
    row.pointers[k] = place(operand_[k], other, neighbour);
    steps[k] = row_bytes(operand_[k]);
  }
  for (std::size_t r = 0; r < rows; ++r) {
    body(row);
    for (std::size_t k = 0; k < operands_; ++k) {
      row.pointers[k] = static_cast<char*>(row.pointers[k]) + steps[k];
    }
  }
}

Strided RowWalk::strided(const Operand& o, std::size_t other, std::size_t neighbour,
                         std::size_t rows) const {
  return {place(o, other, neighbour), o.stride, o.length, rows, layout_.step(*o.strides)};
}

void RowWalk::run_copied(std::size_t other, std::size_t neighbour, std::size_t rows,
                         std::byte* scratch, Body body) const {
  std::array<std::byte*, 5> buffers;
  for (std::size_t k = 0; k < operands_; ++k) {
    const Operand& o = operand_[k];
    if (o.direct) continue;
    buffers[k] = scratch;
    scratch += bytes(k, tile_);
    if (!o.writes) copies_.load(strided(o, other, neighbour, rows), buffers[k]);
  }
  if (mask_ != nullptr) exclude(other, neighbour, rows, buffers[0]);
  Row row;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < operands_; ++k) {
      const Operand& o = operand_[k];
      row.pointers[k] = o.direct ? static_cast<void*>(place(o, other, neighbour + r))
                                 : static_cast<void*>(buffers[k] + bytes(k, r));
    }
    row.count = count(other, neighbour + r);
    body(row);
  }
  for (std::size_t k = 0; k < operands_; ++k) {
    const Operand& o = operand_[k];
    if (o.writes && !o.direct) copies_.store(buffers[k], strided(o, other, neighbour, rows));
  }
}

std::size_t RowWalk::count(std::size_t other, std::size_t neighbour) const {
  if (!counts_ || mask_ == nullptr) return layout_.length;
  const std::uint8_t* at = mask_->data + layout_.offset(mask_->strides, other, neighbour);
  const std::ptrdiff_t stride = layout_.shape.count() == 0 ? 0 : mask_->strides[layout_.axis];
  std::size_t all = 0;
  for (std::size_t i = 0; i < layout_.length; ++i, at += stride) all += *at != 0;
  return all;
}

void RowWalk::exclude(std::size_t other, std::size_t neighbour, std::size_t rows, void* x) const {
  if (copies_.block_size == sizeof(double)) {
    exclude_from(other, neighbour, rows, static_cast<double*>(x));
  } else {
    exclude_from(other, neighbour, rows, static_cast<float*>(x));
  }
}

template <class B>
void RowWalk::exclude_from(std::size_t other, std::size_t neighbour, std::size_t rows, B* x) const {
  const auto excluded = static_cast<B>(mask_->excluded);
  const std::ptrdiff_t stride = layout_.shape.count() == 0 ? 0 : mask_->strides[layout_.axis];
  for (std::size_t r = 0; r < rows; ++r, x += layout_.length) {
    const std::uint8_t* at = mask_->data + layout_.offset(mask_->strides, other, neighbour + r);
    for (std::size_t i = 0; i < layout_.length; ++i, at += stride) {
      x[i] = *at != 0 ? x[i] : excluded;
    }
  }
}

}  // namespace actfn::memory
