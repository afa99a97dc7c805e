#pragma once

#include "gateway/telemetry/log_key.h"
#include "gateway/telemetry/log_settings.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <concepts>
#include <vector>

namespace delta::telemetry {

/// The value of a log field: a text, a number or a truth. Money and times keep every digit.
class LogValue
{
public:
    enum class Kind { Text, Number, Truth };

    LogValue(QByteArray text);     // NOLINT(google-explicit-constructor): reads as {"model", name}.
    LogValue(QByteArrayView text); // NOLINT
    LogValue(const char *text);    // NOLINT
    LogValue(QStringView text);    // NOLINT
    LogValue(const QString &text); // NOLINT
    LogValue(Money amount);        // NOLINT; in USD
    LogValue(std::chrono::microseconds duration); // NOLINT; in milliseconds
    template <std::integral Number>
    LogValue(Number number) // NOLINT
        : m_kind(std::same_as<Number, bool> ? Kind::Truth : Kind::Number)
        , m_number(static_cast<qint64>(number))
    {
    }

    [[nodiscard]] Kind kind() const
    {
        return m_kind;
    }
    /// Returns the value as text; numbers and truths are written as JSON writes them.
    [[nodiscard]] QByteArray text() const;

private:
    Kind m_kind = Kind::Text;
    int m_decimals = 0; ///< The number counts 10^-decimals.
    qint64 m_number = 0;
    QByteArray m_text; ///< At most 512 bytes.
};

/// One `key=value` of a log line.
struct LogField {
    LogKey key;
    LogValue value;
};

/// One log line before it takes the form of its sink.
struct LogRecord {
    WallTime time{};
    LogLevel level = LogLevel::Info;
    QByteArray category; ///< "delta.routing": the folder that speaks.
    QByteArray message;
    std::vector<LogField> fields;
};

} // namespace delta::telemetry
