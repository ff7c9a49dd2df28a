#include "client/dns/tcp_messages.h"

#include <algorithm>
#include <array>

namespace ipam::client::dns {
namespace {

// A whole message with its length and as much again, so that reads are long and rarely moved.
constexpr std::size_t kBufferSize = 256U * 1024;

}  // namespace

TcpMessages::TcpMessages(io::StreamPtr stream) : stream_(std::move(stream)), buffer_(kBufferSize) {}

io::Task<Result<void>> TcpMessages::send(Bytes message, io::Deadline deadline) {
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(message.size() >> 8), static_cast<std::uint8_t>(message.size())};
  message.insert(message.begin(), length.begin(), length.end());
  co_return co_await stream_->write(message, deadline);
}

io::Task<Result<ByteView>> TcpMessages::next(io::Deadline deadline) {
  while (true) {
    const std::size_t held = end_ - begin_;
    const std::size_t needed = held < 2 ? 2 : 2U + (static_cast<std::size_t>(buffer_[begin_]) << 8 | buffer_[begin_ + 1]);
    if (held >= 2 && held >= needed) {
      const ByteView message = ByteView(buffer_).subspan(begin_ + 2, needed - 2);
      begin_ += needed;
      co_return message;
    }
    if (buffer_.size() - begin_ < std::max<std::size_t>(needed, 0x10002)) {
      std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
      begin_ = 0;
      end_ = held;
    }
    auto count = co_await stream_->read_some(std::span(buffer_).subspan(end_), deadline);
    if (!count.ok()) co_return std::move(count).error();
    if (*count == 0) {
      co_return Error(ErrorCode::Unavailable, held == 0 ? "the server closed the connection without an answer, or before its end"
                                                        : "the server closed the connection in the middle of a message");
    }
    end_ += *count;
  }
}

}  // namespace ipam::client::dns
