#include "platform/objects/list_page.h"

#include <charconv>
#include <optional>

namespace sluice::objects {
namespace {

Error unreadable() {
  return {ErrorKind::kUnavailable, "objects.answer", "The object store's list can't be read.",
          "Check that the endpoint speaks S3.", {}};
}

// The text between <name> and </name>, taken off the front of `xml`; the elements asked for have
// neither attributes nor children of the same name in S3's answer.
std::optional<std::string_view> take_element(std::string_view& xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const auto begin = xml.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = xml.find(close, begin);
  if (end == std::string_view::npos) return std::nullopt;
  const auto text = xml.substr(begin + open.size(), end - begin - open.size());
  xml.remove_prefix(end + close.size());
  return text;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0U | (code >> 6U));
  } else if (code < 0x10000) {
    put(0xe0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3fU));
  } else {
    put(0xf0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3fU));
    put(0x80U | ((code >> 6U) & 0x3fU));
  }
  put(0x80U | (code & 0x3fU));
}

bool append_entity(std::string& out, std::string_view name) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [entity, character] : kNamed) {
    if (name != entity) continue;
    out.push_back(character);
    return true;
  }
  if (!name.starts_with('#')) return false;
  const bool hex = name.substr(1).starts_with('x');
  const auto digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size() || code == 0 || code > 0x10ffff) return false;
  append_utf8(out, code);
  return true;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto ampersand = std::min(text.find('&'), text.size());
    out.append(text.substr(0, ampersand));
    text.remove_prefix(ampersand);
    if (text.empty()) break;
    const auto semicolon = text.find(';');
    if (semicolon == std::string_view::npos || !append_entity(out, text.substr(1, semicolon - 1))) return std::nullopt;
    text.remove_prefix(semicolon + 1);
  }
  return out;
}

}  // namespace

Result<std::vector<ObjectInfo>> parse_list_page(std::string_view xml) {
  const auto root = xml.find("<ListBucketResult");
  if (root == std::string_view::npos || xml.find("</ListBucketResult>") == std::string_view::npos) return unreadable();
  xml.remove_prefix(root);
  std::vector<ObjectInfo> objects;
  while (const auto contents = take_element(xml, "Contents")) {
    auto in_key = *contents;
    auto in_size = *contents;
    const auto key = take_element(in_key, "Key");
    const auto size = take_element(in_size, "Size");
    if (!key || !size) return unreadable();
    auto text = unescape(*key);
    std::uint64_t bytes = 0;
    const auto [end, error] = std::from_chars(size->data(), size->data() + size->size(), bytes);
    if (!text || error != std::errc{} || end != size->data() + size->size()) return unreadable();
    objects.push_back({std::move(*text), bytes});
  }
  return objects;
}

}  // namespace sluice::objects
