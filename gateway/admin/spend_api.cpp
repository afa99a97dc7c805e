#include "gateway/admin/spend_api.h"

#include "gateway/admin/json_reply.h"
#include "gateway/admin/query_text.h"
#include "shared/core/quoted.h"
#include "shared/json/json_codec.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 highestLimit = 1'000;
constexpr qint64 highestOffset = 1'000'000'000;
constexpr qsizetype dayLength = 10; ///< Of "2026-11-23".
constexpr std::array parameterNames{
    "api_key"_L1, "user_id"_L1,    "team_id"_L1,  "organization_id"_L1, "tag"_L1,
    "model"_L1,   "start_date"_L1, "end_date"_L1, "limit"_L1,           "offset"_L1};

std::unexpected<ApiError> wrong(QLatin1StringView name, const QString &what)
{
    return failure(
        ApiError::invalidRequest(u"The query parameter '%1' %2."_s.arg(name, what), name));
}

/// Reads a time. One without a zone is UTC, whatever the machine's zone is.
QDateTime timeOf(QString text)
{
    if (const qsizetype space = text.lastIndexOf(u' '); space > dayLength) {
        text[space] = u'+'; // The sign of an offset, which people forget to escape.
    }
    const QDateTime universal = QDateTime::fromString(text + u'Z', Qt::ISODateWithMs);
    return universal.isValid() ? universal : QDateTime::fromString(text, Qt::ISODateWithMs);
}

/// Reads a day or a time. A day that ends a range stands for its last moment.
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
        return wrong(name,
                     u"must be a day such as 2026-11-23 or a time such as 2026-11-23T08:00:00Z"_s);
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
        return wrong(name, u"must be a whole number from 0 to %1"_s.arg(highest));
    }
    return count;
}

std::optional<QByteArray> readText(const QUrlQuery &query, QLatin1StringView name)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    return text.isEmpty() ? std::nullopt : std::optional(text.toUtf8());
}

Result<void> checkNames(const QUrlQuery &query)
{
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
        const auto known = std::ranges::find(parameterNames, name);
        if (known == parameterNames.end()) {
            return failure(ApiError::invalidRequest(
                u"There is no query parameter %1."_s.arg(quoted(name)), name.left(64)));
        }
        if (query.allQueryItemValues(name).size() > 1) {
            return wrong(*known, u"must not be there twice"_s);
        }
    }
    return {};
}

Result<QByteArray> readLogs(store::Store &store, const SpendQuery &query)
{
    TRY(const store::SpendTotals totals, store.spendTotals(query.filter));
    TRY(const auto entries, store.spendLog(query.filter, query.page));
    QJsonArray logs;
    for (const ports::PostedEntry &posted : entries) {
        logs.append(toJson(posted.entry));
    }
    const qint64 shown = query.page.offset + static_cast<qint64>(entries.size());
    const QJsonObject pagination{{"total"_L1, totals.requests},
                                 {"limit"_L1, query.page.limit},
                                 {"offset"_L1, query.page.offset},
                                 {"has_more"_L1, shown < totals.requests}};
    return QJsonDocument(QJsonObject{{"logs"_L1, logs}, {"pagination"_L1, pagination}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

Result<SpendQuery> readSpendQuery(QByteArrayView text)
{
    const QUrlQuery query = readQuery(text);
    TRY_VOID(checkNames(query));
    SpendQuery result;
    result.filter.keyId = readText(query, "api_key"_L1);
    result.filter.userId = readText(query, "user_id"_L1);
    result.filter.teamId = readText(query, "team_id"_L1);
    result.filter.organizationId = readText(query, "organization_id"_L1);
    result.filter.tag = readText(query, "tag"_L1);
    result.filter.model = readText(query, "model"_L1);
    TRY(result.filter.from, readTime(query, "start_date"_L1, std::chrono::days(0)));
    TRY(result.filter.until, readTime(query, "end_date"_L1, std::chrono::days(1)));
    TRY(result.page.limit, readCount(query, "limit"_L1, 100, highestLimit));
    TRY(result.page.offset, readCount(query, "offset"_L1, 0, highestOffset));
    return result;
}

void SpendApi::logs(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto query = m_parts.authenticator.identify(request)
                           .and_then([this](const auth::Principal &principal) {
                               return m_parts.permissions.requireMaster(principal);
                           })
                           .and_then([&request] { return readSpendQuery(request.query); });
    if (!query) {
        sendError(*reply, query.error());
        return;
    }
    struct State {
        std::unique_ptr<ports::HttpReply> reply;
        Result<QByteArray> body = QByteArray();
    };
    auto state = std::make_shared<State>(std::move(reply));
    m_parts.background.run(
        [state, &store = m_parts.store, query = *query] { state->body = readLogs(store, query); },
        [state] {
            if (state->body) {
                sendJson(*state->reply, 200, *state->body);
            } else {
                sendError(*state->reply, state->body.error());
            }
        });
}

} // namespace delta::admin
