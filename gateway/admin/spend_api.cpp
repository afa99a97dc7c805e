#include "gateway/admin/spend_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/json_reply.h"
#include "gateway/admin/query_text.h"
#include "gateway/admin/query_values.h"
#include "gateway/admin/spend_report_json.h"
#include "gateway/admin/spend_report_query.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>
#include <utility>
#include <vector>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 highestLimit = 1'000;
constexpr qint64 highestOffset = 1'000'000'000;
constexpr std::array parameterNames{
    "api_key"_L1, "user_id"_L1,    "team_id"_L1,  "organization_id"_L1, "tag"_L1,
    "model"_L1,   "start_date"_L1, "end_date"_L1, "limit"_L1,           "offset"_L1};

Result<QByteArray> readLogs(store::Store &store, const SpendQuery &query)
{
    TRY(const store::SpendTotals totals, store.spendTotals(query.filter));
    std::vector<ports::PostedEntry> entries;
    if (query.page.offset
        < totals.requests) { // Else it would look through all that one filter lets pass.
        TRY(entries, store.spendLog(query.filter, query.page));
    }
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
    TRY_VOID(checkNames(query, parameterNames));
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
    answerText(m_parts.background, std::move(reply),
               [&store = m_parts.store, query = *query] { return readLogs(store, query); });
}

void SpendApi::report(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply)
{
    const auto query = m_parts.authenticator.identify(request).and_then(
        [&request](const auth::Principal &principal) {
            return readReportQuery(request.query).and_then([&](const ReportQuery &wish) {
                return reportFor(principal, wish);
            });
        });
    if (!query) {
        sendError(*reply, query.error());
        return;
    }
    const auto read = [&store = m_parts.store, question = query->question]() -> Result<QByteArray> {
        TRY(const store::SpendReport report, store.spendReport(question));
        return reportJson(question, report);
    };
    answerText(m_parts.background, std::move(reply), read);
}

} // namespace delta::admin
