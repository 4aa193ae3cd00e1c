#include "platform/auth/signing_keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <tuple>

#include "platform/auth/base64url.h"
#include "platform/auth/errors.h"
#include "platform/auth/key_set.h"
#include "platform/auth/signing_key.h"
#include "platform/core/id_source.h"
#include "platform/core/mutex.h"

namespace sluice::auth {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::size_t kMostKeys = 256;
constexpr std::size_t kMostBytes = 16 * 1024;
constexpr std::string_view kPrivateSuffix = ".pem";
constexpr std::string_view kPublicSuffix = ".pub.pem";

// What changes when the folder's keys do.
using FileStamp = std::tuple<std::string, std::uintmax_t, fs::file_time_type>;
using FolderStamp = std::vector<FileStamp>;

struct Keys {
  std::map<std::string, SigningKey, std::less<>> by_id;
  std::string signs;  // the id of the newest that can
};

std::optional<FileStamp> stamp_of(const fs::directory_entry& entry) {
  std::string name = entry.path().filename().string();
  if (!name.ends_with(kPrivateSuffix) || name.starts_with('.')) return std::nullopt;
  std::error_code failed;
  const auto size = entry.file_size(failed);
  if (failed) return FileStamp{std::move(name), 0, {}};  // reading it will say what is wrong
  return FileStamp{std::move(name), size, entry.last_write_time(failed)};
}

Result<FolderStamp> look_at(const std::string& folder) {
  std::error_code failed;
  FolderStamp files;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (auto stamp = stamp_of(*entry)) files.push_back(std::move(*stamp));
    if (files.size() > kMostKeys) return errors::keys_missing(folder, "it holds more than 256 keys");
  }
  if (failed) return errors::keys_missing(folder, failed.message());
  if (files.empty()) return errors::keys_missing(folder, "there is no key");
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> read_file(const std::string& folder, const std::string& name) {
  std::ifstream file(fs::path(folder) / name, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() == 0) return errors::keys_missing(folder, name + " can't be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostBytes) return errors::keys_missing(folder, name + " is larger than 16 KiB");
  return text;
}

Status load_key(const std::string& folder, const std::string& name, Keys& keys) {
  const bool is_public = name.ends_with(kPublicSuffix);
  const auto suffix = is_public ? kPublicSuffix : kPrivateSuffix;
  const std::string id = name.substr(0, name.size() - suffix.size());
  SLUICE_TRY(const std::string pem, read_file(folder, name));
  auto key = is_public ? SigningKey::from_public_pem(pem) : SigningKey::from_private_pem(pem);
  if (!key) return errors::keys_missing(folder, fmt::format("{}: {}", name, key.error().message));
  if (key->can_sign() && id > keys.signs) keys.signs = id;
  if (!keys.by_id.emplace(id, std::move(*key)).second) {
    return errors::keys_missing(folder, fmt::format("key {} is there twice", id));
  }
  return {};
}

Result<std::shared_ptr<const Keys>> load(const std::string& folder, const FolderStamp& files) {
  auto keys = std::make_shared<Keys>();
  for (const FileStamp& file : files) SLUICE_CHECK(load_key(folder, std::get<0>(file), *keys));
  return std::shared_ptr<const Keys>(std::move(keys));
}

Json jwk(const std::string& id, const SigningKey& key) {
  return {{"kid", id},   {"kty", "OKP"}, {"crv", "Ed25519"}, {"x", encode_base64url(key.public_bytes())},
          {"use", "sig"}, {"alg", "EdDSA"}};
}

// "20261121T091531042Z-5f0c": sorts by time.
std::string new_key_id(TimePoint now) {
  std::string id;
  for (const char c : format_rfc3339(now)) {
    if (c != '-' && c != ':' && c != '.') id.push_back(c);
  }
  return id + "-" + random_hex(4);
}

Error not_written(const fs::path& path, int reason) {
  return {ErrorKind::kUnavailable, "keys.not-written",
          fmt::format("'{}' can't be written: {}.", path.string(), std::generic_category().message(reason)),
          "Run it as the user that owns the folder of auth.signing_keys.", {}};
}

// Appears whole or not at all, and stays after a power cut.
Status write_private(const fs::path& path, std::string_view text) {
  const fs::path unfinished = path.string() + ".new";
  const int file = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return not_written(unfinished, errno);
  const bool whole = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  const int reason = errno;
  close(file);
  if (whole && rename(unfinished.c_str(), path.c_str()) == 0) return {};
  const Error failed = not_written(path, whole ? errno : reason);
  unlink(unfinished.c_str());
  return failed;
}

Status make_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return {};
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), failed);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return not_written(folder, errno);
  return {};
}

// The id of the newest file by name; "" when there is none.
std::string newest_in(const std::string& folder) {
  const auto files = look_at(folder);
  if (!files) return "";
  const std::string& name = std::get<0>(files->back());
  return name.substr(0, name.find('.'));
}

Status check(const VerificationKey* key, std::string_view message, const Signature& signature) {
  if (key == nullptr || key->algorithm() != Algorithm::kEdDsa) return errors::signature_unknown_key();
  if (!key->verify(message, signature.bytes)) return errors::signature_invalid();
  return {};
}

}  // namespace

struct SigningKeys::State {
  State(std::string path, const Clock& time) : folder(std::move(path)), clock(time) {}

  const std::string folder;
  const Clock& clock;
  Mutex mutex;
  std::optional<TimePoint> looked_at SLUICE_GUARDED_BY(mutex);
  FolderStamp stamp SLUICE_GUARDED_BY(mutex);
  Result<std::shared_ptr<const Keys>> keys SLUICE_GUARDED_BY(mutex) = Error();

  Result<std::shared_ptr<const Keys>> current() SLUICE_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    const auto now = clock.now();
    // Also when the clock was set back: else the folder would not be looked at for a long time.
    if (looked_at && now >= *looked_at && now < *looked_at + kLookEvery) return keys;
    looked_at = now;
    reload();
    return keys;
  }

  // What could not be read is tried again at each look: a file's mode is not part of its stamp.
  void reload() SLUICE_REQUIRES(mutex) {
    auto files = look_at(folder);
    if (!files) {
      keys = files.error();
    } else if (!keys || *files != stamp) {
      keys = load(folder, *files);
      stamp = std::move(*files);
    }
  }
};

SigningKeys::SigningKeys(std::string folder, const Clock& clock)
    : state_(std::make_unique<State>(std::move(folder), clock)) {}
SigningKeys::~SigningKeys() = default;

Result<std::string> SigningKeys::signer() const {
  SLUICE_TRY(const auto keys, state_->current());
  if (keys->signs.empty()) return errors::keys_missing(state_->folder, "every key there only verifies");
  return keys->signs;
}

Result<Signature> SigningKeys::sign_as(std::string_view key_id, std::string_view message) const {
  SLUICE_TRY(const auto keys, state_->current());
  const auto found = keys->by_id.find(key_id);
  if (found == keys->by_id.end() || !found->second.can_sign()) {
    return errors::keys_missing(state_->folder, "the key went away");
  }
  return Signature{found->first, found->second.sign(message)};
}

Result<Signature> SigningKeys::sign(std::string_view message) const {
  SLUICE_TRY(const std::string key_id, signer());
  return sign_as(key_id, message);
}

Status SigningKeys::verify(std::string_view message, const Signature& signature) const {
  SLUICE_TRY(const auto keys, state_->current());
  const auto found = keys->by_id.find(signature.key_id);
  if (found == keys->by_id.end()) return errors::signature_unknown_key();
  const VerificationKey key = found->second.verifier();
  return check(&key, message, signature);
}

Result<Json> SigningKeys::public_keys() const {
  SLUICE_TRY(const auto keys, state_->current());
  Json list = Json::array();
  for (auto key = keys->by_id.rbegin(); key != keys->by_id.rend(); ++key) list.push_back(jwk(key->first, key->second));
  return Json{{"keys", std::move(list)}};
}

Result<std::vector<SigningKeyInfo>> SigningKeys::list() const {
  SLUICE_TRY(const auto keys, state_->current());
  std::vector<SigningKeyInfo> list;
  for (auto key = keys->by_id.rbegin(); key != keys->by_id.rend(); ++key) {
    list.push_back({key->first, key->first == keys->signs, key->second.can_sign()});
  }
  return list;
}

Result<std::string> generate_signing_key(const std::string& folder, const Clock& clock) {
  SLUICE_CHECK(make_folder(folder));
  const std::string id = new_key_id(clock.now());
  if (const std::string newest = newest_in(folder); newest >= id) {
    return Error{ErrorKind::kConflict, "keys.clock",
                 fmt::format("Key '{}' is younger than a key made now, '{}', which would not sign.", newest, id),
                 "Set this machine's clock right, or try again in a second.", {}};
  }
  SLUICE_CHECK(write_private(fs::path(folder) / (id + std::string(kPrivateSuffix)),
                             SigningKey::generate().private_pem()));
  return id;
}

bool has_no_signing_key(const std::string& folder) {
  std::error_code failed;
  const bool absent = !fs::exists(folder, failed) && !failed;
  return absent || (fs::is_directory(folder, failed) && fs::is_empty(folder, failed) && !failed);
}

Status verify_with_jwks(const Json& jwks, std::string_view message, const Signature& signature) {
  SLUICE_TRY(const KeySet keys, KeySet::parse(jwks.dump()));
  return check(keys.find(signature.key_id), message, signature);
}

}  // namespace sluice::auth
