// The parameters $1, $2, … of one statement, encoded for the wire. Owns its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/sql/value.h"

namespace sluice::postgres {

class Arguments {
 public:
  // Text is sent untyped, so that the server takes it for what the place needs (json, uuid,
  // timestamptz, …). kInvalid for text that no database takes (see sql::check_params).
  static Result<Arguments> from(const sql::Params& params);

  // A value already in PostgreSQL's binary format, such as an array for UNNEST.
  Arguments& add_binary(std::uint32_t type_oid, std::string bytes);
  Arguments& add(const sql::Value& value);  // text must be valid

  struct Argument {
    std::uint32_t type = 0;  // an OID; 0 = the server decides
    bool binary = false;
    std::optional<std::string> bytes;  // nothing: null
  };
  [[nodiscard]] std::span<const Argument> all() const { return arguments_; }
  // Statements are prepared for the types of their arguments.
  [[nodiscard]] std::string signature() const;

 private:
  std::vector<Argument> arguments_;
};

}  // namespace sluice::postgres
