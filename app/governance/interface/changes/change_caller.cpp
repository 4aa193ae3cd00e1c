#include "governance/interface/changes/change_caller.h"

namespace sluice::governance::interface {
namespace {

using application::Right;

auth::Role role_of(Right right) {
  switch (right) {
    case Right::kRead: return auth::Role::kViewer;
    case Right::kApprove: return auth::Role::kApprover;
    case Right::kAdminister: return auth::Role::kAdmin;
  }
  return auth::Role::kAdmin;
}

}  // namespace

application::Caller caller_of(const http::Request& request) {
  return {auth::actor_of(*request.principal), request.request_id,
          [principal = request.principal](Right right, std::string_view environment, std::string_view name) {
            return principal->may(role_of(right), environment, name);
          }};
}

}  // namespace sluice::governance::interface
