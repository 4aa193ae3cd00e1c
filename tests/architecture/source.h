// What the architecture rules see of a source file: its includes and its tokens, without comments,
// string literals and character literals. No preprocessing: every branch of an #if is seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::architecture {

struct Include {
  std::string header;
  bool angled = false;  // <header>, not "header"
  int line = 0;
};

struct Token {
  std::string_view text;  // into Source::code
  int line = 0;
};

struct Source {
  std::string path;  // from the repository's root, with '/'
  std::string text;
  std::string
      code;  // text, with comments and the inside of literals blanked; same length and lines
};

Source make_source(std::string path, std::string text);
std::vector<Include> includes_of(const Source& source);
// Identifiers, numbers, "::", "..." and single punctuation characters.
std::vector<Token> tokens_of(std::string_view code);

bool is_header(const Source& source);
// Tests, benchmarks and what only they use: below tests/, bench/ or a folder testing/, *_test.cpp,
// *_suite.h, *_test_support.*, *_for_test.*.
bool is_test(std::string_view path);
int line_count(std::string_view text);

}  // namespace sluice::architecture
