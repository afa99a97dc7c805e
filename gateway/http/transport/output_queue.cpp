#include "gateway/http/transport/output_queue.h"

#include <algorithm>

namespace delta::http {

void OutputQueue::append(QByteArrayView bytes)
{
    if (bytes.isEmpty()) {
        return;
    }
    m_size += bytes.size();
    const bool fits = !m_blocks.empty()
        && m_blocks.back().capacity() - m_blocks.back().size() >= bytes.size();
    if (!fits) {
        m_blocks.emplace_back().reserve(std::max(blockBytes, bytes.size()));
    }
    m_blocks.back().append(bytes);
}

std::span<iovec> OutputQueue::gather(std::span<iovec> entries) const
{
    std::size_t count = 0;
    qsizetype offset = m_offset;
    for (std::size_t block = m_first; block < m_blocks.size() && count < entries.size(); ++block) {
        const QByteArrayView unsent = QByteArrayView(m_blocks[block]).sliced(offset);
        // iovec serves reading too, hence its pointer to non-const.
        entries[count++] = {const_cast<char *>(unsent.data()),
                            static_cast<std::size_t>(unsent.size())};
        offset = 0;
    }
    return entries.first(count);
}

void OutputQueue::consume(qsizetype count)
{
    m_size -= count;
    if (m_size == 0) {
        clear();
        return;
    }
    while (count > 0) {
        const qsizetype left = m_blocks[m_first].size() - m_offset;
        if (count < left) {
            m_offset += count;
            return;
        }
        count -= left;
        m_offset = 0;
        m_blocks[m_first++] = {};
    }
}

void OutputQueue::clear()
{
    m_blocks.clear();
    m_first = 0;
    m_offset = 0;
    m_size = 0;
}

} // namespace delta::http
