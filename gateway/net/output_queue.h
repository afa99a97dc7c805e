#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <sys/uio.h>

#include <span>
#include <vector>

namespace delta::net {

/// The bytes of a request that are still to be sent: a head and body pieces, which are never
/// joined.
class OutputQueue
{
public:
    /// Takes a request. The body is borrowed: it must stay until the queue is empty or cleared.
    void set(QByteArray head, const std::vector<QByteArray> &body);
    void clear();
    [[nodiscard]] bool isEmpty() const
    {
        return m_left == 0;
    }
    /// Says whether nothing of the request was sent yet.
    [[nodiscard]] bool isUntouched() const
    {
        return m_isUntouched;
    }

    /// Points `vectors` at the bytes that come next and returns how many of them were used.
    [[nodiscard]] std::size_t fill(std::span<iovec> vectors) const;
    /// Copies the bytes that come next and returns how many.
    [[nodiscard]] qsizetype copyTo(std::span<char> buffer) const;
    /// Forgets the next `count` bytes: they are sent.
    void advance(qsizetype count);

private:
    [[nodiscard]] std::size_t pieceCount() const;
    [[nodiscard]] QByteArrayView piece(std::size_t index) const;

    QByteArray m_head;
    const std::vector<QByteArray> *m_body = nullptr;
    std::size_t m_index = 0; ///< The piece that comes next; 0 is the head.
    qsizetype m_offset = 0;  ///< Bytes of that piece that are sent.
    qsizetype m_left = 0;    ///< Bytes that are not sent.
    bool m_isUntouched = true;
};

} // namespace delta::net
