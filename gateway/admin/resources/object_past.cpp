#include "gateway/admin/resources/object_past.h"

#include "gateway/admin/contract/list_query.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin {

Result<void> keepVersion(store::ControlTables &tables, const AdminCall &call,
                         const ObjectName &name, qint64 version, const QJsonObject &object,
                         WallTime now)
{
    const Caller &by = call.caller;
    return tables.versions.insert({.id = versionId(name.kind, name.id, version),
                                   .kind = name.kind,
                                   .objectId = name.id,
                                   .version = version,
                                   .writtenAt = now,
                                   .writtenBy = by.name.isEmpty() ? by.id : by.name,
                                   .object = object});
}

Result<Answer> versionsAnswer(store::ControlTables &tables, const AdminCall &call,
                              const ObjectName &name)
{
    TRY(store::ListQuestion question, readListQuery(call.query, tables.versions.shape()));
    question.reach.isAll = true; // Whoever may see the object.
    question.filters = {{"kind"_L1, {name.kind}}, {"object_id"_L1, {name.id}}};
    TRY(const store::ListPage<ObjectVersion> page, tables.versions.list(question));
    QJsonArray items;
    for (const ObjectVersion &version : page.items) {
        items.append(toJson(version));
    }
    return jsonAnswer(pageJson(page, question, items));
}

Result<QJsonObject> versionOf(store::ControlTables &tables, const ObjectName &name,
                              const QString &version)
{
    bool isNumber = false;
    const qint64 number = version.toLongLong(&isNumber);
    std::optional<ObjectVersion> found;
    if (isNumber && number > 0) {
        TRY(found, tables.versions.find({versionId(name.kind, name.id, number)}));
    }
    if (!found) {
        return failure(ApiError::notFound(u"There is no such version of it."_s, u"version"_s,
                                          u"version_not_found"_s));
    }
    return found->object;
}

} // namespace delta::admin
