#pragma once

#include "gateway/admin/contract/answer.h"
#include "gateway/admin/scim/scim_list.h"
#include "gateway/admin/scim/scim_reply.h"
#include "gateway/admin/scim/scim_room.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"

#include <QJsonObject>

namespace delta::admin::scim {

/// Does work that only reads. Errors: those of the work; StoreUnavailable.
template <typename Work>
[[nodiscard]] Result<Answer> looking(const ScimRoom &room, const Work &work)
{
    Answer answer;
    TRY_VOID(room.control.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(answer, work(tables));
        return {};
    }));
    return answer;
}

/// Does the work in one transaction, and has it hold at once. Errors: likewise; then nothing has happened.
template <typename Work>
[[nodiscard]] Result<Answer> changing(const ScimRoom &room, const Work &work)
{
    Answer answer;
    TRY_VOID(room.control.store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(answer, work(tables));
        return {};
    }));
    room.control.refresh();
    return answer;
}

/// Makes the answer that the client has this version already.
[[nodiscard]] inline Answer notChanged(qint64 revision)
{
    return {304, {{"etag", versionOf(revision)}, {"cache-control", "no-store"}}, {}};
}

/// Makes the answer that has those attributes of a resource which the client wants.
[[nodiscard]] inline Answer projected(const QJsonObject &resource, const Projection &projection,
                                      int status = 200)
{
    Answer answer = resourceAnswer(resource, status);
    answer.body = scimAnswer(projection.of(resource)).body;
    return answer;
}

} // namespace delta::admin::scim
