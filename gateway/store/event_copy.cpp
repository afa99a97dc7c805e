#include "gateway/store/event_copy.h"

#include "gateway/store/database.h"
#include "gateway/store/event_visit.h"

#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Writes the columns of one line as COPY reads them.
/// Source: PostgreSQL 17, "COPY", text format, read 2026-11.
class LineWriter
{
public:
    explicit LineWriter(QByteArray &lines)
        : m_lines(lines)
    {
    }

    void number(qint64 value)
    {
        m_lines += QByteArray::number(value) + '\t';
    }
    void text(const QByteArray &value)
    {
        for (const char byte : value) {
            switch (byte) {
            case '\\':
                m_lines += R"(\\)";
                break;
            case '\t':
                m_lines += R"(\t)";
                break;
            case '\n':
                m_lines += R"(\n)";
                break;
            case '\r':
                m_lines += R"(\r)";
                break;
            default:
                m_lines += byte;
            }
        }
        m_lines += '\t';
    }
    void textOrNull(const QByteArray &value)
    {
        if (value.isEmpty()) {
            nothing();
        } else {
            text(value);
        }
    }
    void durationOrNull(std::chrono::microseconds value)
    {
        if (value.count() < 0) {
            nothing();
        } else {
            number(value.count());
        }
    }
    void end()
    {
        m_lines.back() = '\n';
    }

private:
    void nothing()
    {
        m_lines += "\\N\t";
    }

    QByteArray &m_lines;
};

} // namespace

Result<void> EventCopy::add(const EventRow &row)
{
    LineWriter writer(m_lines);
    visitEvent(writer, row);
    writer.end();
    return {};
}

Result<void> EventCopy::finish()
{
    if (m_lines.isEmpty()) {
        return {};
    }
    TRY_VOID(m_database.copy("events/insert"_L1, m_lines));
    m_lines.clear();
    return {};
}

} // namespace delta::store
