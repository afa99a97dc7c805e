#include "gateway/net/output_queue.h"

#include <algorithm>
#include <utility>

namespace delta::net {

void OutputQueue::set(QByteArray head, const std::vector<QByteArray> &body)
{
    m_head = std::move(head);
    m_body = &body;
    m_index = 0;
    m_offset = 0;
    m_isUntouched = true;
    m_left = m_head.size();
    for (const QByteArray &each : body) {
        m_left += each.size();
    }
}

void OutputQueue::clear()
{
    m_head.clear();
    m_body = nullptr;
    m_left = 0;
}

std::size_t OutputQueue::fill(std::span<iovec> vectors) const
{
    std::size_t used = 0;
    qsizetype offset = m_offset;
    for (std::size_t index = m_index; index < pieceCount() && used < vectors.size(); ++index) {
        const QByteArrayView bytes = piece(index).sliced(std::exchange(offset, 0));
        if (!bytes.isEmpty()) {
            vectors[used++] = {const_cast<char *>(bytes.data()),
                               static_cast<std::size_t>(bytes.size())};
        }
    }
    return used;
}

qsizetype OutputQueue::copyTo(std::span<char> buffer) const
{
    qsizetype copied = 0;
    qsizetype offset = m_offset;
    const auto room = static_cast<qsizetype>(buffer.size());
    for (std::size_t index = m_index; index < pieceCount() && copied < room; ++index) {
        QByteArrayView bytes = piece(index).sliced(std::exchange(offset, 0));
        bytes.truncate(std::min(bytes.size(), room - copied));
        std::copy(bytes.begin(), bytes.end(), buffer.data() + copied);
        copied += bytes.size();
    }
    return copied;
}

void OutputQueue::advance(qsizetype count)
{
    m_left -= count;
    m_isUntouched = m_isUntouched && count == 0;
    if (m_left == 0) {
        clear();
        return;
    }
    m_offset += count;
    while (m_offset >= piece(m_index).size()) {
        m_offset -= piece(m_index).size();
        ++m_index;
    }
}

std::size_t OutputQueue::pieceCount() const
{
    return m_body ? 1 + m_body->size() : 0;
}

QByteArrayView OutputQueue::piece(std::size_t index) const
{
    return index == 0 ? m_head : (*m_body)[index - 1];
}

} // namespace delta::net
