#include "governance/infrastructure/catalogue/catalogue_clock.h"

namespace sluice::governance::infrastructure {

Result<std::int64_t> next_catalogue_version(sql::Session& session) {
  constexpr std::string_view kNextVersion =
      "UPDATE governance_catalogue_clock SET version = version + 1 WHERE only_row = 1 RETURNING version";
  SLUICE_TRY(const sql::Rows rows, session.query(kNextVersion));
  sql::Row row = rows.row(0);
  const std::int64_t version = row.integer("version");
  SLUICE_CHECK(row.status());
  return version;
}

}  // namespace sluice::governance::infrastructure
