#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <sys/uio.h>

#include <span>
#include <vector>

namespace delta::http {

/// Bytes that wait to be sent, in blocks: what is sent is freed at once, and nothing is moved to
/// make room. Empty, it owns no block.
class OutputQueue final
{
public:
    void append(QByteArrayView bytes);
    /// Points as many entries as there are blocks, and room for them, at the bytes to send next.
    /// Returns the entries that were set; they stay valid until the queue changes.
    [[nodiscard]] std::span<iovec> gather(std::span<iovec> entries) const;
    /// Forgets the first `count` bytes.
    void consume(qsizetype count);
    void clear();

    [[nodiscard]] qsizetype size() const
    {
        return m_size;
    }
    [[nodiscard]] bool isEmpty() const
    {
        return m_size == 0;
    }

private:
    static constexpr qsizetype blockBytes = 4096;

    std::vector<QByteArray> m_blocks;
    std::size_t m_first = 0; ///< The block that is being sent.
    qsizetype m_offset = 0;  ///< What of it was sent.
    qsizetype m_size = 0;
};

} // namespace delta::http
