#pragma once

#include "gateway/admin/access/access_table.h"
#include "gateway/admin/access/caller_finder.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/store/store.h"
#include "shared/core/result.h"

#include <QByteArrayList>

namespace delta::admin {

/// Takes each request to the admin API through the same steps: who is it, what is asked, may they, is the object
/// there, do it. Called on the thread that owns the store.
class AdminDesk
{
public:
    /// Borrowed; outlives the desk.
    struct Parts {
        CallerFinder &callers;
        store::Store &store;
    };

    explicit AdminDesk(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Answers a request, whatever comes of it.
    [[nodiscard]] Answer serve(const AdminRoute &route, const AccessRow &access,
                               const ports::HttpRequest &request, const QByteArrayList &path);

private:
    [[nodiscard]] Result<Answer> answer(const AdminRoute &route, const AccessRow &access,
                                        const ports::HttpRequest &request,
                                        const QByteArrayList &path);
    [[nodiscard]] Result<void> permit(const AccessRow &access, const AdminCall &call);
    [[nodiscard]] Result<std::vector<Placement>> placesOfObject(const AccessRow &access,
                                                                const AdminCall &call);

    Parts m_parts;
};

} // namespace delta::admin
