// Keys of Jira's issues, as changes name them.
#pragma once

#include <string>
#include <string_view>

namespace sluice::notify::contract {

// The first key in a text: "PAY-123" in "PAY-123_orders"; empty when there is none.
std::string issue_key_in(std::string_view text);
// Whether the whole text is one.
bool is_issue_key(std::string_view text);

}  // namespace sluice::notify::contract
