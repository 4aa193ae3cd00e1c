// Arguments as the parallel arrays that libpq takes; refers to them.
#pragma once

#include <vector>

#include <libpq-fe.h>

#include "platform/postgres/arguments.h"

namespace sluice::postgres {

struct WireArguments {
  explicit WireArguments(const Arguments& arguments) {
    for (const auto& argument : arguments.all()) {
      types.push_back(argument.type);
      values.push_back(argument.bytes ? argument.bytes->data() : nullptr);
      lengths.push_back(argument.bytes ? static_cast<int>(argument.bytes->size()) : 0);
      formats.push_back(argument.binary ? 1 : 0);
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(types.size()); }

  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
};

inline int send_prepare(PGconn* connection, const std::string& name, const std::string& sql,
                        const WireArguments& arguments) {
  return PQsendPrepare(connection, name.c_str(), sql.c_str(), arguments.count(),
                       arguments.types.data());
}

inline int send_prepared(PGconn* connection, const std::string& name,
                         const WireArguments& arguments) {
  return PQsendQueryPrepared(connection, name.c_str(), arguments.count(), arguments.values.data(),
                             arguments.lengths.data(), arguments.formats.data(), 0);
}

}  // namespace sluice::postgres
