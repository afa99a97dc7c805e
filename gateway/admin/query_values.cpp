#include "gateway/admin/query_values.h"

#include "shared/core/quoted.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype dayLength = 10; ///< Of "2026-11-23".

/// Reads a time. One without a zone is UTC, whatever the machine's zone is.
QDateTime timeOf(QString text)
{
    if (const qsizetype space = text.lastIndexOf(u' '); space > dayLength) {
        text[space] = u'+'; // The sign of an offset, which people forget to escape.
    }
    const QDateTime universal = QDateTime::fromString(text + u'Z', Qt::ISODateWithMs);
    return universal.isValid() ? universal : QDateTime::fromString(text, Qt::ISODateWithMs);
}

} // namespace

std::unexpected<ApiError> wrongParameter(QLatin1StringView name, const QString &what)
{
    return failure(
        ApiError::invalidRequest(u"The query parameter '%1' %2."_s.arg(name, what), name));
}

Result<void> checkNames(const QUrlQuery &query, std::span<const QLatin1StringView> known)
{
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
        const auto found = std::ranges::find(known, name);
        if (found == known.end()) {
            return failure(ApiError::invalidRequest(
                u"There is no query parameter %1."_s.arg(quoted(name)), name.left(64)));
        }
        if (query.allQueryItemValues(name).size() > 1) {
            return wrongParameter(*found, u"must not be there twice"_s);
        }
    }
    return {};
}

Result<std::optional<WallTime>> readTime(const QUrlQuery &query, QLatin1StringView name,
                                         std::chrono::days dayShift)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    if (text.isEmpty()) {
        return std::nullopt;
    }
    const bool isDay = text.size() == dayLength;
    const QDateTime time = isDay ? QDate::fromString(text, Qt::ISODate).startOfDay(QTimeZone::UTC)
                                 : timeOf(text);
    if (!time.isValid()) {
        return wrongParameter(
            name, u"must be a day such as 2026-11-23 or a time such as 2026-11-23T08:00:00Z"_s);
    }
    return WallTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()))
        + (isDay ? dayShift : std::chrono::days(0));
}

Result<qint64> readCount(const QUrlQuery &query, QLatin1StringView name, qint64 standard,
                         qint64 highest)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    if (text.isEmpty()) {
        return standard;
    }
    bool isNumber = false;
    const qint64 count = text.toLongLong(&isNumber);
    if (!isNumber || count < 0 || count > highest) {
        return wrongParameter(name, u"must be a whole number from 0 to %1"_s.arg(highest));
    }
    return count;
}

std::optional<QByteArray> readText(const QUrlQuery &query, QLatin1StringView name)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    return text.isEmpty() ? std::nullopt : std::optional(text.toUtf8());
}

} // namespace delta::admin
