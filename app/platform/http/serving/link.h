// The socket under a connection, as the connection sees it; server_asio.cpp implements it, plain and
// with TLS. All calls but notify() come on the link's I/O thread, and its answers come there too.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::http::serving {

class Link {
 public:
  virtual ~Link() = default;
  // Reads at least one byte into `to`; then Connection::on_read. One at a time.
  virtual void read(char* to, std::size_t size) = 0;
  // Writes both pieces; then Connection::on_written. The bytes must stay until then. One at a time.
  virtual void write(std::string_view first, std::string_view second) = 0;
  // No more will be written: the peer sees the end.
  virtual void shutdown_send() = 0;
  // Pending reads and writes end as failed.
  virtual void close() = 0;
  // From any thread: leads to Connection::on_notified on the I/O thread.
  virtual void notify() = 0;
};

}  // namespace sluice::http::serving
