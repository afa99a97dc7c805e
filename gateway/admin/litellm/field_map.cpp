#include "gateway/admin/litellm/field_map.h"

#include "shared/core/quoted.h"

#include <QJsonArray>
#include <QStringList>

#include <ranges>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

/// The name of an object and that of a field in it; the first is empty for a field of the body itself.
struct Path {
    QString object;
    QString field;
};

Path pathOf(QLatin1StringView ours)
{
    const qsizetype dot = ours.indexOf(u'.');
    return dot < 0 ? Path{{}, QString(ours)}
                   : Path{QString(ours.first(dot)), QString(ours.sliced(dot + 1))};
}

bool asksForNothing(const QJsonValue &value)
{
    return value.isNull() || value == QJsonValue(false) || value == QJsonValue(0)
        || (value.isString() && value.toString().isEmpty())
        || (value.isArray() && value.toArray().isEmpty())
        || (value.isObject() && value.toObject().isEmpty());
}

std::unexpected<ApiError> unknown(FieldMap map, const QString &name)
{
    QStringList known;
    for (const FieldRow &row : map) {
        if (row.use == FieldUse::Both || row.use == FieldUse::Taken) {
            known.append(QString(row.theirs));
        }
    }
    return failure(
        ApiError::invalidRequest(u"%1 is no field that can be set here. These are: %2."_s.arg(
                                     quoted(name), known.join(", "_L1)),
                                 name.left(64)));
}

Result<void> checkIdle(const FieldRow &row, const QJsonValue &value)
{
    if (asksForNothing(value)) {
        return {};
    }
    return failure(ApiError::unsupported(
        u"'%1' has no effect in this gateway, and is refused so that nobody relies on it. Leave it "
        "out."_s.arg(row.theirs),
        QString(row.theirs)));
}

Result<void> put(const FieldRow &row, const QJsonValue &value, QJsonObject &ours)
{
    QJsonValue taken = value;
    if (row.take && !value.isNull()) {
        TRY(taken, row.take(value, QString(row.theirs)));
    }
    const Path path = pathOf(row.ours);
    if (path.object.isEmpty()) {
        ours.insert(path.field, taken);
        return {};
    }
    QJsonObject object = ours.value(path.object).toObject();
    object.insert(path.field, taken);
    ours.insert(path.object, object);
    return {};
}

bool isNamed(const FieldRow &row, const QString &ours, const QJsonObject &request)
{
    return row.ours == ours || (row.ours.startsWith(ours + u'.') && request.contains(row.theirs));
}

} // namespace

Result<QJsonObject> toOurs(FieldMap map, const QJsonObject &theirs)
{
    QJsonObject ours;
    for (auto member = theirs.begin(); member != theirs.end(); ++member) {
        const auto row = std::ranges::find(map, member.key(), &FieldRow::theirs);
        if (row == map.end()) {
            return unknown(map, member.key());
        }
        if (row->use == FieldUse::Idle) {
            TRY_VOID(checkIdle(*row, *member));
        } else if (row->use == FieldUse::Shown) {
            return failure(ApiError::invalidRequest(u"'%1' cannot be set."_s.arg(row->theirs),
                                                    QString(row->theirs)));
        } else {
            TRY_VOID(put(*row, *member, ours));
        }
    }
    return ours;
}

QJsonObject toTheirs(FieldMap map, const QJsonObject &ours)
{
    QJsonObject theirs;
    for (const FieldRow &row : map) {
        if (row.use != FieldUse::Both && row.use != FieldUse::Shown) {
            continue;
        }
        const Path path = pathOf(row.ours);
        const QJsonValue value = path.object.isEmpty()
            ? ours.value(path.field)
            : ours.value(path.object).toObject().value(path.field);
        const QJsonValue known = value.isUndefined() ? QJsonValue() : value;
        theirs.insert(row.theirs, row.show ? row.show(known) : known);
    }
    return theirs;
}

ApiError inTheirWords(FieldMap map, const QJsonObject &request, ApiError error)
{
    if (error.param.isEmpty()) {
        return error;
    }
    const auto row = std::ranges::find_if(map, [&](const FieldRow &each) {
        return each.use != FieldUse::Idle && isNamed(each, error.param, request);
    });
    if (row != map.end()) {
        error.message.replace(u'\'' + error.param + u'\'', u'\'' + QString(row->theirs) + u'\'');
        error.param = row->theirs;
    }
    return error;
}

} // namespace delta::admin::litellm
