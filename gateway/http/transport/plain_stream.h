#pragma once

#include "gateway/http/transport/byte_stream.h"

namespace delta::http {

/// TCP without more.
class PlainStream final : public ByteStream
{
public:
    /// Borrows the descriptor, which must be non-blocking.
    explicit PlainStream(int fd)
        : m_fd(fd)
    {
    }

    IoResult handshake() override;
    IoResult read(std::span<char> target) override;
    IoResult write(std::span<const iovec> source) override;
    void endWriting() override;
    [[nodiscard]] bool hasHiddenInput() const override;

private:
    int m_fd;
};

} // namespace delta::http
