#include "gateway/admin/litellm/worked_out.h"

#include "gateway/admin/litellm/resource.h"
#include "shared/billing/budget_window.h"
#include "shared/json/json_codec.h"
#include "shared/models/budget_terms.h"

#include <QHash>
#include <QStringList>
#include <QTimeZone>

#include <chrono>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

/// A day less than reports go back at most, for their end is a little later than ours.
constexpr std::chrono::days allTime{5 * 366 - 1};

/// Returns whether somebody may not know, which is no error here.
bool isHidden(const Result<QJsonObject> &found)
{
    return !found && found.error().kind == ErrorKind::PermissionDenied;
}

QString beginOf(const Steps &steps)
{
    return JsonCodec<WallTime>::encode(steps.now() - allTime).toString();
}

QString idOf(const QJsonValue &object, QLatin1StringView idField)
{
    return object[idField].toString();
}

QJsonArray withSums(QJsonArray objects, QLatin1StringView idField,
                    const QHash<QString, QJsonValue> *sums)
{
    for (qsizetype i = 0; i < objects.size(); ++i) {
        QJsonObject object = objects[i].toObject();
        object.insert("spend"_L1, sums ? sums->value(idOf(object, idField), 0) : QJsonValue());
        objects[i] = object;
    }
    return objects;
}

} // namespace

Result<QJsonArray> withSpend(const Steps &steps, const AdminCall &call, QLatin1StringView dimension,
                             QLatin1StringView idField, QJsonArray objects)
{
    if (objects.isEmpty()) {
        return objects;
    }
    QUrlQuery query = queryOf("group_by"_L1, dimension);
    query.addQueryItem(u"from"_s, beginOf(steps));
    query.addQueryItem(u"limit"_s, u"200"_s);
    const QString filter = dimension == "end_user"_L1 ? QString(dimension) : dimension + u"_id"_s;
    for (const auto &object : std::as_const(objects)) {
        query.addQueryItem(filter,
                           QString::fromLatin1(QUrl::toPercentEncoding(idOf(object, idField))));
    }
    const auto found = steps.ask(
        call, {.method = "GET", .pattern = "/ui/api/spend/breakdown", .query = query});
    if (isHidden(found)) {
        return withSums(std::move(objects), idField, nullptr);
    }
    TRY(const QJsonObject report, found);
    QHash<QString, QJsonValue> sums;
    for (const auto &group : report.value("groups"_L1).toArray()) {
        sums.insert(group["id"_L1].toString(), group["totals"_L1]["spend"_L1]);
    }
    return withSums(std::move(objects), idField, &sums);
}

Result<QJsonObject> withSpend(const Steps &steps, const AdminCall &call,
                              QLatin1StringView dimension, QLatin1StringView idField,
                              const QJsonObject &object)
{
    TRY(const QJsonArray objects, withSpend(steps, call, dimension, idField, QJsonArray{object}));
    return objects.first().toObject();
}

QJsonObject budgetTable(const QJsonObject &theirs)
{
    QJsonObject budget{{"budget_id"_L1, QJsonValue()}};
    for (const auto name :
         {"max_budget"_L1, "soft_budget"_L1, "budget_duration"_L1, "budget_reset_at"_L1,
          "tpm_limit"_L1, "rpm_limit"_L1, "max_parallel_requests"_L1}) {
        budget.insert(name, theirs.value(name));
    }
    return budget;
}

QJsonValue budgetResetAt(const QJsonObject &ours, WallTime now)
{
    const auto terms = fromJson<BudgetTerms>(ours.value("budget"_L1).toObject());
    if (!terms || !terms->duration || terms->reset != BudgetReset::Calendar) {
        return {};
    }
    const QTimeZone zone(terms->timeZone.toLatin1());
    return JsonCodec<WallTime>::encode(windowAt(*terms->duration, zone, now).end);
}

Result<QString> takeUser(const Steps &steps, const AdminCall &call, QJsonObject &member,
                         const QString &path)
{
    const auto wrong = [&path](const QString &field, const QString &rule) {
        return failure(
            ApiError::invalidRequest(u"'%1%2' %3."_s.arg(path, field, rule), path + field));
    };
    const QJsonValue id = member.take("user_id"_L1);
    const QJsonValue email = member.take("user_email"_L1);
    if (id.isString() && !id.toString().isEmpty()) {
        return id.toString();
    }
    if (!email.isString() || email.toString().isEmpty()) {
        return wrong(u"user_id"_s, u"or 'user_email' must name a user"_s);
    }
    TRY(const QJsonObject found,
        steps.ask(call,
                  {.method = "GET",
                   .pattern = "/ui/api/users",
                   .query = queryOf("email"_L1, email.toString().toLower())}));
    const QJsonArray users = found.value("items"_L1).toArray();
    if (users.size() != 1) {
        return wrong(u"user_email"_s, u"names no user"_s);
    }
    return users.first()["user_id"_L1].toString();
}

} // namespace delta::admin::litellm
