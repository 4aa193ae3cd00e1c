// The chains of a JSON Lines export, to be verified without the database.
#pragma once

#include <iosfwd>

#include "audit/domain/repository/chain_store.h"

namespace sluice::audit::interface {

class JsonLinesSource final : public domain::ChainSource {
 public:
  // `in` must outlive it; it is read once, in bounded memory.
  explicit JsonLinesSource(std::istream& in) : in_(in) {}

  // kInvalid (audit.record), naming the line, for text that is no record: an export is whole or nothing.
  Status read(domain::ChainVisitor& visitor, Deadline deadline) override;
  Result<std::string> origin(Deadline) override { return std::string(); }

 private:
  std::istream& in_;
};

}  // namespace sluice::audit::interface
