// Every default limit of what comes in over HTTP, in one place (its test: limits_test.cpp).
#pragma once

#include <chrono>
#include <cstddef>

namespace sluice::http::limits {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

// The head of a request.
inline constexpr std::size_t kHeadBytes = 32 * kKiB;  // beyond: 431
inline constexpr std::size_t kHeaderFields = 100;     // beyond: 431
inline constexpr std::size_t kTargetBytes = 8 * kKiB; // beyond: 414
inline constexpr std::size_t kRequestIdBytes = 128;
inline constexpr std::size_t kQueryParameters = 100;

// The body of a request.
inline constexpr std::size_t kJsonBytes = 1 * kMiB;
inline constexpr std::size_t kSchemaBatchBytes = 16 * kMiB;
inline constexpr std::size_t kMultipartBytes = 16 * kMiB;
inline constexpr std::size_t kMultipartParts = 512;
inline constexpr std::size_t kMultipartHeadBytes = 4 * kKiB;  // of one part
inline constexpr std::size_t kChunkLineBytes = 256;           // size and extensions of one chunk
inline constexpr std::size_t kTrailerBytes = 8 * kKiB;
inline constexpr std::size_t kDiscardedBytes = 64 * kKiB;  // of a refused request's body, to keep its connection

// Time.
inline constexpr std::chrono::milliseconds kHeaderDeadline{10'000};
inline constexpr std::chrono::milliseconds kBodyDeadline{30'000};
inline constexpr std::chrono::milliseconds kRequestDeadline{30'000};
inline constexpr std::chrono::milliseconds kWriteDeadline{30'000};
inline constexpr std::chrono::milliseconds kIdleTimeout{75'000};
inline constexpr std::chrono::milliseconds kLingerTime{2'000};

// Load.
inline constexpr std::size_t kConnections = 16'384;
inline constexpr std::size_t kWorkerQueue = 256;
inline constexpr int kWorkerThreads = 8;
inline constexpr int kIoThreads = 2;
inline constexpr std::size_t kStreamBufferBytes = 1 * kMiB;
inline constexpr std::size_t kRateLimiterKeys = 10'000;

// What our own client accepts as an answer.
inline constexpr std::size_t kClientResponseBytes = 16 * kMiB;
inline constexpr std::chrono::milliseconds kClientConnectDeadline{2'000};

}  // namespace sluice::http::limits
