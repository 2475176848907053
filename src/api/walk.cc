#include "api/walk.h"

#include "api/check.h"
#include "api/moves.h"
#include "api/parallel.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace actfn {
namespace {

// A block gathers several rows where they are shorter than this.
constexpr std::size_t kLongRow = 64;
// The longest dimension becomes the row where rows are shorter than this.
constexpr std::size_t kShortRow = 16;
constexpr std::size_t kMaxOperands = 8;

}  // namespace

struct Walk::Block {
  explicit Block(Type type) : moves(moves_of(type)) {}  // buffers are not initialised

  Moves moves;
  std::size_t round = 0;
  std::array<void*, kMaxOperands> pointers{};
  alignas(64) std::array<std::array<double, kMaxBlock>, kMaxOperands> buffers;

  bool buffered(std::size_t k) const { return pointers[k] == buffers[k].data(); }
};

Walk::Walk(Type type, const Shape& shape) : type_(type), count_(shape.count()) {
  std::copy(shape.begin(), shape.end(), lengths_.begin());
}

void Walk::add(const void* data, const Strides& strides, Role role, const Rounds& rounds) {
  Operand operand{static_cast<char*>(const_cast<void*>(data)), {}, role, rounds};
  std::copy(strides.begin(), strides.end(), operand.strides.begin());
  operands_.push_back(operand);
  rounds_ = std::max(rounds_, rounds.last);
}

void Walk::swap(std::size_t i, std::size_t j) {
  std::swap(lengths_[i], lengths_[j]);
  for (Operand& o : operands_) std::swap(o.strides[i], o.strides[j]);
}

// Sorts dimensions by their strides, the smallest last. For so few, insertion sort is fast.
void Walk::sort() {
  const auto spread = [&](std::size_t i) {
    std::ptrdiff_t sum = 0;
    for (const Operand& o : operands_) sum += std::abs(o.strides[i]);
    return sum;
  };
  for (std::size_t i = 1; i < count_; ++i) {
    for (std::size_t k = i; k > 0 && spread(k - 1) < spread(k); --k) swap(k - 1, k);
  }
}

// Whether a step along `outer` is a whole row along the next dimension, for all operands.
bool Walk::adjoin(std::size_t outer) const {
  return std::all_of(operands_.begin(), operands_.end(), [&](const Operand& o) {
    return o.strides[outer] ==
           o.strides[outer + 1] * static_cast<std::ptrdiff_t>(lengths_[outer + 1]);
  });
}

// Merges two dimensions into one where all operands allow it, and drops those of length 1.
void Walk::merge() {
  for (std::size_t i = count_; i-- > 0;) {
    const bool single = lengths_[i] == 1;
    if (!single && (i + 1 >= count_ || !adjoin(i))) continue;
    if (!single) {
      lengths_[i] *= lengths_[i + 1];
      for (Operand& o : operands_) o.strides[i] = o.strides[i + 1];
    }
    for (std::size_t k = single ? i : i + 1; k + 1 < count_; ++k) swap(k, k + 1);
    --count_;
  }
}

void Walk::lengthen_rows() {
  if (count_ < 2 || lengths_[count_ - 1] >= kShortRow) return;
  const auto* const longest = std::max_element(lengths_.begin(), lengths_.begin() + count_);
  if (*longest >= 4 * lengths_[count_ - 1]) {
    swap(static_cast<std::size_t>(longest - lengths_.begin()), count_ - 1);
  }
}

void Walk::find_pairs() {
  const std::ptrdiff_t bytes = size_of(type_);
  for (std::size_t k = 0; k + 1 < operands_.size(); ++k) {
    const Operand& next = operands_[k + 1];
    Operand& o = operands_[k];
    const bool adjacent = next.data == o.data + bytes || o.data == next.data + bytes;
    o.leads_pair = o.strides[count_ - 1] == 2 && o.strides == next.strides && adjacent &&
                   o.role == next.role && rounds_ == 1;
    if (o.leads_pair) ++k;
  }
}

void Walk::arrange() {
  // Strides of dimensions of length 1 mean nothing.
  for (std::size_t i = 0; i < kMaxDimensions; ++i) {
    if (i < count_ && lengths_[i] != 1) continue;
    for (Operand& o : operands_) o.strides[i] = 0;
  }
  sort();
  merge();
  if (count_ == 0) {
    count_ = 1;
    lengths_[0] = 1;
    for (Operand& o : operands_) o.strides[0] = 1;
  }
  lengthen_rows();
  find_pairs();
}

void Walk::run(std::size_t workers, const Body& body) {
  arrange();
  std::size_t total = 1;
  for (std::size_t i = 0; i < count_; ++i) total *= lengths_[i];
  if (total == 0) return;
  share(total, 64, workers, [&](std::size_t begin, std::size_t end) { part(begin, end, body); });
}

Walk::Index Walk::index_of(std::size_t element) const {
  Index at{};
  for (std::size_t i = count_; i-- > 0;) {
    at[i] = element % lengths_[i];
    element /= lengths_[i];
  }
  return at;
}

char* Walk::address(const Operand& operand, const Index& at, std::size_t round) const {
  const auto steps = static_cast<std::ptrdiff_t>(round - operand.rounds.first);
  std::ptrdiff_t offset = steps * operand.rounds.step;
  for (std::size_t i = 0; i < count_; ++i) {
    offset += static_cast<std::ptrdiff_t>(at[i]) * operand.strides[i];
  }
  return operand.data + offset * size_of(type_);
}

void Walk::advance(Index& at, std::size_t n) const {
  at[count_ - 1] += n;
  for (std::size_t i = count_ - 1; i > 0 && at[i] >= lengths_[i]; --i) {
    at[i - 1] += at[i] / lengths_[i];
    at[i] %= lengths_[i];
  }
}

// Whether the body can use n elements in place, without a buffer.
bool Walk::direct(const Operand& operand, const Index& at, std::size_t n) const {
  return size_of(type_) > 2 && operand.role != Role::scratch && operand.strides[count_ - 1] == 1 &&
         n <= lengths_[count_ - 1] - at[count_ - 1];
}

std::size_t Walk::block_length(const Index& at, std::size_t rest) const {
  const std::size_t row = lengths_[count_ - 1];
  if (row < kLongRow) return std::min(rest, kMaxBlock);
  const std::size_t n = std::min(rest, row - at[count_ - 1]);
  const bool all_direct = std::all_of(operands_.begin(), operands_.end(),
                                      [&](const Operand& o) { return direct(o, at, n); });
  return all_direct ? n : std::min(n, kMaxBlock);
}

// Copies between memory and the buffers, one piece of a row after the other.
void Walk::move(Block& block, const Index& first, std::size_t n, Role role) const {
  Index at = first;
  for (std::size_t done = 0; done < n;) {
    const std::size_t piece = std::min(n - done, lengths_[count_ - 1] - at[count_ - 1]);
    for (std::size_t k = 0; k < operands_.size(); ++k) {
      const Operand& o = operands_[k];
      if (o.role != role || !o.takes_part(block.round) || !block.buffered(k)) continue;
      const Moves& moves = block.moves;
      double* const buffer = block.buffers[k].data();
      char* const there = address(o, at, block.round);
      if (o.leads_pair) {
        double* const other = block.buffers[++k].data();
        const bool in_order = o.data < operands_[k].data;
        (role == Role::output ? moves.store_pair : moves.load_pair)(
            moves, in_order ? there : there - size_of(type_), in_order ? buffer : other,
            in_order ? other : buffer, done, piece);
      } else {
        (role == Role::output ? moves.store : moves.load)(moves, there, o.strides[count_ - 1],
                                                          buffer, done, piece);
      }
    }
    advance(at, piece);
    done += piece;
  }
}

void Walk::visit(Block& block, const Index& at, std::size_t n, const Body& body) const {
  for (block.round = 0; block.round < rounds_; ++block.round) {
    for (std::size_t k = 0; k < operands_.size(); ++k) {
      const Operand& o = operands_[k];
      if (!direct(o, at, n)) {
        block.pointers[k] = block.buffers[k].data();
      } else if (o.takes_part(block.round)) {
        block.pointers[k] = address(o, at, block.round);
      }
    }
    move(block, at, n, Role::input);
    body(block.pointers.data(), n, block.round);
    move(block, at, n, Role::output);
  }
}

void Walk::part(std::size_t begin, std::size_t end, const Body& body) const {
  Block block(type_);
  Index at = index_of(begin);
  for (std::size_t element = begin; element < end;) {
    const std::size_t n = block_length(at, end - element);
    visit(block, at, n, body);
    advance(at, n);
    element += n;
  }
}

}  // namespace actfn
