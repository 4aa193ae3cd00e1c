#include "governance/interface/apply/apply_body.h"

#include "governance/application/batch_json.h"
#include "governance/interface/document_body.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/core/canonical_json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kLongestToken = 16 * 1024;
constexpr std::size_t kLongestChangeId = 128;

Result<ApplyBody> read_batch(const text::Node& document, std::string token,
                             std::span<const domain::EnvironmentName> environments) {
  SLUICE_TRY(const domain::TopicBatch batch, read_topic_batch(document, environments));
  return ApplyBody{batch.change_id, std::move(token), json_digest(application::batch_to_json(batch))};
}

}  // namespace

Result<ApplyBody> read_apply_body(const http::Request& request,
                                  std::span<const domain::EnvironmentName> environments) {
  SLUICE_TRY(const text::Node document, read_document(request));
  std::string token(request.headers.get("x-approval-token"));
  std::vector<Problem> problems;
  text::MapReader reader(document, "", problems);
  if (reader.is_map() && reader.find("kind") != nullptr) return read_batch(document, std::move(token), environments);
  ApplyBody body;
  body.change_id = domain::ChangeId{reader.required_string("changeId", {.max = kLongestChangeId})};
  body.token = reader.string("approvalToken", {.max = kLongestToken}).value_or(token);
  reader.finish();
  if (problems.empty()) return body;
  return Error{ErrorKind::kInvalid, "apply.request", "The request can't be read.",
               "Send {changeId, approvalToken?}, or the batch itself.", std::move(problems)};
}

}  // namespace sluice::governance::interface
