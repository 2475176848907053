// SPDX-License-Identifier: Apache-2.0
#include "memory/walk.h"

#include <algorithm>

namespace actfn::memory {
namespace {

// A block gathers several rows where they are shorter than this.
constexpr std::size_t kLongRow = 64;

}  // namespace

// What a thread works with. Buffers are not initialised.
struct Walk::Thread {
  Block block;
  // What the buffer of an operand that repeats holds.
  struct Loaded {
    std::size_t n = 0, phase = 0;
    const char* from = nullptr;  // null: several rows, from `phase` on
  };
  std::array<Loaded, kMaxOperands> loaded;
  alignas(64) std::array<std::array<double, kBlock>, kMaxOperands> buffers;

  void* buffer(std::size_t k) { return buffers[k].data(); }
  bool is_buffered(std::size_t k) { return block.pointers[k] == buffer(k); }
};

Walk::Walk(std::string_view who, const Copies& copies, std::initializer_list<Named> inputs,
           std::initializer_list<Named> outputs)
    : Walk(copies, inputs.begin()->data.shape()) {
  demand_tensors(who, inputs, outputs);
  for (const Named& t : inputs) read(t.data);
  for (const Named& t : outputs) write(t.data);
}

void Walk::add(const ConstTensor& t, Role role) {
  const bool contiguous = contiguous_ && t.is_contiguous();
  add(t.address(), &t.strides(), role, {});
  contiguous_ = contiguous;
}

void Walk::add(const void* data, const Strides* strides, Role role, const Rounds& rounds) {
  Operand& o = operand_[operands_++];
  o.data = static_cast<char*>(const_cast<void*>(data));
  o.source = strides;
  o.role = role;
  o.rounds = rounds;
  rounds_ = std::max(rounds_, rounds.last);
  contiguous_ = false;
}

void Walk::scratch() { add(nullptr, nullptr, Role::scratch, {0, 0, 0}); }

void Walk::count_elements() {
  for (const std::size_t length : shape_) total_ *= length;
}

void Walk::run(const Threads& threads, double nanoseconds, Body body, std::size_t unit) {
  count_elements();
  if (total_ == 0) return;
  const Crew crew = crew_for(threads, total_, nanoseconds);
  if (contiguous_ && !copies_.converts()) return run_contiguous(crew, body, unit);
  arrange();
  share(total_, unit, crew,
        [&](std::size_t, std::size_t begin, std::size_t end) { part(begin, end, body); });
}

void Walk::run_contiguous(const Crew& crew, Body body, std::size_t unit) const {
  share(total_, unit, crew, [&](std::size_t, std::size_t begin, std::size_t end) {
    Block block;
    const std::size_t length = in_order_ ? kBlock : end - begin;
    for (std::size_t at = begin; at < end; at += length) {
      block.at = at;
      block.n = std::min(length, end - at);
      for (std::size_t k = 0; k < operands_; ++k) {
        block.pointers[k] = operand_[k].data + at * copies_.size;
      }
      body(block);
    }
  });
}

void Walk::run_tasks(std::size_t tasks, const Threads& threads, double nanoseconds,
                     FunctionRef<void(std::size_t task, Visit visit)> task) {
  count_elements();
  arrange();
  share(tasks, 1, crew_for(threads, total_, nanoseconds),
        [&](std::size_t, std::size_t begin, std::size_t end) {
          Thread thread;
          const auto visit_range = [&](std::size_t at, std::size_t n, Body body) {
            thread.block.at = at;
            thread.block.n = n;
            visit(thread, index_of(at), body);
          };
          for (std::size_t k = begin; k < end; ++k) task(k, visit_range);
        });
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
  return operand.data + offset * static_cast<std::ptrdiff_t>(copies_.size);
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
  return !copies_.converts() && operand.role != Role::scratch && operand.strides[count_ - 1] == 1 &&
         n <= row() - at[count_ - 1];
}

std::size_t Walk::block_length(const Index& at, std::size_t rest) const {
  if (in_order_) return std::min(rest, kBlock);
  const std::size_t of_row = std::min(rest, row() - at[count_ - 1]);
  if (row() < kLongRow) {
    if (!periodic_) return std::min(rest, kBlock);
    // Whole rows: then operands that repeat need not be copied again.
    return at[count_ - 1] != 0 ? of_row : std::min(rest, kBlock / row() * row());
  }
  for (std::size_t k = 0; k < operands_; ++k) {
    if (!direct(operand_[k], at, of_row)) return std::min(of_row, kBlock);
  }
  return of_row;
}

// Whether the buffer of an operand that repeats holds the block's elements already. If not, it
// will.
bool Walk::is_loaded(Thread& thread, std::size_t k, const Index& at) const {
  const Operand& o = operand_[k];
  const std::size_t n = thread.block.n;
  if (!o.repeats) return false;
  Thread::Loaded now = {n, 0, nullptr};
  if (n <= row() - at[count_ - 1]) {
    now.from = address(o, at, thread.block.round);
  } else if (o.period != 0) {
    for (std::size_t i = 0; i < count_; ++i) now.phase = now.phase * lengths_[i] + at[i];
    now.phase %= o.period;
  } else {
    now.n = 0;
  }
  Thread::Loaded& before = thread.loaded[k];
  if (now.n != 0 && before.n >= n && before.from == now.from && before.phase == now.phase) {
    return true;
  }
  before = now;
  return false;
}

// At most n elements of one stride: several rows if they are whole.
Strided Walk::piece(const Operand& operand, const Index& at, std::size_t round,
                    std::size_t n) const {
  const std::size_t column = at[count_ - 1];
  Strided there = {address(operand, at, round), operand.strides[count_ - 1],
                   std::min(n, row() - column)};
  if (column == 0 && n >= 2 * row() && count_ > 1 && !operand.leads_pair) {
    there.rows = std::min(n / row(), lengths_[count_ - 2] - at[count_ - 2]);
    there.row_stride = operand.strides[count_ - 2];
  }
  return there;
}

void Walk::move_piece(Thread& thread, std::size_t k, const Strided& there, std::size_t done,
                      bool load) const {
  const Operand& o = operand_[k];
  const auto in_buffer = [&](std::size_t operand) {
    return static_cast<char*>(thread.buffer(operand)) + done * copies_.block_size;
  };
  if (!o.leads_pair) {
    return load ? copies_.load(there, in_buffer(k)) : copies_.store(in_buffer(k), there);
  }
  const bool in_order = o.data < operand_[k + 1].data;
  char* const pair = in_order ? there.at : there.at - copies_.size;
  char* const a = in_buffer(in_order ? k : k + 1);
  char* const b = in_buffer(in_order ? k + 1 : k);
  return load ? pairs_->load(pair, a, b, there.n) : pairs_->store(a, b, pair, there.n);
}

// Copies between memory and the buffers, one piece after the other.
void Walk::move(Thread& thread, const Index& first, bool load) const {
  const std::size_t n = thread.block.n;
  for (std::size_t k = 0; k < operands_; ++k) {
    const Operand& o = operand_[k];
    const bool moves = load ? o.reads() : o.writes();
    if (!moves || !o.takes_part(thread.block.round) || !thread.is_buffered(k)) continue;
    if (load && is_loaded(thread, k, first)) continue;
    Index at = first;
    for (std::size_t done = 0; done < n;) {
      const Strided there = piece(o, at, thread.block.round, n - done);
      move_piece(thread, k, there, done, load);
      advance(at, there.n * there.rows);
      done += there.n * there.rows;
    }
    if (o.leads_pair) ++k;
  }
}

void Walk::visit(Thread& thread, const Index& at, Body body) const {
  for (std::size_t round = 0; round < rounds_; ++round) {
    thread.block.round = round;
    for (std::size_t k = 0; k < operands_; ++k) {
      const Operand& o = operand_[k];
      if (!direct(o, at, thread.block.n)) {
        thread.block.pointers[k] = thread.buffer(k);
      } else if (o.takes_part(round)) {
        thread.block.pointers[k] = address(o, at, round);
      }
    }
    move(thread, at, true);
    body(thread.block);
    move(thread, at, false);
  }
}

void Walk::part(std::size_t begin, std::size_t end, Body body) const {
  Thread thread;
  Index at = index_of(begin);
  for (std::size_t element = begin; element < end;) {
    thread.block.at = element;
    thread.block.n = block_length(at, end - element);
    visit(thread, at, body);
    advance(at, thread.block.n);
    element += thread.block.n;
  }
}

}  // namespace actfn::memory
