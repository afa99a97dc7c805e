#include "gateway/admin/resources/model_groups.h"

#include "gateway/admin/contract/list_query.h"
#include "gateway/store/control_tables.h"
#include "shared/json/json_codec.h"

#include <QJsonArray>

namespace delta::admin {

namespace {

/// Names of models are no secret to anybody who has a login or a key: the data plane lists them, too.
Result<Answer> list(const ControlRoom &room, const AdminCall &call)
{
    QJsonObject page;
    TRY_VOID(room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(store::ListQuestion question, readListQuery(call.query, tables.modelGroups.shape()));
        question.reach.isAll = true;
        TRY(const store::ListPage<ModelGroup> found, tables.modelGroups.list(question));
        QJsonArray items;
        for (const ModelGroup &group : found.items) {
            items.append(toJson(group));
        }
        page = pageJson(found, question, items);
        return {};
    }));
    return jsonAnswer(page);
}

} // namespace

std::vector<AdminRoute> modelGroupRoutes(const ControlRoom &room)
{
    return {AdminRoute{"GET", "/ui/api/models",
                       [&room](const AdminCall &call) { return list(room, call); }}};
}

} // namespace delta::admin
