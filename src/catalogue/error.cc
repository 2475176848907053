// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"

#include <actfn/error.h>

namespace actfn {

void fail(std::string_view who, std::initializer_list<Piece> pieces) {
  std::string message = "[" + std::string(who) + "] ";
  for (const Piece& piece : pieces) {
    message.append(piece.text());
    if (piece.is_number()) message.append(std::to_string(piece.magnitude()));
  }
  throw Error(message);
}

}  // namespace actfn
