#include "audit/contract/entry.h"

namespace sluice::audit::contract {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone: return "done";
    case Outcome::kRefused: return "refused";
    case Outcome::kFailed: return "failed";
    case Outcome::kUnknown: return "unknown";
  }
  return "";
}

}  // namespace sluice::audit::contract
