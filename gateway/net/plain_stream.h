#pragma once

#include "gateway/net/byte_stream.h"

namespace delta::net {

/// TCP without encryption.
class PlainStream final : public ByteStream
{
public:
    explicit PlainStream(int fd);

    [[nodiscard]] IoStatus handshake() override;
    [[nodiscard]] ReadResult read(std::span<char> buffer) override;
    [[nodiscard]] IoStatus write(OutputQueue &queue) override;
    [[nodiscard]] bool isQuiet() override;
    [[nodiscard]] bool hasPending() const override;
    [[nodiscard]] bool wantsWrite() const override;
    [[nodiscard]] qint64 writtenBytes() const override;
    [[nodiscard]] ports::UpstreamError error() const override;

private:
    int m_fd;
    int m_error = 0;
    bool m_wantsWrite = false;
    qint64 m_writtenBytes = 0;
};

} // namespace delta::net
