#include "platform/objects/folder_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "platform/core/id_source.h"

namespace sluice::objects {
namespace {

// An object's file ends with this and a folder's name never does, so that the keys "a" and "a/b" can
// stand beside each other; a temporary file ends with neither.
constexpr std::string_view kObject = "=o";
constexpr std::string_view kFolder = "=d";
constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

Error disk_error(std::string_view doing, const std::filesystem::path& path) {
  return {ErrorKind::kUnavailable, "objects.disk",
          fmt::format("{} {} failed: {}.", doing, path.string(), std::generic_category().message(errno)),
          "Check the folder's permissions and free space.", {}};
}

Error not_found(std::string_view key) {
  return {ErrorKind::kNotFound, "objects.not-found", fmt::format("There is no object {}.", key), "", {}};
}

std::filesystem::path file_of(const std::filesystem::path& root, std::string_view key) {
  std::filesystem::path path = root;
  for (auto slash = key.find('/'); slash != std::string_view::npos; slash = key.find('/')) {
    path /= std::string(key.substr(0, slash)).append(kFolder);
    key.remove_prefix(slash + 1);
  }
  return path / std::string(key).append(kObject);
}

Status sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.valid() || ::fsync(descriptor.get()) != 0) return disk_error("Syncing", folder);
  return {};
}

// Makes the folders between `root` and `folder`, each of them durable before what goes into it.
Status make_folders(const std::filesystem::path& root, const std::filesystem::path& folder) {
  if (folder == root || std::filesystem::is_directory(folder)) return {};
  SLUICE_CHECK(make_folders(root, folder.parent_path()));
  if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) return disk_error("Making", folder);
  return sync_folder(folder.parent_path());
}

Status write_all(int fd, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error("Writing", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status write_synced(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!descriptor.valid()) return disk_error("Creating", path);
  SLUICE_CHECK(write_all(descriptor.get(), bytes, path));
  if (::fsync(descriptor.get()) != 0) return disk_error("Syncing", path);
  return {};
}

// Collects the keys under `folder` that a listing wants. Folders that hold none of them are not
// entered; the rest is sorted at the end, because names on disk sort otherwise than keys.
class Listing {
 public:
  Listing(std::string_view prefix, std::string_view after) : prefix_(prefix), after_(after) {}

  Status read(const std::filesystem::path& folder, const std::string& key_prefix) {
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error))
      SLUICE_CHECK(take(entries->path(), key_prefix));
    if (error) {
      errno = error.value();
      return disk_error("Listing", folder);
    }
    return {};
  }
  std::vector<ObjectInfo> first(std::size_t limit) {
    std::sort(found_.begin(), found_.end(), [](const auto& left, const auto& right) { return left.key < right.key; });
    found_.resize(std::min(found_.size(), limit));
    return std::move(found_);
  }

 private:
  Status take(const std::filesystem::path& path, const std::string& key_prefix) {
    const std::string name = path.filename();
    const std::string key = key_prefix + name.substr(0, name.size() - std::min<std::size_t>(2, name.size()));
    if (name.ends_with(kFolder)) {
      const std::string below = key + "/";
      const auto common = std::min(below.size(), prefix_.size());
      const bool wanted = std::string_view(below).substr(0, common) == prefix_.substr(0, common);
      return wanted ? read(path, below) : Status{};
    }
    if (!name.ends_with(kObject) || !key.starts_with(prefix_) || key <= after_) return {};
    std::error_code gone;  // removed since: then it is not in the list
    const auto bytes = std::filesystem::file_size(path, gone);
    if (!gone) found_.push_back({key, bytes});
    return {};
  }

  std::string_view prefix_;
  std::string_view after_;
  std::vector<ObjectInfo> found_;
};

}  // namespace

Result<std::unique_ptr<FolderStore>> FolderStore::open(const std::filesystem::path& root) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error || ::access(root.c_str(), R_OK | W_OK | X_OK) != 0) {
    if (error) errno = error.value();
    return disk_error("Opening", root);
  }
  return std::make_unique<FolderStore>(std::filesystem::absolute(root));
}

Status FolderStore::put(std::string_view key, std::string_view bytes, std::string_view /*content_type*/,
                        Deadline /*deadline*/) {
  SLUICE_CHECK(check_key(key));
  const auto path = file_of(root_, key);
  const auto temporary = path.parent_path() / ("." + random_hex(16) + ".tmp");
  SLUICE_CHECK(make_folders(root_, path.parent_path()));
  auto status = write_synced(temporary, bytes);
  if (status && ::rename(temporary.c_str(), path.c_str()) != 0) status = disk_error("Renaming", temporary);
  if (!status) {
    ::unlink(temporary.c_str());
    return status;
  }
  return sync_folder(path.parent_path());
}

Result<std::string> FolderStore::get(std::string_view key, Deadline /*deadline*/) {
  SLUICE_CHECK(check_key(key));
  const auto path = file_of(root_, key);
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid()) return errno == ENOENT || errno == ENOTDIR ? not_found(key) : disk_error("Opening", path);
  struct stat info {};
  if (::fstat(descriptor.get(), &info) != 0) return disk_error("Reading", path);
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto received = ::read(descriptor.get(), bytes.data() + have, bytes.size() - have);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return disk_error("Reading", path);
    have += static_cast<std::size_t>(received);
  }
  return bytes;
}

Result<bool> FolderStore::exists(std::string_view key, Deadline /*deadline*/) {
  SLUICE_CHECK(check_key(key));
  const auto path = file_of(root_, key);
  if (::access(path.c_str(), F_OK) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return disk_error("Looking for", path);
}

Result<std::vector<ObjectInfo>> FolderStore::list(std::string_view prefix, std::string_view after, std::size_t limit,
                                                  Deadline /*deadline*/) {
  Listing listing(prefix, after);
  SLUICE_CHECK(listing.read(root_, ""));
  return listing.first(std::min(limit, kMaxListed));
}

Status FolderStore::remove(std::string_view key, Deadline /*deadline*/) {
  SLUICE_CHECK(check_key(key));
  const auto path = file_of(root_, key);
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return disk_error("Removing", path);
  }
  return sync_folder(path.parent_path());
}

}  // namespace sluice::objects
