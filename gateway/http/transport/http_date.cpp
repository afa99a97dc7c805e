#include "gateway/http/transport/http_date.h"

#include <chrono>
#include <format>

namespace delta::http {

const QByteArray &HttpDate::now()
{
    const auto second = std::chrono::floor<std::chrono::seconds>(m_clock.wall());
    if (second != m_second || m_text.isEmpty()) {
        m_second = second;
        m_text = QByteArray::fromStdString(std::format("{:%a, %d %b %Y %H:%M:%S GMT}", second));
    }
    return m_text;
}

} // namespace delta::http
