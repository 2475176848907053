#include "api/refuse.h"

#include "api/tensors.h"

#include <string>

namespace actfn {

void refuse(std::string_view who, std::initializer_list<Piece> pieces) {
  std::string what;
  for (const Piece& piece : pieces) {
    if (piece.is_number()) {
      what.append(std::to_string(piece.number()));
    } else {
      what.append(piece.text());
    }
  }
  fail(who, what);
}

void check_threads(std::string_view who, Threads threads) {
  if (threads.count < 0) refuse(who, {"threads must not be negative, got ", threads.count});
}

}  // namespace actfn
