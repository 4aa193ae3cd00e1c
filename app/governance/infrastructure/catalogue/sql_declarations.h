// What topics were last declared to be, PostgreSQL or SQLite alike (table governance_declarations).
#pragma once

#include <map>
#include <optional>
#include <span>

#include "governance/domain/catalogue/declaration.h"
#include "platform/core/deadline.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

// In the transaction in which an item's outcome becomes "done": reads what was declared, lays the item
// over it (domain::declare) and stores the result, or forgets the topic after a delete. Again with the
// same item changes nothing.
Status record_declaration(sql::Session& session, const domain::PlannedItem& item, const domain::AppliedBy& by);

// The same for many items at once, at most 500 and all of one environment: three statements.
struct AppliedItem {
  const domain::PlannedItem* item = nullptr;
  domain::AppliedBy by;
};
Status record_declarations(sql::Session& session, std::span<const AppliedItem> items);

// In one query; at most 10,000 names.
Result<std::map<domain::TopicName, domain::Declaration>> find_declarations(sql::Session& session,
                                                                           const domain::EnvironmentName& environment,
                                                                           std::span<const domain::TopicName> names);
Result<std::optional<domain::Declaration>> find_declaration(sql::Session& session,
                                                            const domain::EnvironmentName& environment,
                                                            const domain::TopicName& name);

// A row with every column of the table.
Result<domain::Declaration> read_declaration_row(sql::Row row);

}  // namespace sluice::governance::infrastructure
