// A wait that stopping ends.
#pragma once

#include <chrono>
#include <stop_token>

namespace sluice::governance::application {

void pause(std::chrono::milliseconds wait, const std::stop_token& stop);

}  // namespace sluice::governance::application
