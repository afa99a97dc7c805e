#include "gateway/telemetry/log_record.h"

#include "shared/core/decimal.h"

namespace delta::telemetry {

namespace {

constexpr qsizetype longestText = 512;
constexpr int nanoDecimals = 9;
constexpr int microToMilliDecimals = 3;

} // namespace

LogValue::LogValue(QByteArray text)
    : m_text(std::move(text))
{
    m_text.truncate(longestText);
}

LogValue::LogValue(QByteArrayView text)
    : m_text(text.first(qMin(text.size(), longestText)).toByteArray())
{
}

LogValue::LogValue(const char *text)
    : LogValue(QByteArrayView(text))
{
}

LogValue::LogValue(QStringView text)
    : LogValue(text.first(qMin(text.size(), longestText)).toUtf8())
{
}

LogValue::LogValue(const QString &text)
    : LogValue(QStringView(text))
{
}

LogValue::LogValue(Money amount)
    : m_kind(Kind::Number)
    , m_decimals(nanoDecimals)
    , m_number(amount.nanos())
{
}

LogValue::LogValue(std::chrono::microseconds duration)
    : m_kind(Kind::Number)
    , m_decimals(microToMilliDecimals)
    , m_number(duration.count())
{
}

QByteArray LogValue::text() const
{
    switch (m_kind) {
    case Kind::Text:
        return m_text;
    case Kind::Number:
        return m_decimals == 0 ? QByteArray::number(m_number)
                               : decimalText(m_number, m_decimals).toLatin1();
    case Kind::Truth:
        return m_number != 0 ? "true" : "false";
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace delta::telemetry
