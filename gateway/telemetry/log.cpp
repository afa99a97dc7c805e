#include "gateway/telemetry/log.h"

#include "gateway/telemetry/log_writer.h"

namespace delta::telemetry {

namespace {

/// Borrows a text that lives as long as the program.
QByteArray borrowed(LogLiteral literal)
{
    return QByteArray::fromRawData(literal.text().data(), literal.text().size());
}

} // namespace

Log::Log(LogWriter &writer, const Clock &clock, LogLevel level)
    : m_writer(writer)
    , m_clock(clock)
    , m_level(level)
{
}

void Log::debug(LogLiteral category, LogLiteral message, Fields fields) const
{
    write({LogLevel::Debug, category}, message, fields);
}

void Log::info(LogLiteral category, LogLiteral message, Fields fields) const
{
    write({LogLevel::Info, category}, message, fields);
}

void Log::warning(LogLiteral category, LogLiteral message, Fields fields) const
{
    write({LogLevel::Warning, category}, message, fields);
}

void Log::error(LogLiteral category, LogLiteral message, Fields fields) const
{
    write({LogLevel::Error, category}, message, fields);
}

void Log::post(LogRecord record) const
{
    if (record.level >= m_level) {
        record.time = m_clock.wall();
        m_writer.post(std::move(record));
    }
}

void Log::write(Origin origin, LogLiteral message, Fields fields) const
{
    if (origin.level >= m_level) {
        post({.time = {},
              .level = origin.level,
              .category = borrowed(origin.category),
              .message = borrowed(message),
              .fields = fields});
    }
}

} // namespace delta::telemetry
