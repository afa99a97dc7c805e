#include "gateway/admin/litellm/resource.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/query_values.h"
#include "shared/core/quoted.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr qsizetype mostNames = 200;
constexpr qint64 mostOnAPage = 100;
constexpr qint64 lastRow = 100'000;

std::unexpected<ApiError> wrong(const QString &field, const QString &rule)
{
    return failure(ApiError::invalidRequest(u"'%1' %2."_s.arg(field, rule), field));
}

} // namespace

Result<QJsonObject> Resource::make(const AdminCall &call, const QJsonObject &request,
                                   const QJsonObject &ours) const
{
    TRY(QJsonObject body, toOurs(m_kind.fields, withoutNulls(request)));
    for (auto member = ours.begin(); member != ours.end(); ++member) {
        body.insert(member.key(), *member);
    }
    return m_steps.ask(call, {.method = "POST", .pattern = m_kind.path, .body = body},
                       m_kind.fields, request);
}

Result<QJsonObject> Resource::change(const AdminCall &call, const QString &id,
                                     const QJsonObject &request) const
{
    TRY(const QJsonObject body, toOurs(m_kind.fields, request));
    return m_steps.ask(
        call, {.method = "PATCH", .pattern = m_kind.one(), .path = {id.toUtf8()}, .body = body},
        m_kind.fields, request);
}

Result<QJsonObject> Resource::show(const AdminCall &call, const QString &id) const
{
    return m_steps.ask(call, {.method = "GET", .pattern = m_kind.one(), .path = {id.toUtf8()}});
}

Result<void> Resource::remove(const AdminCall &call, const QString &id) const
{
    return m_steps.ask(call, removal(id)).transform([](const QJsonObject &) { });
}

Result<void> Resource::admitRemoval(const AdminCall &call, const QString &id) const
{
    return m_steps.admit(call, removal(id));
}

Step Resource::removal(const QString &id) const
{
    return {.method = "DELETE", .pattern = m_kind.one(), .path = {id.toUtf8()}};
}

Result<QJsonObject> Resource::setBlocked(const AdminCall &call, const QString &id,
                                         bool isBlocked) const
{
    const QByteArray command = isBlocked ? "/block"_ba : "/unblock"_ba;
    return m_steps.ask(
        call, {.method = "POST", .pattern = m_kind.one() + command, .path = {id.toUtf8()}});
}

Result<CountedPage> Resource::list(const AdminCall &call, const PageWish &wish,
                                   const QUrlQuery &filters) const
{
    QUrlQuery query = filters;
    query.addQueryItem(u"limit"_s, QString::number(wish.size));
    TRY(const QJsonObject found,
        m_steps.ask(call,
                    {.method = "GET",
                     .pattern = m_kind.path,
                     .query = query,
                     .skip = (wish.page - 1) * wish.size}));
    return CountedPage{found.value("items"_L1).toArray(), found.value("total"_L1).toInteger(),
                       wish};
}

Result<QString> takeOptionalText(QJsonObject &request, QLatin1StringView field)
{
    const QJsonValue value = request.take(field);
    if (!value.isString() && !value.isNull() && !value.isUndefined()) {
        return wrong(QString(field), u"must be a text"_s);
    }
    return value.toString();
}

Result<QString> takeText(QJsonObject &request, QLatin1StringView field)
{
    TRY(const QString text, takeOptionalText(request, field));
    if (text.isEmpty()) {
        return wrong(QString(field), u"must be given"_s);
    }
    return text;
}

Result<std::optional<bool>> takeFlag(QJsonObject &request, QLatin1StringView field)
{
    const QJsonValue value = request.take(field);
    if (value.isNull() || value.isUndefined()) {
        return std::nullopt;
    }
    if (!value.isBool()) {
        return wrong(QString(field), u"must be true or false"_s);
    }
    return value.toBool();
}

Result<QStringList> takeNames(QJsonObject &request, QLatin1StringView field)
{
    const QJsonArray values = request.take(field).toArray();
    if (values.isEmpty() || values.size() > mostNames) {
        return wrong(QString(field), u"must be a list of 1 to %1 texts"_s.arg(mostNames));
    }
    QStringList names;
    for (qsizetype i = 0; i < values.size(); ++i) {
        names.append(values[i].toString());
        if (names.last().isEmpty()) {
            return wrong(u"%1[%2]"_s.arg(field).arg(i), u"must be a text"_s);
        }
    }
    return names;
}

Result<void> checkRest(const QJsonObject &request, const QStringList &known)
{
    if (request.isEmpty()) {
        return {};
    }
    const QString name = request.begin().key();
    return failure(ApiError::invalidRequest(
        u"%1 is no field of this request. These are: %2."_s.arg(quoted(name), known.join(", "_L1)),
        name.left(64)));
}

Result<QString> neededText(const QUrlQuery &query, QLatin1StringView name)
{
    const QString text = query.queryItemValue(name, QUrl::FullyDecoded);
    if (text.isEmpty()) {
        return wrongParameter(name, u"must be given"_s);
    }
    return text;
}

Result<PageWish> readPage(const QUrlQuery &query, QLatin1StringView sizeName, qint64 usualSize)
{
    PageWish wish;
    TRY(wish.page, readCount(query, "page"_L1, 1, lastRow));
    TRY(wish.size, readCount(query, sizeName, usualSize, mostOnAPage));
    if (wish.page == 0 || wish.size == 0) {
        return wrongParameter(wish.page == 0 ? "page"_L1 : sizeName, u"must be at least 1"_s);
    }
    if (wish.page * wish.size > lastRow) {
        return wrongParameter("page"_L1,
                              u"must end before row %1: choose fewer by the other parameters, or "
                              "follow the cursors of the lists under /ui/api"_s.arg(lastRow));
    }
    return wish;
}

QUrlQuery queryOf(QLatin1StringView name, const QString &value)
{
    QUrlQuery query;
    // Who reads it decodes it; '%' and '+' must come through.
    query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    return query;
}

} // namespace delta::admin::litellm
