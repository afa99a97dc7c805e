#include "gateway/admin/spend/spend_question.h"

#include "gateway/admin/query_values.h"
#include "shared/core/decimal.h"
#include "shared/core/quoted.h"
#include "shared/json/value_codec.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::Dimension;

constexpr qint64 mostGroups = 200;
constexpr qint64 mostCalls = 200;
constexpr qsizetype mostValues = 100;
constexpr std::chrono::days usualRange{30};
constexpr std::chrono::days longestRange{5 * 366};

/// A dimension, its name in group_by, and the parameter that chooses some of it.
struct Row {
    Dimension dimension;
    QLatin1StringView name;
    QLatin1StringView filter;
};

constexpr std::array rows{
    Row{Dimension::Key, "key"_L1, "key_id"_L1},
    Row{Dimension::User, "user"_L1, "user_id"_L1},
    Row{Dimension::Team, "team"_L1, "team_id"_L1},
    Row{Dimension::Organization, "organization"_L1, "organization_id"_L1},
    Row{Dimension::Model, "model"_L1, "model"_L1},
    Row{Dimension::Deployment, "deployment"_L1, "deployment_id"_L1},
    Row{Dimension::Provider, "provider"_L1, "provider"_L1},
    Row{Dimension::Tag, "tag"_L1, "tag"_L1},
    Row{Dimension::Status, "status"_L1, "status"_L1},
    Row{Dimension::EndUser, "end_user"_L1, "end_user"_L1},
};

/// Says which parameters there are as lists do.
Result<void> checkKnown(const QUrlQuery &query, const QStringList &known,
                        const QStringList &several)
{
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (!known.contains(name)) {
            return failure(
                ApiError::invalidRequest(u"%1 is no parameter of this list. It takes: %2."_s.arg(
                                             quoted(name), known.join(", "_L1)),
                                         name.left(64)));
        }
        if (!several.contains(name) && query.allQueryItemValues(name).size() > 1) {
            return failure(ApiError::invalidRequest(
                u"The query parameter '%1' must be there once."_s.arg(name), name));
        }
    }
    return {};
}

Result<QTimeZone> readZone(const QUrlQuery &query)
{
    const std::optional<QByteArray> name = readText(query, "tz"_L1);
    if (!name) {
        return QTimeZone(QTimeZone::UTC);
    }
    const QTimeZone zone(*name);
    if (!zone.isValid()) {
        return wrongParameter("tz"_L1, u"must name a time zone, such as Europe/Berlin"_s);
    }
    return zone;
}

/// Reads a time, or a day of the zone, of which it is the begin; as an end it is that of the next day.
Result<std::optional<WallTime>> readMoment(const QUrlQuery &query, QLatin1StringView name,
                                           const QTimeZone &zone, int dayShift)
{
    const std::optional<QByteArray> text = readText(query, name);
    if (text && text->size() == 10) {
        const QDate day = QDate::fromString(QString::fromLatin1(*text), Qt::ISODate);
        if (day.isValid()) {
            return WallTime(std::chrono::milliseconds(
                day.addDays(dayShift).startOfDay(zone).toMSecsSinceEpoch()));
        }
    }
    return readTime(query, name, std::chrono::days(0));
}

Result<void> readRange(const QUrlQuery &query, WallTime now, SpendQuestion &question)
{
    TRY(question.zone, readZone(query));
    TRY(const auto from, readMoment(query, "from"_L1, question.zone, 0));
    TRY(const auto until, readMoment(query, "until"_L1, question.zone, 1));
    question.until = until.value_or(now);
    question.from = from.value_or(question.until - usualRange);
    if (question.from >= question.until) {
        return wrongParameter("from"_L1, u"must lie before 'until'"_s);
    }
    if (question.until - question.from > longestRange) {
        return wrongParameter("from"_L1, u"must lie at most five years before 'until'"_s);
    }
    return {};
}

Result<void> readGroup(const QUrlQuery &query, SpendQuestion &question)
{
    const std::optional<QByteArray> text = readText(query, "group_by"_L1);
    if (!text) {
        return {};
    }
    const auto found = std::ranges::find_if(rows,
                                            [&text](const Row &row) { return *text == row.name; });
    if (found == rows.end()) {
        QStringList names;
        for (const Row &row : rows) {
            names.append(row.name);
        }
        return wrongParameter("group_by"_L1, u"must be one of "_s + names.join(u", "));
    }
    question.group = found->dimension;
    return {};
}

Result<void> readFilters(const QUrlQuery &query, SpendQuestion &question)
{
    for (const Row &row : rows) {
        std::vector<QByteArray> names;
        for (const QString &text :
             query.allQueryItemValues(QString(row.filter), QUrl::FullyDecoded)) {
            // Applications name their customers as they like.
            const QStringList parts = row.dimension == Dimension::EndUser
                ? QStringList{text}
                : text.split(u',', Qt::SkipEmptyParts);
            for (const QString &name : parts) {
                names.push_back(name.toUtf8());
            }
        }
        if (std::ssize(names) > mostValues) {
            return wrongParameter(row.filter, u"may have at most %1 values"_s.arg(mostValues));
        }
        if (row.dimension == Dimension::Tag && names.size() > 1) {
            return wrongParameter(row.filter, u"may be one tag: a call can have several"_s);
        }
        if (!names.empty()) {
            question.filters.push_back({row.dimension, std::move(names)});
        }
    }
    return {};
}

Result<void> readStep(const QUrlQuery &query, SpendQuestion &question)
{
    const std::optional<QByteArray> text = readText(query, "interval"_L1);
    if (!text) {
        return {};
    }
    const auto step = enumValue<TimeStep>(QString::fromUtf8(*text));
    if (!step) {
        return wrongParameter("interval"_L1,
                              u"must be one of "_s + enumNameList<TimeStep>().join(u", "));
    }
    question.step = *step;
    return {};
}

std::optional<CallQuestion> withCursor(const QByteArray &text, CallQuestion question)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        text,
        QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals
            | QByteArray::AbortOnBase64DecodingErrors);
    const QJsonArray parts = QJsonDocument::fromJson(decoded ? *decoded : QByteArray()).array();
    if (parts.size() != 2 || !parts[0].isDouble() || !parts[1].isString()) {
        return std::nullopt;
    }
    bool isNumber = false;
    question.place = {parts[0].toInteger(), parts[1].toString().toLongLong(&isNumber)};
    return isNumber ? std::optional(question) : std::nullopt;
}

Result<void> readNarrow(const QUrlQuery &query, store::CallFilter &filter)
{
    if (readText(query, "status"_L1)) {
        TRY(const qint64 status, readCount(query, "status"_L1, 0, 999));
        filter.status = static_cast<int>(status);
    }
    if (const std::optional<QByteArray> text = readText(query, "outcome"_L1)) {
        filter.outcome = enumValue<Outcome>(QString::fromUtf8(*text));
        if (!filter.outcome) {
            return wrongParameter("outcome"_L1,
                                  u"must be one of "_s + enumNameList<Outcome>().join(u", "));
        }
    }
    if (const std::optional<QByteArray> text = readText(query, "min_spend"_L1)) {
        const auto nanos = parseDecimal(QString::fromUtf8(*text), 9, Exponent::Refuse);
        if (!nanos) {
            return wrongParameter("min_spend"_L1, u"must be an amount in USD, such as 0.05"_s);
        }
        filter.leastSpend = Money::fromNanos(*nanos);
    }
    return {};
}

} // namespace

QLatin1StringView dimensionName(Dimension dimension)
{
    const auto found = std::ranges::find(rows, dimension, &Row::dimension);
    return found == rows.end() ? "none"_L1 : found->name;
}

Result<SpendQuestion> readSpendQuestion(const QUrlQuery &query, const SpendParameters &parameters,
                                        WallTime now)
{
    QStringList known{u"from"_s, u"until"_s, u"tz"_s};
    QStringList several;
    for (const Row &row : rows) {
        several.append(QString(row.filter));
    }
    known += several;
    const std::pair<bool, QStringList> more[] = {
        {parameters.hasSteps, {u"interval"_s}},
        {parameters.hasGroups, {u"group_by"_s, u"limit"_s}},
        {parameters.hasCompare, {u"compare"_s}},
        {parameters.hasFormat, {u"format"_s}},
        {parameters.hasModels, {u"models"_s}}};
    for (const auto &[isTaken, names] : more) {
        known += isTaken ? names : QStringList();
    }
    TRY_VOID(checkKnown(query, known, several));
    SpendQuestion question;
    TRY_VOID(readRange(query, now, question));
    TRY_VOID(readStep(query, question));
    TRY_VOID(readGroup(query, question));
    TRY_VOID(readFilters(query, question));
    TRY(question.limit, readCount(query, "limit"_L1, question.limit, mostGroups));
    if (question.limit == 0) {
        return wrongParameter("limit"_L1, u"must be a number from 1 to %1"_s.arg(mostGroups));
    }
    TRY(question.format, readListFormat(query));
    if (const std::optional<QByteArray> compare = readText(query, "compare"_L1)) {
        if (*compare != "previous") {
            return wrongParameter("compare"_L1, u"can be 'previous' only"_s);
        }
        question.comparesPrevious = true;
    }
    return question;
}

Result<CallQuestion> readCallQuestion(const QUrlQuery &query)
{
    static const QStringList known{
        u"limit"_s,   u"cursor"_s,          u"format"_s,   u"key_id"_s,        u"user_id"_s,
        u"team_id"_s, u"organization_id"_s, u"model"_s,    u"deployment_id"_s, u"provider"_s,
        u"tag"_s,     u"end_user"_s,        u"status"_s,   u"outcome"_s,       u"request_id"_s,
        u"from"_s,    u"until"_s,           u"min_spend"_s};
    TRY_VOID(checkKnown(query, known, {}));
    CallQuestion question;
    store::CallFilter &filter = question.filter;
    filter.keyId = readText(query, "key_id"_L1);
    filter.userId = readText(query, "user_id"_L1);
    filter.teamId = readText(query, "team_id"_L1);
    filter.organizationId = readText(query, "organization_id"_L1);
    filter.model = readText(query, "model"_L1);
    filter.deploymentId = readText(query, "deployment_id"_L1);
    filter.provider = readText(query, "provider"_L1);
    filter.tag = readText(query, "tag"_L1);
    filter.endUser = readText(query, "end_user"_L1);
    filter.requestId = readText(query, "request_id"_L1);
    TRY_VOID(readNarrow(query, filter));
    TRY(filter.from, readTime(query, "from"_L1, std::chrono::days(0)));
    TRY(filter.until, readTime(query, "until"_L1, std::chrono::days(1)));
    TRY(const qint64 limit, readCount(query, "limit"_L1, question.limit, mostCalls));
    if (limit == 0) {
        return wrongParameter("limit"_L1, u"must be a number from 1 to %1"_s.arg(mostCalls));
    }
    question.limit = static_cast<int>(limit);
    TRY(question.format, readListFormat(query));
    if (const std::optional<QByteArray> cursor = readText(query, "cursor"_L1)) {
        std::optional<CallQuestion> placed = withCursor(*cursor, question);
        if (!placed) {
            return wrongParameter("cursor"_L1, u"must be the 'next' of a page of this list"_s);
        }
        question = *std::move(placed);
    }
    return question;
}

QString callCursor(const store::CallPlace &place)
{
    // An id may have more digits than numbers in JSON are exact for.
    const QJsonArray parts{place.startedAt, QString::number(place.id)};
    return QString::fromLatin1(
        QJsonDocument(parts)
            .toJson(QJsonDocument::Compact)
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

} // namespace delta::admin
