#include "platform/kafka/wire/scram.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <optional>

#include "platform/core/sha256.h"
#include "platform/kafka/wire/errors.h"

namespace sluice::kafka::wire {
namespace {

constexpr int kFewestRounds = 4096;  // Kafka's own limit
constexpr int kMostRounds = 1'000'000;
constexpr std::string_view kNoBinding = "n,,";

Error refused(std::string_view why) { return errors::authentication(fmt::format("SCRAM: {}", why)); }

const EVP_MD* digest_of(Mechanism mechanism) {
  return mechanism == Mechanism::kScramSha512 ? EVP_sha512() : EVP_sha256();
}

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()), octets(text), text.size(), octets(out), &size);
  out.resize(size);
  return out;
}

std::string hash(const EVP_MD* digest, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), octets(out), &size, digest, nullptr);
  out.resize(size);
  return out;
}

std::string salted(const EVP_MD* digest, std::string_view password, std::string_view salt, int rounds) {
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), octets(salt), static_cast<int>(salt.size()),
                    rounds, digest, static_cast<int>(out.size()), octets(out));
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(octets(out), octets(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(octets(out), octets(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

// "r=abc,s=def" → the value of `name`.
std::string_view attribute(std::string_view message, char name) {
  while (!message.empty()) {
    const auto end = message.find(',');
    const std::string_view part = message.substr(0, end);
    if (part.size() > 2 && part[0] == name && part[1] == '=') return part.substr(2);
    message = end == std::string_view::npos ? std::string_view() : message.substr(end + 1);
  }
  return {};
}

std::string escaped(std::string_view user) {
  std::string out;
  for (const char c : user) {
    if (c == '=') {
      out += "=3D";
    } else if (c == ',') {
      out += "=2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bitwise_xor(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

}  // namespace

ScramClient::ScramClient(const Sasl& sasl, std::string nonce) : sasl_(sasl), nonce_(std::move(nonce)) {}

std::string ScramClient::first_message() const {
  return fmt::format("{}n={},r={}", kNoBinding, escaped(sasl_.user), nonce_);
}

Result<std::string> ScramClient::final_message(std::string_view challenge) {
  const std::string_view nonce = attribute(challenge, 'r');
  const auto salt = from_base64(attribute(challenge, 's'));
  const std::string_view count = attribute(challenge, 'i');
  int rounds = 0;
  const auto parsed = std::from_chars(count.data(), count.data() + count.size(), rounds);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == count.data() + count.size();
  if (!salt || !whole) return refused("the broker's challenge is not one");
  if (!nonce.starts_with(nonce_) || nonce.size() == nonce_.size()) return refused("the challenge is for somebody else");
  if (rounds < kFewestRounds || rounds > kMostRounds) {
    return refused(fmt::format("the broker asks for {} rounds", rounds));
  }
  const EVP_MD* digest = digest_of(sasl_.mechanism);
  const std::string key = salted(digest, sasl_.password, *salt, rounds);
  const std::string without_proof = fmt::format("c={},r={}", to_base64(kNoBinding), nonce);
  const std::string signed_text =
      fmt::format("{},{},{}", first_message().substr(kNoBinding.size()), challenge, without_proof);
  const std::string client_key = hmac(digest, key, "Client Key");
  const std::string proof = bitwise_xor(client_key, hmac(digest, hash(digest, client_key), signed_text));
  server_signature_ = hmac(digest, hmac(digest, key, "Server Key"), signed_text);
  return fmt::format("{},p={}", without_proof, to_base64(proof));
}

Status ScramClient::check_server(std::string_view final_message) const {
  const auto signature = from_base64(attribute(final_message, 'v'));
  const bool right = signature && !server_signature_.empty() && equal_constant_time(*signature, server_signature_);
  if (!right) return refused("the broker could not prove that it knows the password");
  return {};
}

}  // namespace sluice::kafka::wire
