// SCRAM (RFC 5802) as a client, without channel binding: three texts, no I/O.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "platform/kafka/wire/security.h"

namespace sluice::kafka::wire {

class ScramClient {
 public:
  // `nonce` is printable, without commas, and never used twice.
  ScramClient(const Sasl& sasl, std::string nonce);

  [[nodiscard]] std::string first_message() const;
  // The answer to the server's challenge. kafka.authentication when the challenge is no SCRAM, is not
  // for our nonce, or asks for fewer than 4,096 rounds or more than a million.
  Result<std::string> final_message(std::string_view challenge);
  // Whether the server knows the password, too.
  Status check_server(std::string_view final_message) const;

 private:
  Sasl sasl_;
  std::string nonce_;
  std::string server_signature_;
};

}  // namespace sluice::kafka::wire
