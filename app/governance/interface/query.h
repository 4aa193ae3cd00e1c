// What a query string says about governance; the rest is platform/http/query.h.
#pragma once

#include "governance/domain/topic/names.h"
#include "platform/http/query.h"

namespace sluice::governance::interface {

using http::flag_of;
using http::known_only;
using http::limit_of;
using http::text_of;
using http::wrong_query;

Result<domain::EnvironmentName> environment_of(const http::Request& request);  // `env`, which must be there

}  // namespace sluice::governance::interface
