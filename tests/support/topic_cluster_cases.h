// The tables of the topic cluster suite: what Kafka 4.3 says, word by word.
#pragma once

#include <map>
#include <string>

namespace sluice::test {

using ConfigMap = std::map<std::string, std::string, std::less<>>;

struct ShownValue {
  const char* key;
  const char* written;
  const char* shown;
};
inline const ShownValue kShownValues[] = {
    {"retention.ms", " +5 ", "5"},
    {"flush.ms", "-0", "0"},
    {"retention.bytes", "0005", "5"},
    {"preallocate", " TRUE ", "true"},
    {"compression.type", " zstd ", "zstd"},
    {"cleanup.policy", "delete,delete , compact", "delete,compact"},
    {"cleanup.policy", "", ""},
    {"min.cleanable.dirty.ratio", ".50", "0.5"},
    {"min.cleanable.dirty.ratio", "1", "1.0"},
    {"min.cleanable.dirty.ratio", "0.0001", "1.0E-4"},
    {"min.cleanable.dirty.ratio", "1e-3", "0.001"},
    {"leader.replication.throttled.replicas", "0:1 , 1:2", "0:1,1:2"},
};

struct ConfigCase {
  ConfigMap configs;
  const char* words;  // "": the broker takes it
};
inline const ConfigCase kConfigCases[] = {
    {{}, ""},
    {{{"retention.ms", "abc"}}, "Invalid value abc for configuration retention.ms: Not a number of type LONG"},
    {{{"retention.ms", ""}}, "Invalid value  for configuration retention.ms: Not a number of type LONG"},
    {{{"retention.ms", " 5 "}}, ""},
    {{{"retention.ms", "1e3"}}, "Invalid value 1e3 for configuration retention.ms: Not a number of type LONG"},
    {{{"retention.ms", "9223372036854775808"}},
     "Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG"},
    {{{"max.message.bytes", "2147483648"}},
     "Invalid value 2147483648 for configuration max.message.bytes: Not a number of type INT"},
    {{{"max.message.bytes", " x "}},
     "Invalid value  x  for configuration max.message.bytes: Not a number of type INT"},
    {{{"foo.bar", "1"}}, "Unknown topic config name: foo.bar"},
    {{{"zoo", "1"}, {"foo", "1"}}, "Unknown topic config name: foo"},
    {{{"retention.ms", "abc"}, {"zoo", "1"}}, "Unknown topic config name: zoo"},
    {{{"message.downconversion.enable", "true"}}, "Unknown topic config name: message.downconversion.enable"},
    {{{"segment.ms", "x"}, {"retention.ms", "y"}},
     "Invalid value x for configuration segment.ms: Not a number of type LONG"},
    {{{"preallocate", "5"}, {"cleanup.policy", "q"}},
     "Invalid value q for configuration cleanup.policy: String must be one of: compact, delete"},
    {{{"local.retention.ms", "x"}, {"unclean.leader.election.enable", "x"}},
     "Invalid value x for configuration unclean.leader.election.enable: Expected value to be either true or "
     "false"},
    {{{"preallocate", "TRUE"}}, ""},
    {{{"preallocate", " x"}},
     "Invalid value  x for configuration preallocate: Expected value to be either true or false"},
    {{{"cleanup.policy", "delete,compact"}}, ""},
    {{{"cleanup.policy", ""}}, ""},
    {{{"cleanup.policy", "delete,"}}, "Configuration 'cleanup.policy' values must not be empty."},
    {{{"cleanup.policy", "delete, Compact"}},
     "Invalid value Compact for configuration cleanup.policy: String must be one of: compact, delete"},
    {{{"compression.type", "none"}},
     "Invalid value none for configuration compression.type: String must be one of: uncompressed, zstd, lz4, "
     "snappy, gzip, producer"},
    {{{"compression.type", " 5 "}},
     "Invalid value 5 for configuration compression.type: String must be one of: uncompressed, zstd, lz4, "
     "snappy, gzip, producer"},
    {{{"message.timestamp.type", "LogAppendTime"}}, ""},
    {{{"message.timestamp.type", "x"}},
     "Invalid value x for configuration message.timestamp.type: String must be one of: CreateTime, "
     "LogAppendTime"},
    {{{"min.cleanable.dirty.ratio", "abc"}},
     "Invalid value abc for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE"},
    {{{"min.cleanable.dirty.ratio", "-3"}},
     "Invalid value -3.0 for configuration min.cleanable.dirty.ratio: Value must be at least 0"},
    {{{"min.cleanable.dirty.ratio", "2147483648"}},
     "Invalid value 2.147483648E9 for configuration min.cleanable.dirty.ratio: Value must be no more than 1"},
    {{{"compression.gzip.level", "-1"}}, ""},
    {{{"leader.replication.throttled.replicas", " * "}}, ""},
    {{{"leader.replication.throttled.replicas", "0:1,x"}},
     "Invalid value [0:1, x] for configuration leader.replication.throttled.replicas: "
     "leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following "
     "format: [partitionId]:[brokerId],[partitionId]:[brokerId],..."},
    {{{"min.compaction.lag.ms", "9"}, {"max.compaction.lag.ms", "3"}},
     "conflict topic config setting min.compaction.lag.ms (9) > max.compaction.lag.ms (3)"},
    {{{"min.compaction.lag.ms", "9"}, {"max.compaction.lag.ms", "9"}}, ""},
    {{{"min.compaction.lag.ms", "9"}, {"max.compaction.lag.ms", "3"}, {"remote.storage.enable", "true"}},
     "conflict topic config setting min.compaction.lag.ms (9) > max.compaction.lag.ms (3)"},
    {{{"remote.storage.enable", "true"}},
     "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log "
     "storage."},
    {{{"remote.storage.enable", "false"}, {"remote.log.copy.disable", "true"}}, ""},
    {{{"local.retention.ms", "100"}, {"retention.ms", "10"}}, ""},
};

struct BoundCase {
  const char* key;
  const char* good;
  const char* bad;
  const char* words;
};
inline const BoundCase kBoundCases[] = {
    {"segment.bytes", "1048576", "1048575", "Value must be at least 1048576"},
    {"segment.ms", "1", "0", "Value must be at least 1"},
    {"segment.jitter.ms", "0", "-1", "Value must be at least 0"},
    {"segment.index.bytes", "4", "3", "Value must be at least 4"},
    {"flush.messages", "1", "0", "Value must be at least 1"},
    {"flush.ms", "0", "-1", "Value must be at least 0"},
    {"retention.bytes", "-3", "x", "Not a number of type LONG"},
    {"retention.ms", "-1", "-2", "Value must be at least -1"},
    {"max.message.bytes", "0", "-1", "Value must be at least 0"},
    {"index.interval.bytes", "0", "-1", "Value must be at least 0"},
    {"delete.retention.ms", "0", "-1", "Value must be at least 0"},
    {"min.compaction.lag.ms", "0", "-1", "Value must be at least 0"},
    {"max.compaction.lag.ms", "1", "0", "Value must be at least 1"},
    {"file.delete.delay.ms", "0", "-1", "Value must be at least 0"},
    {"min.cleanable.dirty.ratio", "1", "1.01", "Value must be no more than 1"},
    {"min.cleanable.dirty.ratio", "0", "-0.1", "Value must be at least 0"},
    {"min.insync.replicas", "1", "0", "Value must be at least 1"},
    {"compression.gzip.level", "9", "10", "Value must be between 1 and 9 or equal to -1"},
    {"compression.gzip.level", "1", "0", "Value must be between 1 and 9 or equal to -1"},
    {"compression.lz4.level", "17", "18", "Value must be no more than 17"},
    {"compression.lz4.level", "1", "0", "Value must be at least 1"},
    {"compression.zstd.level", "22", "23", "Value must be no more than 22"},
    {"compression.zstd.level", "-131072", "-131073", "Value must be at least -131072"},
    {"message.timestamp.before.max.ms", "0", "-1", "Value must be at least 0"},
    {"message.timestamp.after.max.ms", "0", "-1", "Value must be at least 0"},
    {"local.retention.ms", "-2", "-3", "Value must be at least -2"},
    {"local.retention.bytes", "-2", "-3", "Value must be at least -2"},
    {"unclean.leader.election.enable", "TRUE", "1", "Expected value to be either true or false"},
};

struct NameCase {
  std::string name;
  std::string words;
};
inline const NameCase kNameCases[] = {
    {".", "Topic name is invalid: '.' is not allowed"},
    {"..", "Topic name is invalid: '..' is not allowed"},
    {"a b",
     "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and "
     "'-'"},
    {"x/y",
     "Topic name is invalid: 'x/y' contains one or more characters other than ASCII alphanumerics, '.', '_' and "
     "'-'"},
    {std::string(250, 'a'), "Topic name is invalid: the length of '" + std::string(250, 'a') +
                                "' is longer than the max allowed length 249"},
};

}  // namespace sluice::test
