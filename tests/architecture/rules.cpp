#include "architecture/rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sluice::architecture {
namespace {

using Findings = std::vector<Finding>;

bool is_standard_header(std::string_view header) {
  return header.find_first_of("./") == std::string_view::npos;
}

const Restriction* restriction_of(const Table& table, std::string_view header) {
  const Restriction* best = nullptr;
  for (const auto& candidate : table.headers) {
    if (!header.starts_with(candidate.what)) continue;
    if (best == nullptr || candidate.what.size() > best->what.size()) best = &candidate;
  }
  return best;
}

void check_angled(const Table& table, const Source& source, const Include& include, Findings& out) {
  if (is_standard_header(include.header)) return;
  const auto* restriction = restriction_of(table, include.header);
  if (restriction == nullptr) {
    out.push_back({source.path, include.line, "third-party",
                   fmt::format("<{}> is not in [headers] of dependencies.txt: add it with the one "
                               "place that may use it, or use what the project has",
                               include.header)});
  } else if (!is_allowed_place(*restriction, source.path)) {
    out.push_back({source.path, include.line, "third-party",
                   fmt::format("<{}> belongs to {} only; use {}", include.header,
                               fmt::join(restriction->places, " "), restriction->instead)});
  }
}

void check_quoted(const Table& table, const Source& source, const Include& include, Findings& out) {
  if (include.header.find("../") != std::string::npos) {
    out.push_back({source.path, include.line, "relative-include",
                   fmt::format("\"{}\": write the path from app/, as in "
                               "\"platform/core/result.h\"",
                               include.header)});
    return;
  }
  const auto from = layer_of(source.path);
  const auto to = layer_of("app/" + include.header);
  if (!from || is_test(source.path)) return;
  if (!to) {
    out.push_back({source.path, include.line, "relative-include",
                   fmt::format("\"{}\" names no layer: write the path from app/", include.header)});
  } else if (!may_include(table, *from, *to)) {
    out.push_back({source.path, include.line, "layer",
                   fmt::format("{} may not include {} (\"{}\"): reach it through a port that your "
                               "layer owns and app/sluice binds; the table is dependencies.txt",
                               *from, *to, include.header)});
  }
}

bool matches_at(const std::vector<Token>& code, std::size_t at, const std::vector<Token>& pattern) {
  if (at + pattern.size() > code.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (code[at + i].text != pattern[i].text) return false;
  }
  // "= delete" declares a deleted function, it deletes nothing; and "::new" is no member's name.
  return pattern[0].text != "delete" || at == 0 || code[at - 1].text != "=";
}

void check_token(const Restriction& rule, const Source& source, const std::vector<Token>& code,
                 Findings& out) {
  if (is_allowed_place(rule, source.path)) return;
  const auto pattern = tokens_of(rule.what);
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (!matches_at(code, i, pattern)) continue;
    out.push_back({source.path, code[i].line, "token",
                   fmt::format("`{}` is not for here; use {}", rule.what, rule.instead)});
  }
}

void check_shape(const Source& source, Findings& out) {
  if (is_header(source) && source.code.find("#pragma once") == std::string::npos) {
    out.push_back({source.path, 1, "pragma-once", "a header starts with #pragma once"});
  }
  if (const int lines = line_count(source.text); lines > kMaxFileLines) {
    out.push_back({source.path, lines, "file-size",
                   fmt::format("{} lines; at most {}: one idea a file, move one of them out", lines,
                               kMaxFileLines)});
  }
  std::istringstream text(source.text);
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.find("// TO"
                  "DO") == std::string::npos &&
        line.find("// FIX"
                  "ME") == std::string::npos) {
      continue;
    }
    out.push_back(
        {source.path, number, "todo", "do it now, or write an issue and say why not now"});
  }
}

class CycleSearch {
 public:
  explicit CycleSearch(const std::vector<Source>& sources) {
    for (const auto& source : sources) {
      auto& edges = edges_[source.path];
      for (const auto& include : includes_of(source)) {
        if (!include.angled) edges.push_back({"app/" + include.header, include.line});
      }
    }
  }

  Findings run() {
    for (const auto& [path, edges] : edges_) visit(path);
    return std::move(findings_);
  }

 private:
  struct Edge {
    std::string to;
    int line;
  };

  void visit(const std::string& path) {
    if (!done_.insert(path).second) return;
    trail_.push_back(path);
    for (const auto& edge : edges_[path]) {
      if (!edges_.contains(edge.to)) continue;
      const auto start = std::find(trail_.begin(), trail_.end(), edge.to);
      if (start == trail_.end()) {
        visit(edge.to);
      } else {
        findings_.push_back({path, edge.line, "cycle",
                             fmt::format("{} → {}: split out what both need, or turn one edge "
                                         "around with a port",
                                         fmt::join(start, trail_.end(), " → "), edge.to)});
      }
    }
    trail_.pop_back();
  }

  std::map<std::string, std::vector<Edge>> edges_;
  std::set<std::string> done_;
  std::vector<std::string> trail_;
  Findings findings_;
};

// The words between the parentheses of every sluice_layer(…), without comments.
std::vector<std::vector<Token>> layer_calls(std::string_view cmake) {
  std::vector<std::vector<Token>> calls;
  const std::string kCall = "sluice_layer(";
  int line = 1;
  std::size_t counted = 0;
  for (auto at = cmake.find(kCall); at != std::string_view::npos; at = cmake.find(kCall, at + 1)) {
    if (at > 0 && cmake[at - 1] != '\n') continue;  // its definition, or a comment
    line += line_count(cmake.substr(counted, at - counted));
    counted = at;
    const auto close = std::min(cmake.find(')', at), cmake.size());
    auto& words = calls.emplace_back();
    int word_line = line;
    for (std::size_t i = at + kCall.size(); i < close;) {
      if (cmake[i] == '\n') ++word_line;
      if (cmake[i] == '#') {
        i = std::min(cmake.find('\n', i), close);
      } else if (std::isspace(static_cast<unsigned char>(cmake[i])) != 0) {
        ++i;
      } else {
        const auto end = std::min(cmake.find_first_of(" \t\n)", i), close);
        words.push_back({cmake.substr(i, end - i), word_line});
        i = end;
      }
    }
  }
  return calls;
}

bool starts_a_word(std::string_view text, std::size_t at) {
  return at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0;
}

// The host that follows "https://" at `at`, lower case.
std::string host_at(std::string_view line, std::size_t at) {
  std::string host;
  for (std::size_t i = at; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    if (std::isalnum(c) == 0 && c != '.' && c != '-') break;
    host += static_cast<char>(std::tolower(c));
  }
  return host;
}

bool is_registry_host(const std::string& host) {
  // A POM's namespace and schema location are names, nobody downloads from them.
  if (host == "maven.apache.org" || host.find('.') == std::string::npos) return false;
  constexpr std::array<std::string_view, 7> kNames{"debian", "maven",  "pypi",  "pythonhosted",
                                                   "npmjs",  "golang", "crates"};
  return std::any_of(kNames.begin(), kNames.end(), [&host](std::string_view name) {
    return host.find(name) != std::string::npos;
  });
}

}  // namespace

std::string to_string(const Finding& finding) {
  return fmt::format("{}:{}: [{}] {}", finding.file, finding.line, finding.rule, finding.message);
}

std::vector<Finding> check_source(const Table& table, const Source& source) {
  Findings out;
  if (const auto layer = layer_of(source.path); layer && !is_known_layer(table, *layer)) {
    out.push_back(
        {source.path, 1, "layer",
         fmt::format("{} is no layer: a module has domain, application, infrastructure and "
                     "interface; a platform part needs its row in dependencies.txt",
                     *layer)});
  }
  for (const auto& include : includes_of(source)) {
    if (include.angled) {
      check_angled(table, source, include, out);
    } else {
      check_quoted(table, source, include, out);
    }
  }
  const auto code = tokens_of(source.code);
  for (const auto& rule : table.tokens) check_token(rule, source, code, out);
  check_shape(source, out);
  return out;
}

std::vector<Finding> check_cycles(const std::vector<Source>& sources) {
  return CycleSearch(sources).run();
}

std::vector<Finding> check_links(const Table& table, std::string_view path,
                                 std::string_view cmake) {
  static const std::set<std::string_view> kKeywords{"SOURCES", "DEPENDS", "PRIVATE",
                                                    "PUBLIC",  "TESTS",   "TEST_DEPENDS"};
  Findings out;
  for (const auto& call : layer_calls(cmake)) {
    std::string_view keyword;
    for (std::size_t i = 1; i < call.size(); ++i) {
      if (kKeywords.contains(call[i].text)) keyword = call[i].text;
      if (keyword != "DEPENDS" || call[i].text == keyword) continue;
      if (may_include(table, call[0].text, call[i].text)) continue;
      out.push_back({std::string(path), call[i].line, "link",
                     fmt::format("{} may not link {}: the table is dependencies.txt", call[0].text,
                                 call[i].text)});
    }
  }
  return out;
}

std::vector<Finding> check_table(const Table& table) {
  Findings out;
  for (const auto& [from, row] : table.layers) {
    for (const auto& [to, back] : table.layers) {
      if (from >= to) continue;
      const auto concrete = [](std::string layer) {
        return layer.starts_with('@') ? "module" + layer.substr(1) : layer;
      };
      if (may_include(table, concrete(from), concrete(to)) &&
          may_include(table, concrete(to), concrete(from))) {
        out.push_back({"dependencies.txt", 0, "table",
                       fmt::format("{} and {} may include each other: drop one edge", from, to)});
      }
    }
  }
  return out;
}

std::vector<Finding> check_portable(std::string_view path, std::string_view text) {
  // In two pieces each, so that this file does not name them itself.
  static const std::array<std::string, 6> kPlaces{
      "/wo"
      "rk/",
      "/tmp/"
      "wt",
      "/home/"
      "runner",
      "/ro"
      "ot/",
      "/bash"
      "_jobs",
      "/tmp/"
      "deps"};
  Findings out;
  std::istringstream stream{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    for (const auto& place : kPlaces) {
      const auto at = line.find(place);
      if (at == std::string::npos || !starts_a_word(line, at)) continue;
      out.push_back({std::string(path), number, "machine-path",
                     fmt::format("{} exists on one machine only: derive it from the checkout, "
                                 "the build folder or an environment variable",
                                 place)});
    }
    for (auto at = line.find("://"); at != std::string::npos; at = line.find("://", at + 1)) {
      const auto host = host_at(line, at + 3);
      if (!is_registry_host(host)) continue;
      out.push_back({std::string(path), number, "registry-host",
                     fmt::format("{}: take the registry from the package manager's own settings, "
                                 "so that mirrors work",
                                 host)});
    }
  }
  return out;
}

}  // namespace sluice::architecture
