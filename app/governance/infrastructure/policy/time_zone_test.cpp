#include "governance/infrastructure/policy/time_zone.h"

#include <gtest/gtest.h>

namespace sluice::governance::infrastructure {
namespace {

struct Row {
  const char* zone;
  std::chrono::year_month_day day;
  const char* utc;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.zone << " " << row.utc; }

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
std::chrono::year_month_day date(int y, unsigned m, unsigned d) { return year{y} / month{m} / day{d}; }

class Midnight : public testing::TestWithParam<Row> {};
TEST_P(Midnight, IsThatOfTheZone) {
  const auto zone = TimeZone::load(GetParam().zone);
  ASSERT_TRUE(zone.has_value()) << zone.error().describe();
  const auto start = zone->start_of(GetParam().day);
  ASSERT_TRUE(start.has_value()) << start.error().describe();
  EXPECT_EQ(format_rfc3339(*start), GetParam().utc);
}
INSTANTIATE_TEST_SUITE_P(
    TimeZone, Midnight,
    testing::Values(Row{"UTC", date(2027, 1, 1), "2027-01-01T00:00:00.000Z"},
                    Row{"UTC", date(2999, 1, 1), "2999-01-01T00:00:00.000Z"},
                    Row{"Europe/Berlin", date(2027, 1, 1), "2026-12-31T23:00:00.000Z"},
                    Row{"Europe/Berlin", date(2027, 7, 1), "2027-06-30T22:00:00.000Z"},
                    // The day of each change, and the day after.
                    Row{"Europe/Berlin", date(2027, 3, 28), "2027-03-27T23:00:00.000Z"},
                    Row{"Europe/Berlin", date(2027, 3, 29), "2027-03-28T22:00:00.000Z"},
                    Row{"Europe/Berlin", date(2027, 10, 31), "2027-10-30T22:00:00.000Z"},
                    Row{"Europe/Berlin", date(2027, 11, 1), "2027-10-31T23:00:00.000Z"},
                    Row{"America/New_York", date(2027, 3, 14), "2027-03-14T05:00:00.000Z"},
                    Row{"Asia/Kolkata", date(2040, 1, 1), "2039-12-31T18:30:00.000Z"},
                    Row{"Pacific/Kiritimati", date(2027, 1, 1), "2026-12-31T10:00:00.000Z"}));

class NoZone : public testing::TestWithParam<const char*> {};
TEST_P(NoZone, IsRefused) {
  const auto zone = TimeZone::load(GetParam());
  ASSERT_FALSE(zone.has_value());
  EXPECT_EQ(zone.error().code, "timezone.unknown");
}
INSTANTIATE_TEST_SUITE_P(TimeZone, NoZone,
                         testing::Values("", "Europe/Atlantis", "../../../etc/passwd", "/etc/passwd", "Europe",
                                         "zone.tab", "tzdata.zi", "Europe/Berlin\n"));

TEST(TimeZone, SaysWhenTheFileDoesNotReachSoFar) {
  const auto far = TimeZone::load("Europe/Berlin")->start_of(date(2150, 7, 1));
  ASSERT_FALSE(far.has_value());
  EXPECT_EQ(far.error().code, "timezone.too-far");
}

}  // namespace
}  // namespace sluice::governance::infrastructure
