// The sentences that people read in Slack and Jira. Pure. What users wrote (names, comments) comes out
// as text in the target's own syntax: it can neither link, nor format, nor call anybody.
#pragma once

#include <string>

#include "notify/domain/message.h"
#include "platform/core/json.h"

namespace sluice::notify::domain {

// `link` is the change's page, or empty.
std::string slack_text(const Message& message, const std::string& link);     // Slack's mrkdwn
std::string jira_wiki_text(const Message& message, const std::string& link);  // REST v2
Json jira_document(const Message& message, const std::string& link);          // REST v3: ADF

}  // namespace sluice::notify::domain
