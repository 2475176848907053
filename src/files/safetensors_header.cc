// SPDX-License-Identifier: Apache-2.0
#include "files/safetensors_header.h"

#include "catalogue/quote.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace actfn::files {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kMetadata = "__metadata__";

// Takes the parts of the text as they come. No tree is built: nothing is deeper than a list.
class Reader : public nlohmann::json_sax<Json> {
 public:
  Header take() { return std::move(header_); }

  bool null() override { other("null"); }
  bool boolean(bool /*value*/) override { other("a truth value"); }
  bool number_integer(number_integer_t /*value*/) override { other("a negative number"); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    other("a fraction, or a number beyond 2^64");
  }
  bool binary(binary_t& /*value*/) override { other("bytes"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (list_ == nullptr) other("a number");
    list_->push_back(value);
    return true;
  }
  bool string(string_t& value) override {
    if (list_ != nullptr || depth_ != 2) other("text");
    if (name_ == kMetadata) {
      header_.metadata[field_] = value;
    } else if (field_ == "dtype") {
      tensor().type = value;
    } else {
      other("text");
    }
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    if (list_ != nullptr || depth_ == 2) other("an object");
    ++depth_;
    fields_.clear();
    if (depth_ == 2 && name_ != kMetadata) header_.tensors[name_];
    return true;
  }
  bool key(string_t& value) override {
    if (depth_ == 1) {
      if (!names_.insert(value).second) throw HeaderError(in_quotes(value) + " is there twice");
      name_ = value;
      return true;
    }
    if (!fields_.insert(value).second) {
      throw HeaderError(in_quotes(name_) + " has " + in_quotes(value) + " twice");
    }
    const bool known = value == "dtype" || value == "shape" || value == "data_offsets";
    if (name_ != kMetadata && !known) {
      throw HeaderError("tensor " + in_quotes(name_) + " has an unknown field " + in_quotes(value));
    }
    field_ = value;
    return true;
  }
  bool end_object() override {
    if (depth_ == 2 && name_ != kMetadata && fields_.size() < 3) {
      throw HeaderError("tensor " + in_quotes(name_) + " must have dtype, shape and data_offsets");
    }
    --depth_;
    return true;
  }

  bool start_array(std::size_t /*size*/) override {
    if (list_ != nullptr || depth_ != 2 || name_ == kMetadata) other("a list");
    if (field_ == "shape") list_ = &tensor().shape;
    if (field_ == "data_offsets") list_ = &tensor().offsets;
    if (list_ == nullptr) other("a list");
    return true;
  }
  bool end_array() override {
    list_ = nullptr;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    throw HeaderError("the header is not JSON at its byte " + std::to_string(position));
  }

 private:
  HeaderTensor& tensor() { return header_.tensors[name_]; }

  [[noreturn]] void other(const char* what) const {
    if (depth_ == 0) throw HeaderError("the header is no JSON object");
    if (depth_ == 1) throw HeaderError(in_quotes(name_) + " must be an object, got " + what);
    const char* const wanted =
        name_ == kMetadata || field_ == "dtype" ? "text" : "a list of whole numbers below 2^64";
    throw HeaderError(in_quotes(name_) + ": " + in_quotes(field_) + " must be " + wanted +
                      ", got " + what);
  }

  Header header_;
  std::size_t depth_ = 0;                       // of objects
  std::set<std::string> names_;                 // of the tensors so far, and of the metadata
  std::set<std::string> fields_;                // of the object so far
  std::string name_, field_;                    // where the value belongs
  std::vector<std::uint64_t>* list_ = nullptr;  // the one that it is in
};

}  // namespace

Header parse_header(std::string_view text) {
  if (!text.starts_with('{')) throw HeaderError("the header is no JSON object");
  Reader reader;
  Json::sax_parse(text, &reader);
  return reader.take();
}

}  // namespace actfn::files
