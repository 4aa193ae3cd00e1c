// Puts one given value into a Config: type, range, choices, form, references.
#pragma once

#include <vector>

#include "platform/config/config.h"
#include "platform/config/given.h"
#include "platform/config/keys.h"

namespace sluice::config {

class ValueReader {
 public:
  ValueReader(const Source& source, Config& config, std::vector<Problem>& problems)
      : source_(source), config_(config), problems_(problems) {}

  void read(const Key& key, const Given& given);

 private:
  void read_into(const Key& key, const Given& given, std::string* place);
  void read_into(const Key& key, const Given& given, bool* place);
  void read_into(const Key& key, const Given& given, std::vector<std::string>* place);
  void read_into(const Key& key, const Given& given, Properties* place);
  void read_into(const Key& key, const Given& given, const NumberTarget& place);
  void read_into(const Key& key, const Given& given, const ChoiceTarget& place);

  // The text with its references expanded; false after a problem.
  bool text_of(const Key& key, const Given& given, const std::string& path, std::string& text);
  bool is_choice(const Key& key, const Given& given, const std::string& path, const std::string& text);
  bool is_well_formed(const Key& key, const Given& given, const std::string& path, std::string& text);
  bool find_input_file(const Given& given, const std::string& path, std::string& text);
  void wrong_type(const Key& key, const Given& given, const std::string& path, std::string_view expected);
  void warn_of_clear_secret(const Given& given, const std::string& path);

  const Source& source_;
  Config& config_;
  std::vector<Problem>& problems_;
};

}  // namespace sluice::config
